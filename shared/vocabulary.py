"""What a service says and hears, and the catalogue that tells a reader: facts, codes, states, refusals."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, is_dataclass
from typing import Any

from pydantic import BaseModel

from shared.envelope import schema_uri
from shared.facts import Command, Fact
from shared.hearing import Hearing
from shared.refusals import GENERAL, Sentences


@dataclass(frozen=True)
class Vocabulary:
    """What a service says and hears."""

    facts: Mapping[str, type[Fact]]
    commands: Mapping[str, type[Command]]
    numbers: frozenset[str]
    hearing: Hearing
    listens_to: tuple[str, ...]
    rests_on: tuple[str, ...]
    titles: Mapping[str, tuple[str, str]]
    sentences: Sentences
    codes: Mapping[str, Any] = field(default_factory=dict)
    """Lists of codes that mean something to a reader: name -> codes, or code -> what is known of it."""
    states: Mapping[tuple[Any, str], Any] = field(default_factory=dict)
    """What may follow what: (state, fact) -> the state then."""
    bodies: tuple[type[BaseModel], ...] = ()
    """What doors of the service's own read, besides commands and lines."""


def catalogue(service: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """What this service can be told, in what order history has to come in, and what its codes mean."""
    return {
        "service": service,
        "listens_to": list(vocabulary.listens_to),
        "rests_on": list(vocabulary.rests_on),
        "facts": [_catalogued(vocabulary, name, fact) for name, fact in vocabulary.facts.items()],
        "codes": plain(vocabulary.codes),
        "states": [
            {"state": str(state), "fact": fact, "then": str(then)} for (state, fact), then in vocabulary.states.items()
        ],
        "refusals": {
            code: {"nl": dutch, "en": english} for code, (dutch, english) in {**GENERAL, **vocabulary.sentences}.items()
        },
    }


def _catalogued(vocabulary: Vocabulary, name: str, fact: type[Fact]) -> dict[str, Any]:
    command = vocabulary.commands.get(name)
    dutch, english = vocabulary.titles[name]
    return {
        "fact": name,
        "type": fact.type,
        "title_nl": dutch,
        "title_en": english,
        "meaning": " ".join(str(fact.__doc__ or "").split()),
        "hand_off": fact.hand_off,
        "dataschema": schema_uri(fact.type),
        "door": command is not None,
        "command": command.name if command else None,
        "stated_by": sorted(command.by) if command else ["system"],
    }


def plain(value: Any) -> Any:
    """The value as JSON has it; what has no order gets one."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value
