"""Two people erase a case: one asks, another approves in time; neither alone destroys anything."""

from datetime import date, datetime
from typing import Any

import pytest

from services.intake import commands as c
from services.intake.codes import ERASURE_REASONS
from services.intake.domain.decide import decide
from services.intake.domain.state import KEEPING, RUNNING, State
from services.intake.domain.view import row, view
from shared.refusals import Refused
from shared.worktime import end_of
from tests.builders import DAY, NOON, said
from tests.unit.intake.given import (
    after,
    applied,
    apply,
    closed,
    deny,
    granted,
    history,
    join,
    look,
    names,
    office,
    overdue,
)

WHEN = NOON + 200 * DAY
UNTIL = (WHEN + 14 * DAY).date()


def erase(reason: Any = "no_longer_needed", until_on: date = UNTIL, **changes: Any) -> c.KnownErasure:
    """Somebody asks to erase the case; its term has passed."""
    return c.KnownErasure(**{"reason": reason, "until_on": until_on} | changes)


def asks(at: datetime = WHEN, who: str = "km-1") -> Any:
    return said(at, who=who)


def asked(state: State | None = None, reason: Any = "no_longer_needed") -> State:
    """A closed case that a caseworker asked to erase."""
    return after(state or closed(), (erase(reason), asks()))


def erased() -> State:
    """… and another approved the next day."""
    return after(asked(), (c.ApproveErasure(), asks(WHEN + DAY, "km-2")))


def refused(state: State, command: Any, circumstances: Any) -> tuple[str, Any]:
    """The refusal's code and what would have been possible."""
    with pytest.raises(Refused) as no:
        decide(state, command, circumstances)
    return no.value.code, no.value.possible


def test_who_asks_destroys_nothing_and_says_until_when_another_may_approve() -> None:
    [one] = decide(closed(), erase(), asks())
    assert one.fact.model_dump() == {
        "reason": "no_longer_needed", "legal_source": "AVG:17:1:a", "until_on": UNTIL, "run_id": None,
    }  # fmt: skip
    state = asked()
    assert (state.keeping, state.key, state.erased_at) == ("erasure_asked", "key", None)
    assert state.erasure is not None
    assert (state.erasure.asked_by, state.erasure.asked_at) == ("km-1", WHEN)


def test_another_person_approves_and_the_key_is_destroyed_in_the_same_breath() -> None:
    happened = decide(asked(), c.ApproveErasure(), asks(WHEN + DAY, "km-2"))
    assert names(happened) == ["erasure_approved", "case_key_destroyed"]
    approved, destroyed = happened
    assert approved.fact.model_dump() == {"requested_by": "km-1"}
    assert (destroyed.implied, destroyed.actor and destroyed.actor.role) == (True, "system")
    state = erased()
    assert (state.keeping, state.erased_at, state.key, state.erasure) == ("erased", WHEN + DAY, "", None)


def test_who_asked_cannot_approve_in_whatever_role() -> None:
    for role in ("caseworker", "operator"):
        assert refused(asked(), c.ApproveErasure(), said(WHEN + DAY, role, who="km-1"))[0] == "same_person"


def test_an_operator_may_approve_what_a_caseworker_asked_and_the_other_way_round() -> None:
    assert c.RequestErasure.by == c.ApproveErasure.by == c.RefuseErasure.by == {"caseworker", "operator"}
    by_operator = after(closed(), (erase(), said(WHEN, "operator", who="op-1")))
    for state, circumstances in (
        (asked(), said(WHEN + DAY, "operator", who="op-1")),
        (by_operator, said(WHEN + DAY, "caseworker", who="km-2")),
    ):
        assert after(state, (c.ApproveErasure(), circumstances)).keeping == "erased"


def test_nothing_is_approved_that_nobody_asked() -> None:
    assert refused(closed(), c.ApproveErasure(), asks())[0] == "erasure_not_requested"
    assert refused(closed(), c.RefuseErasure(reason="no"), asks())[0] == "erasure_not_requested"


def test_a_request_that_nobody_approves_lapses_at_the_end_of_its_last_day_and_everything_stays() -> None:
    state, end = asked(), end_of(UNTIL)
    assert row(state).alarm_at == end
    assert overdue(state, end - DAY) == []
    assert overdue(state, end) == ["erasure_lapsed"]
    lapsed = after(state, look(end + DAY))
    assert (lapsed.keeping, lapsed.key, lapsed.erasure) == ("kept", "key", None)
    assert row(lapsed).alarm_at is None
    assert overdue(lapsed, end + 9 * DAY) == []


