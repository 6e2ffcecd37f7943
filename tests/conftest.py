"""Real engines for whoever asks: one Kafka and one PostgreSQL for the session, on other ports and in a folder of their
own, so that a running product is never touched; and whole products, started by the product's own command."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from deploy.embedded.ports import free_block
from tests.bench.bare.run import Engines
from tests.bench.engines import engines, scratch
from tests.product import PORTS, Product, running

HERE = Path(__file__).parent
YEAR = HERE / "e2e" / "year"

_LONGEST_FIRST = ("e2e", "calibration", "faults", "integration", "property")


class Together(LoadFileScheduling):
    """A process runs a whole file, and all the files that look at the same year."""

    def _split_scope(self, nodeid: str) -> str:
        file = HERE.parent / nodeid.partition("::")[0]
        return str(YEAR if file.parent == YEAR else file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """How tests are handed out to several processes."""
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, as they are handed out one by one: at the end only short ones are left, and no core waits."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, bool]:
    folder = item.path.relative_to(HERE).parts[0]
    turn = _LONGEST_FIRST.index(folder) if folder in _LONGEST_FIRST else len(_LONGEST_FIRST)
    return turn, item.path.parent != YEAR


@pytest.fixture(scope="session")
def data_folder() -> Iterator[Path]:
    """A folder on the disk of the checkout, removed afterwards."""
    with scratch() as folder:
        yield folder


@pytest.fixture(scope="session")
async def real_engines(data_folder: Path) -> AsyncIterator[Engines]:
    """The engines that integration tests share; each test makes databases and topics of its own."""
    async with engines(data_folder / "engines") as found:
        yield found
        for pid in found.find():  # what they hold is thrown away: nobody waits until it is written
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def postgres_url(real_engines: Engines) -> str:
    """The server, as its owner."""
    return real_engines.admin_url


@pytest.fixture(scope="session")
def bootstrap_servers(real_engines: Engines) -> str:
    """The broker."""
    return real_engines.bootstrap


@pytest.fixture
def free_port_base() -> int:
    """Where a product of a test may listen."""
    return free_block(PORTS)[0] - 1


@pytest.fixture(scope="module")
def product(data_folder: Path, request: pytest.FixtureRequest) -> Iterator[Product]:
    """A whole product of this module's own."""
    with running(data_folder / request.module.__name__.rpartition(".")[2]) as product:
        yield product


@pytest.fixture(scope="module")
def hasty_product(data_folder: Path, request: pytest.FixtureRequest) -> Iterator[Product]:
    """A product that does not wait for cases that are still on their way: most that are asked for never come."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASE_WAIT_SECONDS", "0")
        with running(data_folder / request.module.__name__.rpartition(".")[2]) as product:
            yield product
