"""AsyncAPI 3 of each service: what it sends and hears, with the headers, the key and the group that the code uses.

FastStream writes such a document too, but without headers, key and group: where our events live, it says nothing.
"""

from deploy.embedded.topics import kept, wanted
from schemas.making import reports
from schemas.making.data import Json
from schemas.making.doors import CONTACT
from schemas.making.envelope import header_schema
from schemas.making.records import BINDING, CHECKPOINT, DEAD_LETTER, KEY
from schemas.sources import INSIGHT, SERVICES, Told, meaning, part, reported_to, told_by
from shared.broker import topic_of
from shared.http.describing import LICENCE
from shared.ledger.checkpoints import TOPIC as CHECKPOINTS

VERSION = "1.0.0"
_TOPICS = wanted(SERVICES)
_SERVER: Json = {
    "host": "{bootstrap}",
    "protocol": "kafka",
    "description": "Binary CloudEvents; consumers must read structured mode too. Delivered at least once.",
    "variables": {"bootstrap": {"default": "127.0.0.1:9092", "description": "KAFKA_BOOTSTRAP_SERVERS."}},
}


def document(service: str) -> Json:
    """The whole document of a service."""
    says = meaning(part(service, "events"))
    components = {"schemas": _schemas(service), "messages": _messages(service)}
    return _document(service, says, _channels(service), _operations(service, says), components)


def follower() -> Json:
    """The document of insight: it hears the facts of every service, in no group, and sends nothing."""
    facts = {topic_of(one): [told.file for told in told_by(one).values()] for one in SERVICES}
    channels = {topic_of(one): _channel(topic_of(one), f"Feiten van {one}", facts[topic_of(one)]) for one in SERVICES}
    operations = {
        f"follow-{one}": _operation("receive", topic_of(one), facts[topic_of(one)], "All facts, into the lake.")
        for one in SERVICES
    }
    told = [one for service in SERVICES for one in told_by(service).values()]
    components = {"schemas": {"headers": header_schema()}, "messages": {one.file: _message(one) for one in told}}
    return _document(INSIGHT, meaning(part(INSIGHT, "service")), channels, operations, components)


def _document(name: str, says: str, channels: Json, operations: Json, components: Json) -> Json:
    about = {"title": f"Overdracht {name}", "version": VERSION, "description": says}
    return {
        "asyncapi": "3.0.0",
        "info": about | {"contact": CONTACT, "license": LICENCE},
        "defaultContentType": "application/json",
        "servers": {"kafka": _SERVER},
        "channels": channels,
        "operations": operations,
        "components": components,
    }


def dead_letters_of(service: str) -> str:
    """The topic of what a service could not handle."""
    return f"{topic_of(service)}.dead-letter"


def _schemas(service: str) -> Json:
    outside = {"outside-headers": reports.headers()} if reported_to(service) else {}
    return {"headers": header_schema(), **outside}


def _heard(service: str) -> tuple[str, ...]:
    return tuple(part(service, "hearing").LISTENS_TO)


def _channels(service: str) -> Json:
    """Its own topic, those it hears, also of systems outside, its dead letters, the checkpoints."""
    facts = {topic_of(one): [told.file for told in told_by(one).values()] for one in (service, *_heard(service))}
    titles = {topic_of(one): f"Feiten van {one}" for one in (service, *_heard(service))}
    for one in reported_to(service):
        facts.setdefault(one.topic, []).append(one.file)
        titles[one.topic] = "Meldingen van systemen buiten"
    facts |= {dead_letters_of(service): ["dead-letter"], CHECKPOINTS: ["checkpoint"]}
    titles |= {
        dead_letters_of(service): f"Wat {service} niet kon verwerken",
        CHECKPOINTS: "Ondertekende controlepunten",
    }
    return {topic: _channel(topic, titles[topic], names) for topic, names in facts.items()}


def _channel(topic: str, title: str, names: list[str]) -> Json:
    set_to = kept(topic)
    told = {"cleanup.policy": [set_to["cleanup.policy"]], "retention.ms": int(set_to["retention.ms"])}
    binding = {"topic": topic, "partitions": _TOPICS[topic], "topicConfiguration": told, "bindingVersion": BINDING}
    return {
        "address": topic,
        "title": title,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {"kafka": binding},
    }


def _operations(service: str, says: str) -> Json:
    own = [told.file for told in told_by(service).values()]
    given_up = _operation(
        "send", dead_letters_of(service), ["dead-letter"], "What could not be handled, raw, with its reason."
    )
    return {
        "publish": _operation("send", topic_of(service), own, says),
        **{f"hear-{other}": _hearing(service, other) for other in _heard(service)},
        **_outside(service),
        "give-up": given_up,
        "seal": _operation("send", CHECKPOINTS, ["checkpoint"], "The whole ledger so far, signed."),
    }


def _operation(action: str, topic: str, names: list[str], summary: str) -> Json:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{topic}"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/{topic}/messages/{name}"} for name in names],
    }


def _hearing(service: str, other: str) -> Json:
    """It reads the whole topic: the messages named are those it learns from, `x-passes` those it lets pass."""
    hearing, told = part(service, "hearing"), told_by(other)
    learns = [one.file for name, one in told.items() if name in hearing.HEARING.learns]
    group = {"groupId": {"type": "string", "enum": [service]}, "bindingVersion": BINDING}
    return _operation("receive", topic_of(other), learns, meaning(hearing)) | {
        "bindings": {"kafka": group},
        "x-passes": [one.file for name, one in told.items() if name not in hearing.HEARING.learns],
    }


def _outside(service: str) -> Json:
    """What it takes from systems outside: all of what they report, and only from those that are named to it."""
    found: Json = {}
    for topic in dict.fromkeys(one.topic for one in reported_to(service)):
        names = [one.file for one in reported_to(service) if one.topic == topic]
        summary = "Reports of systems outside that are named to it; each counts once, by the source's own number."
        group = {"groupId": {"type": "string", "enum": [service]}, "bindingVersion": BINDING}
        name = f"hear-{topic.rpartition('.')[2]}"
        found[name] = _operation("receive", topic, names, summary) | {"bindings": {"kafka": group}}
    return found


def _messages(service: str) -> Json:
    told = [one for other in (service, *_heard(service)) for one in told_by(other).values()]
    outside = {one.file: reports.message(one) for one in reported_to(service)}
    return {one.file: _message(one) for one in told} | outside | {"dead-letter": DEAD_LETTER, "checkpoint": CHECKPOINT}


def _message(told: Told) -> Json:
    return {
        "name": told.fact.type,
        "title": told.nl,
        "summary": meaning(told.fact),
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": {"$ref": f"../events/{told.file}.json"},
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "bindings": {"kafka": {"key": KEY, "bindingVersion": BINDING}},
        "x-hand-off": told.fact.hand_off,
        "x-example": f"../events/{told.file}.example.json",
    }
