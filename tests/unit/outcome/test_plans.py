"""A plan is the citizen's: goals in own words, measured by both sides, adjusted only because of something."""

from datetime import timedelta
from typing import Any

import pytest

from services.outcome import commands as c
from services.outcome import hearing as h
from services.outcome.domain.decide import decide
from services.outcome.domain.view import view
from shared.facts import Command
from shared.refusals import Refused
from shared.sealing import MAX_TEXT
from tests.builders import DAY, NOON, said
from tests.unit.outcome.given import (
    GOAL,
    PLAN,
    REFERRAL,
    SECOND,
    a_case,
    a_goal,
    adjust,
    after,
    agree,
    an_id,
    closed,
    coach,
    correct_measurement,
    end_intervention,
    heard,
    intervene,
    measure,
    measured,
    names,
    planned,
    referred,
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


def test_another_company_cannot_make_a_plan() -> None:
    with pytest.raises(Refused, match="not_addressed"):
        decide(started(), agree(), coach(organisation="org-other"))
    with pytest.raises(Refused, match="not_addressed"):
        decide(a_case(), agree(), coach())


def test_a_coach_says_for_whom_he_works() -> None:
    with pytest.raises(Refused, match="organisation_missing"):
        decide(started(), agree(), coach(organisation=None))


def test_the_municipality_may_make_a_plan_without_any_referral() -> None:
    assert names(decide(a_case(), agree(), said())) == ["plan_agreed"]


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


def test_citizen_and_professional_measure_side_by_side_and_both_are_kept() -> None:
    state = after(
        planned(),
        (measure(4), coach(NOON + 10 * DAY)),
        (measure(6, "professional"), coach(NOON + 10 * DAY)),
        (measure(5), said(NOON + 20 * DAY, "citizen")),
    )
    [goal] = view(state)["detail"]["goals"]
    assert goal["citizen"] == {"score": 5, "at": NOON + 20 * DAY}
    assert goal["professional"] == {"score": 6, "at": NOON + 10 * DAY}
    assert goal["measurements"] == 3


def test_an_older_measurement_that_comes_late_is_counted_but_is_not_the_latest() -> None:
    state = after(measured(), (measure(2), coach(NOON + 5 * DAY, now=NOON + 11 * DAY)))
    [goal] = view(state)["detail"]["goals"]
    assert (goal["citizen"]["score"], goal["measurements"]) == (4, 2)


@pytest.mark.parametrize("command", [measure(goal_id=SECOND), correct_measurement(goal_id=SECOND)])
def test_a_goal_nobody_agreed_on_is_not_measured(command: Command) -> None:
    with pytest.raises(Refused, match="goal_unknown"):
        decide(planned(), command, coach())


@pytest.mark.parametrize("command", [measure(by="professional"), correct_measurement(by="professional")])
def test_a_citizen_measures_for_the_citizen_only(command: Command) -> None:
    with pytest.raises(Refused, match="not_your_side"):
        decide(measured(), command, said(NOON + 11 * DAY, "citizen"))


def test_an_intervention_is_for_a_goal_that_is_known_or_for_none() -> None:
    with pytest.raises(Refused, match="goal_unknown"):
        decide(planned(), intervene(goal_id=SECOND), coach())
    assert names(decide(planned(), intervene(goal_id=None), coach())) == ["intervention_started"]


def test_a_wrong_score_is_corrected_beside_it_and_the_latest_counts() -> None:
    twice = after(measured(), (measure(8), coach(NOON + 15 * DAY)))
    [latest] = decide(twice, correct_measurement(7), coach(NOON + 16 * DAY))
    assert latest.fact.measured_at == NOON + 15 * DAY  # type: ignore[attr-defined]
    older = correct_measurement(3, measured_at=NOON + 10 * DAY)
    state = after(twice, (correct_measurement(7), coach(NOON + 16 * DAY)), (older, coach(NOON + 17 * DAY)))
    assert [one.score for one in state.goals[GOAL].measured["citizen"]] == [3, 7]
    assert view(state)["detail"]["goals"][0]["citizen"] == {"score": 7, "at": NOON + 15 * DAY}


@pytest.mark.parametrize(
    "command", [correct_measurement(by="professional"), correct_measurement(measured_at=NOON + 9 * DAY)]
)
def test_a_score_that_was_never_given_cannot_be_corrected(command: Command) -> None:
    with pytest.raises(Refused, match="measurement_unknown"):
        decide(measured(), command, coach(NOON + 16 * DAY))


def test_a_plan_is_not_adjusted_without_a_cause() -> None:
    causeless = adjust(cause=None)
    with pytest.raises(Refused, match="cause_missing"):
        decide(measured(), causeless, coach(NOON + 11 * DAY))
    [one] = decide(measured(), causeless, coach(NOON + 11 * DAY, imported=True))
    assert one.unknown == ("cause",)


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ({"cause": {"kind": "measurement", "id": GOAL}}, "measurement"),
        ({"goal_id": GOAL}, "measurement"),
        ({"cause": {"kind": "return", "id": REFERRAL}}, "return"),
        ({"referral_id": REFERRAL}, "return"),
    ],
)
def test_an_adjusted_plan_names_the_measurement_or_return_that_caused_it(named: dict[str, Any], kind: str) -> None:
    back = returned(measured())
    [one] = decide(back, adjust(**named), coach(NOON + 31 * DAY))
    assert one.fact.cause.model_dump() == {  # type: ignore[attr-defined]
        "kind": kind,
        "id": GOAL if kind == "measurement" else REFERRAL,
    }
    assert one.unknown == ()


