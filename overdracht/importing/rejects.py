"""The rejects file: which lines were not accepted and why; line numbers and codes, never the line itself."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import orjson

from overdracht.importing.checking import SENTENCES, Reject
from overdracht.output import USAGE, Stop

_SORTED_UP_TO_BYTES = 64_000_000


def entry(number: int, reject: Reject) -> bytes:
    """One line of the rejects file."""
    nl, en = reject.sentences or SENTENCES[reject.code]
    said: dict[str, object] = {
        "line": number,
        "dossier": reject.dossier,
        "fact": reject.fact,
        "code": reject.code,
        "field": reject.field,
        "nl": nl,
        "en": en,
    }
    if reject.possible:
        said["possible"] = list(reject.possible)
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)


def default_path(source: Path) -> Path:
    """Beside the file; in the current folder when that one is not ours to write in."""
    folder = source.parent if os.access(source.parent, os.W_OK) else Path()
    return folder / f"{source.name.removesuffix('.gz')}.rejects.jsonl".replace(".jsonl.rejects", ".rejects")


def check_writable(path: Path) -> None:
    """Raises Stop (exit 2) when the rejects file could not be written at the end."""
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise Stop(f"{path} is niet te schrijven.", f"{path} cannot be written", USAGE)


def reopened(path: Path, size: int) -> BinaryIO:
    """A working file, cut back to what the kept progress knows of it, so that nothing stands in it twice."""
    path.touch()
    file = path.open("r+b")
    file.truncate(min(size, path.stat().st_size))
    file.seek(0, os.SEEK_END)
    return file


def publish(target: Path, working: Iterable[Path]) -> int:
    """Writes the rejects file in one go, by line number; how many entries it has. An older one is replaced."""
    parts = [path for path in working if path.exists()]
    small = sum(path.stat().st_size for path in parts) <= _SORTED_UP_TO_BYTES
    entries: Iterable[bytes] = _entries(parts)
    if small:
        entries = sorted(entries, key=lambda line: int(orjson.loads(line)["line"]))
    fresh = target.with_name(f"{target.name}.new")
    count = 0
    with fresh.open("wb") as file:
        for line in entries:
            file.write(line)
            count += 1
    if count or target.exists():
        fresh.replace(target)
    else:
        fresh.unlink()
    return count


def _entries(parts: Iterable[Path]) -> Iterator[bytes]:
    for path in parts:
        with path.open("rb") as file:
            yield from file
