"""The direction: decided by people, with own motivation weighed; thin ground warns, and nothing is ever proposed."""

from datetime import timedelta
from typing import Any

import pytest

from services.diagnosis import commands as c
from services.diagnosis.domain.view import view
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import (
    after,
    citizen,
    complete,
    completed,
    contest,
    contested,
    decide,
    decided,
    direct,
    factors,
    granted,
    mapped,
    motivated,
    names,
    started,
    the,
    weigh,
)

LATER = NOON + 3 * DAY


def warnings(*arguments: tuple[str, str, str], **changes: Any) -> tuple[str, ...]:
    """What is warned about at a direction after weighing these (argument, side, weight)."""
    state = after(completed(), *((weigh(*one), said(LATER)) for one in arguments))
    [one] = decide(state, direct(**changes), said(LATER))
    return one.warnings


@pytest.mark.parametrize("imported", [True, False])
def test_no_direction_without_own_motivation_weighed(imported: bool) -> None:
    other = after(completed(), (weigh("many_barriers", "participation"), said(LATER)))
    with pytest.raises(Refused, match="own_motivation_missing"):
        decide(other, direct(), said(LATER, imported=imported))


def test_motivation_below_the_core_argument_counts_as_own_motivation() -> None:
    own_plan = after(completed(), (weigh("own_motivation.own_plan"), said(LATER)))
    assert names(decide(own_plan, direct(), said(LATER))) == ["direction_decided"]


@pytest.mark.parametrize("state", [granted(), started(), mapped()])
def test_no_direction_without_a_completed_diagnosis(state: Any) -> None:
    with pytest.raises(Refused, match="diagnosis_missing"):
        decide(state, direct(), said(LATER))


def test_a_direction_says_why_and_what_was_discussed() -> None:
    with pytest.raises(Refused, match="motivation_missing"):
        decide(motivated(), direct(motivation="   "), said(LATER))
    shared = {"options_discussed": [], "citizen_view": "agrees", "decided_by": "together"}
    with pytest.raises(Refused, match="options_missing"):
        decide(motivated(), direct(shared=shared), said(LATER))
    assert c.DecideDirection.asked == ("motivation", "principles", "shared")


def test_what_history_cannot_tell_of_a_direction_is_unknown() -> None:
    [one] = decide(motivated(), c.DecideDirection(direction="work"), said(LATER, imported=True))
    assert one.unknown == ("motivation", "principles", "shared", "framework_version")


def test_neither_a_system_nor_the_benefit_administration_decides_a_direction() -> None:
    assert not c.DecideDirection.by & {"system", "benefit_administration", "coach", "operator", "partner"}


def test_few_barriers_with_little_motivation_may_still_be_work() -> None:
    found = warnings(("own_motivation", "participation", "light"), ("few_barriers", "work", "heavy"))
    assert found == ("consultation_missing",)
    assert warnings(("own_motivation", "work", "light")) == ()


def test_many_barriers_with_much_motivation_may_be_work() -> None:
    many = [("many_barriers", "participation", "heavy"), ("debts_unstable", "participation", "heavy")]
    assert warnings(("own_motivation", "work", "heavy"), *many) == ()


@pytest.mark.parametrize("direction", ["work", "work_in_time", "participation"])
@pytest.mark.parametrize("score", [0, 10])
def test_whatever_the_scores_people_may_decide_any_direction(score: int, direction: str) -> None:
    scored = after(mapped(), (complete(factors=factors(score)), said(LATER)), (weigh(), said(LATER)))
    assert the(decide(scored, direct(direction), said(LATER))).direction == direction


@pytest.mark.parametrize(
    ("arguments", "grey"),
    [
        ([("own_motivation", "work", "heavy")], False),
        ([("own_motivation", "work", "heavy"), ("many_barriers", "participation", "normal")], True),
        ([("own_motivation", "work", "heavy"), ("many_barriers", "participation", "heavy")], True),
        (
            [
                ("own_motivation", "work", "heavy"),
                ("few_barriers", "work", "heavy"),
                ("debts_unstable", "participation", "light"),
            ],
            False,
        ),
    ],
)
def test_in_the_grey_area_a_partner_is_to_be_consulted(arguments: list[tuple[str, str, str]], grey: bool) -> None:
    assert warnings(*arguments) == (("consultation_missing",) if grey else ())


