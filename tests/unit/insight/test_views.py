"""What ends a referral, and what is made of facts that come late, are corrected or contradict each other."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from services.insight.lake.folders import stored
from services.insight.lake.names import Place
from services.insight.lake.opening import VIEWS, opened
from shared.envelope import Event
from shared.ids import from_number
from tests.builders import ID_KEY, NOON
from tests.lakes import event, opened_lake, put, records

REFERRAL = from_number(ID_KEY, "GM0546", "referral", "R-1")
Told = Callable[..., dict[str, Any]]


def day(number: float) -> datetime:
    return NOON + timedelta(days=number)


class Log:
    """A case's log while it is told."""

    def __init__(self) -> None:
        self.events: dict[str, list[Event]] = {}

    def say(self, fact: str, at: float, service: str = "referral", **own: Any) -> "Log":
        said = self.events.setdefault(service, [])
        if service == "referral":
            own.setdefault("referral_id", REFERRAL)
        said.append(event(len(said) + 1, fact, service=service, at=day(at), recorded=day(40), **own))
        return self


def sent(at: float = 0, **own: Any) -> Log:
    """A referral was sent on a day."""
    said = {
        "from_organisation": "org-a", "to_organisation": "org-b", "trajectory": "reintegration", "goal": "paid_work",
        "factors": [], "warm": True, "respond_by": "2026-03-12", "start_by": "2026-03-23", "sequence_in_case": 1,
    }  # fmt: skip
    return Log().say("referral_sent", at, **(said | own))


def asked(folder: Path, log: Log, query: str) -> list[tuple[Any, ...]]:
    """What SQL answers about this log."""
    lake = opened_lake(folder / "lake")
    for service, events in log.events.items():
        put(lake, records(events), Place(service, 0))
    lake.close()
    with opened(folder / "lake") as connection:
        return connection.execute(query).fetchall()


def returned(log: Log, at: float, code: str = "person.debts", **own: Any) -> Log:
    reasons = [{"code": "person.language", "primary": False}, {"code": code, "primary": True}]
    return log.say("referral_returned", at, phase="after_start", reasons=reasons, tried=[], **own)


ENDS = "select ended_how, seconds_from_sent / 86400, left_how, left_cause, left_seconds_from_sent / 86400 from spells"


def test_a_referral_that_is_not_over_has_no_end(tmp_path: Path) -> None:
    assert asked(tmp_path, sent(), ENDS) == [(None, None, None, None, None)]


def test_a_return_ends_it_at_its_moment(tmp_path: Path) -> None:
    assert asked(tmp_path, returned(sent(), 30.5), ENDS) == [("returned", 30.5, "returned", "return", 30.5)]


def test_what_happened_first_ends_it_however_late_it_was_recorded(tmp_path: Path) -> None:
    log = returned(sent(), 30).say("referral_withdrawn", 20, reason="law.moved", late=True)
    assert asked(tmp_path, log, ENDS) == [("withdrawn", 20.0, "withdrawn", "other", 20.0)]


def test_a_return_after_completion_changes_no_spell_and_is_not_forgotten(tmp_path: Path) -> None:
    log = returned(sent().say("trajectory_completed", 20, result="education"), 30)
    found = asked(
        tmp_path, log, "select ended_how, left_cause, ended_the_referral from spells join returns using (referral_id)"
    )
    assert found == [("completed", "other", False)]


def test_a_return_after_a_job_is_a_return_of_the_referral_and_not_of_the_person(tmp_path: Path) -> None:
    job = {"job_id": REFERRAL, "hours_per_week": 24, "contract": "fixed", "employer_instruments": []}
    log = returned(sent(), 30).say("job_started", 25, "outcome", **job)
    assert asked(tmp_path, log, ENDS) == [("returned", 30.0, "job", "job", 25.0)]


def test_at_the_same_moment_the_return_goes_before_the_job(tmp_path: Path) -> None:
    job = {"job_id": REFERRAL, "hours_per_week": 24, "contract": "fixed", "employer_instruments": []}
    log = returned(sent(), 30).say("job_started", 30, "outcome", **job)
    assert asked(tmp_path, log, ENDS)[0][3] == "return"


