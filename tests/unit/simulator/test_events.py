"""The log in chunks: complete, in order, numbered as a real one; and what dirt does to it and leaves alone."""

from dataclasses import replace

import numpy as np
import pytest

from tests.simulator import runs
from tests.simulator.events import event_chunks
from tests.simulator.facts import facts_of
from tests.simulator.facts.table import CODES, FACT, SERVICES, Table
from tests.simulator.runs import blocks
from tests.simulator.settings import DAY, Dirt, Settings
from tests.simulator.tally import added
from tests.simulator.truth import truth, truth_of
from tests.simulator.world import draw_world

ASKED = Settings(seed=9, municipalities=20, companies=6, people=9_000, days=900)
WORLD = draw_world(ASKED)
CALM = Dirt(within_days=((1.0, 0.0),), duplicates=0, corrections=0, out_of_order=0, skew_seconds=0, contradictions=0)


def whole(chunks) -> Table:
    parts = list(chunks)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@pytest.fixture(scope="module")
def clean() -> Table:
    """The log of a perfect register, made in several blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "BLOCK", 2_000)
        return whole(event_chunks(WORLD, 5_000))


@pytest.fixture(scope="module")
def dirty() -> Table:
    """The log as it would be registered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "BLOCK", 2_000)
        return whole(event_chunks(WORLD, 5_000, dirt=Dirt()))


