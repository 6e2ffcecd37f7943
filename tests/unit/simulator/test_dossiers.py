"""A written history goes in whole: no line is refused by any of the four services, and what it says is the truth."""

import gzip
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import orjson
import pytest

from overdracht.importing.checking import Reject, check
from overdracht.importing.scanning import Order
from shared.personal import holds_person_number
from tests.simulator.dossiers import lines, write
from tests.simulator.places import CODES
from tests.simulator.world import draw_world
from tests.unit.simulator.registered import SERVICES, Registered, registered
from tests.unit.simulator.worlds import SMALL

WORLD = draw_world(SMALL)
LINES = list(lines(WORLD))
SAID = [orjson.loads(line) for line in LINES]


@pytest.fixture(scope="module")
def after() -> Registered:
    """What the four services make of it."""
    return registered(LINES)


def test_no_line_is_refused_by_any_service(after: Registered) -> None:
    assert after.refused == []
    assert after.lines == len(LINES)


def test_what_a_service_would_refuse_is_refused_here_too() -> None:
    twice = next(line for line in LINES if b'"referral_sent"' in line)
    found = registered([line for line in LINES if SAID[0]["dossier"].encode() in line])
    assert found.refused == []
    same = [line for line in LINES if orjson.loads(twice)["dossier"].encode() in line]
    broken = registered([*same, twice])
    assert [(code, field) for code, field, _ in broken.refused] in (
        [("referral_exists", "data.referral_id")],
        [("case_closed", None)],
    )


def test_the_importer_finds_nothing_amiss_in_any_line() -> None:
    door = {fact: place for place, app in enumerate(SERVICES.values()) for fact in app.VOCABULARY.commands}
    amiss: list[Reject] = []
    order = Order(lambda number, reject: amiss.append(reject))
    for number, line in enumerate(LINES):
        assert isinstance(check(line, door), int)
        order.look(number, line)
    assert amiss == []


def test_people_are_warned_of_all_that_a_referral_or_direction_can_be_warned_of(after: Registered) -> None:
    assert after.warnings >= {
        "diagnosis_missing",
        "diagnosis_stale",
        "pumping_round",
        "consultation_missing",
        "citizen_disagrees",
        "consequence_differs",
        "side_unusual",
    }


def test_the_services_say_what_was_registered_and_see_each_pumping_round(after: Registered, tmp_path: Path) -> None:
    told = write(WORLD, tmp_path / "history.jsonl")
    said = Counter(event.fact for _, event, _ in after.events)
    assert told["facts"] == Counter(one["fact"] for one in SAID)
    assert said == told["facts"] | told["facts_the_product_makes_of_them"]
    assert said["pumping_round_detected"] > 5
    assert not any(data.get("late") or data.get("implied") for _, _, data in after.events)


def test_every_kind_of_fact_that_has_a_place_in_history_is_there() -> None:
    assert set(Counter(one["fact"] for one in SAID)) >= {
        "search_period_ended", "supplement_received", "application_withdrawn", "benefit_ended", "case_closed",
        "life_area_mapped", "consultation_answered", "direction_decided", "referral_declined", "referral_withdrawn",
        "referral_suspended", "referral_resumed", "appointment_missed", "return_reviewed", "trajectory_completed",
        "plan_adjusted", "intervention_ended", "goal_measured", "job_ended", "follow_up_done", "step_reflected",
    }  # fmt: skip


def test_lines_stand_in_order_within_a_dossier_and_dossiers_stay_together() -> None:
    order: dict[str, list[datetime]] = {}
    for one in SAID:
        order.setdefault(one["dossier"], []).append(datetime.fromisoformat(one["at"]))
    assert all(times == sorted(times) for times in order.values())
    assert [one["dossier"] for one in SAID] == sorted(one["dossier"] for one in SAID)
    assert {one["municipality"] for one in SAID} == set(CODES[:3])
    assert len(order) == SMALL.people


def test_a_return_has_one_primary_reason_and_a_general_one_has_words() -> None:
    returns = [one["data"] for one in SAID if one["fact"] == "referral_returned"]
    for one in returns:
        assert [reason["primary"] for reason in one["reasons"]].count(True) == 1
        assert len(one["narrative"]) >= 40
    general = [one for one in returns if one["reasons"][0]["code"] == "other"]
    assert 0.2 < len(general) / len(returns) < 0.9


def test_nobody_in_it_can_be_a_person() -> None:
    assert not any(holds_person_number(line.decode()) for line in LINES)
    assert not any("bsn" in one["data"] or "person" in one["data"] for one in SAID)


def test_the_same_world_is_the_same_bytes_and_another_seed_shares_no_number(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.jsonl.gz", "b.jsonl.gz")]
    for path in paths:
        write(WORLD, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert gzip.decompress(paths[0].read_bytes()) == b"".join(line + b"\n" for line in LINES)
    others = {orjson.loads(line)["dossier"] for line in lines(draw_world(replace(SMALL, seed=4, people=50)))}
    assert others.isdisjoint(one["dossier"] for one in SAID)


def test_who_writes_hears_how_far_it_is_and_a_history_that_breaks_off_is_not_there(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    write(WORLD, tmp_path / "a.jsonl", lambda people, facts: heard.append((people, facts)))
    assert heard[-1] == (SMALL.people, len(LINES))

    def breaks(people: int, facts: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(WORLD, tmp_path / "b.jsonl", breaks)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
