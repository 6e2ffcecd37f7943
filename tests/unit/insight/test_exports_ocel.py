"""The log as an object-centric one: every fact in it once, about the right objects, readable by who reads OCEL 2.0."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.insight.exports.attributes import NESTED
from services.insight.exports.exporting import Exported, export
from services.insight.lake.columns import columns
from tests.builders import DAY, NOON
from tests.lakes import case, event, rows
from tests.unit.insight.exports_given import (
    Ocel,
    changes,
    lake_of,
    ocel_of,
    pm4py,
    read,
    referral,
    related,
    returned,
    sent,
    table,
    values,
)

LATER = NOON + 20 * DAY


@pytest.fixture(scope="module")
def year(leiden_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Exported]:
    """The folder with the year as JSON and as SQLite, and what the export says of it."""
    folder = tmp_path_factory.mktemp("year")
    told = export(leiden_lake, "ocel-json", folder / "log.json")
    assert export(leiden_lake, "ocel-sqlite", folder / "log.sqlite") == told
    return folder, told


@pytest.fixture(scope="module")
def log(year: tuple[Path, Exported]) -> Ocel:
    """The year, read strictly."""
    return read(year[0] / "log.json")


@pytest.fixture(scope="module")
def both(year: tuple[Path, Exported]) -> tuple[Any, Any]:
    """The year as PM4Py reads it from JSON and from SQLite."""
    reader = pm4py()
    return reader.read_ocel2_json(str(year[0] / "log.json")), reader.read_ocel2_sqlite(str(year[0] / "log.sqlite"))


def test_every_fact_is_in_it_once_when_it_happened(log: Ocel, leiden_lake: Path) -> None:
    facts = rows(leiden_lake, "select service || '-' || sequence as id, fact, epoch_ms(occurred_at) as at from events")
    said = [(one.id, one.type, int(one.time.timestamp() * 1000)) for one in log.events]
    assert sorted(said) == sorted((one["id"], one["fact"], one["at"]) for one in facts)


def test_each_object_is_in_it_once(log: Ocel, leiden_lake: Path) -> None:
    [counted] = rows(
        leiden_lake,
        "select count(distinct case_id) as Case, count(distinct referral_id) as Referral,"
        " count(distinct diagnosis_id) as Diagnosis, count(distinct plan_id) as Plan, count(distinct job_id) as Job,"
        " count(distinct from_organisation) + count(distinct to_organisation) + count(distinct municipality)"
        " as Organisation from events",
    )
    assert Counter(one.type for one in log.objects) == counted
    assert len({one.id for one in log.objects}) == len(log.objects)


def test_each_relation_is_what_the_fact_says(log: Ocel, leiden_lake: Path) -> None:
    [counted] = rows(
        leiden_lake,
        "select count(case_id) as dossier, count(referral_id) as doorverwijzing, count(diagnosis_id) as diagnose,"
        " count(plan_id) as plan, count(job_id) as werk, count(*) filter (hand_off) as afzender,"
        " count(*) filter (hand_off) as ontvanger, count(*) filter (fact = 'application_received') as gemeente"
        " from events",
    )
    assert Counter(one.qualifier for event in log.events for one in event.relationships) == counted


def test_no_relation_names_an_object_that_is_not_there_and_no_value_an_attribute(log: Ocel) -> None:
    there = {one.id for one in log.objects}
    declared = {kind.name: {one.name for one in kind.attributes} for kind in (*log.eventTypes, *log.objectTypes)}
    for one in (*log.events, *log.objects):
        assert {relation.objectId for relation in one.relationships} <= there
        assert {value.name for value in one.attributes} <= declared[one.type]
    assert {kind.name for kind in log.eventTypes} == {one.type for one in log.events}
    assert {kind.name for kind in log.objectTypes} == {one.type for one in log.objects}


def test_the_export_says_what_is_in_it(log: Ocel, year: tuple[Path, Exported]) -> None:
    relations = sum(len(one.relationships) for one in (*log.events, *log.objects))
    assert year[1] == Exported(len(log.events), len(log.objects), relations, withheld=0, undated=0)


def test_pm4py_reads_the_same_from_json_and_from_sqlite(both: tuple[Any, Any], log: Ocel) -> None:
    for found in both:
        assert sorted(found.events["ocel:eid"]) == sorted(one.id for one in log.events)
        assert sorted(found.objects["ocel:oid"]) == sorted(one.id for one in log.objects)
        assert told(found.relations, "ocel:eid", "ocel:oid", "ocel:qualifier") == sorted(
            (event.id, one.objectId, one.qualifier) for event in log.events for one in event.relationships
        )
        assert told(found.o2o, "ocel:oid", "ocel:oid_2", "ocel:qualifier") == sorted(
            (whole.id, one.objectId, one.qualifier) for whole in log.objects for one in whole.relationships
        )
    from_json, from_sqlite = both
    assert changed(from_json) == changed(from_sqlite)
    assert len(changed(from_json)) == sum(value.time.year > 1970 for whole in log.objects for value in whole.attributes)


def told(frame: Any, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of a frame of PM4Py's, in order."""
    return sorted(frame[list(names)].itertuples(index=False, name=None))


