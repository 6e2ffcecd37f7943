"""Whoever changes, drops, swaps, cuts off or rebuilds a part of the log is found, and the place is named."""

from dataclasses import replace

from overdracht.verify.findings import KINDS
from overdracht.verify.ledger import LedgerLog, events_of, take
from overdracht.verify.seals import SealLog, take_seal
from overdracht.verify.topic import TopicLog, settle_strangers, take_record
from shared.chain import public_key
from shared.envelope import headers, structured
from tests.unit.verify_given import (
    OTHER_SEED,
    SEED,
    SERVICE,
    Log,
    kinds,
    page,
    rehashed,
    sealed,
    some_events,
    verified,
    whole,
)


def test_nothing_is_found_in_a_whole_log() -> None:
    assert verified(whole()) == []


def test_what_came_after_the_last_seal_is_counted_as_not_sealed_yet() -> None:
    log, ledger, seals = whole(), LedgerLog(SERVICE), SealLog(SERVICE)
    assert list(take(ledger, log.ledger)) == []
    for seal in log.seals:
        assert list(take_seal(seals, ledger, seal, public_key(SEED))) == []
    assert len(ledger.tail) == 2


def test_a_changed_content_is_found_at_its_place_only() -> None:
    log = whole()
    log.ledger[5] = replace(log.ledger[5], data=log.ledger[5].data.replace(b"0.5", b"0.6"))
    found = verified(log)
    assert kinds(found) == {"record_changed", "differs_on_topic"}
    assert {(each.case_id, each.caseversion) for each in found} == {("case-1", 3)}


def test_even_a_space_more_in_the_stored_content_is_found() -> None:
    log = whole()
    log.ledger[5] = replace(log.ledger[5], data=log.ledger[5].data.replace(b":0.5", b": 0.5"))
    assert "record_changed" in kinds(verified(log))


def test_every_hashed_attribute_counts() -> None:
    for change in ({"id": "x"}, {"type": "nl.overdrachten.x.v1"}, {"time": "2027"}, {"causationid": "x"}):
        log = whole()
        log.ledger[3] = replace(log.ledger[3], **change)
        assert "record_changed" in kinds(verified(log)), change


def test_a_dropped_record_is_found() -> None:
    found = verified(whole(), lambda log: log.ledger.pop(5) and None)
    assert {"record_missing", "seal_broken", "not_in_ledger"} <= kinds(found)
    [gap] = [each for each in found if each.kind == "record_missing"]
    assert (gap.case_id, gap.caseversion, gap.count) == ("case-1", 3, 1)


def test_the_first_record_of_a_case_cannot_be_dropped_either() -> None:
    assert "record_missing" in kinds(verified(whole(), lambda log: log.ledger.pop(0) and None))


def test_two_swapped_records_of_one_case_are_found() -> None:
    log = whole()
    first, second = log.ledger[2], log.ledger[4]
    log.ledger[2] = replace(second, sequence=first.sequence, caseversion=first.caseversion)
    log.ledger[4] = replace(first, sequence=second.sequence, caseversion=second.caseversion)
    assert {"record_changed", "seal_broken"} <= kinds(verified(log))


def test_two_swapped_records_of_different_cases_break_the_seal() -> None:
    log = whole()
    first, second = log.ledger[4], log.ledger[5]
    log.ledger[4:6] = [
        replace(second, sequence=first.sequence),
        replace(first, sequence=second.sequence),
    ]
    assert {"seal_broken", "differs_on_topic"} <= kinds(verified(log))


def test_a_record_that_comes_twice_is_found() -> None:
    log = whole()
    log.ledger.append(replace(log.ledger[-1], sequence=99))
    assert "record_double" in kinds(verified(log))


def test_sequence_numbers_that_go_back_are_found() -> None:
    log = whole()
    log.ledger[3], log.ledger[4] = log.ledger[4], log.ledger[3]
    assert "sequence_not_growing" in kinds(verified(log))


def test_a_cut_off_case_is_found_by_the_seal_and_by_the_topic() -> None:
    log = whole()
    log.ledger = [event for event in log.ledger if (event.subject, event.caseversion) < ("case-1", 5)]
    assert {"seal_broken", "not_in_ledger"} <= kinds(verified(log))


def test_a_cut_off_ledger_is_found_by_its_seals() -> None:
    log = whole()
    del log.ledger[9:], log.topic[9:]
    found = verified(log)
    assert kinds(found) == {"ledger_cut_off"}
    assert found[0].checkpoint == 3


def test_a_ledger_cut_off_with_its_seals_is_found_by_the_topics() -> None:
    log = whole()
    del log.ledger[8:], log.seals[2:]
    assert kinds(verified(log)) == {"not_in_ledger", "seal_not_in_ledger"}


def test_a_cut_off_after_the_last_seal_is_found_by_the_topic() -> None:
    log = whole()
    del log.ledger[13:]
    assert kinds(verified(log)) == {"not_in_ledger"}


def rebuilt(log: Log) -> None:
    """Someone with the database alone changes a fact and makes everything after it fit again."""
    changed = replace(log.ledger[5], data=log.ledger[5].data.replace(b"0.5", b"0.6"))
    log.ledger = rehashed([*log.ledger[:5], changed, *log.ledger[6:]])
    log.topic = list(log.ledger)


def test_a_rebuilt_chain_breaks_the_seals() -> None:
    found = verified(whole(), rebuilt)
    assert kinds(found) == {"seal_broken"}
    assert {each.checkpoint for each in found} == {2, 3}


