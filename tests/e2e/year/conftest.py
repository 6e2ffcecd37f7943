"""A year of a municipality in a product, imported once for all who look at it: in the order of the files' names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders import LEIDEN
from tests.product import Product, running


@pytest.fixture(scope="package")
def product(data_folder: Path) -> Iterator[Product]:
    """A product of these files' own."""
    with running(data_folder / "year") as product:
        yield product


@pytest.fixture(scope="package")
def imported(product: Product) -> Any:
    """What the import of Leiden 2016 said."""
    return product.json("import", str(LEIDEN))
