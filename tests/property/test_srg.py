"""Whatever happens and whenever it is heard: a month tells its own days, and the same delivery is the same bytes."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from overdracht.srg.checking import findings
from overdracht.srg.files import as_csv, xml
from overdracht.srg.joining import joined
from overdracht.srg.model import Identity, Record
from overdracht.srg.receipts import changes, receipt
from overdracht.srg.rules import RULES
from services.insight.srg.facilities import Facility
from services.insight.srg.fields import codes_of, fields_told
from services.insight.srg.rows import Row, rows
from shared.months import Month, month_holding
from tests.lakes import case
from tests.unit.srg.given import (
    BSNS,
    HERE,
    MAPPING,
    NAMES,
    VALUES,
    Said,
    about,
    accepted,
    delivery,
    found,
    instrument,
    job,
    job_ended,
    lake,
    plan,
    record,
    returned,
    sent,
    stopped,
)

START = datetime(2016, 1, 4, 9, tzinfo=UTC)
MONTHS = [Month(2016, 1).before(-later) for later in range(7)]
PEOPLE = st.integers(1, 2)
ATTEMPT = st.sampled_from(["1", "2"])
FACTS: dict[str, Callable[[str, int, str], Said]] = {
    "sent": lambda at, who, name: sent(at, who, name),
    "accepted": lambda at, who, name: accepted(at, who, name),
    "started": lambda at, who, name: about("trajectory_started", at, who, name, first_contact="met"),
    "returned": lambda at, who, name: returned(at, who, name, tried=("language_course",)),
    "completed": lambda at, who, name: about("trajectory_completed", at, who, name, result="paid_work"),
    "plan": lambda at, who, name: plan(at, who, referral=name, goal=name, name=name),
    "plan of none": lambda at, who, name: plan(at, who, referral=None, goal=name, name=name),
    "instrument": lambda at, who, name: instrument(at, who, name=name, goal=name),
    "stopped": lambda at, who, name: stopped(at, who, name),
    "job": lambda at, who, name: job(at, "wage_cost_subsidy", "job_coach", number=who, name=name),
    "job ended": lambda at, who, name: job_ended(at, who, name),
    "closed": lambda at, who, _: Said("case_closed", at, who, {"reason": "work"}),
    "moved": lambda at, who, _: Said("benefit_ended", at, who, {"reason": "moved", "ended_on": at[:10]}),
}
ONE = st.tuples(st.sampled_from(sorted(FACTS)), st.integers(0, 180), PEOPLE, ATTEMPT)
HISTORY = st.lists(ONE, min_size=2, max_size=14, unique_by=lambda one: (one[0], one[2], one[3]))
TOWN = st.lists(HISTORY, min_size=8, max_size=16)
"""Histories of two people each; together in one lake, for a lake takes longer than all that happens in it."""
SOME = settings(deadline=None, max_examples=8, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""A counterexample is shown as it was found, and not made smaller for minutes."""
Drawn = tuple[str, int, int, str]


def lived(town: list[list[Drawn]]) -> list[list[Said]]:
    """The facts of each history; each at a minute of its own, for of two at one moment the first heard is the first."""
    return [[said(one, minute, 2 * place) for minute, one in enumerate(history)] for place, history in enumerate(town)]


def said(one: Drawn, minute: int, before: int) -> Said:
    """The fact, on its day."""
    fact, day, who, name = one
    return FACTS[fact]((START + timedelta(days=day, minutes=minute)).isoformat(), before + who, name)


def given_by(some: list[Said]) -> list[Facility]:
    """What people were given, of a lake that heard it in this order."""
    with TemporaryDirectory() as folder:
        return found(lake(Path(folder) / "lake", some))


def told(some: list[Facility]) -> dict[str, list[Row]]:
    """The rows of every month."""
    return {str(month): rows(some, MAPPING.usual, NAMES, HERE, month) for month in MONTHS}


