"""The vocabulary in one file: every event type, reason code, state and refusal, in both languages, for machines."""

from dataclasses import replace
from typing import Any

from schemas.making.data import Json
from schemas.sources import SERVICES, part
from shared.refusals import GENERAL
from shared.vocabulary import Vocabulary, catalogue

_CODES: dict[str, tuple[str, ...]] = {
    "intake": ("ERASURE_REASONS",),
    "referral": ("REASONS", "GENERAL_TERMS", "FORBIDDEN_GROUNDS"),
    "diagnosis": ("GROUNDS",),
}
"""Service -> the lists of its codes.py that mean something to a reader by themselves."""


def document() -> Json:
    """The whole catalogue. What any service may refuse stands apart, once."""
    services = {service: catalogue(service, vocabulary(service)) for service in SERVICES}
    for service, said in services.items():
        own = part(service, "refusals").SENTENCES
        said["refusals"] = {code: sentences for code, sentences in said["refusals"].items() if code in own}
    return {
        "title": "Woordenlijst van Overdracht",
        "description": "What the services say: facts, codes, states, refusals. Each serves its own at /v1/catalogue.",
        "services": services,
        "refusals": {code: {"nl": dutch, "en": english} for code, (dutch, english) in GENERAL.items()},
    }


def vocabulary(service: str) -> Vocabulary:
    """What the service says and hears, with its codes and its table of states."""
    found: Vocabulary = part(service, "app").VOCABULARY
    return replace(found, codes=codes(service), states=part(service, "domain.state").NEXT)


def codes(service: str) -> dict[str, Any]:
    """The code lists of a service: name -> codes, or code -> what is known of it."""
    return {name.lower(): getattr(part(service, "codes"), name) for name in _CODES.get(service, ())}
