"""Other professionals are asked, answer, or are overdue; what they argue is kept."""

from datetime import date

import pytest

from services.diagnosis import commands as c
from services.diagnosis import hearing as h
from services.diagnosis.domain.evolve import evolve
from services.diagnosis.domain.view import row, view
from shared.ledger.clocks import LookAtTerms
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import (
    AGAIN,
    CONSULTATION,
    after,
    answer,
    ask,
    completed,
    decide,
    decided,
    direct,
    hear,
    motivated,
    names,
    overdue,
    the,
    weigh,
)

LATER = NOON + 3 * DAY


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


def test_a_partner_who_answered_or_let_the_term_pass_was_consulted() -> None:
    grey = after(motivated(), (weigh("many_barriers", "participation"), said(LATER)), (ask(), said(LATER)))
    assert decide(grey, direct(), said(LATER))[0].warnings == ("consultation_missing",)
    assert decide(grey, direct(), said(LATER + 20 * DAY))[0].warnings == ()
    answered = after(grey, (answer(), said(LATER + DAY, "partner")))
    assert decide(answered, direct(), said(LATER + DAY))[0].warnings == ()


def test_a_partner_says_what_argues_for_the_answer() -> None:
    assert c.AnswerConsultation.asked == ("argument",)
    asked = after(completed(), (ask(), said(LATER)))
    [one] = decide(asked, answer(argument=None), said(LATER, "partner", imported=True))
    assert one.unknown == ("argument",)
    assert decide(asked, answer(), said(LATER, "partner"))[0].unknown == ()


def test_a_partner_who_is_silent_for_ten_working_days_is_overdue_once() -> None:
    asked = after(completed(), (ask(), said(LATER)))
    assert overdue(asked, NOON + 17 * DAY) == []
    [silent] = decide(asked, LookAtTerms(), said(NOON + 18 * DAY, "system"))
    assert silent.fact.model_dump() == {
        "consultation_id": CONSULTATION,
        "partner": "wijkteam",
        "due_on": date(2026, 3, 19),
        "waiting_for": "partner",
    }
    said_so = evolve(asked, silent.fact, said(NOON + 18 * DAY, "system"))
    assert overdue(said_so, NOON + 30 * DAY) == []
    assert row(said_so).overdue_since is not None
    assert view(said_so)["detail"]["consultations"][0]["overdue"] is True
    answered = after(said_so, (answer(), said(NOON + 19 * DAY, "partner")))
    assert row(answered).overdue_since is None


def test_who_is_asked_has_the_turn_and_its_time_is_the_partners() -> None:
    asked = after(completed(), (ask(), said(LATER)))
    assert view(asked)["turn"]["side"] == "partner"
    answered = after(asked, (answer(), said(LATER + 2 * DAY, "partner")))
    assert view(answered)["turn"] == {"side": "municipality", "action": "decide_direction", "since": LATER + 2 * DAY}
    assert view(answered)["waited_days"]["partner"] == 2.0


def test_who_is_asked_after_the_direction_was_decided_holds_nothing_up() -> None:
    assert view(after(decided(), (ask(), said(LATER))))["turn"] is None


def test_an_answer_that_is_still_to_come_when_the_case_closes_is_not_overdue() -> None:
    asked = hear(after(completed(), (ask(), said(LATER))), h.CaseClosed(), NOON + 10 * DAY)
    assert overdue(asked, NOON + 30 * DAY) == []
    passed = hear(after(completed(), (ask(), said(LATER))), h.CaseClosed(), NOON + 20 * DAY)
    assert overdue(passed, NOON + 30 * DAY) == ["consultation_overdue"]
