"""The columns of a batch while they are filled: facts of one kind after another, each value in its event's row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from services.insight.lake.columns import Columns
from services.insight.lake.fitting import Scrub, Values, fitted, moments, texts
from services.insight.lake.names import Place
from services.insight.lake.pseudonyms import Pseudonyms
from services.insight.lake.reading import Counts, Envelope, Group
from services.insight.lake.seen import Longs
from shared.facts import Common
from shared.sealing import PREFIX

_WAYS = {
    "case_id": ("id", "case_id"), "municipality": ("text", "municipality"), "occurred_at": ("time", "occurred_at"),
    "actor.role": ("text", "actor_role"), "actor.id": ("id", "actor_id"),
}  # fmt: skip
_FLAGS = ("late", "implied", "imported")
_LISTS = ("warnings", "unknown")
_ALL = frozenset({*Common.model_fields, *_WAYS})


class Filling:
    """Per column the pieces that were filled, and in which places of the batch each stands."""

    def __init__(self, events: Sequence[Envelope], known: Columns, names: Pseudonyms, counts: Counts) -> None:
        self.events, self.names, self.counts = events, names, counts
        self.schema, self.texts_schema = known.events, known.texts
        self.scrub = Scrub(names, known)
        self.pieces: dict[str, list[tuple[list[int], pa.Array]]] = {}
        self.places: list[int] = []

    def fill(self, group: Group) -> None:
        """All facts of one kind. What finds no column stays in what is left of their data, and goes to `more`."""
        said = group.columns()
        self.places += group.places
        self._common(group, said)
        for field, (how, column) in (group.reads.fields or {}).items():
            if (values := said.get(field)) is None:
                continue
            if how == "json":
                self._json(group, field, column, values)
            elif how == "sealed":
                self._sealed(group, field, values)
            elif how != "left_out":
                self._fit(group, field, how, column, values)
        self._rest(group)

    def _put(self, column: str, places: list[int], piece: pa.Array) -> None:
        self.pieces.setdefault(column, []).append((places, piece))

    def _fit(self, group: Group, field: str, how: str, column: str, values: Values) -> None:
        """A field as its column wants it. What does not fit goes back to what is left of the fact's data."""
        piece, odd = fitted(how, values, self.names)
        self._put(column, group.places, piece)
        for row in odd:
            group.left.setdefault(row, {})[field] = values[row]
            self.counts[f"misfit:{group.reads.fact}.{field}"] += 1

    def _common(self, group: Group, said: Mapping[str, Values]) -> None:
        """What every fact says."""
        size = len(group.places)
        self._put("fact", group.places, pa.repeat(pa.scalar(group.reads.fact, pa.string()), size))
        self._put("version", group.places, pa.repeat(pa.scalar(group.reads.version, pa.int32()), size))
        self._put("hand_off", group.places, pa.repeat(pa.scalar(group.reads.hand_off, pa.bool_()), size))
        for field, (how, column) in _WAYS.items():
            if field in said:
                self._fit(group, field, how, column, said[field])
        for field in _FLAGS:
            values = [False if value is None else value for value in said.get(field, [None] * size)]
            self._fit(group, field, "boolean", field, values)
        for field in _LISTS:
            if field in said:
                self._json(group, field, field, [value or None for value in said[field]])

    def _json(self, group: Group, field: str, column: str, values: Values) -> None:
        self._put(column, group.places, texts(group.places, field, values, self.scrub.json))

    def _sealed(self, group: Group, field: str, values: Values) -> None:
        """Sealed texts lie apart. A text that is not sealed has no place in the lake: it is counted and not kept."""
        for place, value in zip(group.places, values, strict=True):
            if isinstance(value, str) and value.startswith(PREFIX):
                self.scrub.sealed.append((place, field, value))
            elif value is not None:
                self.counts[f"unsealed:{group.reads.fact}.{field}"] += 1

    def _rest(self, group: Group) -> None:
        """What no column has a place for."""
        if not group.left:
            return
        own = group.reads.fields
        if own is not None:
            strange = sum(name not in own and name not in _ALL for one in group.left.values() for name in one)
            self.counts[f"unknown_field:{group.reads.fact}"] += strange
        rows = sorted(group.left)
        left = [self.scrub.whole(group.places[row], group.left[row]) for row in rows]
        self._put("more", [group.places[row] for row in rows], pa.array(left, pa.string()))

    def events_table(self, place: Place, epoch: int) -> pa.Table:
        """The columns whole, in the order of the records."""
        rows = sorted(self.places)
        kept = [self.events[number] for number in rows]
        found = {
            "service": pa.repeat(pa.scalar(place.service), len(kept)),
            "partition": pa.repeat(pa.scalar(place.partition, pa.int32()), len(kept)),
            "epoch": pa.repeat(pa.scalar(epoch, pa.int32()), len(kept)),
            "record_offset": pa.array([one.offset for one in kept], pa.int64()),
            "sequence": pa.array([one.sequence for one in kept], pa.int64()),
            "caseversion": pa.array([one.caseversion for one in kept], pa.int32()),
            "recorded_at": self._recorded(kept),
        }
        rank = np.full(len(self.events), -1, np.int64)
        rank[rows] = np.arange(len(rows))
        found |= {name: _scattered(pieces, rank, len(kept)) for name, pieces in self.pieces.items()}
        arrays = [found[one.name] if one.name in found else pa.nulls(len(kept), one.type) for one in self.schema]
        return pa.table(arrays, schema=self.schema)

    def _recorded(self, events: Sequence[Envelope]) -> pa.Array:
        """When each was recorded; empty where the envelope's time is none."""
        try:
            return moments([one.time for one in events])
        except pa.ArrowInvalid:
            return fitted("time", [one.time.decode("utf-8", "replace") for one in events], self.names)[0]

    def texts_table(self, place: Place) -> pa.Table:
        """The sealed texts, in the order of the records."""
        some = sorted(self.scrub.sealed, key=lambda one: one[0])
        columns: dict[str, Iterable[Any]] = {
            "service": [place.service] * len(some),
            "sequence": [self.events[number].sequence for number, _, _ in some],
            "field": [field for _, field, _ in some],
            "sealed": [value for _, _, value in some],
        }
        return pa.table([pa.array(columns[one.name], one.type) for one in self.texts_schema], schema=self.texts_schema)


def _scattered(pieces: list[tuple[list[int], pa.Array]], rank: Longs, size: int) -> pa.Array:
    """One column of the pieces: each value in its event's row, empty where no piece says anything."""
    rows = rank[np.concatenate([np.array(places, np.int64) for places, _ in pieces])]
    at = np.full(size, -1, np.int64)
    at[rows] = np.arange(len(rows))
    return pa.concat_arrays([piece for _, piece in pieces]).take(pa.array(at, mask=at < 0))