@pytest.mark.parametrize(
    "named",
    [
        {"cause": {"kind": "measurement", "id": SECOND}},
        {"cause": {"kind": "return", "id": SECOND}},
        {"cause": {"kind": "return", "id": REFERRAL}},
        {"cause": {"kind": "measurement", "id": REFERRAL}},
    ],
)
def test_a_cause_that_is_not_there_is_refused_in_history_too(named: dict[str, Any]) -> None:
    for imported in (False, True):
        with pytest.raises(Refused, match="cause_unknown"):
            decide(measured(), adjust(**named), coach(NOON + 11 * DAY, imported=imported))


def test_a_cause_lies_before_what_it_causes() -> None:
    state = returned(measured())
    with pytest.raises(Refused, match="cause_unknown"):
        decide(state, adjust(goal_id=GOAL), coach(NOON + 10 * DAY - timedelta(seconds=1)))
    with pytest.raises(Refused, match="cause_unknown"):
        decide(state, adjust(referral_id=REFERRAL), coach(NOON + 29 * DAY))


def test_a_plan_is_adjusted_for_one_cause() -> None:
    with pytest.raises(Refused, match="cause_not_one"):
        decide(returned(measured()), adjust(goal_id=GOAL, referral_id=REFERRAL), coach(NOON + 31 * DAY))


def test_looking_back_asks_a_lesson_and_a_principle_which_history_may_not_know() -> None:
    assert c.ReflectOnStep.asked == ("lesson", "principles")
    [one] = decide(planned(), reflect(lesson=None, principles=None), coach(imported=True))
    assert one.unknown == ("lesson", "principles")
    assert after(planned(), (reflect(), said(NOON + DAY, "citizen"))).reflections == 1


def test_only_measuring_correcting_a_measurement_and_looking_back_are_open_to_the_citizen() -> None:
    may = {name for name, command in c.COMMANDS.items() if "citizen" in command.by}
    assert may == {"goal_measured", "goal_measured_corrected", "step_reflected"}
    assert all({"coach", "caseworker", "system"} <= command.by for command in c.COMMANDS.values())


def test_no_text_is_kept_in_what_is_known() -> None:
    assert "aan de slag" not in repr(after(planned(), (reflect(), coach())))


def test_a_referral_is_visible_as_soon_as_it_is_sent_and_its_provider_sees_the_case() -> None:
    [referral] = view(referred())["detail"]["referrals"]
    assert {name: referral[name] for name in ("referral_id", "organisation", "trajectory", "status")} == {
        "referral_id": REFERRAL,
        "organisation": "org-rw",
        "trajectory": "reintegration",
        "status": "sent",
    }


def test_what_is_heard_of_a_referral_is_shown() -> None:
    about = {"referral_id": REFERRAL}
    steps = [
        (h.TrajectoryStarted(**about), "started"),
        (h.ReferralReturned(**about), "returned"),
        (h.ReturnReviewed(**about), "reviewed"),
        (h.TrajectoryCompleted(**about), "completed"),
        (h.ReferralWithdrawn(**about), "withdrawn"),
        (h.ReferralDeclined(**about), "declined"),
    ]
    for fact, status in steps:
        state = heard(started(), (fact, coach(NOON + DAY)))
        assert state.referrals[REFERRAL].status == status
    assert heard(started(), (h.ReferralReturned(referral_id=SECOND), coach())) == started()


def test_the_plan_is_known_by_its_own_number_once() -> None:
    assert planned().plans[PLAN].agreed_at == NOON
