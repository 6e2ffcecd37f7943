"""Every no that referral knows can be given: each with the place in the input, and a sentence in both languages."""

import re
from typing import Any

import pytest

from services.referral import commands as c
from services.referral.domain.decide import decide
from services.referral.refusals import SENTENCES
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.referral.given import (
    PROVIDER,
    REFERRAL,
    SECOND,
    a_case,
    accept,
    after,
    closed,
    coach,
    give_back,
    returned,
    review,
    send,
    sent,
    started,
)

LATER = NOON + 31 * DAY
SUSPEND = c.SuspendReferral(referral_id=REFERRAL, reason="illness")
RESTING = after(started(), (SUSPEND, coach(NOON + 5 * DAY)))
DEBTS = {"code": "person.debts", "primary": True}

REFUSED: dict[str, tuple[Any, Any, Any, str | None]] = {
    "referral_unknown": (sent(), accept(SECOND), coach(), "data.referral_id"),
    "referral_exists": (sent(), send(), said(), "data.referral_id"),
    "previous_unknown": (a_case(), send(previous_referral_id=SECOND), said(), "data.previous_referral_id"),
    "already_referred": (sent(), send(SECOND), said(), "data.trajectory"),
    "case_closed": (closed(a_case()), send(), said(LATER), None),
    "step_not_possible": (sent(), review(), said(), "fact"),
    "organisation_missing": (sent(), accept(), coach(organisation=None), "actor.organisation"),
    "municipality_missing": (a_case(), send(), said(municipality=""), "municipality"),
    "not_addressed": (sent(), accept(), coach(organisation="org-other"), "actor.organisation"),
    "not_your_organisation": (
        None,
        c.StateCapacity(organisation=PROVIDER, trajectory="care", places=3, from_on=NOON.date()),
        coach(organisation="org-other"),
        "actor.organisation",
    ),
    "not_who_suspended": (RESTING, c.ResumeReferral(referral_id=REFERRAL), said(LATER), "actor.role"),
    "reason_missing": (started(), give_back(reasons=[]), coach(), "data.reasons"),
    "reason_unknown": (started(), give_back(code="weather.rain"), coach(), "data.reasons.code"),
    "reason_general": (started(), give_back(code="divers"), coach(), "data.reasons.code"),
    "reason_twice": (
        started(),
        give_back(reasons=[DEBTS, DEBTS | {"primary": False}]),
        coach(),
        "data.reasons.code",
    ),
    "primary_not_one": (started(), give_back(reasons=[DEBTS | {"primary": False}]), coach(), "data.reasons.primary"),
    "narrative_too_short": (started(), give_back(code="other", narrative="kort"), coach(), "data.narrative"),
    "ground_forbidden": (started(), give_back(code="person.age"), coach(), "data.reasons.code"),
    "lesson_missing": (returned(), review(next="close"), said(LATER), "data.lesson"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_refused_is_named_with_its_place(code: str) -> None:
    state, command, who, field = REFUSED[code]
    with pytest.raises(Refused) as no:
        decide(state, command, who)
    assert (no.value.code, no.value.field) == (code, field)


def test_every_sentence_stands_for_a_refusal_and_every_refusal_has_its_sentences() -> None:
    assert set(REFUSED) == set(SENTENCES)
    for dutch, english in SENTENCES.values():
        assert dutch != english
        assert re.fullmatch(r"[A-Z].*\.", dutch)
        assert re.fullmatch(r"[A-Z].*\.", english)
