"""Where the contracts come from: the services' own modules, found by name, so that no list is kept beside them."""

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.envelope import schema_uri
from shared.facts import TYPE_PREFIX, Fact

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent
LAKE = ROOT / "services" / "insight" / "lake"
"""Where the columns of the analysts' copy stand, beside the code that fills them."""
SERVICES = ("intake", "diagnosis", "referral", "outcome")
INSIGHT = "insight"
"""It publishes nothing; it has doors of its own."""


class Unexplained(Exception):  # noqa: N818 - it asks for words, it is no fault
    """The code says something that the contracts have no words for yet; the message says where they go."""


@dataclass(frozen=True)
class Told:
    """A fact as its service publishes it."""

    service: str
    fact: type[Fact]
    nl: str
    en: str

    @property
    def file(self) -> str:
        """`bread_sold.v1`: what its files are called."""
        return self.fact.type.removeprefix(TYPE_PREFIX)

    @property
    def uri(self) -> str:
        """The identity of its schema: what the envelope says in `dataschema`."""
        return schema_uri(self.fact.type)


def part(service: str, name: str) -> Any:
    """A module of a service."""
    return importlib.import_module(f"services.{service}.{name}")


def told_by(service: str) -> dict[str, Told]:
    """What a service publishes."""
    events = part(service, "events")
    return {name: Told(service, fact, *events.TITLES[name]) for name, fact in events.FACTS.items()}


def everything_told() -> Iterator[Told]:
    """What all services publish."""
    for service in SERVICES:
        yield from told_by(service).values()


@dataclass(frozen=True)
class Reported:
    """What a system outside reports to a service, as an event on a topic that is not ours to write."""

    service: str
    topic: str
    model: Any
    nl: str
    en: str

    @property
    def type(self) -> str:
        """The type of the event."""
        return f"{TYPE_PREFIX}{self.model.name}.v1"

    @property
    def file(self) -> str:
        """What its files are called."""
        return self.type.removeprefix(TYPE_PREFIX)

    @property
    def uri(self) -> str:
        """The identity of its schema."""
        return schema_uri(self.type)


def reported_to(service: str) -> list[Reported]:
    """What systems outside report to a service; nothing to most of them."""
    if importlib.util.find_spec(f"services.{service}.reports") is None:
        return []
    reports = part(service, "reports")
    return [Reported(service, reports.TOPIC, model, *reports.EVENTS[word]) for word, model in reports.REPORTS.items()]


def meaning(thing: Any) -> str:
    """The first sentences of its docstring, on one line."""
    return str(thing.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
