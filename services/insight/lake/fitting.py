"""Values to columns: each kind of field as the array its column wants; what does not fit is told, never bent."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from services.insight.lake.columns import MILLISECONDS, Columns
from services.insight.lake.pseudonyms import Pseudonyms, is_id
from shared.sealing import PREFIX

Values = Sequence[Any]
Sealed = tuple[int, str, str]
"""The place in the batch, the field, the sealed text."""
_MICROSECONDS = pa.timestamp("us", tz="UTC")
_NOT_FIT = (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError)
_WANTED: dict[str, tuple[frozenset[type], pa.DataType]] = {
    "id": (frozenset({str}), pa.int64()),
    "text": (frozenset({str}), pa.string()),
    "integer": (frozenset({int}), pa.int32()),
    "number": (frozenset({int, float}), pa.float64()),
    "boolean": (frozenset({bool}), pa.bool_()),
    "date": (frozenset({str}), pa.date32()),
    "time": (frozenset({str}), MILLISECONDS),
}
_NONE = frozenset({type(None)})
_GONE = object()


class Unfit(Exception):  # noqa: N818 - a verdict on values
    """A value is not what its column holds."""


def fitted(how: str, values: Values, names: Pseudonyms) -> tuple[pa.Array, list[int]]:
    """The array, and the places of the values that did not fit: empty in the array."""
    try:
        return _whole(how, values, names), []
    except (Unfit, *_NOT_FIT):
        parts, odd = [], []
        for place, value in enumerate(values):
            try:
                parts.append(_whole(how, [value], names))
            except (Unfit, *_NOT_FIT):
                parts.append(pa.nulls(1, _WANTED[how][1]))
                odd.append(place)
        return pa.concat_arrays(parts), odd


def _whole(how: str, values: Values, names: Pseudonyms) -> pa.Array:
    kinds, wanted = _WANTED[how]
    if not set(map(type, values)) <= kinds | _NONE:
        raise Unfit(how)
    if how == "id":
        return pa.array(names.numbers(values), wanted)
    if how == "text":
        return _open(pa.array(values, wanted))
    if how == "date":
        return pa.array(values, pa.string()).cast(wanted)
    if how == "time":
        return moments(values)
    return pa.array(values, wanted)


def _open(array: pa.Array) -> pa.Array:
    """The texts themselves. Raises Unfit when a sealed one is among them."""
    if pc.any(pc.starts_with(array, PREFIX)).as_py():
        raise Unfit("text")
    return array


def moments(values: Values) -> pa.Array:
    """RFC 3339 texts (as text or UTF-8) as moments, cut off at the millisecond. Raises ArrowInvalid."""
    exact = pa.array(values, pa.string()).cast(_MICROSECONDS)
    return pc.floor_temporal(exact, unit="millisecond").cast(MILLISECONDS)


class Scrub:
    """Makes nested values fit for the lake: ids are numbers, sealed texts lie apart, what is left out is gone."""

    def __init__(self, names: Pseudonyms, known: Columns) -> None:
        self._names, self._left_out, self._people = names, known.left_out, known.people
        self.sealed: list[Sealed] = []
        named = "|".join(re.escape(f'"{name}":') for name in sorted(known.left_out | known.people))
        self._touchy = re.compile(rf'{re.escape(PREFIX)}|id":|[0-9A-Fa-f]{{4}}-[0-9A-Fa-f]{{4}}-|{named}'.encode())
        """What nested values look like in which something may have to change; most are looked at no further."""

    def json(self, place: int, field: str, value: Any) -> str | None:
        """The value as JSON text; None when nothing of it is left."""
        raw = orjson.dumps(value)
        if self._touchy.search(raw) is None:
            return raw.decode()
        left = self._value(place, field, field, value)
        return None if left is _GONE else orjson.dumps(left).decode()

    def whole(self, place: int, data: dict[str, Any]) -> str | None:
        """All these fields as JSON text; None when nothing is left."""
        left = self._fields(place, "", data)
        return orjson.dumps(left).decode() if left else None

    def _value(self, place: int, path: str, name: str, value: Any) -> Any:
        if isinstance(value, str):
            if value.startswith(PREFIX):
                self.sealed.append((place, path, value))
                return _GONE
            return self._names.number(value) if name in self._people or is_id(name, value) else value
        if isinstance(value, dict):
            return self._fields(place, path + ".", value)
        if isinstance(value, list):
            return [self._item(place, f"{path}[{number}]", name, one) for number, one in enumerate(value)]
        return value

    def _fields(self, place: int, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        kept = {
            name: self._value(place, path + name, name, value)
            for name, value in fields.items()
            if name not in self._left_out
        }
        return {name: value for name, value in kept.items() if value is not _GONE}

    def _item(self, place: int, path: str, name: str, value: Any) -> Any:
        left = self._value(place, path, name, value)
        return None if left is _GONE else left


Json = Callable[[int, str, Any], str | None]


def texts(places: Iterable[int], field: str, values: Values, json: Json) -> pa.Array:
    """A column of JSON texts."""
    return pa.array(
        [None if value is None else json(place, field, value) for place, value in zip(places, values, strict=True)],
        pa.string(),
    )
