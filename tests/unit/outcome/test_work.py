"""Work, outcomes and follow-ups: what was reached stays reached; what was wrong is corrected beside it."""

from typing import Any

import pytest

from services.outcome.domain.decide import decide
from services.outcome.domain.view import view
from shared.facts import Command
from shared.refusals import Refused
from tests.builders import DAY, NOON
from tests.unit.outcome.given import (
    JOB,
    SECOND,
    after,
    an_id,
    closed,
    coach,
    correct_job,
    correct_outcome,
    end_job,
    follow_up,
    names,
    overdue,
    planned,
    reach,
    start_job,
    started,
    working,
)

LATER = coach(NOON + 130 * DAY)


@pytest.mark.parametrize("perspective", ["paid_work", "education", "voluntary_work", "structured_day"])
def test_each_of_the_four_perspectives_is_an_outcome(perspective: str) -> None:
    state = after(started(), (reach(0, perspective), coach()), (reach(3, perspective), LATER))
    found = [(one["perspective"], one["sustained_months"]) for one in view(state)["detail"]["outcomes"]]
    assert found == [(perspective, 0), (perspective, 3)]


@pytest.mark.parametrize("perspective", ["paid_work", "education"])
def test_what_was_not_reached_before_cannot_have_lasted(perspective: str) -> None:
    with pytest.raises(Refused, match="outcome_not_before"):
        decide(started(), reach(3, perspective), LATER)
    other = after(started(), (reach(0, "voluntary_work"), coach()))
    with pytest.raises(Refused, match="outcome_not_before"):
        decide(other, reach(3, perspective), LATER)
    afterwards = after(started(), (reach(0, perspective), LATER))
    with pytest.raises(Refused, match="outcome_not_before"):
        decide(afterwards, reach(3, perspective), coach(NOON + 100 * DAY))


def test_a_job_is_enough_for_paid_work_to_have_lasted_but_not_for_education() -> None:
    assert names(decide(working(), reach(3), LATER)) == ["outcome_reached"]
    with pytest.raises(Refused, match="outcome_not_before"):
        decide(working(), reach(3, "education"), LATER)


def test_a_job_lost_is_a_fact_and_no_erasure() -> None:
    state = after(working(), (reach(), coach(NOON + 21 * DAY)), (reach(3), LATER), (end_job(), LATER))
    detail = view(state)["detail"]
    assert [one["sustained_months"] for one in detail["outcomes"]] == [0, 3]
    assert [(one["status"], one["end_reason"]) for one in detail["jobs"]] == [("ended", "contract_ended")]


def test_after_closing_work_goes_on_being_known() -> None:
    shut = closed(working())
    for command in (
        start_job(SECOND),
        reach(3),
        follow_up(),
        end_job(),
        correct_job(),
    ):
        assert len(decide(shut, command, LATER)) == 1


def test_of_a_corrected_job_the_latest_holds() -> None:
    state = after(working(), (correct_job(contract="permanent"), LATER))
    job = state.jobs[JOB]
    assert (job.hours_per_week, job.contract, job.corrected) == (32, "permanent", True)
    assert job.started_at == NOON + 20 * DAY


def test_a_job_that_has_ended_can_still_be_corrected_and_stays_ended() -> None:
    state = after(working(), (end_job(), LATER), (correct_job(), LATER))
    assert (state.jobs[JOB].status, state.jobs[JOB].hours_per_week) == ("ended", 32)


def test_a_corrected_start_moves_the_follow_ups_that_are_still_to_come() -> None:
    state = after(working(), (correct_job(started_at=NOON + 40 * DAY), coach(NOON + 50 * DAY)))
    assert state.jobs[JOB].started_at == NOON + 40 * DAY
    assert [one.due_on.isoformat() for one in state.clocks] == ["2026-07-11", "2026-10-11", "2027-04-11"]
    assert overdue(working(), NOON + 113 * DAY) == ["follow_up_due"]
    assert overdue(state, NOON + 113 * DAY) == []


