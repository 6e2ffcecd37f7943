"""Every metric of outcome: what was reached, work that began and ended, terms that passed.

Imported history is counted apart: what came in as a file says nothing of how today goes. A correction counts nothing:
a counter cannot take back; the log tells what holds.
"""

from itertools import product
from typing import get_args

import orjson

from services.outcome.codes import Perspective, SustainedMonths
from shared.counting import Measured
from shared.ledger.model import Answer, Item
from shared.measuring import Meters, counter

CLOCKS = {"check_missed": "check", "follow_up_due": "follow_up"}
"""Fact -> the term that passed."""

# What is reached? Four perspectives, none of them a failure; at once (0 months) or lasting.
OUTCOMES = counter(
    "overdracht_outcomes_total",
    "Outcomes recorded, by perspective and by the months they have lasted.",
    "perspective",
    "sustained_months",
    "imported",
    starts=[(one, str(months), "false") for one, months in product(get_args(Perspective), get_args(SustainedMonths))],
)
# Do people begin to work?
JOBS_STARTED = counter("overdracht_jobs_started_total", "Jobs that started.", "imported", starts=[("false",)])
# Does the work last? Stands beside the jobs that started.
JOBS_ENDED = counter("overdracht_jobs_ended_total", "Jobs that ended.", "imported", starts=[("false",)])
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
        if fact == "outcome_reached":
            data = orjson.loads(event.data)
            meters.add(OUTCOMES, data["perspective"], str(data["sustained_months"]), imported)
        elif fact == "job_started":
            meters.add(JOBS_STARTED, imported)
        elif fact == "job_ended":
            meters.add(JOBS_ENDED, imported)
        elif fact in CLOCKS:
            meters.add(TERMS_PASSED, CLOCKS[fact])


MEASURED = Measured((OUTCOMES, JOBS_STARTED, JOBS_ENDED, TERMS_PASSED), count)
