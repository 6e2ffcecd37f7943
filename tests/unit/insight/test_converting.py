"""Records become rows: every field in its column, ids as numbers, texts apart, and whatever is not known kept."""

import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest

from schemas.sources import everything_told
from services.insight.lake.columns import columns
from services.insight.lake.converting import Batch, convert
from services.insight.lake.pseudonyms import Pseudonyms
from services.insight.lake.seen import Seen
from shared.envelope import Event, structured
from tests.builders import NOON, ROOT
from tests.lakes import KEY, PLACE, SEALED, case, event, records, said
from tests.leiden_log import Record

NAMES = Pseudonyms(KEY)


def converted(*events: Event) -> Batch:
    return of(records(events))


def of(some: Sequence[Record]) -> Batch:
    return convert(some, PLACE, 0, Pseudonyms(KEY), Seen())


def only(*events: Event) -> dict[str, Any]:
    """The one row."""
    [row] = converted(*events).events.to_pylist()
    return said(row)


def test_a_fact_is_a_row_with_each_field_in_its_column() -> None:
    row = only(
        event(
            41,
            "referral_accepted",
            version=3,
            at=NOON - timedelta(hours=1),
            coach="co-204",
            first_contact_on="2026-03-09",
            warnings=["diagnosis_stale"],
            late=True,
        )
    )
    referral, *_ = (row.pop(name) for name in ("referral_id",))
    assert row == {
        "service": "referral", "partition": 0, "epoch": 0, "record_offset": 0, "sequence": 41,
        "fact": "referral_accepted", "version": 1, "case_id": NAMES.number(case(1)), "caseversion": 3,
        "municipality": "GM0546", "occurred_at": NOON - timedelta(hours=1), "recorded_at": NOON,
        "actor_role": "coach", "actor_id": NAMES.number("co-1"), "hand_off": True, "late": True, "implied": False,
        "imported": False, "warnings": '["diagnosis_stale"]', "coach": NAMES.number("co-204"),
        "first_contact_on": date(2026, 3, 9),
    }  # fmt: skip
    assert isinstance(referral, int)
    assert 0 <= referral < 1 << 63


@pytest.mark.parametrize("told", list(everything_told()), ids=lambda told: told.file)
def test_the_example_of_every_fact_fits(told: Any) -> None:
    whole = orjson.loads((ROOT / "schemas" / "events" / f"{told.file}.example.json").read_bytes())
    record = Record(
        f"overdracht.{told.service}", 0, 0, None, orjson.dumps(whole),
        (("content-type", b"application/cloudevents+json"),),
    )  # fmt: skip
    batch = convert([record], replace(PLACE, service=told.service), 0, Pseudonyms(KEY), Seen())
    assert batch.counts == {"rows": 1}
    [row] = batch.events.to_pylist()
    assert said(row).get("more") is None
    fields = columns().facts[told.service, told.file].fields or {}
    for field, value in whole["data"].items():
        how, column = fields.get(field, ("", ""))
        if how == "sealed":
            assert (field, value) in {(one["field"], one["sealed"]) for one in batch.texts.to_pylist()}
        elif column:
            assert row[column] is not None, f"{field} is lost"
    assert "hpke1." not in str(row)
    assert whole["data"].get("case_key", "no key") not in str(row)
    assert not any(one in str(row) for one in uuids(whole)), "an id in the open"


def uuids(value: Any) -> set[str]:
    """Everything that looks like a UUID, however deep."""
    if isinstance(value, dict | list):
        return {one for part in (value.values() if isinstance(value, dict) else value) for one in uuids(part)}
    return {value} if isinstance(value, str) and len(value) == 36 and value.count("-") == 4 else set()


def test_times_are_moments_whatever_their_offset_cut_off_at_the_millisecond() -> None:
    there = datetime(2026, 3, 2, 13, 0, 0, 123_999, timezone(timedelta(hours=1)))
    assert only(event(1, at=there))["occurred_at"] == datetime(2026, 3, 2, 12, 0, 0, 123_000, UTC)
    before = datetime(1969, 12, 31, 23, 59, 59, 999_500, UTC)
    assert only(event(1, at=before))["occurred_at"] == datetime(1969, 12, 31, 23, 59, 59, 999_000, UTC)


