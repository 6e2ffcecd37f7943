"""Arguments: those of the framework, on evidence, the municipality's own beside the national ones."""

import pytest
from pydantic import ValidationError

from services.diagnosis import hearing as h
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import (
    after,
    applied,
    complete,
    completed,
    decide,
    direct,
    hear,
    map_area,
    motivated,
    start,
    the,
    weigh,
)

LATER = NOON + 3 * DAY
_TO_COMPLETED = (start(), map_area(), complete())


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


def test_a_code_that_may_be_a_person_number_is_refused() -> None:
    with pytest.raises(ValidationError):
        weigh("111222333")
