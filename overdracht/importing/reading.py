"""Reads a dossier log line by line in constant memory: plain or gzip, also one that breaks off in the middle."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from overdracht.output import USAGE, Stop

LONGEST_LINE = 1_000_000
TOO_LONG = b"\ntoo long"
"""Stands for a line of more than a megabyte; no real line holds a newline."""
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_RAW_BLOCK = 64 * 1024
_BLOCK = 256 * 1024
_HELD_BYTES = 4_000_000
"""As it stands on the disk; a dossier log shrinks to a twelfth."""


@dataclass
class Ending:
    """How the reading ended: `broken` says why the rest is unreadable, `partial` that the last line is half a line."""

    broken: str = ""
    partial: bool = False


def check_file(path: Path) -> bool:
    """Whether the file is gzip. Raises Stop (exit 2) for what is no readable file, or not what its name says."""
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == _GZIP
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
        raise Stop(f"{path} is niet te lezen: {reason}.", f"{path} cannot be read: {reason}", USAGE) from None
    if path.suffix == ".gz" and not zipped and path.stat().st_size:
        raise Stop(f"{path} heet .gz maar is geen gzip.", f"{path} is named .gz but is no gzip", USAGE)
    return zipped


def fingerprint(path: Path) -> str:
    """SHA-256 of the file's bytes, hex: the same content is the same import, whatever it is called."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lines(path: Path, ending: Ending) -> Iterator[bytes]:
    """Every line without its end, blank ones too; `ending` is filled in at the end."""
    with path.open("rb") as file:
        zipped = file.read(2) == _GZIP
        file.seek(0)
        yield from _split(_inflated(file, ending) if zipped else _plain(file), ending)


class Again:
    """The lines of a file as often as they are wanted: from memory when the file is small, else read anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: list[bytes] | None = None
        if path.stat().st_size <= _HELD_BYTES:
            self._held = list(lines(path, Ending()))

    @property
    def held(self) -> bool:
        """Whether reading again costs nothing."""
        return self._held is not None

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._held) if self._held is not None else lines(self._path, Ending())


def _plain(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


def _inflated(file: BinaryIO, ending: Ending) -> Iterator[bytes]:
    """The content of all gzip members; what can still be read of a damaged or cut-off one too."""
    engine, begun, pending = zlib.decompressobj(31), False, b""
    while pending := pending or file.read(_RAW_BLOCK):
        before = engine.copy()
        try:
            block = engine.decompress(pending, _BLOCK)
        except zlib.error:
            yield from _up_to_the_damage(before, pending)
            ending.broken = "damaged" if begun else "not gzip"
            return
        begun = True
        if block:
            yield block
        pending = engine.unconsumed_tail
        if engine.eof:
            pending, begun = (engine.unused_data or file.read(_RAW_BLOCK)).lstrip(b"\0"), False
            engine = zlib.decompressobj(31)
    if begun:
        ending.broken = "cut off"
        yield engine.flush()


def _up_to_the_damage(engine: "zlib._Decompress", raw: bytes) -> Iterator[bytes]:
    for at in range(len(raw)):
        try:
            yield engine.decompress(raw[at : at + 1])
        except zlib.error:
            return


def _split(blocks: Iterator[bytes], ending: Ending) -> Iterator[bytes]:
    rest, first, too_long = b"", True, False
    for block in blocks:
        if first and block:
            block, first = block.removeprefix(_BOM), False
        *whole, rest = (rest + block).split(b"\n")
        if whole and too_long:
            whole[0], too_long = TOO_LONG, False
        for line in whole:
            yield line if len(line) <= LONGEST_LINE else TOO_LONG
        if len(rest) > LONGEST_LINE:
            rest, too_long = b"", True
    if rest or too_long:
        ending.partial = bool(ending.broken)
        yield TOO_LONG if too_long else rest
