"""Who may speak of a case, and what is known of whom it was referred to."""

from dataclasses import replace

import pytest

from services.outcome import commands as c
from services.outcome import hearing as h
from services.outcome.domain.decide import decide
from services.outcome.domain.view import view
from shared.facts import SYSTEM, Said
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.outcome.given import (
    REFERRAL,
    SECOND,
    a_case,
    agree,
    coach,
    heard,
    names,
    referred,
    started,
)


def test_another_company_cannot_make_a_plan() -> None:
    with pytest.raises(Refused, match="not_addressed"):
        decide(started(), agree(), coach(organisation="org-other"))
    with pytest.raises(Refused, match="not_addressed"):
        decide(a_case(), agree(), coach())


@pytest.mark.parametrize(
    "who", [coach(organisation=None), said(NOON, "system"), replace(said(NOON, "system"), actor=SYSTEM)]
)
def test_a_coach_and_a_system_say_for_whom_they_work(who: Said) -> None:
    with pytest.raises(Refused, match="organisation_missing"):
        decide(started(), agree(), who)


def test_the_municipality_may_make_a_plan_without_any_referral() -> None:
    assert names(decide(a_case(), agree(), said())) == ["plan_agreed"]


def test_only_measuring_correcting_a_measurement_and_looking_back_are_open_to_the_citizen() -> None:
    may = {name for name, command in c.COMMANDS.items() if "citizen" in command.by}
    assert may == {"goal_measured", "goal_measured_corrected", "step_reflected"}
    assert all({"coach", "caseworker", "system"} <= command.by for command in c.COMMANDS.values())


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