def test_one_id_is_one_number_wherever_it_stands() -> None:
    here = only(event(1, "plan_agreed", service="referral", number=2))
    assert here["case_id"] == NAMES.number(case(2))
    listed = only(event(1, "return_reviewed", data={"case_id": case(1), "corrected_reasons": [{"id": case(2)}]}))
    assert orjson.loads(listed["corrected_reasons"]) == [{"id": NAMES.number(case(2))}]
    assert Pseudonyms(bytes(32)).number(case(2)) != NAMES.number(case(2)), "the key makes the number"


def test_the_number_of_an_id_is_the_first_63_bits_of_its_hmac() -> None:
    digest = hmac.digest(KEY, case(2).encode(), "sha256")
    assert NAMES.number(case(2)) == int.from_bytes(digest[:8], "big") >> 1
    assert NAMES.numbers([case(2), None, case(2)]) == [NAMES.number(case(2)), None, NAMES.number(case(2))]


def test_sealed_texts_lie_apart_also_those_in_parts() -> None:
    batch = converted(
        event(7, "referral_returned", phase="after_start", reasons=[], tried=[], narrative=SEALED,
              citizen_reading={"view": "agrees", "own_words": SEALED}),
        event(8, "return_reviewed", lesson=SEALED),
    )  # fmt: skip
    assert [(one["sequence"], one["field"]) for one in batch.texts.to_pylist()] == [
        (7, "narrative"), (7, "citizen_reading.own_words"), (8, "lesson"),
    ]  # fmt: skip
    assert batch.events["citizen_reading"].to_pylist()[0] == '{"view":"agrees"}'
    assert batch.counts == {"rows": 2}


def test_a_text_that_is_not_sealed_is_counted_and_not_kept() -> None:
    batch = converted(event(7, "referral_returned", narrative="Jan durft niet"))
    assert batch.counts == {"rows": 1, "unsealed:referral_returned.narrative": 1}
    assert "Jan" not in str(batch.events.to_pylist()) + str(batch.texts.to_pylist())


def test_a_sealed_text_where_a_code_belongs_lies_apart_as_well() -> None:
    batch = converted(event(7, "referral_declined", reason=SEALED))
    assert batch.events["reason"].to_pylist() == [None]
    assert batch.texts.to_pylist()[0]["field"] == "reason"


def test_fields_that_no_schema_knows_are_kept_and_counted() -> None:
    deep = {"case_key": "k", "id": case(3)}
    row = only(event(1, "referral_accepted", colour="blue", other_id="X-1", deep=deep, actor_role="baker"))
    assert orjson.loads(row["more"]) == {
        "colour": "blue", "other_id": NAMES.number("X-1"), "deep": {"id": NAMES.number(case(3))},
        "actor_role": "baker",
    }  # fmt: skip
    assert row["actor_role"] == "coach"
    counts = converted(event(1, "referral_accepted", colour="blue", size=3)).counts
    assert counts == {"rows": 1, "unknown_field:referral_accepted": 2}


@pytest.mark.parametrize(
    ("fact", "kind", "shown", "version"),
    [
        ("referral_sent", "v2", "referral_sent", 2),
        ("referral_praised", "v1", "referral_praised", 1),
        ("plan_agreed", "v1", "plan_agreed", 1),
        ("nl.anders.iets.v1", "", "nl.anders.iets.v1", None),
    ],
)
def test_a_type_or_version_that_is_not_known_is_kept_whole(
    fact: str, kind: str, shown: str, version: int | None
) -> None:
    batch = converted(event(1, fact, kind=kind, warm=True, reasons=[1], by=SEALED))
    [row] = batch.events.to_pylist()
    assert (row["fact"], row["version"], row["hand_off"]) == (shown, version, None)
    assert (row["case_id"], row["municipality"], row["occurred_at"]) == (NAMES.number(case(1)), "GM0546", NOON)
    assert orjson.loads(row["more"]) == {"warm": True, "reasons": [1]}
    assert row["warm"] is None
    assert batch.texts.num_rows == 1
    kind_of = fact if not kind else f"nl.overdrachten.{fact}.{kind}"
    assert batch.counts == {"rows": 1, f"unknown_type:{kind_of}": 1}