def test_a_rebuilt_chain_with_rebuilt_seals_lacks_the_signature() -> None:
    log = whole()
    rebuilt(log)
    log.seals = log.seals_on_topic = sealed(log.ledger, seed=OTHER_SEED)
    assert kinds(verified(log)) == {"signature_invalid"}


def test_whoever_rebuilds_with_the_signing_key_is_found_by_the_topics() -> None:
    log = whole()
    rebuilt(log)
    log.topic, log.seals = whole().topic, sealed(log.ledger)
    assert {"differs_on_topic", "seal_differs_on_topic"} == kinds(verified(log))


def test_a_dropped_and_an_unlinked_seal_are_found() -> None:
    dropped = verified(whole(), lambda log: log.seals.pop(1) and None)
    assert {"seal_missing", "seal_not_in_ledger"} <= kinds(dropped)
    log = whole()
    log.seals[1] = {**log.seals[1], "previous": "00" * 32}
    assert {"seal_unlinked", "signature_invalid"} <= kinds(verified(log))


def test_every_field_of_a_seal_is_signed() -> None:
    for change in ({"at": "2027"}, {"key_id": "0" * 16}, {"signature": "zz"}, {"events": 5}):
        log = whole()
        log.seals[0] = {**log.seals[0], **change}
        assert "signature_invalid" in kinds(verified(log)), change


def test_a_record_published_twice_is_no_fault_when_it_is_the_same() -> None:
    log = whole()
    log.topic += log.topic
    log.seals_on_topic += log.seals_on_topic
    assert verified(log) == []


def test_a_changed_record_on_the_topic_is_found_with_every_attribute() -> None:
    for change in ({"data": b"{}"}, {"traceparent": "x"}, {"sequence": 77}, {"id": "x"}, {"casehash": "00"}):
        log = whole()
        log.topic[5] = replace(log.topic[5], **change)
        found = verified(log)
        assert [(each.kind, each.case_id, each.caseversion) for each in found] == [("differs_on_topic", "case-1", 3)], (
            change
        )


def test_a_wrong_key_or_header_on_the_topic_is_found() -> None:
    log, ledger = whole(), LedgerLog(SERVICE)
    list(take(ledger, log.ledger))
    event = log.ledger[0]
    given = headers(event)
    assert not list(take_record(TopicLog(ledger), b"case-0", event.data, given))
    assert list(take_record(TopicLog(ledger), b"case-1", event.data, given))
    wrong = [(name, b"public" if name == "ce_dataclassification" else value) for name, value in given]
    assert list(take_record(TopicLog(ledger), b"case-0", event.data, wrong))


def test_a_record_that_is_no_event_is_found() -> None:
    topic = TopicLog(LedgerLog(SERVICE))
    assert [each.kind for each in take_record(topic, None, b"hello", [])] == ["no_event"]


def test_a_structured_record_counts_as_the_same_event() -> None:
    log, ledger = whole(), LedgerLog(SERVICE)
    list(take(ledger, log.ledger))
    event, mode = log.ledger[0], [("content-type", b"application/cloudevents+json")]
    assert not list(take_record(TopicLog(ledger), b"case-0", structured(event), mode))


def test_records_dropped_from_the_topic_are_named_one_by_one() -> None:
    found = verified(whole(), lambda log: log.topic.pop(5) and None)
    assert [(each.kind, each.case_id, each.caseversion) for each in found] == [("not_on_topic", "case-1", 3)]


def test_records_swapped_on_the_topic_are_found() -> None:
    log = whole()
    log.topic[2], log.topic[4] = log.topic[4], log.topic[2]
    assert [(each.kind, each.case_id, each.caseversion) for each in verified(log)] == [("order_on_topic", "case-0", 3)]


def test_a_wiped_or_expired_topic_is_a_finding_of_its_own() -> None:
    wiped = verified(whole(), lambda log: log.topic.clear())
    assert [(each.kind, each.count) for each in wiped] == [("topic_shorter", 14)]
    log = whole()
    del log.topic[:6]
    assert [(each.kind, each.count) for each in verified(log, shorter=True)] == [("topic_shorter", 6)]


def test_a_seal_dropped_from_its_topic_is_found() -> None:
    found = verified(whole(), lambda log: log.seals_on_topic.pop(0) and None)
    assert [(each.kind, each.checkpoint) for each in found] == [("seal_not_on_topic", 1)]


def test_what_was_written_during_the_verification_is_no_finding() -> None:
    log, ledger = whole(), LedgerLog(SERVICE)
    list(take(ledger, log.ledger[:10]))
    topic = TopicLog(ledger)
    found = [
        each for event in log.topic for each in take_record(topic, event.subject.encode(), event.data, headers(event))
    ]
    list(take(ledger, log.ledger[10:]))
    assert [*found, *settle_strangers(topic)] == []


def test_a_page_gives_the_data_byte_for_byte() -> None:
    spaced = [replace(event, data=b'{"a": 1.0, "b":[]}') for event in some_events(2, 2)]
    assert events_of(page(spaced)) == spaced


def test_a_page_whose_data_look_like_events_is_read_all_the_same() -> None:
    odd = [replace(event, data=b'{"a":[{"b":1},{"specversion":"1.0"}]}') for event in some_events(2, 2)]
    assert events_of(page(odd)) == odd


def test_every_kind_has_a_sentence_in_both_languages() -> None:
    assert all(nl.endswith(".") and en.endswith(".") and nl != en for nl, en in KINDS.values())
