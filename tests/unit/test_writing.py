"""What a command leaves on the disk: whole or not at all, and for whom it is."""

import os
import stat
from pathlib import Path

import pytest

from overdracht import writing
from overdracht.output import Stop
from overdracht.writing import USUAL, written


def put(place: Path, content: bytes, mode: int = writing.OWN) -> None:
    with written(place, mode) as file:
        file.write(content)


def test_a_file_is_for_its_owner_alone_from_the_first_moment(tmp_path: Path) -> None:
    place = tmp_path / "file.html"
    (tmp_path / ".file.html.new").write_text("what a crash left")
    put(place, b"one")
    put(place, b"two")
    assert (place.read_text(), stat.S_IMODE(place.stat().st_mode)) == ("two", 0o600)
    assert [one.name for one in tmp_path.iterdir()] == ["file.html"]


def test_what_is_for_everybody_is_as_the_account_lets_it(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        put(tmp_path / "report.html", b"x", USUAL)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "report.html").stat().st_mode) == 0o640


def test_a_file_that_fails_half_way_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    put(tmp_path / "file.html", b"before")
    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(Stop, match="cannot write"):
        put(tmp_path / "file.html", b"Zwaluwenburg")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("file.html", b"before")]


def test_what_breaks_while_writing_is_told_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(KeyError), written(tmp_path / "file.html"):
        raise KeyError
    assert list(tmp_path.iterdir()) == []
