"""Somebody applies: what has to be right, what follows by law, which earlier case it names."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.intake import commands as c
from services.intake.codes import band_of
from services.intake.domain.decide import decide
from services.intake.domain.people import SHOWN, Ties, ties
from services.intake.domain.state import State
from shared.refusals import Refused
from shared.worktime import end_of
from tests.builders import DAY, NOON, said
from tests.unit.intake.given import (
    APPLICATION,
    EARLIER,
    OTHER,
    THIRD,
    TODAY,
    after,
    applied,
    apply,
    closed,
    deny,
    end,
    ended,
    granted,
    history,
    names,
    office,
    young,
)


def test_an_application_opens_a_case_with_a_key_of_its_own_and_says_nothing_of_whom_it_is_about() -> None:
    [one] = decide(None, apply(), said())
    assert one.fact.name == "application_received"
    assert one.fact.case_key == "key"  # type: ignore[attr-defined]
    told = set(type(one.fact).model_fields)
    assert told.isdisjoint({"bsn", "person", "family_name", "birth_date"})


def test_a_number_that_cannot_be_a_citizens_is_refused_by_the_name_of_its_field() -> None:
    with pytest.raises(Refused) as no:
        decide(None, apply(bsn_sound=False), said())
    assert (no.value.code, no.value.field) == ("bsn_invalid", "data.bsn")


@pytest.mark.parametrize("code", ["GM0000", "GM9999", "GM0001"])
def test_a_municipality_that_is_not_on_the_list_is_refused(code: str) -> None:
    with pytest.raises(Refused, match="municipality_unknown"):
        decide(None, apply(), said(municipality=code))


def test_an_application_says_in_which_municipality() -> None:
    with pytest.raises(Refused) as no:
        decide(None, apply(), said(municipality=""))
    assert (no.value.code, no.value.field) == ("field_missing", "municipality")


def test_a_municipality_that_was_merged_takes_no_application_from_that_day_on_but_its_history_goes_in() -> None:
    the_day, the_day_before = date(2019, 1, 1), date(2018, 12, 31)
    with pytest.raises(Refused, match="municipality_ended"):
        decide(None, apply(received_on=the_day), history(municipality="GM0545"))
    assert names(decide(None, apply(received_on=the_day_before), history(municipality="GM0545")))


def test_an_application_cannot_be_received_tomorrow() -> None:
    with pytest.raises(Refused, match="date_in_future"):
        decide(None, apply(received_on=TODAY + timedelta(days=1)), said())


def test_just_after_midnight_in_the_netherlands_it_is_the_new_day() -> None:
    late = datetime.fromisoformat("2026-03-02T23:30:00+00:00")
    assert names(decide(None, apply(received_on=date(2026, 3, 3)), said(late)))


def test_an_age_band_that_does_not_go_with_the_date_of_birth_is_refused_and_the_right_one_named() -> None:
    with pytest.raises(Refused) as no:
        decide(None, apply(age_on_the_day="27-34"), said())
    assert (no.value.code, no.value.possible) == ("age_band_differs", ["27-34"])
    with pytest.raises(Refused, match="age_band_differs"):
        decide(None, apply(age_on_the_day="0-17"), said())


def test_an_age_band_nobody_gave_follows_from_the_date_of_birth() -> None:
    [received, search] = decide(None, apply(case_mix={}, age_on_the_day="18-26"), said())
    assert received.fact.case_mix.age_band == "18-26"  # type: ignore[attr-defined]
    assert search.fact.name == "search_period_started"
    [child] = decide(None, apply(case_mix={}, age_on_the_day="0-17"), said())
    assert child.fact.case_mix.age_band is None  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (date(1999, 3, 3), "18-26"),
        (date(1999, 3, 2), "27-34"),
        (date(2008, 3, 3), None),
        (date(2008, 3, 2), "18-26"),
        (date(2004, 2, 29), "18-26"),
        (date(1950, 1, 1), "67+"),
    ],
)
def test_the_band_is_that_of_the_day_of_application(birth: date, band: str | None) -> None:
    assert band_of(birth, TODAY) == band


def test_who_is_under_27_searches_for_four_weeks_first_and_the_law_is_named() -> None:
    received, search = decide(None, young(), said())
    assert received.fact.name == "application_received"
    assert search.fact.model_dump() == {
        "until_on": date(2026, 3, 30),
        "legal_source": "Participatiewet:41:4",
    }
    assert search.implied
    assert search.actor is not None
    assert search.actor.role == "system"


def test_who_applied_before_2015_searched_under_the_law_of_then() -> None:
    [_, search] = decide(None, young(received_on=date(2014, 12, 31)), said(now=NOON))
    assert search.fact.legal_source == "WWB:41:4"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "command",
    [apply(), young(kind="existing_recipient"), apply(case_mix={}), young(received_on=date(2011, 12, 31))],
)
def test_who_is_older_or_on_benefit_already_or_of_unknown_age_does_not_search(command: c.KnownApplication) -> None:
    assert names(decide(None, command, said())) == ["application_received"]


def test_no_search_period_is_made_up_for_history() -> None:
    assert names(decide(None, young(), history())) == ["application_received"]


def test_the_same_application_delivered_twice_is_one() -> None:
    assert decide(applied(), apply(), said(NOON + DAY)) == []
    assert decide(granted(), apply(), said(NOON + 30 * DAY)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"application_id": OTHER},
        {"kind": "existing_recipient"},
        {"channel": "online"},
        {"received_on": TODAY - timedelta(days=1)},
        {"case_mix": {"age_band": "45-54"}},
        {"case_mix": {"education": "low"}},
        {"person_differs": True},
    ],
)
def test_another_application_for_a_case_that_is_there_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="case_exists"):
        decide(applied(), apply(**changes), said(NOON + DAY))


def test_a_second_application_of_a_person_who_has_one_running_is_refused() -> None:
    with pytest.raises(Refused) as no:
        decide(None, apply(open_case_id=EARLIER), said())
    assert (no.value.code, no.value.field) == ("application_open", "data.kind")
    assert EARLIER not in str(no.value.possible)


def test_a_new_application_names_the_earlier_case_and_shows_who_may_be_the_same() -> None:
    [one] = decide(None, apply(earlier_case_id=EARLIER, possible_duplicates=(THIRD,)), said())
    assert one.fact.earlier_case_id == EARLIER  # type: ignore[attr-defined]
    assert one.fact.possible_duplicates == [THIRD]  # type: ignore[attr-defined]
    state = applied(earlier_case_id=EARLIER, possible_duplicates=(THIRD,))
    assert (state.earlier_case_id, state.possible_duplicates, state.joined) == (EARLIER, (THIRD,), False)


def test_nothing_is_shown_when_nobody_is_like_the_applicant() -> None:
    assert decide(None, apply(), said())[0].fact.model_dump()["possible_duplicates"] is None


LATER = NOON + 200 * DAY
RUNNING = {"applied": applied(), "granted": granted()}
OVER = {
    "denied": after(applied(), (deny(TODAY), office(NOON + DAY))),
    "ended": ended(),
    "closed": closed(),
}


@pytest.mark.parametrize("name", RUNNING)
def test_a_running_application_leaves_no_room_for_another_of_its_kind(name: str) -> None:
    assert ties({EARLIER: RUNNING[name]}, {}, "new_applicant", said(LATER)).open_case_id == EARLIER


@pytest.mark.parametrize("name", OVER)
def test_a_case_that_is_over_leaves_room_and_is_named(name: str) -> None:
    assert ties({EARLIER: OVER[name]}, {}, "new_applicant", said(LATER)) == Ties(None, EARLIER)


def test_an_application_of_another_kind_has_room_beside_it_and_the_running_one_is_shown() -> None:
    assert ties({EARLIER: granted()}, {}, "existing_recipient", said(LATER)) == Ties(None, None, (EARLIER,))


def test_the_latest_earlier_case_is_the_one_that_is_named() -> None:
    again = after(None, (apply(), said(NOON + 120 * DAY)), (deny(TODAY), office(NOON + 121 * DAY)))
    assert ties({EARLIER: closed(), THIRD: again}, {}, "new_applicant", said(LATER)).earlier_case_id == THIRD


def test_a_benefit_that_ended_on_monday_leaves_room_on_tuesday_also_when_it_is_told_on_friday() -> None:
    monday = NOON + 98 * DAY
    told = after(granted(), (end(monday.date()), office(monday + 4 * DAY)))
    assert told.over_at == end_of(monday.date())
    assert ties({EARLIER: told}, {}, "new_applicant", history(monday + DAY)).open_case_id is None
    assert ties({EARLIER: told}, {}, "new_applicant", history(monday)).open_case_id == EARLIER


def test_closing_a_case_does_not_move_the_day_it_was_over_and_no_case_is_over_before_it_began() -> None:
    assert closed().over_at == ended().over_at
    odd = after(granted(), (end(TODAY - timedelta(days=9)), office(NOON + 30 * DAY)))
    assert odd.over_at == odd.opened_at


def test_history_is_judged_by_when_it_happened_not_by_when_it_is_heard() -> None:
    while_it_ran = ties({EARLIER: closed()}, {}, "new_applicant", history(NOON + 50 * DAY))
    before_it = ties({EARLIER: granted()}, {}, "new_applicant", history(NOON - 50 * DAY))
    assert while_it_ran.open_case_id == EARLIER
    assert before_it == Ties()
    assert ties({}, {EARLIER: granted()}, "new_applicant", history(NOON - 50 * DAY)) == Ties()


def test_today_no_application_goes_in_beside_a_later_one_that_runs() -> None:
    belated = said(NOON - 50 * DAY, now=LATER)
    assert ties({EARLIER: granted()}, {}, "new_applicant", belated).open_case_id == EARLIER


def test_who_only_may_be_the_same_person_is_shown_and_never_in_the_way() -> None:
    assert ties({}, {EARLIER: granted()}, "new_applicant", said(LATER)) == Ties(None, None, (EARLIER,))


def test_of_many_who_may_be_the_same_the_newest_are_shown() -> None:
    many: dict[str, State] = {f"case-{n}": after(None, (apply(), said(NOON + n * DAY))) for n in range(SHOWN + 5)}
    shown = ties({}, many, "new_applicant", said(LATER)).possible_duplicates
    assert len(shown) == SHOWN
    assert shown[0] == f"case-{SHOWN + 4}"


def test_a_bsn_and_a_name_are_never_shown_by_the_command_that_holds_them() -> None:
    person = {"family_name": "Zonderland", "birth_date": TODAY}
    fields = apply().model_dump(include=set(c.Application.model_fields))
    command = c.ReceiveApplication(**fields, bsn="999993653", person=person)
    assert "999993653" not in repr(command)
    assert "Zonderland" not in repr(command)
    assert set(c.KnownApplication.model_fields).isdisjoint({"bsn", "person"})
    assert APPLICATION in repr(command)
