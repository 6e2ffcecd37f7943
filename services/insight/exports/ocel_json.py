"""OCEL 2.0 as JSON (ocel-standard.org/specification/formats/json), an event and an object at a time.

Values are strings, as the standard's JSON schema has them; the types say how to read them. The same lake gives the same
bytes.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import IO, Any

import orjson

from services.insight.exports import ocel
from services.insight.exports.progress import Told
from services.insight.exports.reading import Connection


def write(connection: Connection, out: IO[bytes], told: Told) -> None:
    """The whole log."""
    ocel.prepare(connection)
    kinds, things = ocel.event_types(connection), ocel.object_types(connection)
    out.write(b'{"eventTypes":')
    _list(out, map(_type, kinds))
    out.write(b',\n"objectTypes":')
    _list(out, map(_type, things))
    out.write(b',\n"events":')
    _list(out, chain.from_iterable(_events(connection, kind, told) for kind in kinds))
    out.write(b',\n"objects":')
    _list(out, chain.from_iterable(_objects(connection, kind, told) for kind in things))
    out.write(b"}\n")


def _list(out: IO[bytes], some: Iterable[dict[str, Any]]) -> None:
    """A JSON list, one to a line."""
    lines = map(orjson.dumps, some)
    out.write(b"[")
    out.writelines(b"\n" + line for line in islice(lines, 1))
    out.writelines(b",\n" + line for line in lines)
    out.write(b"]")


def _type(kind: ocel.Type) -> dict[str, Any]:
    return {"name": kind.name, "attributes": [{"name": name, "type": of} for name, of in kind.attributes]}


def _events(connection: Connection, kind: ocel.Type, told: Told) -> Iterator[dict[str, Any]]:
    names = [name for name, _ in kind.attributes]
    for one in told.events(ocel.events(connection, kind)):
        values = [
            {"name": name, "value": _text(value)}
            for name, value in zip(names, one.values, strict=True)
            if value is not None
        ]
        relations = _relations(told.relations(one.relations))
        yield {"id": one.id, "type": kind.name, "time": one.time, "attributes": values, "relationships": relations}


def _objects(connection: Connection, kind: ocel.Type, told: Told) -> Iterator[dict[str, Any]]:
    names = [name for name, _ in kind.attributes]
    for one in told.objects(ocel.objects(connection, kind)):
        began = [
            (name, ocel.BEGINNING, value) for name, value in zip(names, one.values, strict=True) if value is not None
        ]
        values = [{"name": name, "time": time, "value": _text(value)} for name, time, value in (*began, *one.changes)]
        relations = _relations(told.relations(one.relations))
        yield {"id": one.id, "type": kind.name, "attributes": values, "relationships": relations}


def _relations(some: list[ocel.Relation]) -> list[dict[str, str]]:
    return [{"objectId": name, "qualifier": qualifier} for name, qualifier in some]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