def test_values_that_do_not_fit_are_kept_beside_and_never_bent() -> None:
    batch = converted(
        event(1, "pumping_round_detected", returns=2.5, days_between_first_and_last=True),
        event(2, "pumping_round_detected", returns=1 << 40, days_between_first_and_last=3),
        event(3, "pumping_round_detected", returns=2, days_between_first_and_last="3"),
        event(4, "referral_accepted", first_contact_on="binnenkort", coach=7),
        event(5, "return_reviewed", agrees=0, occurred_at="gisteren", actor="km-1"),
    )
    rows = [said(row) for row in batch.events.to_pylist()]
    assert [row.get("returns") for row in rows] == [None, None, 2, None, None]
    assert [row.get("days_between_first_and_last") for row in rows] == [None, 3, None, None, None]
    assert [orjson.loads(row["more"]) for row in rows] == [
        {"returns": 2.5, "days_between_first_and_last": True},
        {"returns": 1 << 40},
        {"days_between_first_and_last": "3"},
        {"first_contact_on": "binnenkort", "coach": 7},
        {"agrees": 0, "occurred_at": "gisteren", "actor": "km-1"},
    ]
    assert batch.counts["misfit:pumping_round_detected.returns"] == 2
    assert batch.counts["misfit:return_reviewed.agrees"] == 1
    assert not [name for name in batch.counts if name.startswith("unknown")]


def headers_without(name: str, record: Record, **other: bytes) -> Record:
    kept = [(one, value) for one, value in record.headers if one != name]
    return replace(record, headers=(*kept, *other.items()))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda one: replace(one, value=b"{"), "not_json"),
        (lambda one: replace(one, value=None), "not_json"),
        (lambda one: replace(one, value=b"[]"), "not_an_object"),
        (lambda one: headers_without("ce_type", one), "attribute_missing:ce_type"),
        (lambda one: headers_without("ce_sequence", one), "attribute_invalid"),
        (lambda one: headers_without("ce_sequence", one, ce_sequence=b"-1"), "attribute_invalid"),
        (lambda one: headers_without("ce_sequence", one, ce_sequence=b"9" * 20), "attribute_invalid"),
        (lambda one: headers_without("ce_caseversion", one, ce_caseversion=b"x"), "attribute_invalid"),
        (lambda one: headers_without("ce_subject", one, ce_subject=b"\xff"), "attribute_invalid"),
        (lambda one: headers_without("ce_type", one, ce_type=b"a\nb"), "attribute_invalid"),
        (lambda one: headers_without("ce_source", one, ce_source=b"urn:x"), "source_unknown"),
        (lambda one: replace(one, headers=()), "attribute_missing:ce_id"),
    ],
)
def test_what_is_no_event_is_counted_by_what_is_wrong_and_holds_up_nothing(change: Any, code: str) -> None:
    good, bad, after = records([event(1), event(2), event(3)])
    batch = of([good, change(bad), after])
    assert batch.events["sequence"].to_pylist() == [1, 3]
    assert batch.counts == {"rows": 2, f"unusable:{code}": 1}


def test_an_event_in_structured_mode_is_read_too() -> None:
    one = event(9, "referral_accepted", coach="co-1", first_contact_on="2026-03-09")
    binary = converted(one).events
    [record] = records([one])
    other = replace(
        record, value=structured(one), headers=(("content-type", b"application/cloudevents+json; charset=UTF-8"),)
    )
    assert of([other]).events.equals(binary)


def test_rows_stand_in_the_order_of_the_records_whatever_their_facts() -> None:
    facts = ["referral_received", "referral_accepted", "referral_praised", "referral_received", "return_reviewed"]
    batch = converted(*(event(number, fact) for number, fact in enumerate(facts, 1)))
    assert batch.events["fact"].to_pylist() == facts
    assert batch.events["record_offset"].to_pylist() == [0, 1, 2, 3, 4]


def test_nothing_at_all_is_a_table_without_rows_and_with_all_columns() -> None:
    [record] = records([event(1)])
    batch = of([replace(record, headers=())])
    assert batch.events.schema.equals(columns().events)
    assert (batch.events.num_rows, batch.texts.num_rows, batch.last, batch.highest) == (0, 0, 0, 0)