def changed(found: Any) -> list[tuple[Any, ...]]:
    """What changed in objects, as PM4Py has it."""
    frame = found.object_changes
    return sorted(
        (row["ocel:oid"], row["ocel:field"], row["ocel:timestamp"].isoformat(), row[row["ocel:field"]])
        for row in frame.to_dict("records")
    )


def test_what_pm4py_writes_of_it_still_has_qualifiers_and_changes(tmp_path: Path) -> None:
    export(lake_of(tmp_path, sent(1), event(2), returned(3, at=LATER)), "ocel-json", tmp_path / "log.json")
    before = pm4py().read_ocel2_json(str(tmp_path / "log.json"))
    pm4py().write_ocel2_sqlite(before, str(tmp_path / "again.sqlite"))
    after = pm4py().read_ocel2_sqlite(str(tmp_path / "again.sqlite"))
    names = ("ocel:eid", "ocel:oid", "ocel:qualifier")
    assert told(after.relations, *names) == told(before.relations, *names)
    assert changed(after) == changed(before) != []


def test_the_sqlite_file_is_built_as_the_standard_says(year: tuple[Path, Exported]) -> None:
    pm4py()
    from pm4py.objects.ocel.validation import ocel20_rel_validation

    met, not_met = ocel20_rel_validation.apply(str(year[0] / "log.sqlite"))
    assert (len(met), list(not_met)) == (24, [])
    assert table(year[0] / "log.sqlite", "pragma foreign_key_check") == []


def test_a_hand_off_goes_from_who_gives_it_to_who_gets_it(tmp_path: Path) -> None:
    log = ocel_of(lake_of(tmp_path, sent(1), event(2), returned(3, at=LATER), event(4, "plan_overdue")))
    there, back = {"afzender": "organisation-org-leiden", "ontvanger": "organisation-org-werk"}, {
        "afzender": "organisation-org-werk", "ontvanger": "organisation-org-leiden",
    }  # fmt: skip
    assert there.items() <= related(log.event("referral-1")).items()
    assert back.items() <= related(log.event("referral-2")).items()
    assert back.items() <= related(log.event("referral-3")).items()
    assert "afzender" not in related(log.event("referral-4"))
    kinds = {one.id: one.attributes[0].value for one in log.objects if one.type == "Organisation"}
    assert kinds == {
        "organisation-org-leiden": "municipality", "organisation-org-werk": "provider",
        "organisation-GM0546": "municipality",
    }  # fmt: skip


