"""Where a running product is: one small file in the data folder, written by who runs it, read by every command."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import orjson

from deploy.embedded import processes
from overdracht.output import AWAY, Stop

FILE = "run.json"


@dataclass(frozen=True)
class Process:
    """A process, named for good: its pid and when it began (Unix seconds)."""

    pid: int
    since: float

    @property
    def runs(self) -> bool:
        """Whether it is still there, and not another that got its pid."""
        return processes.same(self.pid, self.since)


@dataclass(frozen=True)
class Run:
    """A running product: addresses by service, the engines' addresses (without passwords), who runs it and what."""

    supervisor: Process
    services: Mapping[str, str]
    bootstrap_servers: str
    postgres: str
    keys: Path
    insight: str = ""
    parts: Mapping[str, Process] = field(default_factory=dict)

    def pid(self, part: str) -> int | None:
        """The pid of a service, `kafka` or `postgres`; None when we do not run it, or it is down for a moment."""
        found = self.parts.get(part)
        return found.pid if found and found.runs else None


def write_run(data: Path, run: Run) -> None:
    """Keeps it, whole or not at all."""
    fresh = data / f"{FILE}.new"
    fresh.write_bytes(orjson.dumps(asdict(replace(run, keys=Path())) | {"keys": str(run.keys)}))
    fresh.replace(data / FILE)


def read_run(data: Path) -> Run | None:
    """What was written last, whether or not it still runs."""
    try:
        kept = orjson.loads((data / FILE).read_bytes())
        parts = {name: Process(**part) for name, part in kept.pop("parts").items()}
        supervisor, keys = Process(**kept.pop("supervisor")), Path(kept.pop("keys"))
        return Run(supervisor=supervisor, keys=keys, parts=parts, **kept)
    except (FileNotFoundError, orjson.JSONDecodeError, KeyError, TypeError):
        return None


def find_run(data: Path) -> Run:
    """The product that runs on this data. Raises Stop (exit 3) when none does."""
    run = read_run(data)
    if run is None or not run.supervisor.runs:
        raise Stop(
            f"Op {data} draait geen Overdracht: start het met `make run`, of wijs met --data een andere map aan.",
            f"no Overdracht runs on {data}: start it with `make run`, or point --data at another folder",
            AWAY,
        )
    return run


def ourselves() -> Process:
    """This process."""
    return Process(os.getpid(), processes.began(os.getpid()) or 0.0)
