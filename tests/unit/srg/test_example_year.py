"""The example year: its statistics agree with its own lines, counted here in the plainest way."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from services.insight.lake.opening import script
from services.insight.srg.facilities import Facility, facilities
from services.insight.srg.rows import rows
from services.insight.srg.unknown import history, unknown
from shared.months import Month
from shared.worktime import local_day
from tests.builders import TRUTH, leiden
from tests.lakes import fill, opened_lake
from tests.leiden_log import leiden_topics
from tests.unit.srg.given import HERE, MAPPING, NAMES

MONTHS = [Month(2016, 1).before(-later) for later in range(13)]
"""The year, and the first hour of the next: the last lines of the year are of its days in the Netherlands."""
ENDS = ("referral_returned", "trajectory_completed", "referral_withdrawn")
USUAL = MAPPING.usual


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The year in a lake, and the views on it; the table `held` is what they see."""
    folder: Path = tmp_path_factory.mktemp("leiden") / "lake"
    lake = opened_lake(folder)
    fill(lake, leiden_topics())
    lake.close()
    found = duckdb.connect()
    found.execute("SET VARIABLE lake = ?", [str(folder)])
    events, views = script()
    found.execute(events)
    found.execute("CREATE TEMP TABLE held AS SELECT * FROM events")
    found.execute("CREATE TEMP VIEW events AS SELECT * FROM held")
    found.execute(views)
    return found


@pytest.fixture(scope="module")
def year(connection: duckdb.DuckDBPyConnection) -> list[Facility]:
    return facilities(connection, HERE, USUAL)


@pytest.fixture(scope="module")
def lines() -> dict[str, list[dict[str, Any]]]:
    """The year's lines by fact."""
    found = defaultdict(list)
    for line in leiden():
        found[line["fact"]].append({**line, **line["data"], "day": local_day(datetime.fromisoformat(line["at"]))})
    return found


def firsts(some: list[dict[str, Any]], name: str) -> dict[str, date]:
    """By what `name` names, the first day it was said."""
    found: dict[str, date] = {}
    for line in some:
        found[line[name]] = min(found.get(line[name], line["day"]), line["day"])
    return found


def test_every_referral_that_was_accepted_is_a_facility_and_no_other(
    year: list[Facility], lines: dict[str, list[dict[str, Any]]]
) -> None:
    begun = Counter(one.begin for one in year if one.kind == "hand_off")
    assert begun == Counter(firsts(lines["referral_accepted"], "referral").values())
    assert begun.total() == TRUTH["facts"]["referral_accepted"] == 1968


def test_every_intervention_and_every_instrument_of_a_job_is_one(
    year: list[Facility], lines: dict[str, list[dict[str, Any]]]
) -> None:
    kinds = Counter(one.kind for one in year)
    assert kinds.pop("hand_off") == 1968
    assert kinds.pop("intervention") == TRUTH["facts"]["intervention_started"]
    given = Counter(instrument for line in lines["job_started"] for instrument in line["employer_instruments"])
    assert kinds == {f"job {name}": count for name, count in given.items()}


def test_the_hand_offs_of_each_month_are_those_accepted_by_its_end_and_not_over_before_it(
    year: list[Facility], lines: dict[str, list[dict[str, Any]]]
) -> None:
    accepted = firsts(lines["referral_accepted"], "referral")
    over = firsts([line for fact in ENDS for line in lines[fact]], "referral")
    closed, moved = firsts(lines["case_closed"], "dossier"), _moved(lines)
    dossiers = {line["referral"]: line["dossier"] for line in lines["referral_sent"]}
    counted = {}
    for month in MONTHS:
        some = [
            referral
            for referral, begun in accepted.items()
            if begun <= month.last and _end(referral, dossiers[referral], begun, over, closed, moved) >= month.first
        ]
        counted[str(month)] = len(some)
    assert counted == {str(one.month): one.hand_offs for one in history(year, USUAL, MONTHS[-1], 13)}
    assert min(counted.values()) > 10


def _moved(lines: dict[str, list[dict[str, Any]]]) -> dict[str, date]:
    return firsts([line for line in lines["benefit_ended"] if line["reason"] == "moved"], "dossier")