def test_every_hand_off_there_is_has_a_giver(tmp_path: Path) -> None:
    facts = sorted(one.fact for one in columns().facts.values() if one.hand_off)
    some = [
        event(number, fact, referral_id=referral()) for number, fact in enumerate(facts, 2) if fact != "referral_sent"
    ]
    log = ocel_of(lake_of(tmp_path, sent(1), *some))
    assert [one.type for one in log.events if "afzender" not in related(one)] == []
    assert {one.type for one in log.events} == set(facts)


def test_a_referral_tells_whose_turn_it_was_and_how_it_ended(tmp_path: Path) -> None:
    suspended = event(
        2, "referral_suspended", at=NOON + 5 * DAY, referral_id=referral(), reason="illness", until_on="2026-04-01"
    )
    reviewed = event(4, "return_reviewed", at=LATER + DAY, referral_id=referral(), agrees=True, next="wait")
    whole = ocel_of(lake_of(tmp_path, sent(1), suspended, returned(3, at=LATER), reviewed)).object("Referral")
    assert changes(whole, "turn") == [
        ("1970-01-01", "none"), ("2026-03-02", "provider"), ("2026-03-07", "citizen"), ("2026-03-22", "municipality"),
        ("2026-03-23", "none"),
    ]  # fmt: skip
    assert changes(whole, "ending") == [("1970-01-01", "open"), ("2026-03-22", "returned")]
    assert changes(whole, "warm") == [("1970-01-01", "true")]


def test_a_value_that_is_said_twice_changed_once(tmp_path: Path) -> None:
    log = ocel_of(lake_of(tmp_path, sent(1), event(2, at=NOON + DAY), event(3, "referral_accepted", at=NOON + 2 * DAY)))
    assert changes(log.object("Referral"), "turn") == [("1970-01-01", "none"), ("2026-03-02", "provider")]


def test_a_referral_knows_the_one_before_it(tmp_path: Path) -> None:
    log = ocel_of(lake_of(tmp_path, sent(1), sent(2, number=2, previous_referral_id=referral(1), case_id=case(1))))
    first, second = (log.event(f"referral-{number}") for number in (1, 2))
    [whole] = [one for one in log.objects if one.id == related(second)["doorverwijzing"]]
    assert related(whole) == {
        "dossier": related(first)["dossier"], "afzender": "organisation-org-leiden",
        "ontvanger": "organisation-org-werk", "vorige doorverwijzing": related(first)["doorverwijzing"],
    }  # fmt: skip


def test_why_somebody_came_back_is_told_in_codes(tmp_path: Path) -> None:
    said = values(ocel_of(lake_of(tmp_path, sent(1), returned(2))).event("referral-2"))
    expected = {
        "speaker": "provider", "role": "coach", "primary_reason": "person.debts", "reasons": "person.debts;other",
        "tried": "job_coach", "citizen_view": "agrees", "phase": "after_start", "late": "false",
    }  # fmt: skip
    assert expected.items() <= said.items()
    assert not {"actor_id", "coach"} & set(said)


def test_a_job_that_was_registered_wrongly_is_as_it_was_corrected(tmp_path: Path) -> None:
    job = {"job_id": referral(7), "contract": "fixed", "employer_instruments": ["lkv", "no_risk_policy"]}
    facts = (
        event(1, "job_started", service="outcome", hours_per_week=8, **job),
        event(2, "job_started_corrected", service="outcome", at=LATER, hours_per_week=32, **job),
        event(3, "job_ended", service="outcome", at=LATER + DAY, job_id=referral(7), reason="contract_ended"),
    )
    whole = ocel_of(lake_of(tmp_path, *facts)).object("Job")
    assert changes(whole, "hours_per_week") == [("1970-01-01", "32")]
    assert changes(whole, "employer_instruments") == [("1970-01-01", "lkv;no_risk_policy")]
    assert changes(whole, "state") == [("1970-01-01", "going"), ("2026-03-23", "ended")]


