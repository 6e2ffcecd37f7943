"""The lake as XES (IEEE 1849): a trace per case, for tools that know nothing but cases.

`concept:name` is the fact, `time:timestamp` when it happened, `org:group` the side that states it, `org:role` its role.
Facts last no time: `lifecycle:transition` is `complete`, also of what begins something. Facts that are about no case
are not in it.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import IO, Any
from xml.sax.saxutils import quoteattr

from services.insight.exports import ocel
from services.insight.exports.attributes import Attribute, attributes_of
from services.insight.exports.progress import Told
from services.insight.exports.reading import Connection, rows

_TAGS = {"string": "string", "time": "date", "integer": "int", "float": "float", "boolean": "boolean"}
_RENAMED = {"speaker": "org:group", "role": "org:role"}
_BEGINS = ("benefit", "direction", "state")
"""What changes in a case is told by its events."""
_OF_CASE = tuple(name for name, _ in ocel.OBJECTS[0].attributes if name not in _BEGINS)
_EXTENSIONS = {
    "concept": "Concept",
    "time": "Time",
    "lifecycle": "Lifecycle",
    "org": "Organizational",
}
_HEAD = "".join(
    (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">\n',
        *(
            f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
            for prefix, name in _EXTENSIONS.items()
        ),
        '<global scope="trace"><string key="concept:name" value=""/></global>\n'
        '<global scope="event"><string key="concept:name" value=""/>'
        '<date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>'
        '<string key="lifecycle:transition" value="complete"/></global>\n'
        '<classifier name="Activity" keys="concept:name"/>\n'
        '<string key="concept:name" value="Overdracht"/>\n',
    )
)


def write(connection: Connection, out: IO[bytes], told: Told) -> None:
    """The whole log."""
    wanted = {name: attributes_of(name) for (name,) in list(rows(connection, "SELECT DISTINCT activity FROM told"))}
    columns = sorted({one.sql for some in wanted.values() for one in some})
    places = {sql: number for number, sql in enumerate(columns, 3 + len(_OF_CASE))}
    whole = ", ".join(f"{name} AS case_{name}" for name in _OF_CASE)
    query = f"""
        SELECT of_case, activity, happened, {", ".join([*(f"case_{name}" for name in _OF_CASE), *columns])}
        FROM told JOIN (SELECT id, {whole} FROM object_case) ON id = of_case
        ORDER BY case_id, occurred_at, recorded_at, service, sequence"""  # noqa: S608 - our own names
    out.write(_HEAD.encode())
    for name, some in told.objects(groupby(rows(connection, query), lambda row: row[0])):
        out.write(_trace(name, told.events(some), wanted, places).encode())
    out.write(b"</log>\n")


def _trace(
    name: str, some: Iterator[tuple[Any, ...]], wanted: dict[str, tuple[Attribute, ...]], places: dict[str, int]
) -> str:
    parts: list[str] = []
    for row in some:
        if not parts:
            parts = ["<trace>", _attribute("string", "concept:name", name)]
            parts += (_attribute("string", key, value) for key, value in zip(_OF_CASE, row[3:], strict=False))
            parts.append("\n")
        parts += ("<event>", _attribute("string", "concept:name", row[1]), _attribute("time", "time:timestamp", row[2]))
        parts.append(_attribute("string", "lifecycle:transition", "complete"))
        parts += (
            _attribute(one.type, _RENAMED.get(one.name, one.name), row[places[one.sql]]) for one in wanted[row[1]]
        )
        parts.append("</event>\n")
    return "".join((*parts, "</trace>\n"))


def _attribute(kind: str, key: str, value: Any) -> str:
    if value is None:
        return ""
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{_TAGS[kind]} key={quoteattr(key)} value={quoteattr(said)}/>"
