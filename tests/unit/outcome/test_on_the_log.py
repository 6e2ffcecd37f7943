"""What reaches the log: texts sealed, late facts marked, every refusal with its sentences, state kept as it was."""

from typing import Any

import orjson

from services.outcome import commands, events, hearing
from services.outcome.app import RULES
from services.outcome.refusals import SENTENCES
from services.outcome.store import dump, load
from shared.facts import Command, Said
from shared.ids import from_number
from shared.ledger.lines import Language, read_command, speaker_of
from shared.ledger.model import Case, Item, Ledger, Work
from shared.ledger.settle import settle
from shared.refusals import GENERAL
from shared.sealing import PREFIX, new_key, open_sealed
from tests.builders import DAY, ID_KEY, NOON
from tests.unit.outcome import test_steps
from tests.unit.outcome.given import (
    GOAL,
    a_case,
    after,
    agree,
    an_id,
    closed,
    coach,
    follow_up,
    look,
    measure,
    planned,
    reach,
    reflect,
    returned,
    started,
    working,
)

CASE = an_id(1000)
SOURCE = "urn:nld:oin:00000001823288444000:systeem:overdracht-outcome"


def recorded(state: Any, command: Command, said: Said, key: str = new_key()[1]) -> list[dict[str, Any]]:
    """The data of the events that the ledger would write."""
    ledger = Ledger(None, "outcome", SOURCE, RULES)  # type: ignore[arg-type]
    held = type(state)(**{name: getattr(state, name) for name in state.__dataclass_fields__} | {"key": key})
    case = Case(CASE, "GM0546", state=held)
    item = Item("command", "door", an_id(7), CASE, command.fact, command, said, an_id(7), "")
    [answer] = settle(ledger, Work({CASE: case}, {}), [item])
    assert answer.status == "accepted", answer.code
    return [orjson.loads(event.data) for event in answer.events]


def test_the_citizens_words_and_the_lesson_are_sealed_and_open_with_the_cases_key_only() -> None:
    private, public = new_key()
    [plan] = recorded(started(), agree(), coach(), public)
    [step] = recorded(started(), reflect(), coach(), public)
    words, lesson = plan["goals"][0]["words"], step["lesson"]
    assert words.startswith(PREFIX)
    assert open_sealed(words, private, CASE) == "Ik wil weer aan de slag."
    assert open_sealed(lesson, private, CASE) == "Eerder bellen helpt."
    assert plan["goals"][0]["life_area"] == "work"


def test_a_fact_that_happened_before_what_is_known_is_marked_late() -> None:
    state = after(planned(), (measure(), coach(NOON + 10 * DAY)))
    [late] = recorded(state, measure(3), coach(NOON + 5 * DAY, now=NOON + 11 * DAY))
    [on_time] = recorded(state, measure(3), coach(NOON + 11 * DAY))
    assert late["late"] is True
    assert "late" not in on_time


def test_a_fact_of_another_service_makes_nothing_of_ours_late() -> None:
    state = closed(planned(), NOON + 30 * DAY)
    [one] = recorded(state, measure(), coach(NOON + 20 * DAY, now=NOON + 31 * DAY))
    assert "late" not in one


def test_the_cause_of_a_change_stands_on_the_log_whether_it_was_named_by_number_or_by_id() -> None:
    language = Language(commands.COMMANDS, commands.NUMBERS, ID_KEY)
    body = {
        "actor": {"role": "coach", "id": "co-1", "organisation": "org-rw"},
        "data": {"plan": "P-1", "reason": "too_ambitious", "goal": "G-1"},
        "municipality": "GM0546",
    }
    item = read_command(language, commands.AdjustPlan, CASE, body, speaker_of(body["actor"]), NOON, "", an_id(7))
    assert item.body.goal_id == from_number(ID_KEY, "GM0546", "goal", "G-1")
    [one] = recorded(
        after(planned(), (measure(), coach(NOON + DAY))),
        commands.AdjustPlan(plan_id=an_id(2), reason="too_ambitious", goal_id=GOAL),
        coach(NOON + 2 * DAY),
    )
    assert one["cause"] == {"kind": "measurement", "id": GOAL, "at": "2026-03-03T12:00:00Z"}
    assert "goal_id" not in one


def test_what_is_known_is_kept_and_read_back_as_it_was() -> None:
    full = after(
        working(),
        (measure(7, "professional"), coach(NOON + 20 * DAY)),
        (reach(), coach(NOON + 21 * DAY)),
        look(NOON + 113 * DAY),
        (follow_up(), coach(NOON + 114 * DAY)),
    )
    for state in (a_case(), returned(planned()), closed(full), *test_steps.STATES.values()):
        assert load(dump(state).decode()) == state


def test_every_fact_has_titles_and_every_command_its_fact() -> None:
    assert set(events.TITLES) == set(events.FACTS)
    assert set(commands.COMMANDS) == set(events.FACTS) - {"check_missed", "follow_up_due"}
    assert all(command.titles[0] and command.titles[1] for command in commands.COMMANDS.values())


def test_no_fact_is_both_heard_and_passed() -> None:
    assert not hearing.HEARING.passes & hearing.HEARING.learns.keys()
    assert hearing.HEARING.about_no_case == {"capacity_stated"}


def test_every_refusal_has_a_dutch_and_an_english_sentence() -> None:
    assert all(dutch.endswith((".", "»")) and english.endswith(".") for dutch, english in SENTENCES.values())
    assert set(test_steps.REFUSALS.values()) <= SENTENCES.keys()
    assert {"time_in_future", "text_too_long", "case_unknown"} <= GENERAL.keys()