def test_places_are_about_a_provider_and_no_case(tmp_path: Path) -> None:
    places = {"organisation": "org-werk", "trajectory": "care", "places": 4, "from_on": "2026-04-01"}
    stated = event(1, "capacity_stated", data={**places, "occurred_at": NOON.isoformat(), "actor": {"role": "coach"}})
    log = ocel_of(lake_of(tmp_path, stated))
    assert related(log.events[0]) == {"aanbieder": "organisation-org-werk"}
    assert values(log.events[0])["places"] == "4"


def test_a_fact_that_nobody_here_knows_is_an_event_of_its_case_and_nothing_more(tmp_path: Path) -> None:
    strange = ("referral_praised", "nl.anders.iets.v1", "object", "map_type")
    some = [event(number, fact, referral_id=referral(), reason="other") for number, fact in enumerate(strange, 1)]
    lake = lake_of(tmp_path, *some)
    log = ocel_of(lake)
    assert {one.type: list(related(one)) for one in log.events} == {fact: ["dossier"] for fact in strange}
    assert not any("reason" in values(one) for one in log.events)
    export(lake, "ocel-sqlite", tmp_path / "log.sqlite")
    found = pm4py().read_ocel2_sqlite(str(tmp_path / "log.sqlite"))
    assert sorted(found.events["ocel:activity"]) == sorted(strange)


def test_two_kinds_of_facts_never_share_a_table(tmp_path: Path) -> None:
    export(lake_of(tmp_path, event(1, "it-is"), event(2, "it_is"), event(3, "It.is")), "ocel-sqlite", tmp_path / "log")
    short = dict(table(tmp_path / "log", "select ocel_type, ocel_type_map from event_map_type"))
    assert short == {"It.is": "It_is", "it-is": "it_is_2", "it_is": "it_is_3"}
    assert [table(tmp_path / "log", f"select count(*) from event_{one}") for one in short.values()] == [[(1,)]] * 3


def test_every_column_with_json_was_thought_of() -> None:
    nested = {
        column for one in columns().facts.values() for how, column in (one.fields or {}).values() if how == "json"
    }
    assert nested == set(NESTED)


def test_of_a_stretch_of_time_what_was_known_by_its_end(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, sent(1), event(2, at=NOON + DAY), returned(3, at=LATER))
    log = ocel_of(lake, since=NOON + timedelta(hours=1), until=LATER)
    assert [one.id for one in log.events] == ["referral-2"]
    whole = log.object("Referral")
    assert changes(whole, "trajectory") == [("1970-01-01", "reintegration")], "known from before"
    assert changes(whole, "ending") == [("1970-01-01", "open")], "not known yet"
    assert [one.id for one in ocel_of(lake, since=LATER).events] == ["referral-3"], "since is part of it, until is not"


def test_what_is_not_exported_is_named_by_nothing_that_is(tmp_path: Path) -> None:
    again = sent(2, number=2, at=LATER, previous_referral_id=referral(1))
    log = ocel_of(lake_of(tmp_path, sent(1), again), since=LATER)
    assert set(related(log.object("Referral"))) == {"dossier", "afzender", "ontvanger"}


def test_of_one_municipality_nothing_of_another(tmp_path: Path) -> None:
    lake = lake_of(tmp_path, sent(1), sent(2, number=2, municipality="GM0547"))
    log = ocel_of(lake, municipality="GM0547")
    assert [one.id for one in log.events] == ["referral-2"]
    assert "organisation-GM0546" not in {one.id for one in log.objects}
    assert len(ocel_of(lake).events) == 2


def test_an_empty_lake_is_an_empty_log(tmp_path: Path) -> None:
    lake = lake_of(tmp_path)
    log = ocel_of(lake)
    assert log == Ocel(eventTypes=[], objectTypes=[], events=[], objects=[])
    assert export(lake, "ocel-sqlite", tmp_path / "log") == Exported(0, 0, 0, 0, 0)
    assert table(tmp_path / "log", "select count(*) from event") == [(0,)]
