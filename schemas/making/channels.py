"""AsyncAPI 3 of each service: what it sends and hears, with the headers, the key and the group that the code uses.

FastStream writes such a document too, but without headers, key and group: where our events live, it says nothing.
"""

from collections.abc import Iterable

from deploy.embedded.topics import KEPT, wanted
from schemas.making.data import Json
from schemas.making.envelope import header_schema
from schemas.making.records import CHECKPOINT, DEAD_HEADERS
from schemas.sources import SERVICES, Told, meaning, part, told_by
from shared.broker import topic_of
from shared.http.app import VERSION
from shared.http.describing import CONTACT, LICENCE
from shared.ledger.checkpoints import TOPIC as CHECKPOINTS

_BINDING = "0.5.0"
_TOPICS = wanted(SERVICES)


def document(service: str) -> Json:
    """The service's channels: its own topic, the topics it hears, its dead letters, the checkpoints."""
    hearing = part(service, "hearing")
    own, heard = told_by(service), {other: told_by(other) for other in hearing.LISTENS_TO}
    dead = f"{topic_of(service)}.dead-letter"
    channels = {topic_of(service): _channel(topic_of(service), own.values(), f"Feiten van {service}")}
    channels |= {topic_of(other): _channel(topic_of(other), told.values(), f"Feiten van {other}")
                 for other, told in heard.items()}  # fmt: skip
    channels[dead] = _around(dead, f"Wat {service} niet kon verwerken") | {"messages": _refs(["dead-letter"])}
    channels[CHECKPOINTS] = _around(CHECKPOINTS, "Ondertekende controlepunten") | {"messages": _refs(["checkpoint"])}
    operations = {"publish": _sends(topic_of(service), [told.file for told in own.values()], meaning(_module(service)))}
    operations |= {f"hear-{other}": _hears(service, other) for other in heard}
    operations["give-up"] = _sends(dead, ["dead-letter"], "What could not be handled, raw, with its reason.")
    operations["seal"] = _sends(CHECKPOINTS, ["checkpoint"], "The ledger's chain up to a position, signed.")
    return {
        "asyncapi": "3.0.0",
        "info": _info(service),
        "defaultContentType": "application/json",
        "servers": {"kafka": _SERVER},
        "channels": channels,
        "operations": operations,
        "components": {
            "schemas": {"headers": header_schema()},
            "messages": {
                **{told.file: _message(told) for facts in (own, *heard.values()) for told in facts.values()},
                "dead-letter": _DEAD_LETTER,
                "checkpoint": _CHECKPOINT,
            },
        },
    }


def _module(service: str) -> object:
    return part(service, "events")


_SERVER: Json = {
    "host": "{bootstrap}",
    "protocol": "kafka",
    "description": "Binary CloudEvents; consumers must read structured mode too. Delivered at least once.",
    "variables": {"bootstrap": {"default": "127.0.0.1:9092", "description": "KAFKA_BOOTSTRAP_SERVERS."}},
}
_KEY: Json = {"type": "string", "format": "uuid", "description": "The event's subject: the case. Its order holds."}
_DEAD_LETTER: Json = {
    "name": "dead-letter",
    "title": "Onverwerkbaar bericht",
    "summary": "The record as it came, with its own headers and key, and why it could not be handled.",
    "headers": DEAD_HEADERS,
    "payload": {"description": "The bytes of the record as they came; whether they are JSON is not sure."},
    "bindings": {"kafka": {"key": {"type": "string", "description": "As it came."}, "bindingVersion": _BINDING}},
}
_CHECKPOINT: Json = {
    "name": "checkpoint",
    "title": "Controlepunt",
    "summary": "A signed statement about a service's whole ledger so far.",
    "contentType": "application/json",
    "payload": CHECKPOINT,
    "bindings": {"kafka": {"key": {"type": "string", "enum": list(SERVICES)}, "bindingVersion": _BINDING}},
}


def _info(service: str) -> Json:
    return {
        "title": f"Overdracht {service}",
        "version": VERSION,
        "description": meaning(_module(service)),
        "contact": CONTACT,
        "license": LICENCE,
    }


def _around(topic: str, title: str) -> Json:
    binding = {"topic": topic, "partitions": _TOPICS[topic], "topicConfiguration": _kept(), "bindingVersion": _BINDING}
    return {"address": topic, "title": title, "bindings": {"kafka": binding}}


def _kept() -> Json:
    return {"cleanup.policy": [KEPT["cleanup.policy"]], "retention.ms": int(KEPT["retention.ms"])}


def _channel(topic: str, told: Iterable[Told], title: str) -> Json:
    return _around(topic, title) | {"messages": _refs([one.file for one in told])}


def _refs(names: list[str]) -> Json:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in names}


def _sends(topic: str, names: list[str], summary: str) -> Json:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{topic}"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/{topic}/messages/{name}"} for name in names],
        "bindings": {"kafka": {"bindingVersion": _BINDING}},
    }


def _hears(service: str, other: str) -> Json:
    """It reads the whole topic; the messages named are those it learns from, the rest it lets pass."""
    learns, told = part(service, "hearing").HEARING.learns, told_by(other)
    names = [one.file for name, one in told.items() if name in learns]
    group = {"type": "string", "enum": [service]}
    found = _sends(topic_of(other), names, meaning(part(service, "hearing")))
    bindings = {"kafka": {"groupId": group, "bindingVersion": _BINDING}}
    passes = [one.file for name, one in told.items() if name not in learns]
    return found | {"action": "receive", "bindings": bindings, "x-passes": passes}


def _message(told: Told) -> Json:
    return {
        "name": told.fact.type,
        "title": told.nl,
        "summary": meaning(told.fact),
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": {"$ref": f"../events/{told.file}.json"},
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "bindings": {"kafka": {"key": _KEY, "bindingVersion": _BINDING}},
        "x-hand-off": told.fact.hand_off,
        "x-example": f"../events/{told.file}.example.json",
    }
