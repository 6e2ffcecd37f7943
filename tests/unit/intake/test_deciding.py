"""From application to the end: search, supplement, decision, closing, joining; the table and the decisions agree."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.intake import commands as c
from services.intake.domain.decide import decide
from services.intake.domain.learn import learn
from services.intake.domain.state import KEEPING, OVER, RUNNING, STEPS, State
from shared.facts import Command
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.intake.given import (
    APPLICATION,
    EARLIER,
    OTHER,
    THIRD,
    TODAY,
    after,
    answer,
    applied,
    apply,
    ask,
    asked,
    close,
    closed,
    deny,
    end,
    ended,
    grant,
    granted,
    history,
    join,
    names,
    office,
    searching,
    withdraw,
)

LAST_DAY = date(2026, 3, 30)
"""Of the search of somebody who applied at noon."""


def start_search(until_on: date = LAST_DAY) -> c.StartSearchPeriod:
    return c.StartSearchPeriod(until_on=until_on)


def end_search() -> c.EndSearchPeriod:
    return c.EndSearchPeriod(result="found_education")


@pytest.mark.parametrize("command", [withdraw(), grant(), end(), close(), ask(), answer(), end_search(), join()])
def test_nothing_can_be_said_of_a_case_nobody_applied_for(command: Command) -> None:
    with pytest.raises(Refused, match="case_unknown"):
        decide(None, command, said())


@pytest.mark.parametrize(
    ("command", "roles"),
    [
        (c.DecideBenefit, {"benefit_administration", "system"}),
        (c.EndBenefit, {"benefit_administration", "system"}),
        (c.JoinCases, {"caseworker"}),
        (c.RequestSupplement, {"caseworker"}),
        (c.WithdrawApplication, {"citizen", "caseworker"}),
    ],
)
def test_the_benefit_administration_decides_and_a_caseworker_does_not(command: type[Command], roles: set[str]) -> None:
    assert command.by == roles


def test_granted_says_so_and_the_turn_goes_to_diagnosis() -> None:
    state = granted()
    assert (state.status, state.decision, state.turn, state.clocks) == ("granted", "granted", None, ())


def test_a_decision_of_tomorrow_is_refused() -> None:
    with pytest.raises(Refused) as no:
        decide(applied(), grant(TODAY + timedelta(days=1)), office())
    assert (no.value.code, no.value.field) == ("date_in_future", "data.decided_on")


def test_what_was_decided_is_not_decided_otherwise_and_the_same_twice_is_one() -> None:
    state = granted()
    the_day = (NOON + 20 * DAY).date()
    assert decide(state, grant(the_day), office(NOON + 21 * DAY)) == []
    for other in (deny(the_day), grant(TODAY)):
        with pytest.raises(Refused) as no:
            decide(state, other, office(NOON + 21 * DAY))
        assert (no.value.code, no.value.possible) == ("decision_exists", ["granted"])


def test_nothing_is_granted_while_somebody_under_27_still_searches() -> None:
    with pytest.raises(Refused) as no:
        decide(searching(), grant(LAST_DAY), office(NOON + 28 * DAY))
    assert (no.value.code, no.value.field) == ("search_period_runs", "data.decided_on")


def test_who_still_searches_can_be_denied_and_history_says_what_it_says() -> None:
    assert names(decide(searching(), deny(), office())) == ["benefit_decided"]
    assert names(decide(searching(), grant(), history(role="system"))) == ["benefit_decided"]


def test_granting_after_the_last_day_implies_that_the_search_is_over_when_the_clock_has_not_said_so() -> None:
    over, decided = decide(searching(), grant(date(2026, 3, 31)), office(NOON + 29 * DAY))
    assert over.fact.model_dump() == {"result": "term_passed"}
    assert over.implied
    assert over.at is not None
    assert over.at.isoformat() == "2026-03-31T00:00:00+02:00"
    assert decided.fact.name == "benefit_decided"
    told = after(searching(), (grant(date(2026, 3, 31)), office(NOON + 29 * DAY)))
    assert (told.status, told.search_ended_at) == ("granted", over.at)


def test_a_search_that_ended_early_makes_room_for_the_decision_from_that_day_on() -> None:
    early = after(searching(), (end_search(), said(NOON + 10 * DAY)))
    assert names(decide(early, grant(date(2026, 3, 12)), office(NOON + 12 * DAY))) == ["benefit_decided"]
    with pytest.raises(Refused, match="search_period_runs"):
        decide(early, grant(date(2026, 3, 11)), office(NOON + 12 * DAY))


def test_there_is_one_search_period_and_it_ends_once() -> None:
    with pytest.raises(Refused, match="search_period_exists"):
        decide(searching(), start_search(), said(NOON + DAY))
    early = after(searching(), (end_search(), said(NOON + 10 * DAY)))
    with pytest.raises(Refused, match="search_period_none"):
        decide(early, end_search(), said(NOON + 11 * DAY))
    with pytest.raises(Refused, match="search_period_none"):
        decide(applied(), end_search(), said(NOON + 11 * DAY))


def test_a_search_or_an_answer_cannot_be_due_before_it_begins() -> None:
    yesterday = TODAY - timedelta(days=1)
    with pytest.raises(Refused, match="until_before_start"):
        decide(applied(), start_search(yesterday), said())
    with pytest.raises(Refused, match="until_before_start"):
        decide(applied(), ask(yesterday), said())
    assert names(decide(applied(), start_search(TODAY), said())) == ["search_period_started"]
    assert names(decide(applied(), ask(TODAY), said())) == ["supplement_requested"]


def test_a_question_is_open_once_and_answered_once() -> None:
    with pytest.raises(Refused, match="supplement_open"):
        decide(asked(), ask(), said(NOON + 11 * DAY))
    answered = after(asked(), (answer(), said(NOON + 12 * DAY, "citizen")))
    assert answered.status == "received"
    with pytest.raises(Refused, match="supplement_not_requested"):
        decide(answered, answer(), said(NOON + 13 * DAY))


def test_only_a_granted_benefit_ends_and_it_ends_once() -> None:
    for state in (applied(), STATES["denied"], closed(STATES["denied"])):
        with pytest.raises(Refused, match="benefit_not_granted"):
            decide(state, end(), office(NOON + 120 * DAY))
    the_day = (NOON + 100 * DAY).date()
    assert decide(ended(), end(the_day), office(NOON + 101 * DAY)) == []
    with pytest.raises(Refused, match="benefit_ended_already"):
        decide(ended(), end(the_day, "moved"), office(NOON + 101 * DAY))


def test_a_benefit_does_not_end_tomorrow() -> None:
    with pytest.raises(Refused, match="date_in_future"):
        decide(granted(), end((NOON + 51 * DAY).date()), office(NOON + 50 * DAY))


def test_the_end_of_a_benefit_may_be_heard_after_the_case_was_closed() -> None:
    state = closed(granted())
    late = after(state, (end((NOON + 90 * DAY).date()), office(NOON + 120 * DAY)))
    assert (late.status, late.end_reason, late.close_reason) == ("closed", "work", "work")


def test_a_closed_case_stays_closed() -> None:
    for command in (close(), ask(), withdraw(), start_search(), end_search()):
        with pytest.raises(Refused, match="case_closed"):
            decide(closed(), command, said(NOON + 120 * DAY))


def test_a_person_joins_cases_and_nothing_else_does() -> None:
    state = after(applied(possible_duplicates=(EARLIER,)), (join(), said(NOON + DAY)))
    assert (state.joined, state.earlier_case_id) == (True, EARLIER)
    assert decide(state, join(), said(NOON + 2 * DAY)) == []
    with pytest.raises(Refused, match="joined_already"):
        decide(state, join(earlier_case_id=THIRD), said(NOON + 2 * DAY))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"earlier_known": False}, "earlier_unknown"),
        ({"persons_differ": True}, "persons_differ"),
        ({"earlier_began_later": True}, "earlier_began_later"),
    ],
)
def test_cases_are_not_joined_when_the_vault_knows_better(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as no:
        decide(applied(), join(**changes), said(NOON + DAY))
    assert (no.value.code, no.value.field) == (code, "data.earlier_case_id")


def test_a_step_that_cannot_be_taken_is_refused_with_what_can() -> None:
    with pytest.raises(Refused) as no:
        decide(granted(), withdraw(), said(NOON + 30 * DAY))
    assert no.value.code == "step_not_possible"
    assert no.value.possible == ["benefit_ended", "case_closed", "case_joined"]


def test_what_other_services_tell_changes_nothing() -> None:
    assert learn(applied(), object(), said()) == applied()
    assert learn(None, object(), said()) is None


AT = NOON + 130 * DAY
STATES: dict[str, State] = {
    "received": applied(),
    "supplement": asked(),
    "granted": granted(),
    "denied": after(applied(), (deny(), office(NOON + DAY))),
    "not_taken_up": after(applied(), (c.DecideBenefit(decision="not_taken_up", decided_on=TODAY), office(NOON + DAY))),
    "withdrawn": after(applied(), (withdraw(), said(NOON + DAY, "citizen"))),
    "ended": ended(),
    "closed": closed(),
}
COMMANDS: dict[str, Command] = {
    "search_period_started": start_search(),
    "search_period_ended": end_search(),
    "supplement_requested": ask(AT.date()),
    "supplement_received": answer(),
    "application_withdrawn": withdraw(),
    "benefit_decided": grant((NOON + 129 * DAY).date()),
    "benefit_ended": end((NOON + 129 * DAY).date(), "other"),
    "case_joined": join(),
    "case_closed": close("moved"),
}
ALSO_REFUSED = {
    "step_not_possible", "case_closed", "search_period_none", "supplement_open", "supplement_not_requested",
    "decision_exists", "benefit_not_granted", "benefit_ended_already",
}  # fmt: skip


def standing(status: str, fact: str) -> State:
    """The state a step is tried from: a search runs where one is to end, and the closed case was granted."""
    if fact == "search_period_ended" and status in ("received", "supplement"):
        return after(STATES[status], (start_search(), said(NOON + 11 * DAY)))
    if (status, fact) == ("closed", "benefit_ended"):
        return closed(granted())
    return STATES[status]


@pytest.mark.parametrize("fact", COMMANDS)
@pytest.mark.parametrize("status", STATES)
def test_the_table_and_the_decisions_agree(status: str, fact: str) -> None:
    state, command = standing(status, fact), COMMANDS[fact]
    role = sorted(command.by)[0]
    if (status, fact) in STEPS:
        assert after(state, (command, said(AT, role))).status == STEPS[status, fact]  # type: ignore[index]
    else:
        with pytest.raises(Refused) as no:
            decide(state, command, said(AT, role))
        assert no.value.code in ALSO_REFUSED


def test_every_status_and_every_step_is_walked() -> None:
    assert {state.status for state in STATES.values()} == set(STATES) == RUNNING | OVER | {"ended"}
    of_keeping = {fact for _, fact in KEEPING}
    assert {fact for _, fact in STEPS} == set(COMMANDS) == set(c.COMMANDS) - {"application_received"} - of_keeping


def test_only_what_runs_has_no_end() -> None:
    for status, state in STATES.items():
        assert (state.over_at is None) == (status in RUNNING), status


def test_the_caseworker_of_a_case_is_who_last_did_something() -> None:
    state = after(applied(), (ask(), said(NOON + DAY, who="km-2")))
    assert state.caseworker == "km-2"
    assert after(state, (withdraw(), said(NOON + 2 * DAY, "citizen"))).caseworker == "km-2"
    assert applied(application_id=OTHER).application_id == OTHER
    assert apply().application_id == APPLICATION
