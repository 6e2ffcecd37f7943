"""A plan is the citizen's: goals in own words, a day on which it is looked at, and the referral it belongs to."""

from typing import Any

import pytest

from services.outcome import commands as c
from services.outcome import hearing as h
from services.outcome.domain.decide import decide
from shared.refusals import Refused
from shared.sealing import MAX_TEXT
from tests.builders import DAY, NOON, said
from tests.unit.outcome.given import (
    GOAL,
    PLAN,
    REFERRAL,
    SECOND,
    a_goal,
    adjust,
    after,
    agree,
    an_id,
    closed,
    coach,
    end_intervention,
    heard,
    intervene,
    measure,
    measured,
    names,
    planned,
    reflect,
    returned,
    started,
)


def test_a_case_nobody_told_us_of_gets_no_plan() -> None:
    with pytest.raises(Refused, match="case_unknown"):
        decide(None, agree(), coach())


def test_a_plan_without_a_goal_is_refused() -> None:
    with pytest.raises(Refused, match="goal_missing"):
        decide(started(), agree(goals=[]), coach())


@pytest.mark.parametrize("words", [None, "  "])
def test_a_goal_stands_there_in_the_citizens_own_words(words: str | None) -> None:
    wordless = agree(goals=[a_goal(words=words)])
    with pytest.raises(Refused, match="words_missing"):
        decide(started(), wordless, coach())
    [one] = decide(started(), wordless, coach(imported=True))
    assert one.unknown == ("goals.words",)


def test_the_words_of_a_plan_fit_in_one_event() -> None:
    long = [a_goal(an_id(number), words="x" * (MAX_TEXT // 2 + 1)) for number in (7, 8)]
    with pytest.raises(Refused, match="text_too_long"):
        decide(started(), agree(goals=long), coach())


@pytest.mark.parametrize("field", ["life_area", "factor", "measure", "owner"])
def test_a_goal_names_its_life_area_factor_measure_and_owner(field: str) -> None:
    goal = a_goal()
    del goal[field]
    with pytest.raises(ValueError, match=field):
        agree(goals=[goal])


def test_a_check_date_is_asked_today_and_unknown_in_history() -> None:
    assert c.AgreePlan.asked == ("next_check_on",)
    [one] = decide(started(), agree(next_check_on=None), coach(imported=True))
    assert one.unknown == ("next_check_on",)


def test_a_check_cannot_lie_before_the_plan() -> None:
    yesterday = (NOON - DAY).date()
    with pytest.raises(Refused, match="check_before_plan"):
        decide(started(), agree(next_check_on=yesterday), coach())
    with pytest.raises(Refused, match="check_before_plan"):
        decide(measured(), adjust(next_check_on=yesterday), coach(NOON + 11 * DAY))
    assert names(decide(started(), agree(next_check_on=yesterday), coach(imported=True))) == ["plan_agreed"]


@pytest.mark.parametrize("goals", [[a_goal(), a_goal()], [a_goal(GOAL)]])
def test_a_goal_exists_once(goals: list[dict[str, Any]]) -> None:
    with pytest.raises(Refused, match="goal_exists"):
        decide(planned(), agree(SECOND, goals=goals), coach())
    if len(goals) == 2:
        with pytest.raises(Refused, match="goal_exists"):
            decide(started(), agree(goals=goals), coach())


def test_a_plan_belongs_to_the_referral_that_runs() -> None:
    [one] = decide(started(), agree(), coach())
    assert one.fact.referral_id == REFERRAL  # type: ignore[attr-defined]
    [before] = decide(started(), agree(), coach(NOON - 2 * DAY))
    assert before.fact.referral_id is None  # type: ignore[attr-defined]
    [afterwards] = decide(returned(started()), agree(), coach(NOON + 31 * DAY))
    assert afterwards.fact.referral_id is None  # type: ignore[attr-defined]


def test_of_two_trajectories_side_by_side_the_plan_is_of_the_coach_who_made_it() -> None:
    both = heard(
        started(),
        (h.ReferralSent(referral_id=SECOND, to_organisation="org-edu", trajectory="education"), said(NOON - 9 * DAY)),
        (h.ReferralAccepted(referral_id=SECOND, coach="co-2"), coach(NOON - 8 * DAY)),
        (h.TrajectoryStarted(referral_id=SECOND), coach(NOON - DAY / 2)),
    )
    [first] = decide(both, agree(), coach(who="co-1"))
    [second] = decide(both, agree(), coach(who="co-2"))
    [neither] = decide(both, agree(), said())
    found = [one.fact.referral_id for one in (first, second, neither)]  # type: ignore[attr-defined]
    assert found == [REFERRAL, SECOND, SECOND]


def test_a_plan_can_name_its_referral_but_only_one_of_this_case() -> None:
    assert names(decide(started(), agree(referral_id=REFERRAL), coach())) == ["plan_agreed"]
    with pytest.raises(Refused, match="referral_unknown"):
        decide(started(), agree(referral_id=SECOND), coach())


def test_after_closing_no_plan_is_made_or_changed_and_nothing_new_is_tried() -> None:
    shut = closed(measured())
    for command in (agree(SECOND, goals=[a_goal(SECOND)]), adjust(), intervene()):
        with pytest.raises(Refused, match="case_closed"):
            decide(shut, command, coach(NOON + 31 * DAY))
        assert len(decide(shut, command, coach(NOON + 29 * DAY, now=NOON + 60 * DAY))) == 1


def test_after_closing_what_ran_may_still_end_be_measured_and_be_looked_back_at() -> None:
    shut = closed(after(planned(), (intervene(), coach())))
    for command in (end_intervention(), measure(), reflect()):
        assert len(decide(shut, command, coach(NOON + 31 * DAY))) == 1


def test_an_intervention_is_for_a_goal_that_is_known_or_for_none() -> None:
    with pytest.raises(Refused, match="goal_unknown"):
        decide(planned(), intervene(goal_id=SECOND), coach())
    assert names(decide(planned(), intervene(goal_id=None), coach())) == ["intervention_started"]


def test_looking_back_asks_a_lesson_and_a_principle_which_history_may_not_know() -> None:
    assert c.ReflectOnStep.asked == ("lesson", "principles")
    [one] = decide(planned(), reflect(lesson=None, principles=None), coach(imported=True))
    assert one.unknown == ("lesson", "principles")
    assert after(planned(), (reflect(), said(NOON + DAY, "citizen"))).reflections == 1


def test_no_text_is_kept_in_what_is_known() -> None:
    assert "aan de slag" not in repr(after(planned(), (reflect(), coach())))


def test_the_plan_is_known_by_its_own_number_once() -> None:
    assert planned().plans[PLAN].agreed_at == NOON
