"""Every metric of referral: hand-offs, returns and why, how long an answer takes, terms that passed.

Imported history is counted apart: what came in as a file says nothing of how today goes.
"""

from typing import Any

import orjson

from services.referral.codes import REASONS, core_of
from services.referral.commands import COMMANDS, MUNICIPALITY
from services.referral.events import FACTS, Overdue
from shared.counting import Measured
from shared.envelope import Event
from shared.ledger.model import Answer, Item
from shared.measuring import Meters, counter, histogram

_DAY = 86_400.0
WAYS = {
    name: ("municipality", "provider") if COMMANDS[name].by == MUNICIPALITY else ("provider", "municipality")
    for name, fact in FACTS.items()
    if fact.hand_off
}
"""Fact -> who says it to whom."""
FAMILIES = tuple(sorted({code.partition(".")[0] for code in REASONS}))
CLOCKS = {
    name: name.removesuffix("_overdue").removesuffix("_silent")
    for name, fact in FACTS.items()
    if issubclass(fact, Overdue)
}
"""Fact -> the term that passed."""

# Are people handed over, and is there an answer? The side that states the fact, and the side that is told.
HAND_OFFS = counter(
    "overdracht_hand_offs_total",
    "Hand-offs between municipality and provider recorded, by who states it to whom, and the fact.",
    "from",
    "to",
    "fact",
    "imported",
    starts=[(*way, fact, "false") for fact, way in WAYS.items()],
)
# Why do people come back? By the family of the primary reason; `other` should stay below one in twenty.
RETURNS = counter(
    "overdracht_returns_total",
    "Returns recorded, by the family of the primary reason.",
    "family",
    "imported",
    starts=[(family, "false") for family in FAMILIES],
)
# How long does a citizen wait for an answer? From sent to accepted; days, for that is what contracts count in.
ACCEPTANCE_WAIT = histogram(
    "overdracht_acceptance_wait_seconds",
    "Time from the moment a referral was sent to the moment it was accepted; history that was imported is left out.",
    [_DAY * days for days in (1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 91)],
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
        if (way := WAYS.get(fact)) is not None:
            meters.add(HAND_OFFS, *way, fact, imported)
        if (clock := CLOCKS.get(fact)) is not None:
            meters.add(TERMS_PASSED, clock)
        if fact == "referral_returned":
            meters.add(RETURNS, family_of(orjson.loads(event.data)["reasons"]), imported)
        elif fact == "referral_accepted" and not item.said.imported:
            meters.observe(ACCEPTANCE_WAIT, _wait(event, answer.state))


def family_of(reasons: list[dict[str, Any]]) -> str:
    """The family of the primary reason: `person` of `person.debts.gambling`."""
    code = next(reason["code"] for reason in reasons if reason["primary"])
    return (core_of(code) or "other").partition(".")[0]


def _wait(event: Event, state: Any) -> float:
    attempt = state.attempts[orjson.loads(event.data)["referral_id"]]
    waited: float = (attempt.accepted_at - attempt.sent_at).total_seconds()
    return max(0.0, waited)


MEASURED = Measured((HAND_OFFS, RETURNS, ACCEPTANCE_WAIT, TERMS_PASSED), count)