def _end(referral: str, dossier: str, begun: date, *ends: dict[str, date]) -> date:
    over, *of_case = ends
    known = [over.get(referral, date.max)]
    known += [one[dossier] for one in of_case if one.get(dossier, date.min) >= begun]
    return min(known)


def test_totals_of_a_month_are_its_rows_and_each_facility_keeps_its_number(year: list[Facility]) -> None:
    types: dict[str, set[str]] = defaultdict(set)
    for month, one in zip(MONTHS, history(year, USUAL, MONTHS[-1], 13), strict=True):
        found = rows(year, USUAL, NAMES, HERE, month)
        assert len(found) == one.facilities
        assert sum(row.unknown for row in found) == one.unknown
        numbers = [row.values["registration"] for row in found]
        assert len(set(numbers)) == len(numbers)
        for row in found:
            types[row.values["registration"]].add(row.values["type"])
    assert {len(some) for some in types.values()} == {1, 2}
    assert all("60" in some for some in types.values() if len(some) == 2)
    delivered = [one for one in year if one.kind.removeprefix("job ") not in ("lkv", "no_risk_policy")]
    assert len(types) == len(delivered) == 1968 + 1648 + 70 + 37


def test_code_60_is_what_was_accepted_and_of_which_nobody_told_a_plan_or_what_was_tried(
    year: list[Facility], lines: dict[str, list[dict[str, Any]]]
) -> None:
    """In this year a plan comes before every instrument, and every return says what was tried."""
    by_dossier = defaultdict(list)
    for line in lines["plan_agreed"]:
        by_dossier[line["dossier"]].append(line["day"])
    sent = {line["referral"]: line["dossier"] for line in lines["referral_sent"]}
    accepted = firsts(lines["referral_accepted"], "referral")
    over = firsts([line for fact in ENDS for line in lines[fact]], "referral")
    started = firsts(lines["trajectory_started"], "referral")
    tried = {line["referral"] for line in lines["referral_returned"] if line["tried"]} & started.keys()
    never = sum(
        referral not in tried
        and not any(begun <= day <= over.get(referral, date.max) for day in by_dossier[sent[referral]])
        for referral, begun in accepted.items()
    )
    assert sum(one.known is None for one in year if one.kind == "hand_off") == never > 0


def share(connection: duckdb.DuckDBPyConnection, keep: str) -> tuple[int, int]:
    """(of code 60, hand-offs) in October, of a year from which something was taken."""
    connection.execute("CREATE OR REPLACE TEMP TABLE whole AS SELECT * FROM held")
    try:
        connection.execute(f"DELETE FROM held WHERE NOT ({keep})")
        one = unknown(facilities(connection, HERE, USUAL), USUAL, Month(2016, 10))
    finally:
        connection.execute("DELETE FROM held")
        connection.execute("INSERT INTO held SELECT * FROM whole")
    return one.unknown, one.hand_offs


def test_the_more_providers_tell_the_smaller_code_60(connection: duckdb.DuckDBPyConnection) -> None:
    nothing = "fact NOT IN ('plan_agreed', 'intervention_started', 'referral_returned')"
    silent, hand_offs = share(connection, nothing)
    assert silent == hand_offs
    returns, _ = share(connection, "fact NOT IN ('plan_agreed', 'intervention_started')")
    instruments, _ = share(connection, "fact <> 'plan_agreed'")
    plans, all_ = share(connection, "true")
    assert silent > returns > instruments > plans > 0
    assert plans / all_ < 0.25


def test_the_share_by_provider_adds_up_to_the_whole(year: list[Facility]) -> None:
    for one in history(year, USUAL, MONTHS[-1], 13):
        assert sum(some for some, _ in one.by_provider.values()) == one.unknown
        assert sum(all_ for _, all_ in one.by_provider.values()) == one.hand_offs
        assert set(one.by_provider) <= {"org-rw", "org-participatie"}


def test_nobody_has_two_names_and_no_two_have_one(year: list[Facility]) -> None:
    name: Callable[[int], str] = lambda case: NAMES.person(HERE, case)  # noqa: E731 - said once
    cases = {one.case for one in year}
    assert len({name(case) for case in cases}) == len(cases)
