"""The history that fills a product: the same cases however many, people of their own, states of every kind."""

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta

import orjson
from stdnum.nl import bsn

from services.diagnosis import app as diagnosis
from services.intake import app as intake
from services.outcome import app as outcome
from services.referral import app as referral
from shared.ledger.lines import Language, read_line
from tests.bench import late
from tests.bench.filling import PLACES, PROVIDERS, case_of, facts_of, person_of
from tests.builders import ID_KEY

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
VOCABULARIES = {one.NAME: one.VOCABULARY for one in (intake, diagnosis, referral, outcome)}


def understood(line: dict, imported: bool) -> str:
    """The service that takes the line, after it was read by that service's own rules."""
    for service, vocabulary in VOCABULARIES.items():
        if line["fact"] in vocabulary.commands:
            read_line(
                Language(vocabulary.commands, vocabulary.numbers, ID_KEY), orjson.dumps(line), NOW, imported, "t", "k"
            )
            return service
    raise AssertionError(line["fact"])


def test_every_line_is_one_that_its_service_can_read() -> None:
    told = Counter(understood(line, True) for number in range(300) for line in facts_of(case_of(number), NOW))
    assert told.keys() == {"intake", "referral", "outcome"}
    for service in VOCABULARIES:
        assert all(understood(late._line(case, service, NOW), False) == service for case in map(case_of, range(50)))


def test_the_lines_of_a_case_are_in_their_order_and_of_the_past() -> None:
    for number in range(300):
        moments = [line["at"] for line in facts_of(case_of(number), NOW)]
        assert moments == sorted(moments)
        assert all(datetime.fromisoformat(moment) < NOW for moment in moments)


def test_a_case_is_the_same_whatever_is_around_it() -> None:
    assert list(facts_of(case_of(17), NOW)) == list(facts_of(case_of(17), NOW))


def test_everybody_has_a_number_of_their_own_that_passes_the_eleven_test() -> None:
    numbers = [person_of(number) for number in range(20_000)]
    assert all(map(bsn.is_valid, numbers))
    assert len(set(numbers)) == len(numbers)


def test_municipalities_are_large_and_small_and_each_works_with_several_providers() -> None:
    cases = [case_of(number) for number in range(20_000)]
    places = [count for _, count in Counter(case.municipality for case in cases).most_common()]
    assert len(places) == PLACES
    assert places[0] > 30 * places[-1]
    assert len({case.provider for case in cases}) == PROVIDERS
    assert len({case.provider for case in cases if case.municipality == cases[0].municipality}) > 1


def test_what_is_told_late_is_no_part_of_the_history_save_at_diagnosis() -> None:
    numbers = range(1_000)
    new = [case.number for case in late.told_to("intake", numbers, NOW)]
    assert new
    assert all(map(late.is_late, new))
    known = late.told_to("diagnosis", numbers, NOW)
    assert known
    for case in known:
        assert not late.is_late(case.number)
        granted = next(one for one in facts_of(case_of(case.number), NOW) if one["fact"] == "benefit_decided")
        told = late._line(case_of(case.number), "diagnosis", NOW)
        assert datetime.fromisoformat(told["at"]) > datetime.fromisoformat(granted["at"])


def test_a_term_that_is_told_late_has_passed() -> None:
    line = late._line(case_of(24), "outcome", NOW)
    assert line["data"]["next_check_on"] < (NOW - timedelta(days=7)).date().isoformat()
    assert [len(list(group)) for _, group in itertools.groupby(line["data"]["goals"])] == [1]
