"""Published numbers: what was said, and all that it rested on, so that it can be made again to the byte."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from services.insight.measures.asking import Figures, told
from services.insight.measures.disclosing import Audience
from services.insight.measures.keeping import whole
from services.insight.measures.slicing import Slice

FOLDER = "published"
_ID_CHARACTERS = 20


class NumberUnknown(LookupError):  # noqa: N818 - an answer, not a fault
    """No number was published under this id."""


@dataclass(frozen=True)
class Reproduced:
    """A published number made again."""

    published: bytes
    again: bytes

    @property
    def same(self) -> bool:
        """Whether it is the same, to the byte."""
        return self.published == self.again


def publish(
    lake: Path, figures: Figures, measure: str, wanted: Slice, at: datetime, audience: Audience
) -> tuple[str, bytes]:
    """(id, content) of a number that is kept from now on. The same number published twice is one."""
    content = _bytes(told(figures, measure, wanted, at, audience))
    number = hashlib.sha256(content).hexdigest()[:_ID_CHARACTERS]
    file = _file(lake, number)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".tmp")
        with fresh.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    return number, content


def published(lake: Path, number: str) -> bytes:
    """What was published under an id. Raises NumberUnknown."""
    if not number.isalnum() or len(number) != _ID_CHARACTERS:
        raise NumberUnknown(number)
    try:
        return _file(lake, number).read_bytes()
    except FileNotFoundError:
        raise NumberUnknown(number) from None


def listed(lake: Path) -> Iterator[dict[str, Any]]:
    """Every published number, shortly, in the order of their ids."""
    for file in sorted((lake / FOLDER).glob("*.json")):
        said = orjson.loads(file.read_bytes())
        yield {"id": file.stem} | {name: said[name] for name in ("measure", "slice", "as_of", "audience", "value", "n")}


def reproduce(lake: Path, number: str) -> Reproduced:
    """Makes a published number again, from the files up to the offsets it rests on. Raises NumberUnknown."""
    content = published(lake, number)
    said = orjson.loads(content)
    offsets: Mapping[str, tuple[int, int]] = {place: (epoch, last) for place, (epoch, last) in said["offsets"].items()}
    at = datetime.fromisoformat(said["as_of"])
    again = told(Figures(whole(lake, offsets), offsets), said["measure"], said["slice"], at, said["audience"])
    return Reproduced(content, _bytes(again))


def _bytes(said: Mapping[str, Any]) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def _file(lake: Path, number: str) -> Path:
    return lake / FOLDER / f"{number}.json"