def test_every_fact_is_there_once_in_the_order_of_recording(clean: Table) -> None:
    assert np.all(np.diff(clean["recorded_at"]) >= 0)
    assert len(np.unique(clean["event"])) == len(clean["event"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "BLOCK", 2_000)
        parts = [facts_of(WORLD, block) for block in blocks(WORLD)]
    assert len(parts) == 5
    assert len(clean["case"]) == sum(len(part["case"]) for part in parts)
    for name in ("fact", "referral", "reason", "occurred_at", "company", "score"):
        expected = np.concatenate([part[name] for part in parts])
        assert np.array_equal(np.sort(expected), np.sort(clean[name]))


def test_no_chunk_is_larger_than_asked_and_chunks_of_any_size_are_the_same_log() -> None:
    sizes = [len(chunk["case"]) for chunk in event_chunks(WORLD, 700)]
    assert max(sizes) == 700
    one, other = whole(event_chunks(WORLD, 700)), whole(event_chunks(WORLD))
    assert all(np.array_equal(one[name], other[name]) for name in one)
    with pytest.raises(ValueError, match="chunk: at least 1"):
        next(event_chunks(WORLD, 0))


def test_each_services_log_is_numbered_without_a_gap_and_so_is_each_case_in_it(clean: Table, dirty: Table) -> None:
    for log in (clean, dirty):
        _, first = np.unique(log["event"], return_index=True)
        for service in range(len(SERVICES)):
            own = first[log["service"][first] == service]
            assert np.array_equal(np.sort(log["sequence"][own]), np.arange(1, len(own) + 1))
            order = own[np.lexsort((log["sequence"][own], log["case"][own]))]
            fresh = np.diff(log["case"][order], prepend=-1) != 0
            assert np.all(log["caseversion"][order][fresh] == 1)
            assert np.all(np.diff(log["caseversion"][order])[~fresh[1:]] == 1)


def test_within_a_case_a_referral_is_sent_before_it_is_answered_and_ends_once(clean: Table) -> None:
    place = np.arange(len(clean["case"]))
    referral = clean["referral"]
    count = np.zeros(referral.max() + 1, np.int64)
    seen_at = {}
    for fact in ("referral_sent", "referral_received", "referral_accepted"):
        mine = clean["fact"] == FACT[fact]
        seen_at[fact] = np.full(len(count), -1)
        seen_at[fact][referral[mine]] = place[mine]
    accepted = seen_at["referral_accepted"] >= 0
    assert np.all((seen_at["referral_sent"] < seen_at["referral_received"])[accepted])
    assert np.all((seen_at["referral_received"] < seen_at["referral_accepted"])[accepted])
    ends = [FACT[f"{end}"] for end in ("referral_returned", "trajectory_completed", "referral_withdrawn")]
    np.add.at(count, referral[np.isin(clean["fact"], [*ends, FACT["referral_declined"]])], 1)
    assert set(count[referral[clean["fact"] == FACT["referral_sent"]]].tolist()) == {0, 1}


def test_columns_say_nothing_where_a_fact_has_no_such_field_and_codes_where_it_has(clean: Table) -> None:
    returned = clean["fact"] == FACT["referral_returned"]
    assert clean["reason"][returned].min() >= 0
    assert set(clean["score"][returned].tolist()) == {-1}
    assert set(clean["corrects"].tolist()) == {-1}
    for name, codes in CODES.items():
        assert clean[name].max() < len(codes), name
        assert clean[name].max() >= 0, f"nothing says {name}"


def test_the_truth_comes_with_the_log_and_dirt_does_not_touch_it() -> None:
    tallies: list = []
    for _ in event_chunks(WORLD, dirt=Dirt(), tallies=tallies):
        pass
    assert truth(WORLD, added(tallies)) == truth_of(WORLD)


def test_dirt_that_does_nothing_leaves_the_clean_log() -> None:
    one, other = whole(event_chunks(WORLD)), whole(event_chunks(WORLD, dirt=CALM))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_most_is_recorded_within_a_day_and_some_takes_up_to_two_months(dirty: Table) -> None:
    first = np.unique(dirty["event"], return_index=True)[1]
    days = (dirty["recorded_at"] - dirty["occurred_at"])[first] / DAY
    assert days.min() > -121 / DAY
    assert 55 < days.max() < 61
    # what waits for an earlier fact of its case is later than its own delay
    assert np.mean(days < 1) == pytest.approx(0.90, abs=0.03)
    assert np.mean(days > 7) == pytest.approx(0.01, abs=0.02)
    assert np.mean(days > 7) > 0.005


def test_some_events_come_twice_and_are_known_by_their_number(dirty: Table) -> None:
    values, counts = np.unique(dirty["event"], return_counts=True)
    assert np.mean(counts == 2) == pytest.approx(0.005, abs=0.001)
    assert counts.max() == 2
    twice = np.flatnonzero(np.isin(dirty["event"], values[counts == 2]))
    order = twice[np.argsort(dirty["event"][twice], kind="stable")].reshape(-1, 2)
    for name in dirty:
        assert np.array_equal(dirty[name][order[:, 0]], dirty[name][order[:, 1]])


def test_some_come_after_what_was_recorded_later(dirty: Table) -> None:
    assert 0.005 < np.mean(np.diff(dirty["recorded_at"]) < 0) < 0.03
    ordered = whole(event_chunks(WORLD, dirt=replace(Dirt(), out_of_order=0, duplicates=0)))
    assert np.all(np.diff(ordered["recorded_at"]) >= 0)


def test_clocks_are_at_most_two_minutes_off(clean: Table) -> None:
    off = whole(event_chunks(WORLD, dirt=replace(CALM, skew_seconds=120)))
    skew = off["occurred_at"] - off["recorded_at"]
    assert (skew.min(), skew.max()) == (-120, 120)
    assert len(off["case"]) == len(whole(event_chunks(WORLD))["case"])


def test_some_facts_are_corrected_later_by_one_that_names_them(dirty: Table) -> None:
    right = np.flatnonzero(dirty["corrects"] >= 0)
    right = right[np.unique(dirty["event"][right], return_index=True)[1]]
    wrong = {event: place for place, event in enumerate(dirty["event"].tolist())}
    named = np.array([wrong[event] for event in dirty["corrects"][right].tolist()])
    assert np.array_equal(dirty["case"][named], dirty["case"][right])
    assert np.all(dirty["occurred_at"][named] + DAY - 241 <= dirty["occurred_at"][right])
    codes = CODES["fact"]
    assert {codes[a] + "_corrected" for a in dirty["fact"][named]} == {codes[b] for b in dirty["fact"][right]}
    scores = dirty["fact"][right] == FACT["goal_measured_corrected"]
    assert np.all(dirty["score"][named][scores] != dirty["score"][right][scores])
    could = np.isin(dirty["fact"], [FACT[name] for name in ("goal_measured", "job_started", "outcome_reached")])
    assert len(right) / could.sum() == pytest.approx(0.005, abs=0.002)


def test_some_who_work_are_reported_as_returned_afterwards_and_the_first_end_is_the_true_one(
    clean: Table, dirty: Table
) -> None:
    def ended(log: Table, fact: str) -> set[int]:
        return set(log["referral"][log["fact"] == FACT[fact]].tolist())

    contradicted = ended(dirty, "trajectory_completed") & ended(dirty, "referral_returned")
    assert not ended(clean, "trajectory_completed") & ended(clean, "referral_returned")
    assert len(contradicted) / len(ended(dirty, "trajectory_completed")) == pytest.approx(0.01, abs=0.006)
    for referral in contradicted:
        mine = dirty["referral"] == referral
        at = {
            fact: dirty["occurred_at"][mine & (dirty["fact"] == FACT[fact])].min()
            for fact in ("trajectory_completed", "referral_returned")
        }
        assert at["trajectory_completed"] < at["referral_returned"]
