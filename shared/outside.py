"""Events of systems outside this product: whom we believe, and their envelope, of which only the bare minimum is asked.

CloudEvents 1.0 in binary or structured mode. Nothing of such an event is repeated: any attribute may hold what its
sender put there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from shared.envelope import Headers, Unusable

MOST_BYTES = 64 * 1024
"""What the profile lets an event weigh."""
NAMES = ("specversion", "id", "source", "type")
"""The attributes that such an event must have."""
Sources = Mapping[str, frozenset[str]]
"""Source -> for whom it may speak."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """An event of a system outside: who sends it, what it says it is, and its data as bytes."""

    source: str
    type: str
    traceparent: str
    data: bytes


def sources_of(setting: str) -> Sources:
    """The sources that a setting names: `urn=GM0546, urn=GM0344`; one may stand there more than once."""
    found: dict[str, frozenset[str]] = {}
    for entry in filter(None, (one.strip() for one in setting.split(","))):
        urn, _, municipality = entry.rpartition("=")
        found[urn] = found.get(urn, frozenset()) | {municipality}
    return found


def known_source(sources: Sources, source: str) -> str | None:
    """The entry that covers this source: itself, or the organisation that the system belongs to; none: not believed."""
    covers = [urn for urn in sources if source == urn or source.startswith((f"{urn}:", f"{urn}."))]
    return max(covers, key=len, default=None)


def foreign(value: bytes | None, headers: Headers) -> Foreign:
    """The event of a record. Raises Unusable."""
    if value is not None and len(value) > MOST_BYTES:
        raise Unusable("too_large")
    given = dict(headers)
    structured = given.get("content-type", b"").startswith(b"application/cloudevents")
    attributes, data = _structured(value or b"") if structured else _binary(value or b"", given)
    for name in NAMES:
        if name not in attributes:
            raise Unusable(f"attribute_missing:{name}")
    if attributes["specversion"] != "1.0" or not all(attributes[name] for name in NAMES):
        raise Unusable("attribute_invalid")
    return Foreign(attributes["source"], attributes["type"], attributes.get("traceparent", ""), data)


def _binary(value: bytes, given: Mapping[str, bytes]) -> tuple[dict[str, str], bytes]:
    try:
        return {name.removeprefix("ce_"): one.decode() for name, one in given.items() if name.startswith("ce_")}, value
    except UnicodeDecodeError:
        raise Unusable("attribute_invalid") from None


def _structured(value: bytes) -> tuple[dict[str, str], bytes]:
    try:
        body: Any = orjson.loads(value)
    except orjson.JSONDecodeError:
        raise Unusable("not_json") from None
    if not isinstance(body, dict):
        raise Unusable("not_an_object")
    attributes = {name: one for name, one in body.items() if isinstance(one, str)}
    return attributes, orjson.dumps(body.get("data"))
