"""The year of Leiden in a lake, once for all who read it."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from services.insight.lake.opening import opened
from tests.lakes import fill, opened_lake
from tests.leiden_log import leiden_topics


@pytest.fixture(scope="session")
def leiden_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder."""
    folder = tmp_path_factory.mktemp("leiden") / "lake"
    lake = opened_lake(folder)
    fill(lake, leiden_topics())
    lake.close()
    return folder


@pytest.fixture(scope="session")
def leiden(leiden_lake: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The views on it."""
    connection = opened(leiden_lake)
    yield connection
    connection.close()
