"""Small parts that everything stands on: ids, seals, chains, envelopes, working days."""

from datetime import UTC, date, datetime, tzinfo
from uuid import UUID

import orjson
import pytest

from shared import chain
from shared.envelope import Event, Unusable, expected_hash, from_structured, headers, parse, structured, timestamp
from shared.ids import fingerprint, from_number, new_id
from shared.personal import holds_person_number, shown_name
from shared.sealing import Unreadable, new_key, open_sealed, seal, seal_in_place
from shared.worktime import AMSTERDAM, add_working_days, days_begun, end_of, is_working_day
from tests.builders import ID_KEY, NOON

CASE = from_number(ID_KEY, "GM0546", "dossier", "L-1")


def an_event(**changes: object) -> Event:
    fields: dict[str, object] = {
        "id": new_id(),
        "source": "urn:nld:oin:00000001823288444000:systeem:overdracht-referral",
        "type": "nl.overdrachten.referral_sent.v1",
        "subject": CASE,
        "time": timestamp(NOON),
        "sequence": 7,
        "caseversion": 1,
        "casehash": "00",
        "causationid": new_id(),
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "data": b'{"case_id":"x","warm":true}',
    }
    return Event(**(fields | changes))  # type: ignore[arg-type]


def test_a_number_always_leads_to_the_same_id_and_another_number_to_another() -> None:
    assert from_number(ID_KEY, "GM0546", "dossier", "L-1") == CASE
    assert len({from_number(ID_KEY, "GM0546", "dossier", f"L-{n}") for n in range(500)}) == 500
    assert UUID(CASE).version == 8


def test_without_the_key_the_id_is_another() -> None:
    assert from_number(bytes(31) + b"1", "GM0546", "dossier", "L-1") != CASE
    assert fingerprint(ID_KEY, b"line") != fingerprint(bytes(31) + b"1", b"line")


@pytest.mark.parametrize(
    ("text", "held"),
    [("km-017", False), ("123456782", True), ("x-123456782-y", True), ("1234567820", False), ("123456789", False)],
)
def test_a_possible_person_number_is_seen_wherever_it_stands(text: str, held: bool) -> None:
    assert holds_person_number(text) is held


def test_only_the_cases_own_key_opens_its_texts() -> None:
    private, public = new_key()
    sealed = seal("Jan wil graag werken", public, CASE)
    assert "Jan" not in sealed
    assert open_sealed(sealed, private, CASE) == "Jan wil graag werken"
    with pytest.raises(Unreadable):
        open_sealed(sealed, new_key()[0], CASE)
    with pytest.raises(Unreadable):
        open_sealed(sealed, private, from_number(ID_KEY, "GM0546", "dossier", "L-2"))


def test_texts_are_sealed_wherever_they_stand_and_codes_are_not() -> None:
    _, public = new_key()
    data = {"narrative": "open", "code": "person.debts", "goals": [{"words": "open", "owner": "citizen"}]}
    seal_in_place(data, (("narrative",), ("goals", "words")), public, CASE)
    assert b"open" not in orjson.dumps(data)
    assert data["code"] == "person.debts"


def test_a_changed_attribute_or_datum_changes_the_hash() -> None:
    event = an_event()
    whole = expected_hash(event, chain.START)
    for changed in ({"type": "nl.overdrachten.referral_declined.v1"}, {"caseversion": 2}, {"data": b"{}"}):
        other = an_event(**({name: getattr(event, name) for name in Event.__slots__} | changed))
        assert expected_hash(other, chain.START) != whole
    assert expected_hash(event, b"x" * 32) != whole


def test_a_checkpoint_is_signed_by_its_key_only() -> None:
    seed = bytes(range(32))
    message = chain.statement("referral", 1, 10, 10, "aa", "bb", "now")
    signature = chain.sign(seed, message)
    assert chain.is_signed(chain.public_key(seed), message, signature)
    assert not chain.is_signed(chain.public_key(bytes(32)), message, signature)
    assert not chain.is_signed(chain.public_key(seed), message + b"x", signature)


def test_an_event_reads_back_from_both_modes() -> None:
    event = an_event()
    assert parse(event.data, headers(event)) == event
    whole = structured(event)
    assert from_structured(orjson.loads(whole)) == event
    assert parse(whole, [("content-type", b"application/cloudevents+json; charset=UTF-8")]) == event


def test_the_envelope_is_the_one_of_the_contract() -> None:
    names = [name for name, _ in headers(an_event())]
    assert sorted(names) == sorted(
        [
            "content-type", "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_partitionkey",
            "ce_correlationid", "ce_time", "ce_sequence", "ce_caseversion", "ce_casehash", "ce_causationid",
            "ce_dataschema", "ce_traceparent", "ce_dataclassification", "ce_dataregulation",
        ]
    )  # fmt: skip
    assert dict(headers(an_event()))["ce_sequence"] == b"00000000000000000007"


def test_a_record_without_an_id_says_what_is_missing() -> None:
    with pytest.raises(Unusable, match="attribute_missing:ce_id"):
        parse(b"{}", [("content-type", b"application/json")])


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),  # Easter Monday
        ("2026-04-27", False),  # King's Day
        ("2026-05-05", False),  # Liberation Day, every year
        ("2026-05-14", False),  # Ascension Day
        ("2026-12-25", False),
        ("2026-12-24", True),
        ("2026-03-01", False),  # a Sunday
    ],
)
def test_days_on_which_nobody_needs_to_answer(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


def test_ten_working_days_over_easter_take_sixteen() -> None:
    assert add_working_days(date(2026, 3, 30), 10) == date(2026, 4, 15)


def test_a_term_ends_at_midnight_in_the_netherlands_also_when_the_clock_changes() -> None:
    assert end_of(date(2026, 3, 28)) == datetime.fromisoformat("2026-03-29T00:00:00+01:00")
    assert end_of(date(2026, 3, 29)) == datetime.fromisoformat("2026-03-30T00:00:00+02:00")


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-03-20T10:00:00+01:00", "2026-04-19T10:00:00+02:00", 30),
        ("2026-03-20T10:00:00+01:00", "2026-04-19T10:00:01+02:00", 31),
        ("2026-10-20T10:00:00+02:00", "2026-11-19T10:00:00+01:00", 30),
        ("2026-10-20T10:00:00+02:00", "2026-11-19T10:00:01+01:00", 31),
        ("2026-05-01T10:00:00+02:00", "2026-05-01T10:00:01+02:00", 1),
        ("2026-05-01T10:00:00+02:00", "2026-05-01T10:00:00+02:00", 0),
        ("2026-05-01T10:00:00+02:00", "2026-04-01T10:00:00+02:00", 0),
    ],
)
@pytest.mark.parametrize("written", [UTC, AMSTERDAM, None])
def test_days_are_those_of_the_clock_on_the_wall_however_the_moments_are_written(
    since: str, until: str, days: int, written: tzinfo | None
) -> None:
    one, other = (datetime.fromisoformat(moment) for moment in (since, until))
    if written is not None:
        one = one.astimezone(written)
    assert days_begun(one, other) == days


@pytest.mark.parametrize(
    "name", ["Jansen", "123456782", "anne-marie", "x y", "", None, 7, "a" * 50, "a_" * 9 + "a", "_x"]
)
def test_the_name_of_an_unknown_field_is_not_repeated_when_it_may_be_somebodys(name: object) -> None:
    assert shown_name(name) == "?"


@pytest.mark.parametrize("name", ["age", "own_words", "months_without_work_band"])
def test_a_misspelt_field_is_named(name: str) -> None:
    assert shown_name(name) == name
