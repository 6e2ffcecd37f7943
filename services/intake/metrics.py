"""Every metric of intake: applications, decisions, terms that passed. Nothing here is about whom they concern.

Imported history is counted apart: what came in as a file says nothing of how today goes.
"""

from itertools import product
from typing import get_args

import orjson

from services.intake.codes import Channel, Decision, Kind
from shared.counting import Measured
from shared.ledger.model import Answer, Item
from shared.measuring import Meters, counter, gauge

CLOCKS = {"decision_overdue": "decision"}
"""Fact -> the term that passed."""

STEPS = {
    "erasure_requested": "requested",
    "erasure_approved": "approved",
    "erasure_refused": "refused",
    "erasure_lapsed": "lapsed",
    "case_key_destroyed": "destroyed",
}
"""Fact -> the step of erasing a case."""

# How do people come in? The channel is one of the things municipalities differ in.
APPLICATIONS = counter(
    "overdracht_applications_total",
    "Applications received, by channel and kind.",
    "channel",
    "kind",
    "imported",
    starts=[(channel, kind, "false") for channel, kind in product(get_args(Channel), get_args(Kind))],
)
# What becomes of an application?
DECISIONS = counter(
    "overdracht_decisions_total",
    "Decisions on benefit recorded, by decision.",
    "decision",
    "imported",
    starts=[(decision, "false") for decision in get_args(Decision)],
)
# Which terms pass? One count per term that was said to be overdue.
TERMS_PASSED = counter(
    "overdracht_terms_passed_total",
    "Terms that passed without the fact they waited for, by term.",
    "clock",
    starts=[(clock,) for clock in CLOCKS.values()],
)


# Is anything erased, and does anybody look at what is asked? One count per step, from the request to the destruction.
ERASURES = counter(
    "overdracht_erasures_total",
    "Steps of erasing a case, by what was done: asked, approved, refused, lapsed, or the key destroyed.",
    "result",
    starts=[(step,) for step in STEPS.values()],
)
# What should not be kept any longer? Read at night, when RETENTION_NIGHTLY says so.
RETENTION_DUE = gauge(
    "overdracht_retention_due_cases", "Cases whose term of retention has passed, by what became of them.", "result"
)


def count(meters: Meters, item: Item, answer: Answer) -> None:
    """Counts the new events of an item."""
    imported = "true" if item.said.imported else "false"
    for event in answer.events:
        fact = event.fact
        if fact == "application_received":
            data = orjson.loads(event.data)
            meters.add(APPLICATIONS, data["channel"], data["kind"], imported)
        elif fact == "benefit_decided":
            meters.add(DECISIONS, orjson.loads(event.data)["decision"], imported)
        elif fact in CLOCKS:
            meters.add(TERMS_PASSED, CLOCKS[fact])
        elif fact in STEPS:
            meters.add(ERASURES, STEPS[fact])


MEASURED = Measured((APPLICATIONS, DECISIONS, TERMS_PASSED, ERASURES, RETENTION_DUE), count)
