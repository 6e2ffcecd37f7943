"""Every metric of diagnosis: what was completed, which grounds were refused, terms that passed.

Imported history is counted apart: what came in as a file says nothing of how today goes.
"""

import orjson

from services.diagnosis.codes import GROUNDS
from shared.counting import Measured
from shared.ledger.model import Answer, Item
from shared.measuring import Meters, counter

CLOCKS = {"diagnosis_overdue": "diagnosis", "consultation_overdue": "consultation"}
"""Fact -> the term that passed."""

# Is there a diagnosis before a referral? Stands beside the hand-offs sent.
COMPLETED = counter(
    "overdracht_diagnoses_completed_total", "Diagnoses completed.", "imported", starts=[("false",)]
)  # fmt: skip
# Are grounds put forward that must not count? Each was refused, with its explanation.
REFUSED_GROUNDS = counter(
    "overdracht_refused_grounds_total",
    "Arguments refused because their ground must not count, by that ground.",
    "ground",
    "imported",
    starts=[(ground, "false") for ground in GROUNDS],
)
# Which terms pass? One count per term that was said to be overdue.
TERMS_PASSED = counter(
    "overdracht_terms_passed_total",
    "Terms that passed without the fact they waited for, by term.",
    "clock",
    starts=[(clock,) for clock in CLOCKS.values()],
)


def count(meters: Meters, item: Item, answer: Answer) -> None:
    """Counts the new events of an item."""
    imported = "true" if item.said.imported else "false"
    for event in answer.events:
        fact = event.fact
        if fact == "diagnosis_completed":
            meters.add(COMPLETED, imported)
        elif fact == "argument_refused":
            ground = orjson.loads(event.data)["ground"]
            meters.add(REFUSED_GROUNDS, ground if ground in GROUNDS else "other", imported)
        elif fact in CLOCKS:
            meters.add(TERMS_PASSED, CLOCKS[fact])


MEASURED = Measured((COMPLETED, REFUSED_GROUNDS, TERMS_PASSED), count)
