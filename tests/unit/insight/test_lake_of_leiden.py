"""The year of Leiden in the lake gives the figures that were computed apart, with SQL alone."""

from datetime import datetime
from typing import Any

import duckdb
import pytest

from services.insight.lake.pseudonyms import Pseudonyms
from services.referral.codes import REASONS, core_of
from services.referral.domain.view import view
from tests.builders import TRUTH
from tests.lakes import KEY
from tests.leiden_log import leiden_states

AS_OF = datetime.fromisoformat(TRUTH["as_of"])
AALEN_JOHANSEN = """
    with spell as (
        select coalesce(seconds_from_sent, seconds_between(sent_at, $as_of)) / 86400.0 as days,
            coalesce(ended_how, '') as how
        from spells where sent_at <= $as_of and {which}),
    moment as (
        select days, count(*) filter (how <> '') as ends, count(*) filter (how = 'returned') as returned,
            count(*) as leaving from spell group by days),
    risk as (select *, sum(leaving) over (order by days desc) as at_risk from moment),
    before as (
        select *, coalesce(product(1 - ends / at_risk) over (order by days rows between unbounded preceding and
            1 preceding), 1) as still from risk)
    select sum(still * returned / at_risk) from before where days <= 90
"""


def one(connection: duckdb.DuckDBPyConnection, query: str, **values: Any) -> Any:
    """The one value of the one row."""
    [(found,)] = connection.execute(query, values or None).fetchall()
    return found


def test_every_fact_is_in_the_lake_once(leiden: duckdb.DuckDBPyConnection) -> None:
    found = dict(leiden.execute("select fact, count(*) from events group by fact").fetchall())
    assert {fact: found[fact] for fact in TRUTH["facts"]} == TRUTH["facts"]
    assert set(found) - set(TRUTH["facts"]) == {"pumping_round_detected"}
    assert one(leiden, "select count(*) - count(distinct (service, sequence)) from events") == 0
    assert one(leiden, "select count(more) from events") == 0


@pytest.mark.parametrize(
    ("which", "share"),
    [
        ("number_in_case = 1", TRUTH["first_referral_returned_within_90_days_aalen_johansen"]["all"]),
        ("municipality = 'GM0546'", TRUTH["any_referral_returned_within_90_days_aalen_johansen"]),
    ],
)
def test_the_share_that_came_back_within_three_months(
    leiden: duckdb.DuckDBPyConnection, which: str, share: float
) -> None:
    assert one(leiden, AALEN_JOHANSEN.format(which=which), as_of=AS_OF) == pytest.approx(share, abs=1e-6)


def test_referrals_and_their_ends(leiden: duckdb.DuckDBPyConnection) -> None:
    assert one(leiden, "select count(*) from handoffs") == TRUTH["referrals"]
    assert one(leiden, "select count(*) from handoffs where number_in_case = 1") == TRUTH["first_referrals"]["all"]
    ends = dict(leiden.execute("select ended_how, count(*) from spells group by all").fetchall())
    open_ones = ends.pop(None)
    facts = TRUTH["facts"]
    assert ends == {
        "returned": facts["referral_returned"], "declined": facts["referral_declined"],
        "withdrawn": facts["referral_withdrawn"], "completed": facts["trajectory_completed"],
    }  # fmt: skip
    assert open_ones == TRUTH["referrals"] - sum(ends.values())


def test_waiting_for_an_answer(leiden: duckdb.DuckDBPyConnection) -> None:
    median = one(leiden, "select median(days_to_acceptance) from handoffs where accepted_at is not null")
    assert median == pytest.approx(TRUTH["median_days_sent_to_accepted_among_accepted"], abs=1e-4)


def test_reasons_and_the_pumping_round(leiden: duckdb.DuckDBPyConnection) -> None:
    reasons = dict(leiden.execute("select primary_reason, count(*) from returns group by all").fetchall())
    assert reasons == TRUTH["primary_return_reason"]
    assert one(leiden, "select count(*) from returns where ended_the_referral") == TRUTH["facts"]["referral_returned"]
    assert (
        one(leiden, "select count(*) from returns where reviewed_at is not null") == TRUTH["facts"]["return_reviewed"]
    )
    assert one(leiden, "select count(*) from bounces where nth = 2") == TRUTH["dossiers_with_two_or_more_returns"]
    assert one(leiden, "select count(*) from bounces where nth > 1 and days_since_previous is null") == 0


def test_diagnosed_before_the_first_referral(leiden: duckdb.DuckDBPyConnection) -> None:
    expected = TRUTH["diagnosed_before_first_referral"]["GM0546"]
    assert one(leiden, "select count(*) from handoffs where number_in_case = 1 and diagnosed_before") == expected
    assert one(leiden, "select count(*) from coverage where diagnosed_before_first_referral") == expected


def test_journeys_are_as_many_as_dossiers(leiden: duckdb.DuckDBPyConnection) -> None:
    facts = TRUTH["facts"]
    query = "select count(*), sum(facts), sum(referrals), sum(returns), sum(jobs), count(closed_at) from journeys"
    assert leiden.execute(query).fetchall() == [
        (
            TRUTH["dossiers"], one(leiden, "select count(*) from events"), facts["referral_sent"],
            facts["referral_returned"], facts["job_started"], facts["case_closed"],
        )
    ]  # fmt: skip
    assert one(leiden, "select count(*) from journeys where age_band is null or household is null") == 0


def test_the_side_of_a_reason_is_the_one_the_catalogue_says(leiden: duckdb.DuckDBPyConnection) -> None:
    for reason, side in leiden.execute("select distinct primary_reason, side from returns").fetchall():
        assert side == REASONS[core_of(reason) or "other"].side


def test_days_per_side_of_each_case_are_those_that_the_service_itself_counts(leiden: duckdb.DuckDBPyConnection) -> None:
    found: dict[int, dict[str, float]] = {}
    for case_id, side, days in leiden.execute("select case_id, side, days from sides where days > 0").fetchall():
        found.setdefault(case_id, {})[side] = days
    names = Pseudonyms(KEY)
    states = leiden_states("referral")
    assert len(found) > 1_000
    for case_id, state in states.items():
        counted = {side: days for side, days in view(state)["waited_days"].items() if days}
        assert found.get(names.number(case_id), {}) == pytest.approx(counted, abs=0.001)


def test_whoever_waits_now_is_told(leiden: duckdb.DuckDBPyConnection) -> None:
    open_ones = one(leiden, "select count(*) from handoffs where turn is not null")
    ended = one(leiden, "select count(*) from handoffs where ended_how is not null and ended_how <> 'returned'")
    reviewed = TRUTH["facts"]["return_reviewed"]
    assert open_ones == TRUTH["referrals"] - ended - reviewed


def test_a_job_or_the_end_of_the_benefit_is_no_return(leiden: duckdb.DuckDBPyConnection) -> None:
    causes = dict(leiden.execute("select left_cause, count(*) from spells group by all").fetchall())
    assert causes["return"] == TRUTH["facts"]["referral_returned"]
    assert causes["job"] == TRUTH["facts"]["job_started"]
