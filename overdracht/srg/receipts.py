"""Receipts: what was delivered, remembered as hashes and not as rows, and what is different now.

A hash is of the values of a row without the person, and of the mark that the vault gave with the person: it changes
when either does, and from it nobody gets back to a person number. Kept beside the files, by month.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from overdracht.doors import Json
from overdracht.srg.model import OF_IDENTITY, Delivery, Record

FORM = 1
"""Grows when rows are hashed in another way: then an earlier receipt says nothing."""


class ReceiptUnusable(ValueError):  # noqa: N818 - an answer, not a fault
    """The receipt is not one of ours, or of another month."""


@dataclass(frozen=True)
class Changes:
    """Numbers of facilities against what was delivered before; None as a whole: nothing was."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    same: int

    @property
    def any(self) -> bool:
        """Whether there is a reason to deliver again."""
        return bool(self.added or self.changed or self.gone)


def receipt(delivery: Delivery) -> bytes:
    """The receipt of a delivery."""
    rows = {record.registration: _hashed(record) for record in delivery.records}
    told = {"form": FORM, "municipality": delivery.municipality, "month": delivery.month, "rows": rows}
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"


def _hashed(record: Record) -> str:
    values = {name: value for name, value in record.values.items() if name not in OF_IDENTITY}
    told = orjson.dumps([values, record.mark], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()[:32]


def changes(earlier: bytes, now: bytes) -> Changes:
    """What differs between two receipts of one month. Raises ReceiptUnusable."""
    before, after = _rows(earlier, now), _rows(now, now)
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(one for one in after.keys() & before.keys() if after[one] != before[one])),
        gone=tuple(sorted(before.keys() - after.keys())),
        same=sum(after.get(one) == value for one, value in before.items()),
    )


def _rows(given: bytes, like: bytes) -> Mapping[str, str]:
    try:
        told: Json = orjson.loads(given)
        same = all(told[name] == orjson.loads(like)[name] for name in ("form", "municipality", "month"))
        rows = told["rows"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise ReceiptUnusable from None
    if not (same and isinstance(rows, dict)):
        raise ReceiptUnusable
    return rows
