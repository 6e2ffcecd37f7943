"""A planned diagnosis that does not start in time is said to be overdue: once, and never for the past."""

from datetime import date

from services.diagnosis import hearing as h
from services.diagnosis.domain.view import row, view
from shared.facts import SYSTEM
from shared.ledger.clocks import LookAtTerms
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import after, decide, granted, hear, overdue, plan, start

DUE = date(2026, 3, 9)
MISSED = NOON + 8 * DAY


def test_a_planned_diagnosis_is_overdue_when_its_day_has_passed_and_not_before() -> None:
    planned = after(granted(), (plan(due_on=DUE), said()))
    assert overdue(planned, NOON + 7 * DAY) == []
    [one] = decide(planned, LookAtTerms(), said(MISSED, "system"))
    assert one.fact.model_dump() == {"due_on": DUE, "waiting_for": "municipality"}
    assert (one.fact.name, one.actor) == ("diagnosis_overdue", SYSTEM)


def test_it_is_said_once_and_shown_until_it_starts() -> None:
    missed = after(granted(), (plan(due_on=DUE), said()), (LookAtTerms(), said(MISSED, "system")))
    assert overdue(missed, MISSED + DAY) == []
    assert view(missed)["clocks"] == [
        {"clock": "diagnosis", "due_on": DUE, "waiting_for": "municipality", "overdue": True, "armed": True}
    ]
    started = after(missed, (start(), said(MISSED + DAY)))
    assert row(started).overdue_since is None
    assert view(started)["clocks"] == []


def test_planning_anew_replaces_the_day() -> None:
    moved = after(granted(), (plan(due_on=DUE), said()), (plan(due_on=date(2026, 3, 16)), said(NOON + DAY)))
    assert overdue(moved, MISSED) == []
    assert overdue(moved, NOON + 15 * DAY) == ["diagnosis_overdue"]


def test_what_was_missed_before_the_case_closed_was_missed_and_nothing_is_awaited_after() -> None:
    planned = after(granted(), (plan(due_on=DUE), said()))
    assert overdue(hear(planned, h.CaseClosed(), NOON + 3 * DAY), MISSED) == []
    assert overdue(hear(planned, h.CaseClosed(), MISSED), MISSED + DAY) == ["diagnosis_overdue"]


def test_terms_do_not_fire_for_the_past() -> None:
    old = after(granted(), (plan(due_on=DUE), said(NOON, now=NOON + 300 * DAY, imported=True)))
    assert overdue(old, NOON + 300 * DAY) == []
    assert row(old).alarm_at is None
    recent = after(granted(), (plan(due_on=DUE), said(NOON, now=NOON + DAY, imported=True)))
    assert overdue(recent, MISSED) == ["diagnosis_overdue"]
