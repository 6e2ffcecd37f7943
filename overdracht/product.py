"""Where the running product is: its services, its broker, its public keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overdracht.issuing import OURSELVES, issued

if TYPE_CHECKING:
    from overdracht.running.places import Run

Data = Annotated[Path, typer.Option("--data", envvar="OVERDRACHT_DATA", help="Folder of the running product's data.")]
DEFAULT_DATA = Path(".data")


@dataclass(frozen=True)
class Product:
    """Addresses by service, the broker's bootstrap servers, and the folder with the public keys."""

    services: Mapping[str, str]
    bootstrap_servers: str
    keys: Path
    insight: str = ""

    @property
    def token(self) -> str:
        """A token for what the command asks of the services."""
        return issued(self.keys, OURSELVES)


def reach(data: Path) -> Product:
    """The product that runs on this data. Raises Stop (exit 3) when none does."""
    from overdracht.running.places import find_run  # the running product knows this module too

    run = find_run(data)
    return product_of(run)


def product_of(run: "Run") -> Product:
    """Where a running product is."""
    return Product(run.services, run.bootstrap_servers, run.keys, run.insight)
