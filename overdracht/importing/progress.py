"""How far an import came, kept on disk after every answer: the same command goes on from there."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4

import orjson

from overdracht.output import FINDINGS, Stop


@dataclass
class Lane:
    """What one lane of one phase has sent (in chunks), and what was answered (in lines)."""

    sent: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0

    @property
    def lines(self) -> int:
        """Lines answered."""
        return self.accepted + self.duplicates + self.rejected


@dataclass
class Progress:
    """One import. `id` makes the idempotency keys; `rejects` is the size in bytes of the services' rejects so far."""

    plan: str
    id: str = field(default_factory=lambda: str(uuid4()))
    seconds: float = 0.0
    rejects: int = 0
    lanes: dict[str, Lane] = field(default_factory=dict)

    def lane(self, phase: str, number: int) -> Lane:
        """The lane's progress; nothing yet when it is new."""
        return self.lanes.setdefault(f"{phase}/{number}", Lane())

    @property
    def answered(self) -> int:
        """Lines answered in all."""
        return sum(lane.lines for lane in self.lanes.values())


def load(path: Path, plan: str) -> Progress | None:
    """The unfinished import kept here; None when there is none, or when lines would go elsewhere now."""
    try:
        kept = orjson.loads(path.read_bytes())
        lanes = {name: Lane(**lane) for name, lane in kept.pop("lanes").items()}
        found = Progress(**kept, lanes=lanes)
    except (FileNotFoundError, orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return found if found.plan == plan else None


def save(path: Path, progress: Progress) -> None:
    """Keeps it, whole or not at all."""
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(orjson.dumps(asdict(progress)))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Holds a lock that ends with this process, however it ends. Raises Stop when another import holds it."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(
                "Dit bestand wordt op dit moment al ingelezen.", "this file is being imported already", FINDINGS
            ) from None
        yield
