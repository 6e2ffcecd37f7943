"""Fetches what the lock names from Maven Central with jgo; imported only when something is missing."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from jgo.env import EnvironmentBuilder
from jgo.maven import MavenContext, PythonResolver

from deploy.embedded import jars
from deploy.embedded.jars import Lock
from deploy.embedded.parts import Halt

TRIES = 4
Download = Callable[[str, Path], None]


def download(artifacts: str, into: Path) -> None:
    """All jars of these artifacts, with what they need at run time, somewhere under `into`."""
    logging.getLogger("jgo").setLevel(logging.CRITICAL)  # we say ourselves what went wrong
    context = MavenContext(resolver=PythonResolver(), repo_cache=into / "repository", timeout=20)
    EnvironmentBuilder(context=context, cache_dir=into / "environments").from_endpoint(artifacts)


def fetch(cache_at: Path, get: Download = download, pause: float = 1.0) -> None:
    """Fetches the missing jars, checks each and puts it in its place. Raises Halt after a few tries."""
    lock = jars.read_lock()
    at = jars.folder(cache_at, lock)
    with jars.only_one(cache_at), jars.scratch(cache_at) as scratch:
        with jars.disk_trouble(at):
            at.mkdir(exist_ok=True)
        for attempt in range(TRIES):
            if not (absent := jars.missing(at, lock)):
                return
            time.sleep(pause * (2**attempt - 1))
            trouble, wrong = _attempt(lock, at, absent, scratch, get)
        if absent := jars.missing(at, lock):
            raise _failed(absent, wrong, trouble)


def _attempt(lock: Lock, at: Path, absent: list[str], scratch: Path, get: Download) -> tuple[str, list[str]]:
    """One try: what went wrong (a word), and which downloads had the wrong checksum."""
    trouble = ""
    try:
        get(lock.artifacts, scratch)
    except OSError as error:  # requests' errors are OSErrors too; only a disk's has a strerror
        if error.strerror:
            with jars.disk_trouble(scratch.parent):
                raise
        trouble = type(error).__name__
    except Exception as error:
        trouble = type(error).__name__
    wrong = []
    for found in sorted((scratch / "repository").rglob("*")):
        if not found.is_file():
            continue
        if found.name not in absent:
            _forget(found, trouble)
        elif jars.sha256(found) == lock.jars[found.name]:
            with jars.disk_trouble(at):
                jars.take(found, at)
        else:
            wrong.append(found.name)
            found.unlink()
    return trouble, wrong


def _forget(found: Path, trouble: str) -> None:
    """After a broken download nothing that may be half stays for the next try."""
    if trouble:
        found.unlink()


def _failed(absent: list[str], wrong: list[str], trouble: str) -> Halt:
    if wrong:
        return Halt(
            f"De download van {wrong[0]} heeft niet het vastgelegde controlegetal (SHA-256) en is weggegooid: "
            "probeer het later, of via een ander netwerk.",
            f"The download of {wrong[0]} does not have the locked checksum (SHA-256) and was thrown away: "
            "try again later, or over another network.",
        )
    why = trouble or "onvolledig/incomplete"
    return Halt(
        f"Kafka kon niet worden opgehaald van Maven Central ({len(absent)} bestanden ontbreken; {why}): "
        "controleer het netwerk en start opnieuw, of wijs met KAFKA_BOOTSTRAP_SERVERS een bestaande Kafka aan.",
        f"Kafka could not be fetched from Maven Central ({len(absent)} files missing; {why}): check the network "
        "and start again, or point KAFKA_BOOTSTRAP_SERVERS at a Kafka that runs.",
    )
