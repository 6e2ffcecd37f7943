"""The weighing and the direction: what counts, what must not, what is warned about, and that people decide."""

from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from services.diagnosis import commands as c
from services.diagnosis import events as e
from services.diagnosis import hearing as h
from services.diagnosis.codes import GROUNDS, ground_of
from services.diagnosis.domain.evolve import evolve
from services.diagnosis.domain.view import view
from services.diagnosis.refusals import SENTENCES
from shared.ledger.lines import Language, LineRefused, read_body
from shared.refusals import Refused
from tests.builders import DAY, ID_KEY, NOON, said
from tests.unit.diagnosis.given import (
    AGAIN,
    after,
    answer,
    applied,
    ask,
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
    hear,
    map_area,
    mapped,
    motivated,
    names,
    start,
    started,
    the,
    weigh,
)

LATER = NOON + 3 * DAY
_TO_COMPLETED = (start(), map_area(), complete())
SPELLINGS = [*GROUNDS, "person.age", "age.sixty_five", "Work.Age", "employer-resistance", "leeftijd", "person.kinderen"]
PERSONAL = ["age", "pregnancy", "pregnant", "gender", "nationality", "neighbourhood", "children", "appearance", "bsn"]


def warnings(*arguments: tuple[str, str, str], **changes: Any) -> tuple[str, ...]:
    """What is warned about at a direction after weighing these (argument, side, weight)."""
    state = after(completed(), *((weigh(*one), said(LATER)) for one in arguments))
    [one] = decide(state, direct(**changes), said(LATER))
    return one.warnings


@pytest.mark.parametrize("code", SPELLINGS)
def test_a_ground_that_must_not_count_is_refused_and_recorded_with_the_ground_only(code: str) -> None:
    [one] = decide(completed(), weigh(code, evidence="Zij is zwanger."), said())
    fact: Any = one.fact
    assert (fact.name, one.warnings) == ("argument_refused", ("ground_refused",))
    assert set(fact.model_dump()) == {"ground", "explanation"}
    assert fact.ground in GROUNDS
    assert SENTENCES[fact.explanation] == (GROUNDS[fact.ground].nl, GROUNDS[fact.ground].en)
    state = evolve(completed(), fact, said(LATER, "system"))
    assert b"zwanger" not in orjson.dumps(state)
    assert state.diagnoses == completed().diagnoses


def test_the_explanation_of_age_says_that_motivation_outweighs_it() -> None:
    assert "motivation outweighs age" in SENTENCES["ground_age"][1]


def test_a_forbidden_ground_is_told_as_such_whatever_else_is_wrong_with_the_command() -> None:
    assert names(decide(granted(), weigh("age", evidence=None), said())) == ["argument_refused"]


def test_in_history_a_forbidden_ground_is_a_reject() -> None:
    with pytest.raises(Refused) as no:
        decide(completed(), weigh("person.pregnancy"), said(imported=True))
    assert (no.value.code, no.value.field) == ("ground_forbidden", "data.argument")


@pytest.mark.parametrize("code", ["language_level", "person.childcare", "package.manager", "care_to_arrange"])
def test_what_only_looks_like_a_forbidden_ground_is_none(code: str) -> None:
    assert ground_of(code) is None


@pytest.mark.parametrize("imported", [True, False])
def test_a_partner_does_not_bring_in_a_forbidden_ground_either(imported: bool) -> None:
    asked = after(completed(), (ask(), said(LATER)))
    with pytest.raises(Refused, match="ground_forbidden"):
        decide(asked, answer(answer_code="age"), said(LATER, "partner", imported=imported))


@pytest.mark.parametrize("field", PERSONAL)
@pytest.mark.parametrize("command", [weigh(), direct(), complete(), answer()])
def test_a_weighing_has_no_place_for_who_the_citizen_is(command: c.Command, field: str) -> None:
    said_so = command.model_dump(mode="json", by_alias=True, exclude_none=True)
    language = Language(c.COMMANDS, c.NUMBERS, ID_KEY)
    assert read_body(language, type(command), said_so, "GM0546") == command
    with pytest.raises(LineRefused) as no:
        read_body(language, type(command), said_so | {field: "65"}, "GM0546")
    assert (no.value.code, no.value.field) == ("field_unknown", f"data.{field}")


@pytest.mark.parametrize("field", PERSONAL)
def test_no_fact_of_the_weighing_has_such_a_field(field: str) -> None:
    for fact in e.FACTS.values():
        assert f'"{field}"' not in str(fact.model_json_schema()["properties"])


def test_who_the_citizen_is_changes_nothing_in_what_is_shown_or_decided() -> None:
    def whole_case(case_mix: dict[str, str]) -> tuple[Any, ...]:
        told = h.ApplicationReceived.model_validate({"case_key": "key", "case_mix": case_mix})
        opened = hear(None, told, NOON - 40 * DAY)
        case = hear(opened, h.BenefitDecided(decision="granted"), NOON - 30 * DAY)
        steps = [(step, said(LATER)) for step in (*_TO_COMPLETED, weigh(), weigh("many_barriers", "participation"))]
        case = after(case, *steps)
        return decide(case, direct(), said(LATER)), view(case)

    young = whole_case({"age_band": "18-26", "household": "single", "region": "GM0546"})
    assert whole_case({"age_band": "60-67", "household": "single_parent", "region": "GM0363"}) == young


