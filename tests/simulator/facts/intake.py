"""What intake registers: applications, searches, supplements, decisions, ends."""

from collections.abc import Iterator

import numpy as np

from tests.simulator import tables as t
from tests.simulator.facts.table import DAY, Around, Table, about_people
from tests.simulator.people import DENIED, GRANTED, SEARCH_DAYS, WITHDRAWN
from tests.simulator.spells import ENDED, WORKS

SYSTEM, CITIZEN = (np.array(t.ROLES.index(role)) for role in ("system", "citizen"))


def facts(around: Around) -> Iterator[Table]:
    """From application to the closing of the case."""
    yield from _applications(around)
    yield from _decisions(around)
    yield from _ends(around)


def _applications(around: Around) -> Iterator[Table]:
    people = around.people
    everybody = np.arange(len(people.number))
    yield about_people(
        around,
        "application_received",
        everybody,
        people.arrived_at,
        kind=people.kind,
        channel=people.channel,
        age_band=people.age_band,
        education=people.education,
        language_level=people.language,
        household=people.household,
        months_without_work_band=people.months_band,
    )
    searching = np.flatnonzero(people.searches)
    since = people.arrived_at[searching]
    yield about_people(around, "search_period_started", searching, since + 60)
    over = since + SEARCH_DAYS * DAY
    yield about_people(around, "search_period_ended", searching, over, role=SYSTEM)
    asked = np.flatnonzero(people.prolonged)
    since = people.arrived_at[asked]
    span = people.decided_at[asked] - since
    yield about_people(around, "supplement_requested", asked, since + span * 3 // 10)
    yield about_people(around, "supplement_received", asked, since + span * 7 // 10)


def _decisions(around: Around) -> Iterator[Table]:
    people = around.people
    decided = np.flatnonzero(people.fate != WITHDRAWN)
    not_taken_up = around.chance(len(decided)) < t.NOT_TAKEN_UP
    decision = np.where(people.fate[decided] == GRANTED, 0, 1 + not_taken_up)
    at = people.decided_at
    yield about_people(around, "benefit_decided", decided, at[decided], role=SYSTEM, decision=decision)
    withdrawn = np.flatnonzero(people.fate == WITHDRAWN)
    yield about_people(around, "application_withdrawn", withdrawn, at[withdrawn], role=CITIZEN)
    for fate, days, reason in ((DENIED, 42, 2), (WITHDRAWN, 7, 3)):
        over = np.flatnonzero(people.fate == fate)
        later = at[over] + around.days(1, days, len(over))
        yield about_people(around, "case_closed", over, later, close_reason=np.array(reason))


def _ends(around: Around) -> Iterator[Table]:
    """The benefit ends with work, or with what ended the referral; then the case is closed."""
    spells = around.spells
    last = np.flatnonzero((spells.cause == WORKS) | (spells.cause == ENDED))
    works = spells.cause[last] == WORKS
    person = spells.person[last] - around.people.number[0]
    reason = np.where(works, 0, around.end_reason[last])
    at = spells.ended_at[last] + np.where(works, around.days(1, 10, len(last)), 0)
    yield about_people(around, "benefit_ended", person, at, role=SYSTEM, end_reason=reason)
    closed = at + around.days(1, 14, len(last))
    yield about_people(around, "case_closed", person, closed, close_reason=np.where(works, 0, 1))
