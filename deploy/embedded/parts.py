"""What the two engines share: how a process is to be started, and the one way to say that it cannot be."""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CANNOT = 3  # exit code: something outside the product has to change first


class Halt(Exception):  # noqa: N818 - a sentence for the user, not a fault of the program
    """It cannot go on: what, where and what to do, in one Dutch and one English sentence."""

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(en)
        self.nl, self.en = nl, en


@dataclass(frozen=True)
class Start:
    """One process: what to start, as whom, where it writes, and how it is asked to stop."""

    name: str
    argv: list[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    owner: tuple[int, int] | None = None  # uid and gid; None: as ourselves
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15.0


def cache_folder() -> Path:
    """Where downloads are kept: OVERDRACHT_CACHE, else `.cache` of the checkout, else the user's cache folder."""
    if named := os.environ.get("OVERDRACHT_CACHE"):
        return Path(named).expanduser().absolute()
    if (ROOT / "pyproject.toml").exists():
        return ROOT / ".cache"
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "overdracht"