def test_a_job_cannot_have_started_after_we_said_so() -> None:
    with pytest.raises(Refused, match="time_in_future"):
        decide(working(), correct_job(started_at=NOON + 51 * DAY), coach(NOON + 50 * DAY))


def test_a_wrong_outcome_is_corrected_and_says_which_one_it_was() -> None:
    before = after(working(), (reach(), coach(NOON + 21 * DAY)), (reach(3), LATER))
    [one] = decide(before, correct_outcome(was=3, now=0), coach(NOON + 131 * DAY))
    assert one.fact.reached_at == LATER.at  # type: ignore[attr-defined]
    state = after(before, (correct_outcome(was=3, now=0), coach(NOON + 131 * DAY)))
    found = [(one.sustained_months, one.reached_at, one.corrected) for one in state.outcomes]
    assert found == [(0, NOON + 21 * DAY, False), (0, LATER.at, True)]


def test_of_two_equal_outcomes_the_moment_tells_which_one_is_wrong() -> None:
    twice = after(working(), (reach(), coach(NOON + 21 * DAY)), (reach(), LATER))
    wrong: dict[str, Any] = {"reached_at": NOON + 21 * DAY, "perspective": "education"}
    state = after(twice, (correct_outcome(was=0, **wrong), coach(NOON + 131 * DAY)))
    assert [one.perspective for one in state.outcomes] == ["education", "paid_work"]


def test_of_equal_outcomes_the_latest_is_corrected_when_none_is_named() -> None:
    told_late = coach(NOON + 50 * DAY, now=LATER.at)
    thrice = after(working(), (reach(), coach(NOON + 21 * DAY)), (reach(), LATER), (reach(), told_late))
    [one] = decide(thrice, correct_outcome(was=0, perspective="education"), coach(NOON + 131 * DAY))
    assert one.fact.reached_at == LATER.at  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "command", [correct_outcome(was=6), correct_outcome(was=0, reached_at=NOON), correct_outcome(was=3)]
)
def test_an_outcome_that_was_never_recorded_cannot_be_corrected(command: Command) -> None:
    with pytest.raises(Refused, match="outcome_unknown"):
        decide(after(working(), (reach(), LATER)), command, coach(NOON + 131 * DAY))


def test_a_follow_up_is_of_the_job_that_waits_for_it() -> None:
    two = after(working(), (start_job(SECOND), coach(NOON + 60 * DAY)))
    [newest] = decide(two, follow_up(), coach(NOON + 160 * DAY))
    assert newest.fact.job_id == SECOND  # type: ignore[attr-defined]
    asked = after(two, (follow_up(job_id=SECOND), coach(NOON + 160 * DAY)))
    [other] = decide(asked, follow_up(), coach(NOON + 160 * DAY))
    assert other.fact.job_id == JOB  # type: ignore[attr-defined]


def test_a_follow_up_without_any_work_is_refused() -> None:
    for command in (follow_up(), follow_up(job_id=SECOND)):
        with pytest.raises(Refused, match="job_unknown"):
            decide(planned(), command, LATER)
    with pytest.raises(Refused, match="job_unknown"):
        decide(working(), follow_up(), coach(NOON + 19 * DAY))


def test_history_may_know_of_paid_work_without_its_job() -> None:
    reached = after(planned(), (reach(), coach()))
    [one] = decide(reached, follow_up(), LATER)
    assert one.fact.job_id is None  # type: ignore[attr-defined]
    assert after(reached, (follow_up(), LATER)).jobs == {}
    with pytest.raises(Refused, match="job_unknown"):
        decide(reached, follow_up(job_id=an_id(8)), LATER)


def test_what_was_answered_is_kept_with_the_job() -> None:
    state = after(working(), (follow_up(status="changed_job"), LATER))
    assert state.jobs[JOB].follow_ups == {"3": "changed_job"}