def test_a_corrected_start_of_a_job_is_the_one_that_counts(tmp_path: Path) -> None:
    job = {"job_id": REFERRAL, "hours_per_week": 24, "contract": "fixed", "employer_instruments": []}
    log = returned(sent(), 30).say("job_started", 25, "outcome", **job)
    log.say("job_started_corrected", 40, "outcome", **job, started_at=day(35).isoformat())
    log.say("job_started_corrected", 41, "outcome", **(job | {"hours_per_week": 32}))
    assert asked(tmp_path, log, ENDS)[0][2:4] == ("returned", "return")
    found = asked(tmp_path / "again", log, "select hours_per_week, started_at from jobs")
    assert found == [(32, day(35))]


def test_a_job_of_before_the_referral_does_not_end_it(tmp_path: Path) -> None:
    job = {"job_id": REFERRAL, "hours_per_week": 24, "contract": "fixed", "employer_instruments": []}
    log = sent().say("job_started", -10, "outcome", **job)
    assert asked(tmp_path, log, ENDS) == [(None, None, None, None, None)]


@pytest.mark.parametrize(
    ("fact", "own", "cause"),
    [
        ("trajectory_completed", {"result": "paid_work"}, "job"),
        ("trajectory_completed", {"result": "structured_day"}, "other"),
        ("referral_withdrawn", {"reason": "positive.work_found"}, "job"),
        ("referral_declined", {"reason": "provider.no_capacity"}, "other"),
    ],
)
def test_ready_or_withdrawn_because_of_work_is_work(tmp_path: Path, fact: str, own: dict[str, Any], cause: str) -> None:
    assert asked(tmp_path, sent().say(fact, 9, **own), "select left_cause from spells") == [(cause,)]


def test_who_comes_back_because_work_was_found_has_work(tmp_path: Path) -> None:
    assert asked(tmp_path, returned(sent(), 9, "positive.work_found"), "select left_cause from spells") == [("job",)]


def test_the_end_of_the_benefit_ends_it_for_the_person(tmp_path: Path) -> None:
    log = returned(sent(), 30).say("benefit_ended", 12, "intake", reason="moved", ended_on="2026-03-14")
    assert asked(tmp_path, log, ENDS) == [("returned", 30.0, "benefit_ended", "other", 12.0)]


def test_clocks_that_differ_make_no_negative_time(tmp_path: Path) -> None:
    assert asked(tmp_path, returned(sent(), -0.001), ENDS)[0][:2] == ("returned", 0.0)


def test_a_spell_from_acceptance_needs_an_acceptance_before_the_end(tmp_path: Path) -> None:
    after = {"coach": "co-1", "first_contact_on": "2026-03-09"}
    query = "select seconds_from_accepted / 86400, accepted_at is null from spells"
    assert asked(tmp_path, returned(sent().say("referral_accepted", 5, **after), 30), query) == [(25.0, False)]
    late = returned(sent(), 30).say("referral_accepted", 31, **after)
    assert asked(tmp_path / "late", late, query) == [(None, True)]


def test_days_of_each_side_stop_and_run_as_the_turn_goes(tmp_path: Path) -> None:
    log = sent().say("referral_accepted", 4, coach="co-1", first_contact_on="2026-03-09").say("trajectory_started", 9)
    log.say("referral_suspended", 10, reason="illness").say("referral_resumed", 17)
    log.say("referral_suspended", 18, reason="awaiting_other_help").say("referral_resumed", 21)
    returned(log, 30).say("return_reviewed", 35, agrees=False, cause="information", next="refer_again")
    query = """select provider_days, citizen_days, municipality_days, turn, days_to_acceptance, days_to_start, warm,
        diagnosed_before from handoffs"""
    assert asked(tmp_path, log, query) == [(20.0, 7.0, 8.0, None, 4.0, 9.0, True, False)]
    again = asked(tmp_path / "again", log, "select disputed, family, side, reasons, settled_reason from returns")
    assert again == [(True, "person", "citizen", ["person.language", "person.debts"], "person.debts")]


def test_whose_turn_it_is_now_and_since_when(tmp_path: Path) -> None:
    assert asked(tmp_path, sent(), "select turn, turn_since from handoffs") == [("provider", day(0))]
    back = returned(sent(), 30)
    assert asked(tmp_path / "back", back, "select turn, turn_since from handoffs") == [("municipality", day(30))]


