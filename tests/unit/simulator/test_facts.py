"""Clean events in bulk: whatever is drawn, nothing happens that a service would refuse."""

import numpy as np
import pytest

from tests.simulator.facts import facts_of
from tests.simulator.facts.table import CODES, COLUMNS, FACT, FACTS, SERVICE_OF, SERVICES, Table, gathered
from tests.simulator.runs import blocks
from tests.simulator.settings import DAY, Settings
from tests.simulator.world import draw_world
from tests.unit.simulator.registered import SERVICES as APPS

WORLD = draw_world(Settings(seed=21, municipalities=10, companies=6, people=20_000))
TABLE: Table = facts_of(WORLD, next(iter(blocks(WORLD))))
NEVER = np.iinfo(np.int64).max


def at(fact: str, *, first: bool = True) -> np.ndarray:
    """By referral: when this fact happened (first, or last); NEVER when it did not."""
    found = np.full(int(TABLE["referral"].max()) + 2, NEVER if first else -1)
    mine = TABLE["fact"] == FACT[fact]
    (np.minimum if first else np.maximum).at(found, TABLE["referral"][mine], TABLE["occurred_at"][mine])
    return found


def ended() -> np.ndarray:
    """By referral: when it ended."""
    ends = ("referral_returned", "trajectory_completed", "referral_withdrawn", "referral_declined")
    return np.minimum.reduce([at(end) for end in ends])


def test_each_fact_is_one_of_its_service_and_each_code_one_of_the_product() -> None:
    for fact, place in FACT.items():
        assert fact in APPS[SERVICES[SERVICE_OF[place]]].VOCABULARY.facts
    assert len(set(FACTS)) == len(FACTS)


def test_a_case_is_in_order_and_begins_with_its_application() -> None:
    case, when = TABLE["case"], TABLE["occurred_at"]
    fresh = np.diff(case, prepend=-1) != 0
    assert np.all(np.diff(case) >= 0)
    assert np.all(np.diff(when)[~fresh[1:]] >= 0)
    assert set(TABLE["fact"][fresh].tolist()) == {FACT["application_received"]}
    assert when.max() <= WORLD.settings.ends


def test_a_return_is_reviewed_before_the_person_is_referred_again() -> None:
    reviewed, sent = at("return_reviewed"), at("referral_sent")
    again = np.flatnonzero((at("referral_returned")[:-1] < NEVER) & (sent[1:] < NEVER))
    again = again[again % 64 > 0]
    assert len(again) > 1_000
    assert np.all(reviewed[again] < sent[again + 1])


def test_what_rests_goes_on_before_it_ends_and_misses_no_appointment() -> None:
    rests, goes_on, missed = at("referral_suspended"), at("referral_resumed"), at("appointment_missed")
    resting = rests < NEVER
    over = ended()
    assert resting.sum() > 100
    assert np.all(rests[resting] < goes_on[resting])
    still = resting & (goes_on == NEVER)
    assert np.all(over[still] == NEVER)
    assert np.all(goes_on[resting & ~still] < over[resting & ~still])
    assert np.all(missed[resting] == NEVER)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("diagnosis_started", "diagnosis_completed"),
        ("diagnosis_completed", "argument_weighed"),
        ("argument_weighed", "direction_decided"),
        ("direction_decided", "referral_sent"),
        ("consultation_answered", "direction_decided"),
        ("trajectory_started", "plan_agreed"),
        ("plan_agreed", "intervention_started"),
        ("plan_agreed", "goal_measured"),
        ("goal_measured", "plan_adjusted"),
        ("intervention_started", "intervention_ended"),
        ("trajectory_completed", "job_started"),
        ("job_started", "outcome_reached"),
        ("job_started", "job_ended"),
        ("job_started", "follow_up_done"),
    ],
)
def test_this_comes_before_that(before: str, after: str) -> None:
    one, other = at(before), at(after)
    both = (one < NEVER) & (other < NEVER)
    assert both.sum() > 20
    assert np.all(one[both] < other[both])


def test_nothing_is_done_in_a_trajectory_that_has_ended_or_a_case_that_is_closed() -> None:
    over = ended()
    for fact in ("plan_agreed", "intervention_started", "intervention_ended", "goal_measured", "plan_adjusted"):
        last = at(fact, first=False)
        assert np.all(last < over), fact
    closed = np.full(int(TABLE["case"].max()) + 1, NEVER)
    mine = TABLE["fact"] == FACT["case_closed"]
    closed[TABLE["case"][mine]] = TABLE["occurred_at"][mine]
    guarded = np.isin(TABLE["fact"], [FACT[fact] for fact in ("plan_agreed", "referral_sent", "direction_decided")])
    assert np.all(TABLE["occurred_at"][guarded] < closed[TABLE["case"][guarded]])


def test_lost_work_is_asked_after_once_more_and_never_again() -> None:
    asked = TABLE["fact"] == FACT["follow_up_done"]
    lost = asked & (TABLE["status"] == CODES["status"].index("lost_job"))
    last = at("follow_up_done", first=False)
    assert lost.sum() > 100
    assert np.all(TABLE["occurred_at"][lost] == last[TABLE["referral"][lost]])
    assert np.all(at("job_ended")[TABLE["referral"][lost]] <= TABLE["occurred_at"][lost])


def test_a_pumping_round_counts_returns_and_the_days_since_the_first() -> None:
    rounds = TABLE["fact"] == FACT["pumping_round_detected"]
    returns = TABLE["fact"] == FACT["referral_returned"]
    for row in np.flatnonzero(rounds)[:200]:
        mine = returns & (TABLE["case"] == TABLE["case"][row]) & (TABLE["occurred_at"] <= TABLE["occurred_at"][row])
        assert TABLE["returns"][row] == mine.sum() >= 2
        span = TABLE["occurred_at"][row] - TABLE["occurred_at"][mine].min()
        assert TABLE["days_between"][row] == span // DAY


def test_a_table_of_nothing_has_all_columns() -> None:
    empty = gathered([], 0)
    assert {name: column.dtype for name, column in empty.items()} == COLUMNS
