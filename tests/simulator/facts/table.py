"""The columns of clean events, and how parts become one table in the order of each case.

Every column is whole numbers and -1 where it says nothing; where `CODES` has a column's name, its numbers are places in
that tuple. So a table of any length is cheap, and maps to dictionary columns as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.simulator import tables as t
from tests.simulator.people import People
from tests.simulator.spells import Spells
from tests.simulator.world import World

SERVICES = ("intake", "diagnosis", "referral", "outcome")
_BY_SERVICE = {
    "intake": "application_received search_period_started supplement_requested supplement_received "
    "search_period_ended benefit_decided application_withdrawn",
    "diagnosis": "diagnosis_started life_area_mapped diagnosis_completed consultation_requested "
    "consultation_answered argument_weighed direction_decided direction_contested",
    "referral": "referral_sent referral_received referral_accepted referral_declined trajectory_started "
    "appointment_missed referral_suspended referral_resumed referral_returned pumping_round_detected "
    "return_reviewed trajectory_completed referral_withdrawn",
    "outcome": "plan_agreed intervention_started goal_measured plan_adjusted intervention_ended job_started "
    "outcome_reached follow_up_done job_ended step_reflected goal_measured_corrected job_started_corrected "
    "outcome_reached_corrected",
    "intake, last": "benefit_ended case_closed",
}
FACTS: tuple[str, ...] = tuple(fact for facts in _BY_SERVICE.values() for fact in facts.split())
"""In the order in which facts of one second follow each other."""
FACT = {fact: place for place, fact in enumerate(FACTS)}
SERVICE_OF = np.array(
    [SERVICES.index(name.split(",")[0]) for name, facts in _BY_SERVICE.items() for _ in facts.split()], np.int8
)
"""By fact: the place of its service."""
MADE_BY_THE_PRODUCT = ("pumping_round_detected",)
"""Follow from other facts: on the log, not in a source system's history."""

_CODED: dict[str, tuple[str, ...]] = {
    "fact": FACTS, "role": t.ROLES,
    "kind": t.KINDS, "channel": t.CHANNELS, "age_band": t.AGE_BANDS, "education": t.EDUCATIONS,
    "language_level": t.LANGUAGES, "household": t.HOUSEHOLDS, "months_without_work_band": t.MONTHS_BANDS,
    "decision": t.DECISIONS, "end_reason": t.BENEFIT_ENDS, "close_reason": t.CLOSE_REASONS,
    "life_area": t.LIFE_AREAS, "area_state": t.AREA_STATES, "argument": t.ARGUMENTS, "side": t.DIRECTIONS,
    "weight": t.WEIGHTS, "partner": t.PARTNERS, "answer": t.ANSWERS, "direction": t.DIRECTIONS, "view": t.VIEWS,
    "trajectory": t.TRAJECTORIES, "first_contact": t.FIRST_CONTACTS, "suspension": t.SUSPENSIONS,
    "phase": t.PHASES, "reason": t.REASONS, "second_reason": t.REASONS, "review_cause": t.CAUSES, "next": t.NEXTS,
    "result": t.RESULTS, "instrument": t.INSTRUMENTS, "intervention_result": t.INTERVENTION_RESULTS,
    "factor": t.FACTORS, "by": t.MEASURERS, "contract": t.CONTRACTS, "perspective": t.PERSPECTIVES,
    "status": t.FOLLOW_UP_STATES, "job_end": t.JOB_ENDS, "reflected": t.REFLECTED,
}  # fmt: skip
CODES = _CODED
_NUMBERS = (
    "warm", "sequence_in_case", "agrees", "score", "hours", "employer_instruments", "months", "returns",
    *(f"score_{factor}" for factor in t.FACTORS),
)  # fmt: skip
COLUMNS: dict[str, Any] = {
    "case": np.int64,
    "municipality": np.int16,
    "occurred_at": np.int64,
    "referral": np.int64,
    "company": np.int16,
    "actor": np.int16,
    "days_between": np.int16,
    **dict.fromkeys((*_CODED, *_NUMBERS), np.int8),
}
"""Name and type. `actor` numbers the professionals of a municipality or company; `employer_instruments` has bits."""
Table = dict[str, NDArray[Any]]
COACHES = 8
"""Of each company."""
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Around:
    """What facts are made from: the people of a block and all that ever becomes of them."""

    world: World
    people: People
    spells: Spells
    rng: np.random.Generator
    end_reason: NDArray[np.int8]
    """By spell: why the benefit ended, if this referral ended otherwise than by a return or a job."""

    def chance(self, count: int) -> NDArray[np.float64]:
        """A uniform number each."""
        return self.rng.random(count)

    def days(self, low: float, high: float, count: int) -> NDArray[np.int64]:
        """Seconds of so many days each, evenly between the two."""
        return (self.rng.uniform(low, high, count) * DAY).astype(np.int64)


def about_people(around: Around, fact: str, which: NDArray[np.int64], at: NDArray[np.int64], **columns: Any) -> Table:
    """Facts about these people (places in the block); by a caseworker unless `role` says otherwise."""
    people = around.people
    return {
        "fact": np.array(FACT[fact]),
        "case": people.number[which],
        "municipality": people.municipality[which],
        "occurred_at": at,
        "role": np.array(t.ROLES.index("caseworker")),
        "actor": people.caseworker[which],
        **columns,
    }


def about_spells(
    around: Around, fact: str, which: NDArray[np.int64], at: NDArray[np.int64], role: str = "coach", **columns: Any
) -> Table:
    """Facts about these referrals (places in the block); by a coach of the company unless `role` says otherwise."""
    spells, people = around.spells, around.people
    person = spells.person[which] - people.number[0]
    coach = spells.company[which] * COACHES + spells.person[which] % COACHES
    return {
        "fact": np.array(FACT[fact]),
        "case": spells.person[which],
        "municipality": spells.municipality[which],
        "occurred_at": at,
        "role": np.array(t.ROLES.index(role)),
        "actor": coach if role == "coach" else people.caseworker[person],
        "referral": spells.number[which],
        "company": spells.company[which],
        **columns,
    }


def gathered(parts: Iterable[Table], until: int) -> Table:
    """One table of what happened by then, by case and then in order."""
    kept = [_until(part, until) for part in parts]
    sizes = [len(part["case"]) for part in kept]
    ends = np.cumsum(sizes)
    whole: Table = {}
    for name, kind in COLUMNS.items():
        column = np.full(sum(sizes), -1, kind)
        for part, size, end in zip(kept, sizes, ends, strict=True):
            if name in part:
                column[end - size : end] = part[name]
        whole[name] = column
    return taken(whole, np.lexsort((whole["fact"], whole["occurred_at"], whole["case"])))


def _until(part: Table, until: int) -> Table:
    there = part["occurred_at"] <= until
    if there.all():
        return part
    return {name: value[there] if np.ndim(value) else value for name, value in part.items()}


def taken(table: Table, which: Any) -> Table:
    """These rows of a table."""
    return {name: column[which] for name, column in table.items()}