def test_a_review_by_a_clock_that_is_behind_ends_the_turn_at_once(tmp_path: Path) -> None:
    log = returned(sent(), 30).say("return_reviewed", 29.99, agrees=True, cause="information", next="refer_again")
    found = asked(tmp_path, log, "select turn, municipality_days, provider_days from handoffs")
    assert found == [(None, 0.0, 30.0)]


def test_a_review_without_a_return_changes_nothing(tmp_path: Path) -> None:
    log = sent().say("return_reviewed", 20, agrees=True, cause="information", next="refer_again")
    assert asked(tmp_path, log, "select turn, turn_since, ended_how from handoffs") == [("provider", day(0), None)]


def test_a_referral_whose_sending_is_not_in_the_lake_is_no_hand_off(tmp_path: Path) -> None:
    log = returned(Log().say("referral_received", 1), 30)
    query = "select (select count(*) from handoffs), (select count(*) from spells), (select count(*) from returns)"
    assert asked(tmp_path, log, query) == [(0, 0, 1)]


def test_the_reasons_after_review_stand_beside_the_first(tmp_path: Path) -> None:
    log = returned(sent(), 30)
    corrected = [{"code": "fit.wrong_trajectory", "primary": True}]
    log.say("return_reviewed", 31, agrees=False, cause="trajectory", next="refer_again", corrected_reasons=corrected)
    query = 'select primary_reason, corrected_reason, settled_reason, cause, "next" from returns'
    assert asked(tmp_path, log, query) == [
        ("person.debts", "fit.wrong_trajectory", "fit.wrong_trajectory", "trajectory", "refer_again")
    ]


def test_an_outcome_that_was_registered_wrongly_is_what_it_should_have_been(tmp_path: Path) -> None:
    log = Log().say("outcome_reached", 3, "outcome", perspective="paid_work", sustained_months=0)
    log.say(
        "outcome_reached_corrected", 9, "outcome", was_perspective="paid_work", was_sustained_months=0,
        reached_at=day(3).isoformat(), perspective="education", sustained_months=3,
    )  # fmt: skip
    found = asked(tmp_path, log, "select perspective, sustained_months, corrected, reached_at from outcomes")
    assert found == [("education", 3, True, day(3))]


def test_a_query_sees_what_came_since_and_a_list_of_files_only_these(tmp_path: Path) -> None:
    lake = opened_lake(tmp_path)
    put(lake, records([event(1)]))
    files: Sequence[Path] = [one.path for one in stored(tmp_path, "events")]
    with opened(tmp_path) as now, opened(tmp_path, files) as then:
        put(lake, records([event(2)], first=1))
        assert now.sql("select count(*) from events").fetchall() == [(2,)]
        assert then.sql("select count(*) from events").fetchall() == [(1,)]


def test_in_the_lakes_own_folder_nothing_has_to_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = opened_lake(tmp_path)
    put(lake, records([event(1)]))
    monkeypatch.chdir(tmp_path)
    with duckdb.connect() as connection:
        connection.execute(VIEWS.read_text())
        assert connection.sql("select count(*) from events").fetchall() == [(1,)]


def test_every_view_can_be_asked_of_an_empty_lake(tmp_path: Path) -> None:
    opened_lake(tmp_path).close()
    with opened(tmp_path) as connection:
        views = [
            name for (name,) in connection.sql("select view_name from duckdb_views() where not internal").fetchall()
        ]
        assert {"events", "handoffs", "spells", "returns", "journeys", "bounces", "coverage", "sides"} <= set(views)
        for name in views:
            assert connection.sql(f"select count(*) from {name}").fetchall() == [(0,)], name


def test_the_readme_names_every_view_there_is(tmp_path: Path) -> None:
    opened_lake(tmp_path).close()
    readme = VIEWS.with_name("README.md").read_text()
    table = readme.partition("| view | a row is |")[2].partition("\n\n")[0]
    named = {name for line in table.splitlines() if line for name in re.findall(r"`(\w+)`", line.split("|")[1])}
    with opened(tmp_path) as connection:
        names = connection.sql("select view_name from duckdb_views() where not internal").fetchall()
    assert named == {name for (name,) in names}