def test_an_argument_is_one_of_the_framework() -> None:
    with pytest.raises(Refused) as no:
        decide(completed(), weigh("likes_gardening"), said())
    assert no.value.code == "argument_unknown"
    assert "own_motivation" in (no.value.possible or ())


def test_an_argument_says_what_it_rests_on() -> None:
    for nothing in (None, "  "):
        with pytest.raises(Refused, match="evidence_missing"):
            decide(completed(), weigh(evidence=nothing), said())


def test_history_may_have_weighed_with_another_framework() -> None:
    command = weigh("likes_gardening", framework_version="GM0546-2009.1", evidence=None)
    [one] = decide(completed(), command, said(imported=True))
    assert the([one]).framework_version == "GM0546-2009.1"
    assert (one.warnings, one.unknown) == (("argument_unknown",), ("factor", "evidence"))


def test_a_municipality_weighs_with_its_own_additions_and_never_with_anothers() -> None:
    own = weigh("debts_unstable.debt_help_started", weight="light")
    assert the(decide(completed(), own, said())).framework_version == "core-2026.1+GM0546-2017.1"
    elsewhere = hear(applied(municipality="GM0363"), h.BenefitDecided(decision="granted"), NOON)
    other = after(elsewhere, *((step, said(NOON, municipality="GM0363")) for step in _TO_COMPLETED))
    with pytest.raises(Refused, match="argument_unknown"):
        decide(other, own, said(municipality="GM0363"))
    assert the(decide(other, weigh(), said(municipality="GM0363"))).framework_version == "core-2026.1"


def test_a_framework_version_of_another_municipality_is_refused() -> None:
    with pytest.raises(Refused) as no:
        decide(motivated(), direct(framework_version="GM0363-2020.1"), said(LATER))
    assert (no.value.code, no.value.possible) == ("framework_unknown", ["GM0546-2017.1", "core-2026.1"])


def test_the_factor_follows_from_the_framework_unless_said() -> None:
    assert the(decide(completed(), weigh("language_level"), said())).factor == "skills"
    assert the(decide(completed(), weigh("language_level", factor="barriers"), said())).factor == "barriers"


def test_an_argument_for_a_side_it_seldom_speaks_for_goes_through_and_is_marked() -> None:
    [one] = decide(completed(), weigh("few_barriers", "participation"), said())
    assert one.warnings == ("side_unusual",)


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


def test_a_partner_who_answered_or_let_the_term_pass_was_consulted() -> None:
    grey = after(motivated(), (weigh("many_barriers", "participation"), said(LATER)), (ask(), said(LATER)))
    assert decide(grey, direct(), said(LATER))[0].warnings == ("consultation_missing",)
    assert decide(grey, direct(), said(LATER + 20 * DAY))[0].warnings == ()
    answered = after(grey, (answer(), said(LATER + DAY, "partner")))
    assert decide(answered, direct(), said(LATER + DAY))[0].warnings == ()


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


def test_a_consultation_is_asked_once_and_answered_once_by_who_was_asked() -> None:
    asked = after(completed(), (ask(), said(LATER)))
    for state, command, code in (
        (asked, ask(), "consultation_exists"),
        (asked, answer(consultation_id=AGAIN), "consultation_unknown"),
        (asked, answer(partner="uwv"), "partner_differs"),
        (asked, answer(answer_code="who_knows"), "answer_unknown"),
        (after(asked, (answer(), said(LATER, "partner"))), answer(), "already_answered"),
    ):
        with pytest.raises(Refused, match=code):
            decide(state, command, said(LATER))
    assert the(decide(asked, answer(), said(LATER, "partner"))).partner == "wijkteam"
    assert names(decide(asked, answer(answer_code="who_knows"), said(LATER, imported=True)))


def test_the_case_shows_what_speaks_for_and_against_in_recorded_order_and_no_sum() -> None:
    case = after(
        motivated(),
        (weigh("many_barriers", "participation"), said(LATER)),
        (weigh("learns_quickly", "work", "light"), said(LATER)),
    )
    detail = view(case)["detail"]
    assert detail["speaks"]["work"] == {"for": ["own_motivation", "learns_quickly"], "against": ["many_barriers"]}
    assert detail["missing"] == ["consultation", "direction"]
    words = ("total", "sum", "rank", "propos", "advice", "recommend")
    shown = orjson.dumps({name: part for name, part in detail.items() if name != "diagnosis"}).decode()
    assert not any(word in shown for word in (*words, "score"))
    assert not any(word in orjson.dumps(detail["diagnosis"]).decode() for word in words)


def test_what_is_missing_is_named() -> None:
    assert view(granted())["detail"]["missing"] == ["diagnosis"]
    unseen = view(started())["detail"]["missing"]
    assert unseen[:2] == ["completion", "own_view"]
    assert unseen[-2:] == ["own_motivation", "direction"]
    assert view(completed())["detail"]["missing"] == ["own_motivation", "direction"]
    assert view(decided())["detail"]["missing"] == []


def test_a_code_that_may_be_a_person_number_is_refused() -> None:
    with pytest.raises(ValidationError):
        weigh("111222333")