def test_who_approves_too_late_is_told_so_also_before_the_clock_has_looked_and_also_when_dated_back() -> None:
    late = end_of(UNTIL)
    assert refused(asked(), c.ApproveErasure(), asks(late, "km-2"))[0] == "erasure_lapsed"
    back = said(WHEN + DAY, now=late, who="km-2")
    assert refused(asked(), c.ApproveErasure(), back)[0] == "erasure_lapsed"


def test_after_a_lapse_it_can_be_asked_again_and_the_lapse_is_on_the_log() -> None:
    late = WHEN + 30 * DAY
    happened = decide(asked(), erase(until_on=(late + 14 * DAY).date()), asks(late, "km-2"))
    assert names(happened) == ["erasure_lapsed", "erasure_requested"]


def test_a_request_is_one_when_asked_again_and_another_has_to_wait() -> None:
    assert decide(asked(), erase(), asks(WHEN + DAY)) == []
    assert refused(asked(), erase(), asks(WHEN + DAY, "km-2"))[0] == "erasure_open"
    assert refused(asked(), erase("unlawful"), asks(WHEN + DAY))[0] == "erasure_open"


def test_a_request_may_be_turned_down_or_taken_back_and_then_everything_stays() -> None:
    for who in ("km-1", "km-2"):
        state = after(asked(), (c.RefuseErasure(reason="complaint_under_way"), asks(WHEN + DAY, who)))
        assert (state.keeping, state.key, state.erasure) == ("kept", "key", None)


def test_a_case_is_erased_once_and_takes_no_joining_any_more() -> None:
    for command in (erase(), c.ApproveErasure(), c.RefuseErasure(reason="no"), join()):
        assert refused(erased(), command, asks(WHEN + 2 * DAY, "km-3"))[0] == "case_erased"


@pytest.mark.parametrize("reason", ERASURE_REASONS)
def test_a_running_case_is_erased_only_for_what_may_not_wait(reason: str) -> None:
    may = ERASURE_REASONS[reason].while_running  # type: ignore[index]
    assert decide(closed(), erase(reason), asks())
    for state in (applied(), granted()):
        assert state.status in RUNNING
        if may:
            assert names(decide(state, erase(reason), asks())) == ["erasure_requested"]
        else:
            assert refused(state, erase(reason), asks()) == (
                "case_running",
                ["unlawful", "court_order", "authority_order"],
            )


def test_retention_is_a_reason_only_when_the_table_says_that_its_term_has_passed() -> None:
    assert refused(closed(), erase("retention_passed", kept_by="provided"), asks()) == ("retention_runs", ["provided"])
    [one] = decide(closed(), erase("retention_passed", legal_source="Selectielijst2020:8.1"), asks())
    assert one.fact.model_dump()["legal_source"] == "Selectielijst2020:8.1"


def test_history_erases_nothing_for_one_file_would_be_two_people() -> None:
    for command in (erase(), c.ApproveErasure(), c.RefuseErasure(reason="no")):
        assert refused(asked(), command, history(WHEN + DAY, who="km-2"))[0] == "erasure_not_history"


def test_an_erasure_happens_when_it_is_recorded_whatever_moment_is_said() -> None:
    back = said(NOON, now=WHEN, who="km-1")
    [one] = decide(closed(), erase(), back)
    assert one.at == WHEN


def test_erasing_changes_nothing_of_what_is_counted() -> None:
    before = after(applied(), (deny(), office(NOON + DAY)))
    gone = after(before, (erase(), asks()), (c.ApproveErasure(), asks(WHEN + DAY, "km-2")))
    for state in (before, gone):
        shown = view(state)
        assert shown["detail"]["decision"] == "denied"
        assert shown["detail"]["caseworker"] == "km-1"
        assert (row(state).status, shown["waited_days"], shown["turn"]) == ("closed", {"municipality": 1.0}, None)
    assert view(gone)["detail"]["keeping"] == "erased"


def test_every_step_of_keeping_is_walked() -> None:
    walked = {
        "kept": closed(), "erasure_asked": asked(), "erased": erased(),
    }  # fmt: skip
    assert {state.keeping for state in walked.values()} == set(walked)
    assert {status for status, _ in KEEPING} | set(KEEPING.values()) == {*walked, "erasure_approved"}
    assert apply().fact == "application_received"
