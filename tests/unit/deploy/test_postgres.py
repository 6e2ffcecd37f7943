"""PostgreSQL's data folder after a kill: two servers on one folder must never be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded import databases, postgres, processes
from schemas.sources import SERVICES
from shared import database


def test_there_is_a_connection_for_everyone_who_may_want_one_at_the_same_time() -> None:
    """Each service has an engine that writes and one that reads, and one connection by which it leads."""
    wanted = len(SERVICES) * (2 * (database.KEPT + database.MORE) + 1)
    reserved = 3  # for superusers; what a person or a check of the log needs has to fit besides
    assert wanted + reserved < int(postgres.SETTINGS["max_connections"])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def test_a_pid_that_is_now_another_process_is_forgotten(data: Path) -> None:
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    postgres._clear_left_over(data)
    assert not (data / "postmaster.pid").exists()


def test_the_file_of_a_server_that_is_gone_is_left_to_postgresql_itself(data: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (data / "postmaster.pid").write_text(f"{ended.pid}\n{data}\n")
    postgres._clear_left_over(data)
    assert (data / "postmaster.pid").exists()


def test_a_server_that_still_runs_there_is_stopped_first(data: Path) -> None:
    code = "import time, sys; time.sleep(60)"
    running = subprocess.Popen([sys.executable, "-c", code, "-D", str(data)])
    (data / "postmaster.pid").write_text(f"{running.pid}\n{data}\n")
    postgres._clear_left_over(data)
    running.poll()
    assert processes.began(running.pid) is None


def test_what_still_works_in_a_folder_is_waited_for(data: Path) -> None:
    busy = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.5)"], cwd=data)
    assert not processes.wait_until_none_in(data, within=0.1)
    assert processes.wait_until_none_in(data, within=10)
    busy.wait()


def test_a_path_too_long_for_a_socket_gets_one_in_the_temporary_folder(tmp_path: Path) -> None:
    assert postgres.server(Path("/short"), 5432).sockets == Path("/short/socket")
    long = postgres.server(tmp_path / ("deep" * 30), 5432)
    assert len(os.fsencode(long.sockets / ".s.PGSQL.5432")) <= postgres.SOCKET_PATH_BYTES


def test_an_address_is_shown_without_its_password() -> None:
    assert databases.without_password("postgresql://anna:secret@db:5432/x?sslmode=require") == (
        "postgresql://anna@db:5432/x?sslmode=require"
    )
    assert "secret" not in databases.for_role("postgresql://anna:secret@db:5432/x", "referral", "referral", "other")
