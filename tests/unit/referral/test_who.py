"""Who may: the organisation addressed answers, the municipality of the case refers, who suspended resumes."""

from dataclasses import replace

import pytest

from services.referral import commands as c
from services.referral.domain.decide import decide
from shared.facts import SYSTEM, Command, Said
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.referral.given import (
    PROVIDER,
    REFERRAL,
    a_case,
    accept,
    after,
    coach,
    give_back,
    names,
    returned,
    review,
    send,
    sent,
    started,
)

LATER = NOON + 40 * DAY
WITHDRAW = c.WithdrawReferral(referral_id=REFERRAL, reason="law.moved")
SUSPEND = c.SuspendReferral(referral_id=REFERRAL, reason="illness")
RESUME = c.ResumeReferral(referral_id=REFERRAL)
PLACES = c.StateCapacity(organisation=PROVIDER, trajectory="care", places=3, from_on=NOON.date())


@pytest.mark.parametrize(
    ("command", "roles"),
    [
        (c.SendReferral, {"caseworker"}),
        (c.WithdrawReferral, {"caseworker"}),
        (c.ReviewReturn, {"caseworker"}),
        (c.ReceiveReferral, {"coach", "system"}),
        (c.AcceptReferral, {"coach", "system"}),
        (c.DeclineReferral, {"coach", "system"}),
        (c.StartTrajectory, {"coach", "system"}),
        (c.ReturnReferral, {"coach", "system"}),
        (c.CompleteTrajectory, {"coach", "system"}),
        (c.SuspendReferral, {"caseworker", "coach", "system", "citizen"}),
        (c.ResumeReferral, {"caseworker", "coach", "system", "citizen"}),
    ],
)
def test_only_the_municipality_sends_withdraws_and_reviews_and_only_the_provider_answers(
    command: type[Command], roles: set[str]
) -> None:
    assert command.by == roles


@pytest.mark.parametrize("who", [coach(organisation="org-other"), said(NOON, "system", organisation="org-other")])
@pytest.mark.parametrize("command", [accept(), give_back(), SUSPEND])
def test_another_company_cannot_answer(command: Command, who: Said) -> None:
    with pytest.raises(Refused, match="not_addressed"):
        decide(sent(), command, who)


@pytest.mark.parametrize(
    "who", [coach(organisation=None), said(NOON, "system"), replace(said(NOON, "system"), actor=SYSTEM)]
)
def test_a_coach_and_a_system_say_for_whom_they_work(who: Said) -> None:
    with pytest.raises(Refused, match="organisation_missing"):
        decide(sent(), accept(), who)


@pytest.mark.parametrize(("state", "command"), [(a_case(), send()), (sent(), WITHDRAW), (returned(), review())])
def test_who_refers_withdraws_or_reviews_says_for_which_municipality(state: object, command: Command) -> None:
    with pytest.raises(Refused, match="municipality_missing"):
        decide(state, command, said(LATER, municipality=""))  # type: ignore[arg-type]
    assert names(decide(state, command, said(LATER))) == [command.fact]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("who", "other"),
    [
        (said(NOON + 5 * DAY), coach(LATER)),
        (coach(NOON + 5 * DAY), said(LATER)),
        (coach(NOON + 5 * DAY), said(LATER, "citizen")),
        (said(NOON + 5 * DAY, "citizen"), coach(LATER)),
    ],
)
def test_only_who_suspended_resumes(who: Said, other: Said) -> None:
    resting = after(started(), (SUSPEND, who))
    with pytest.raises(Refused, match="not_who_suspended"):
        decide(resting, RESUME, other)
    assert names(decide(resting, RESUME, replace(who, at=LATER, now=LATER))) == ["referral_resumed"]


def test_a_citizen_who_calls_is_resumed_by_the_municipality() -> None:
    resting = after(started(), (SUSPEND, said(NOON + 5 * DAY, "citizen")))
    assert names(decide(resting, RESUME, said(LATER))) == ["referral_resumed"]


def test_history_is_resumed_by_whoever_it_was() -> None:
    resting = after(started(), (SUSPEND, coach(NOON + 5 * DAY)))
    assert names(decide(resting, RESUME, said(LATER, imported=True))) == ["referral_resumed"]


@pytest.mark.parametrize("who", [said(NOON + 5 * DAY), coach(NOON + 5 * DAY)])
def test_whoever_suspended_the_provider_can_return_and_the_municipality_withdraw(who: Said) -> None:
    resting = after(started(), (SUSPEND, who))
    assert names(decide(resting, give_back(), coach(LATER))) == ["referral_returned"]
    assert names(decide(resting, WITHDRAW, said(LATER))) == ["referral_withdrawn"]


def test_places_are_stated_by_the_organisation_itself_or_by_operations() -> None:
    with pytest.raises(Refused, match="not_your_organisation"):
        decide(None, PLACES, coach(organisation="org-other"))
    with pytest.raises(Refused, match="organisation_missing"):
        decide(None, PLACES, coach(organisation=None))
    for who in (coach(), said(NOON, "operator")):
        assert names(decide(None, PLACES, who)) == ["capacity_stated"]
