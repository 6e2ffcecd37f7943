"""Kafka's jars: fetched once, and never used unless every one of them has the SHA-256 of our committed lock."""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deploy.embedded.parts import Halt

LOCK_FILE = Path(__file__).with_name("kafka.lock.json")


@dataclass(frozen=True)
class Lock:
    """The jars we run: Maven coordinates of what to ask for, and file name -> SHA-256 of what must come."""

    artifacts: str
    jars: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Short name of exactly this set of jars."""
        return hashlib.sha256(json.dumps(dict(self.jars), sort_keys=True).encode()).hexdigest()[:12]


@cache
def read_lock(file: Path = LOCK_FILE) -> Lock:
    """The committed lock."""
    content = json.loads(file.read_text())
    return Lock(content["artifacts"], content["jars"])


def folder(cache_at: Path, lock: Lock) -> Path:
    """Where the jars of this lock are kept."""
    return cache_at / f"kafka-{lock.digest}"


def sha256(file: Path) -> str:
    """Checksum of a file, in hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def missing(at: Path, lock: Lock) -> list[str]:
    """Locked jars that are not here yet. Raises Halt for one that is here and differs."""
    absent = []
    for name, locked in lock.jars.items():
        if not (at / name).exists():
            absent.append(name)
        elif sha256(at / name) != locked:
            raise Halt(
                f"{at / name} heeft niet het vastgelegde controlegetal (SHA-256); er is niets mee gestart: "
                "verwijder dat bestand en start opnieuw.",
                f"{at / name} does not have the locked checksum (SHA-256) and was not used: "
                "delete that file and start again.",
            )
    return absent


def present(cache_at: Path) -> list[Path] | None:
    """All jars, each checked just now; None when some still have to be fetched. Raises Halt for a wrong one."""
    lock = read_lock()
    at = folder(cache_at, lock)
    return None if missing(at, lock) else [at / name for name in lock.jars]


@contextmanager
def only_one(cache_at: Path) -> Iterator[None]:
    """Holds the cache for one process; two first starts at once fetch once. Raises Halt without a writable disk."""
    with disk_trouble(cache_at):
        cache_at.mkdir(parents=True, exist_ok=True)
        lock_file = (cache_at / "kafka.lock").open("w")
    with lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        yield


@contextmanager
def disk_trouble(at: Path) -> Iterator[None]:
    """Turns a full or read-only disk into a sentence."""
    try:
        yield
    except OSError as trouble:
        why = trouble.strerror or type(trouble).__name__
        raise Halt(
            f"In {at} kan niet worden geschreven ({why}): maak ruimte (150 MB), of wijs met OVERDRACHT_CACHE "
            "een andere map aan.",
            f"Cannot write in {at} ({why}): make room (150 MB) or point OVERDRACHT_CACHE at another folder.",
        ) from None


def take(found: Path, at: Path) -> None:
    """Moves a checked download to its place; it is never there half."""
    with found.open("rb+") as written:
        os.fsync(written.fileno())
    found.replace(at / found.name)


@contextmanager
def scratch(cache_at: Path) -> Iterator[Path]:
    """A folder on the cache's own disk for a download, gone afterwards."""
    with disk_trouble(cache_at):
        made = Path(tempfile.mkdtemp(prefix="fetching-", dir=cache_at))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
