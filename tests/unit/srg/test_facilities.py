"""What people were given, from which day to which: hand-offs, instruments at work, and what an employer gets."""

from datetime import date
from pathlib import Path

import pytest

from services.insight.srg.facilities import Facility
from tests.unit.srg.given import (
    Said,
    about,
    accepted,
    found,
    handed_off,
    instrument,
    job,
    job_ended,
    lake,
    mapped,
    plan,
    returned,
    sent,
    stopped,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def closed(at: str, number: int = 1) -> Said:
    return Said("case_closed", at, number, {"reason": "work"})


def benefit_ended(at: str, reason: str, number: int = 1) -> Said:
    return Said("benefit_ended", at, number, {"reason": reason, "ended_on": at[:10]})


def days(one: Facility) -> tuple[str, str]:
    return str(one.begin), str(one.end)


def only(folder: Path, kind: str = "hand_off") -> Facility:
    [one] = [one for one in found(folder) if one.kind == kind]
    return one


def test_a_referral_that_was_only_sent_declined_or_sent_back_unaccepted_is_no_facility(folder: Path) -> None:
    lake(
        folder,
        sent("2016-05-02"),
        [sent("2016-05-02", 2), about("referral_declined", "2016-05-03", 2, reason="provider.no_capacity")],
        [sent("2016-05-02", 3), returned("2016-05-03", 3)],
    )
    assert found(folder) == []


def test_a_hand_off_begins_when_the_provider_took_the_citizen_on(folder: Path) -> None:
    started = about("trajectory_started", "2016-05-20", first_contact="met")
    lake(folder, sent("2016-05-02"), accepted("2016-05-10"), started)
    assert days(only(folder)) == ("2016-05-10", "None")
    [strict] = found(folder, mapped(begins="started"))
    assert days(strict) == ("2016-05-20", "None")


def test_a_hand_off_that_was_taken_on_before_it_was_sent_begins_with_the_sending(folder: Path) -> None:
    lake(folder, accepted("2016-05-02"), sent("2016-05-04"))
    assert days(only(folder)) == ("2016-05-04", "None")


def test_who_was_never_met_has_no_facility_where_it_begins_with_meeting(folder: Path) -> None:
    lake(folder, handed_off("2016-05-02"))
    assert len(found(folder)) == 1
    assert found(folder, mapped(begins="started")) == []


def test_who_was_met_before_the_acceptance_was_heard_began_then(folder: Path) -> None:
    started = about("trajectory_started", "2016-05-05", first_contact="met")
    lake(folder, sent("2016-05-02"), accepted("2016-05-10"), started)
    assert days(only(folder)) == ("2016-05-05", "None")


@pytest.mark.parametrize(
    ("fact", "own"),
    [
        ("trajectory_completed", {"result": "paid_work"}),
        ("referral_withdrawn", {"reason": "law.moved"}),
        ("referral_returned", {"reasons": [], "phase": "after_start"}),
    ],
)
def test_a_hand_off_ends_with_its_first_end(folder: Path, fact: str, own: dict[str, object]) -> None:
    lake(folder, handed_off("2016-05-02"), about(fact, "2016-06-01", **own), closed("2016-06-03"))
    assert days(only(folder)) == ("2016-05-02", "2016-06-01")


def test_what_is_said_to_begin_after_it_ended_never_was(folder: Path) -> None:
    lake(folder, sent("2016-05-02"), returned("2016-05-04"), accepted("2016-05-05"))
    assert found(folder) == []


def test_days_are_those_of_the_netherlands(folder: Path) -> None:
    lake(folder, sent("2016-05-02"), accepted("2016-05-31T22:30:00+00:00"), returned("2016-12-31T22:59:00+00:00"))
    assert days(only(folder)) == ("2016-06-01", "2016-12-31")


def test_closing_the_case_ends_what_a_provider_does_and_not_what_an_employer_gets(folder: Path) -> None:
    lake(
        folder,
        handed_off("2016-05-02"),
        instrument("2016-05-09"),
        job("2016-05-20", "job_coach"),
        closed("2016-06-03"),
    )
    ends = {one.kind: str(one.end) for one in found(folder)}
    assert ends == {"hand_off": "2016-06-03", "intervention": "2016-06-03", "job job_coach": "None"}


@pytest.mark.parametrize(
    ("reason", "provided", "given"),
    [
        ("work", "None", "None"),
        ("relationship", "None", "None"),
        ("moved", "2016-06-03", "None"),
        ("deceased", "2016-06-03", "2016-06-03"),
    ],
)
def test_of_ends_of_the_benefit_some_are_the_end_of_it(folder: Path, reason: str, provided: str, given: str) -> None:
    lake(folder, handed_off("2016-05-02"), job("2016-05-20", "job_coach"), benefit_ended("2016-06-03", reason))
    assert {one.kind: str(one.end) for one in found(folder)} == {"hand_off": provided, "job job_coach": given}


def test_an_end_of_an_earlier_case_is_no_end_of_a_later_hand_off(folder: Path) -> None:
    lake(folder, closed("2016-04-01"), handed_off("2016-05-02"), benefit_ended("2016-04-30", "moved"))
    assert days(only(folder)) == ("2016-05-02", "None")


def test_an_instrument_ends_when_it_is_said_to_and_at_the_latest_with_its_hand_off(folder: Path) -> None:
    lake(
        folder,
        [*handed_off("2016-05-02"), instrument("2016-05-09"), stopped("2016-05-20"), returned("2016-06-01")],
        [*handed_off("2016-05-02", 2), instrument("2016-05-09", 2), returned("2016-06-01", 2)],
        [
            *handed_off("2016-05-02", 3),
            instrument("2016-05-09", 3),
            returned("2016-06-01", 3),
            stopped("2016-06-20", 3),
        ],
        [instrument("2016-05-09", 4)],
    )
    ends = sorted(days(one) for one in found(folder) if one.kind == "intervention")
    assert ends == [
        ("2016-05-09", "2016-05-20"),
        ("2016-05-09", "2016-06-01"),
        ("2016-05-09", "2016-06-01"),
        ("2016-05-09", "None"),
    ]


def test_an_instrument_is_part_of_the_hand_off_of_its_plan_else_of_the_newest_that_ran(folder: Path) -> None:
    two = [
        *handed_off("2016-05-02", to_organisation="org-a", trajectory="participation"),
        *handed_off("2016-05-03", name="2", to_organisation="org-b"),
    ]
    lake(
        folder,
        two,
        plan("2016-05-05", referral="1", goal="1"),
        instrument("2016-05-09", name="planned", goal="1"),
        instrument("2016-05-10", name="not", code="vr_orientation"),
        instrument("2016-05-01", name="before", code="debt_help"),
    )
    parts = {one.code: (one.provider, one.trajectory) for one in found(folder) if one.kind == "intervention"}
    assert parts == {
        "language_course": ("org-a", "participation"),
        "vr_orientation": ("org-b", "reintegration"),
        "debt_help": (None, None),
    }


def test_an_end_before_the_beginning_is_kept_as_it_was_said_and_one_without_it_is_nothing(folder: Path) -> None:
    lake(folder, stopped("2016-05-09"), instrument("2016-05-20", 2), stopped("2016-05-10", 2))
    assert [days(one) for one in found(folder)] == [("2016-05-20", "2016-05-10")]


def test_each_instrument_of_a_job_is_a_facility_of_its_own_as_last_corrected(folder: Path) -> None:
    corrected = Said("job_started_corrected", "2016-07-01", 1, job("2016-05-20", "job_coach", "wage_cost_subsidy").own)
    lake(folder, job("2016-05-20", "lkv"), corrected, job("2016-05-02", number=2), job_ended("2016-06-01"))
    assert [(one.kind, *days(one), one.end_reason) for one in found(folder)] == [
        ("job job_coach", "2016-05-20", "2016-06-01", "contract_ended"),
        ("job wage_cost_subsidy", "2016-05-20", "2016-06-01", "contract_ended"),
    ]


def test_a_corrected_start_of_a_job_is_its_start(folder: Path) -> None:
    own = job("2016-05-20", "job_coach").own | {"started_at": "2016-04-11T08:00:00+00:00"}
    lake(folder, job("2016-05-20", "job_coach"), Said("job_started_corrected", "2016-07-01", 1, own))
    assert days(only(folder, "job job_coach")) == ("2016-04-11", "None")


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ([], None),
        ([plan("2016-05-20")], date(2016, 5, 20)),
        ([plan("2016-05-20", referral=None)], date(2016, 5, 20)),
        ([instrument("2016-05-21")], date(2016, 5, 21)),
        ([plan("2016-06-20"), instrument("2016-05-21")], date(2016, 5, 21)),
        ([returned("2016-06-01", tried=("language_course",))], date(2016, 6, 1)),
        ([returned("2016-06-01", tried=("language_course",), phase="before_start")], None),
        ([returned("2016-06-01")], None),
        ([plan("2016-05-20", 2)], None),
    ],
)
def test_a_hand_off_is_known_from_when_somebody_told_what_is_done(
    folder: Path, told: list[Said], known: date | None
) -> None:
    lake(folder, handed_off("2016-05-02"), told)
    assert only(folder).known == known


def test_a_plan_makes_known_the_hand_off_it_belongs_to_and_not_another(folder: Path) -> None:
    lake(folder, handed_off("2016-05-02"), handed_off("2016-05-03", name="2"), plan("2016-05-20", referral="1"))
    assert sorted(str(one.known) for one in found(folder)) == ["2016-05-20", "None"]


def test_a_plan_without_a_hand_off_that_runs_makes_none_known(folder: Path) -> None:
    lake(folder, handed_off("2016-05-02"), returned("2016-05-10"), plan("2016-05-20", referral=None))
    assert only(folder).known is None


def test_what_happened_in_another_municipality_is_told_there(folder: Path) -> None:
    lake(
        folder,
        handed_off("2016-05-02"),
        instrument("2016-05-03"),
        job("2016-05-04", "job_coach"),
        municipality="GM0344",
    )
    assert found(folder) == []
    assert len(found(folder, municipality="GM0344")) == 3


def test_nobody_in_the_lake_is_nobody_in_the_statistics(folder: Path) -> None:
    lake(folder)
    assert found(folder) == []