def test_own_motivation_counts_from_when_it_was_weighed() -> None:
    told_late = said(NOON + 2 * DAY - timedelta(seconds=1), now=LATER)
    with pytest.raises(Refused, match="own_motivation_missing"):
        decide(motivated(), direct(), told_late)
    assert names(decide(motivated(), direct(), said(NOON + 2 * DAY, now=LATER))) == ["direction_decided"]


def test_what_was_weighed_later_does_not_make_the_area_grey() -> None:
    later = after(motivated(), (weigh("many_barriers", "participation"), said(LATER)))
    assert decide(later, direct(), said(NOON + 2 * DAY, now=LATER))[0].warnings == ()
    assert decide(later, direct(), said(LATER))[0].warnings == ("consultation_missing",)


def test_who_weighs_an_argument_again_changes_their_mind_and_does_not_count_twice() -> None:
    twice = [("own_motivation", "work", "heavy"), ("own_motivation", "work", "heavy")]
    assert warnings(*twice, ("many_barriers", "participation", "heavy")) == ("consultation_missing",)
    assert warnings(("own_motivation", "participation", "heavy"), ("own_motivation", "work", "heavy")) == ()


def test_two_people_may_weigh_the_same_argument_each_in_their_own_way() -> None:
    both = after(motivated(), (weigh(side="participation", by="caseworker"), said(LATER)))
    assert decide(both, direct(), said(LATER))[0].warnings == ("consultation_missing",)


def test_a_weighing_of_earlier_that_is_told_late_does_not_replace_the_last_word() -> None:
    late = after(motivated(), (weigh(side="participation"), said(NOON + DAY, now=LATER)))
    assert view(late)["detail"]["speaks"]["work"] == {"for": ["own_motivation"], "against": []}


@pytest.mark.parametrize("imported", [True, False])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"principles": ["own_direction", "age"]}, "data.principles"),
        (
            {"shared": {"options_discussed": ["leeftijd"], "citizen_view": "agrees", "decided_by": "together"}},
            "data.shared.options_discussed",
        ),
    ],
)
def test_a_ground_that_must_not_count_does_not_come_in_as_principle_or_option(
    changes: dict[str, Any], field: str, imported: bool
) -> None:
    with pytest.raises(Refused, match="ground_forbidden") as no:
        decide(motivated(), direct(**changes), said(LATER, imported=imported))
    assert no.value.field == field


def test_the_citizen_may_disagree_and_a_second_look_is_offered() -> None:
    [one] = decide(motivated(), direct(view="disagrees"), said(LATER))
    assert one.warnings == ("citizen_disagrees",)
    case = view(decided(view="disagrees"))
    assert case["detail"]["second_look"] is True
    assert (case["turn"]["side"], case["turn"]["action"]) == ("municipality", "second_look")
    assert view(decided())["detail"]["second_look"] is False


def test_a_direction_is_contested_and_decided_again() -> None:
    assert view(contested())["turn"]["action"] == "second_look"
    again = after(contested(), (direct("work_in_time"), said(NOON + 9 * DAY)))
    assert (again.status, view(again)["turn"]) == ("decided", None)


def test_who_contests_follows_from_who_says_it() -> None:
    assert the(decide(decided(), contest(), citizen(LATER))).by == "citizen"
    assert the(decide(decided(), contest(by="caseworker"), citizen(LATER))).by == "citizen"
    assert the(decide(decided(), contest(), said(LATER))).by == "caseworker"
    assert the(decide(decided(), contest(by="provider"), said(LATER))).by == "provider"


def test_without_a_direction_there_is_nothing_to_contest() -> None:
    with pytest.raises(Refused, match="direction_missing"):
        decide(completed(), contest(), citizen(LATER))
