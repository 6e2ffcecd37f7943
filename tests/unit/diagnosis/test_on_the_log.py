"""What reaches the log: texts sealed, refused grounds as such, late facts marked, and the state kept as it was."""

from dataclasses import replace
from typing import Any

import orjson
from pydantic import TypeAdapter

from services.diagnosis import commands, events, hearing
from services.diagnosis.app import RULES
from services.diagnosis.domain.state import State
from services.diagnosis.store import dump
from shared.facts import Command, Said
from shared.ledger.model import Answer, Case, Item, Ledger, Work
from shared.ledger.settle import settle
from shared.sealing import PREFIX, new_key, open_sealed
from tests.builders import DAY, NOON, said
from tests.unit.diagnosis.given import (
    after,
    answer,
    answers,
    ask,
    citizen,
    complete,
    completed,
    contest,
    contested,
    decided,
    direct,
    granted,
    map_area,
    mapped,
    motivated,
    plan,
    started,
    weigh,
)

CASE = "00000000-0000-8000-8000-000000001000"
PRIVATE, PUBLIC = new_key()
LATER = NOON + 3 * DAY
STATES = TypeAdapter(State)
# a ledger without a database: settling never touches it
LEDGER = Ledger(None, "diagnosis", "urn:nld:oin:00000001823288444000:systeem:overdracht-diagnosis", RULES)  # type: ignore[arg-type]


def told(command: Command, circumstances: Said, number: int = 7) -> Item:
    key = f"00000000-0000-8000-8000-{number:012d}"
    return Item("command", "door", key, CASE, command.fact, command, circumstances, key, "", digest="d")


def settled(state: State, *items: Item, known: Any = None) -> tuple[list[Answer], Work]:
    case = Case(CASE, "GM0546", state=replace(state, key=PUBLIC))
    work = Work({CASE: case}, known or {})
    return settle(LEDGER, work, list(items)), work


def recorded(state: State, command: Command, circumstances: Said) -> list[dict[str, Any]]:
    """The data of the events that the ledger would write."""
    _, work = settled(state, told(command, circumstances))
    return [orjson.loads(one.event.data) for one in work.events]


def test_every_text_is_sealed_and_opens_with_the_cases_key_only() -> None:
    asked = after(completed(), (ask(), said(LATER)))
    for state, command, name, text in (
        (started(), map_area(), "own_words", "Ik wil graag weer werken."),
        (completed(), weigh(), "evidence", "Gesprek."),
        (motivated(), direct(), "motivation", "Samen besproken; wat zij zelf wil weegt zwaar."),
        (asked, answer(), "argument", "Belastbaarheid groeit."),
        (decided(), contest(), "ground", "Ik kan meer dan u denkt."),
    ):
        [data] = recorded(state, command, said(LATER))
        assert data[name].startswith(PREFIX)
        assert open_sealed(data[name], PRIVATE, CASE) == text


def test_the_answers_to_an_instrument_are_sealed_and_the_scores_are_open() -> None:
    [data] = recorded(mapped(), complete(factors=None, answers=answers()), said(NOON + DAY))
    assert data["answers"].startswith(PREFIX)
    assert orjson.loads(open_sealed(data["answers"], PRIVATE, CASE)) == answers()
    assert {one["factor"] for one in data["factors"]} >= {"skills", "barriers"}


def test_who_weighs_a_ground_that_must_not_count_gets_a_no_with_the_explanation_and_the_log_says_so() -> None:
    [answer], work = settled(completed(), told(weigh("person.age", evidence="Hij is 63."), said(LATER)))
    assert (answer.status, answer.code, answer.field) == ("rejected", "ground_age", "data.argument")
    [event] = work.events
    data = orjson.loads(event.event.data)
    assert (event.event.fact, data["actor"]) == ("argument_refused", {"role": "system", "id": "system"})
    assert set(data) == {"case_id", "municipality", "occurred_at", "actor", "ground", "explanation"}
    assert b"63" not in event.event.data


def test_the_same_wish_asked_again_gets_the_same_no_and_is_not_recorded_twice() -> None:
    item = told(weigh("age"), said(LATER))
    stored = {"digest": "d", "code": "ground_age", "field": "data.argument"}
    [answer], work = settled(completed(), item, known={(item.source, item.id): (None, stored)})
    assert (answer.status, answer.code, answer.field) == ("rejected", "ground_age", "data.argument")
    assert (work.events, work.inbox) == ([], [])


def test_what_was_refused_and_recorded_keeps_its_key() -> None:
    item = told(weigh("age"), said(LATER))
    _, work = settled(completed(), item)
    assert work.inbox == [item]
    assert item.refused is not None
    assert item.refused.code == "ground_age"


def test_a_fact_that_happened_before_what_is_known_is_accepted_and_marked_late() -> None:
    [late] = recorded(completed(), weigh(), said(NOON, now=LATER))
    [on_time] = recorded(completed(), weigh(), said(LATER))
    assert late["late"] is True
    assert "late" not in on_time


def test_what_is_known_is_kept_and_read_back_as_it_was() -> None:
    asked = after(completed(), (ask(), said(LATER)), (plan(), said(LATER)), (answer(), said(LATER + DAY)))
    for state in (granted(), mapped(), asked, decided(), contested()):
        # not by `load`: what this process wrote it need not read
        assert STATES.validate_json(dump(state)) == state


def test_no_text_is_kept_in_what_is_known() -> None:
    kept = dump(after(contested(), (map_area(), citizen(LATER)))).decode()
    assert not any(word in kept for word in ("werken", "Gesprek", "besproken", "denkt"))


def test_every_fact_has_titles_and_every_fact_that_is_not_the_systems_a_command() -> None:
    assert set(events.TITLES) == set(events.FACTS)
    of_the_system = {"argument_refused", "diagnosis_overdue", "consultation_overdue"}
    assert set(commands.COMMANDS) == set(events.FACTS) - of_the_system
    assert not hearing.HEARING.passes & hearing.HEARING.learns.keys()