def of(person: str, months: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Those of one person, in the months in which there are any."""
    return {month: some for month, all_ in months.items() if (some := [row for row in all_ if row.person == person])}


@SOME
@given(TOWN, st.randoms(use_true_random=False))
def test_the_order_in_which_it_is_heard_is_nothing(town: list[list[Drawn]], chance: random.Random) -> None:
    some = [one for history in lived(town) for one in history]
    other = list(some)
    chance.shuffle(other)
    assert told(given_by(some)) == told(given_by(other))


@SOME
@given(TOWN, st.randoms(use_true_random=False))
def test_what_is_heard_late_changes_its_month_and_later_ones_of_its_own_person_alone(
    town: list[list[Drawn]], chance: random.Random
) -> None:
    histories = lived(town)
    late = [chance.choice(history) for history in histories]
    some = [one for history in histories for one in history]
    before = told(given_by([one for one in some if one not in late]))
    after = told(given_by(some))
    for one in late:
        month = month_holding(one.moment.date())
        for number in (one.number, _other(one.number)):
            person = NAMES.person_of(HERE, case(number))
            was, now = of(person, before), of(person, after)
            same = [each for each in MONTHS if number != one.number or each < month]
            assert [was.get(str(each)) for each in same] == [now.get(str(each)) for each in same]


def _other(number: int) -> int:
    """The other of the two people of a history."""
    return number + 1 if number % 2 else number - 1


@SOME
@given(TOWN)
def test_a_facility_keeps_number_begin_and_person_through_its_months_and_an_end_stays(town: list[list[Drawn]]) -> None:
    seen: dict[str, Row] = {}
    for month, some in told(given_by([one for history in lived(town) for one in history])).items():
        for row in some:
            was = seen.get(row.values["registration"])
            seen[row.values["registration"]] = row
            if was is not None:
                same = ("person", "kind", "provider")
                assert [getattr(was, name) for name in same] == [getattr(row, name) for name in same]
                assert was.values["begin"] == row.values["begin"]
                assert "end" not in was.values, (month, "it was over, and is there again")
                assert was.values["type"] in ("60", row.values["type"])


ROW = st.fixed_dictionaries(
    {
        "type": st.sampled_from(sorted(codes_of("type"))),
        "ability": st.sampled_from(sorted(codes_of("ability"))),
        "purpose": st.sampled_from(["1", "2"]),
        "begin": st.dates(date(2016, 1, 1), date(2016, 5, 31)).map(lambda day: day.strftime("%Y%m%d")),
    },
    optional={"description": st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20)},
)
ROWS = st.dictionaries(st.text("BCDFG", min_size=1, max_size=15), st.tuples(st.sampled_from("ABCD"), ROW), max_size=12)
KNOWN = {
    name: Identity(f"m-{name}", bsn, "1975-04-12", "female") for name, bsn in zip("ABC", BSNS, strict=False)
}  # D is not known


def answer(some: dict[str, tuple[str, dict[str, str]]], chance: random.Random) -> dict[str, Any]:
    """Insight's answer about these rows, in any order."""
    one = delivery()
    listed = [{"person": who, "values": values | {"registration": name}} for name, (who, values) in some.items()]
    chance.shuffle(listed)
    return {
        "municipality": HERE, "month": "2016-05", "fields": fields_told(), "elements": one.elements,
        "header": dict(one.header), "wage_value_for": ["10"], "end_reason_for": ["10"], "rows": listed,
    }  # fmt: skip


@settings(deadline=None)
@given(ROWS, st.randoms(use_true_random=False), st.randoms(use_true_random=False))
def test_delivered_twice_it_is_the_same_bytes(some: dict[str, Any], one: random.Random, other: random.Random) -> None:
    first, second = joined(answer(some, one), KNOWN), joined(answer(some, other), KNOWN)
    assert xml(first) == xml(second)
    assert as_csv(first) == as_csv(second)
    assert receipt(first) == receipt(second)
    assert not changes(receipt(first), receipt(second)).any
    assert len(ElementTree.fromstring(xml(first)).findall("Voorziening")) == len(some)  # noqa: S314 - our own


@settings(deadline=None)
@given(ROWS, ROWS)
def test_what_was_delivered_and_the_changes_make_what_is_delivered_now(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    one, other = (joined(answer(some, random.Random(0)), KNOWN) for some in (before, after))  # noqa: S311 - no secret
    found = changes(receipt(one), receipt(other))
    assert (before.keys() - set(found.gone)) | set(found.added) == after.keys()
    assert found.same + len(found.changed) + len(found.gone) == len(before)
    kept = {each.registration: each for each in one.records}
    now = {each.registration: each for each in other.records}
    assert {name for name in kept.keys() & now.keys() if kept[name] != now[name]} == set(found.changed)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*sorted(VALUES), "end", "wage_value", "end_reason"]), st.text(max_size=16)))
def test_any_value_gets_a_verdict_and_a_sound_one_goes_into_the_files(values: dict[str, str]) -> None:
    one = delivery(replace(record(), values={**VALUES, **values}), Record({}, known=False))
    told_of = findings(one)
    assert {each.rule for each in told_of} <= RULES.keys()
    assert all(0 <= each.row <= 2 and 1 <= each.field <= 19 for each in told_of)
    if not [each for each in told_of if each.row == 1 and RULES[each.rule].severity == "error"]:
        [first, _] = ElementTree.fromstring(xml(one)).findall("Voorziening")  # noqa: S314 - our own
        written = {each.text for each in first.iter()}
        assert {value for value in one.records[0].values.values() if value.strip()} <= written
