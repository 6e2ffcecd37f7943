"""The example year as a lake, made once."""

from pathlib import Path

import pytest

from tests.lakes import fill, opened_lake
from tests.leiden_log import leiden_topics


@pytest.fixture(scope="session")
def leiden_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder; who reads in it leaves it as it is."""
    folder = tmp_path_factory.mktemp("leiden") / "lake"
    lake = opened_lake(folder)
    fill(lake, leiden_topics())
    lake.close()
    return folder
