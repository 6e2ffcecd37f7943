"""Kafka's jars: fetched once, each checked; what goes wrong is one sentence with what to do, and nothing half stays."""

import errno
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.embedded import jars
from deploy.embedded.fetching import TRIES, fetch
from deploy.embedded.parts import Halt

CONTENT = {"broker-1.jar": b"the broker", "client-1.jar": b"the client"}
Get = Callable[[str, Path], None]


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> jars.Lock:
    """A lock that names two small jars."""
    found = jars.Lock("g:a:1", {name: hashlib.sha256(raw).hexdigest() for name, raw in CONTENT.items()})
    monkeypatch.setattr(jars, "read_lock", lambda: found)
    return found


def giving(content: dict[str, bytes], asked: list[str] | None = None) -> Get:
    """A registry that has this."""

    def get(artifacts: str, into: Path) -> None:
        (asked if asked is not None else []).append(artifacts)
        for name, raw in content.items():
            file = into / "repository" / "g" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(raw)

    return get


def test_what_the_lock_names_is_fetched_once_and_found_again(tmp_path: Path, lock: jars.Lock) -> None:
    asked: list[str] = []
    assert jars.present(tmp_path) is None
    fetch(tmp_path, giving(CONTENT, asked), pause=0)
    fetch(tmp_path, giving(CONTENT, asked), pause=0)
    found = jars.present(tmp_path)
    assert found is not None
    assert [path.name for path in found] == list(CONTENT)
    assert asked == ["g:a:1"]


def test_a_download_with_a_wrong_checksum_is_thrown_away_and_named(tmp_path: Path, lock: jars.Lock) -> None:
    with pytest.raises(Halt) as no:
        fetch(tmp_path, giving(CONTENT | {"client-1.jar": b"forged"}), pause=0)
    assert "client-1.jar" in no.value.nl
    assert "SHA-256" in no.value.en
    assert not list(tmp_path.rglob("client-1.jar"))
    assert len(list(tmp_path.rglob("broker-1.jar"))) == 1


def test_a_jar_changed_on_disk_is_not_used(tmp_path: Path, lock: jars.Lock) -> None:
    fetch(tmp_path, giving(CONTENT), pause=0)
    (jars.folder(tmp_path, lock) / "broker-1.jar").write_bytes(b"forged")
    with pytest.raises(Halt, match="delete that file"):
        jars.present(tmp_path)


def test_without_a_network_it_says_so_and_what_to_do(tmp_path: Path, lock: jars.Lock) -> None:
    tried = 0

    def unreachable(artifacts: str, into: Path) -> None:
        nonlocal tried
        tried += 1
        raise ConnectionError

    with pytest.raises(Halt, match="check the network"):
        fetch(tmp_path, unreachable, pause=0)
    assert tried == TRIES


def test_a_download_that_breaks_off_is_tried_again_and_leaves_nothing_half(tmp_path: Path, lock: jars.Lock) -> None:
    tries = iter([True, False])

    def once_broken(artifacts: str, into: Path) -> None:
        broken = next(tries)
        giving({"broker-1.jar": b"half"} if broken else CONTENT)(artifacts, into)
        if broken:
            raise ConnectionError

    fetch(tmp_path, once_broken, pause=0)
    assert jars.present(tmp_path) is not None


def test_a_full_disk_is_a_sentence(tmp_path: Path, lock: jars.Lock) -> None:
    def full(artifacts: str, into: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Halt, match="make room"):
        fetch(tmp_path, full, pause=0)


def test_the_committed_lock_names_every_jar_with_a_checksum_and_no_address() -> None:
    kept = jars.LOCK_FILE.read_text()
    assert "http" not in kept
    assert all(len(digest) == 64 for digest in json.loads(kept)["jars"].values())
    assert any(name.startswith("kafka_2.13-4.4") for name in json.loads(kept)["jars"])
