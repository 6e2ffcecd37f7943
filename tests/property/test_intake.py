"""Whatever is asked of an application, in whatever order: its rules hold, and the log alone tells the state."""

from collections import Counter
from datetime import timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake import commands as c
from services.intake import store
from services.intake.app import RULES
from services.intake.domain.evolve import evolve
from services.intake.domain.state import RUNNING
from services.intake.domain.view import row, view
from services.intake.events import FACTS
from shared.chain import START
from shared.envelope import Event, expected_hash, source_urn
from shared.facts import Command, Common, Said
from shared.ledger.clocks import LookAtTerms
from shared.ledger.model import Case, Item, Ledger, Work
from shared.ledger.settle import settle
from tests.builders import DAY, NOON, said
from tests.unit.intake.given import EARLIER, OTHER, THIRD, answer, apply, close, join, withdraw

CASE = "00000000-0000-8000-8000-0000000000cc"
# a ledger without a database: settling never touches it
LEDGER = Ledger(None, "intake", source_urn("00000001823288444000", "intake"), RULES)  # type: ignore[arg-type]
DAYS = st.integers(-20, 60).map(lambda days: (NOON + days * DAY).date())
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        lambda application, age, day: apply(application_id=application, case_mix={"age_band": age}, received_on=day),
        st.sampled_from([EARLIER, OTHER]),
        st.sampled_from(["18-26", "35-44"]),
        DAYS,
    ),
    st.builds(lambda day: c.StartSearchPeriod(until_on=day), DAYS),
    st.just(c.EndSearchPeriod(result="found_education")),
    st.builds(lambda day: c.RequestSupplement(until_on=day), st.one_of(st.none(), DAYS)),
    st.just(answer()),
    st.just(withdraw()),
    st.builds(
        lambda decision, day: c.DecideBenefit(decision=decision, decided_on=day),
        st.sampled_from(["granted", "granted", "denied", "not_taken_up"]),
        DAYS,
    ),
    st.builds(lambda day: c.EndBenefit(reason="work", ended_on=day), DAYS),
    st.builds(lambda earlier: join(earlier_case_id=earlier), st.sampled_from([EARLIER, THIRD])),
    st.just(close()),
    st.just(LookAtTerms()),
    st.just(LookAtTerms()),
)


def lived(asked: list[tuple[Command, int, bool]]) -> tuple[Case, list[tuple[Event, Said]]]:
    """The case after these commands, each some days after the one before; and its log, with who said it when."""
    case, at = Case(CASE), NOON
    log: list[tuple[Event, Said]] = []
    for number, (command, days, imported) in enumerate(asked):
        at += timedelta(days=days)
        role = sorted(command.by)[0]
        circumstances = said(at, role, imported=imported and role != "system")
        work = Work(cases={CASE: case}, known={})
        item = Item("command", "line", f"k{number}", CASE, command.fact, command, circumstances, f"k{number}", "t")
        [reply] = settle(LEDGER, work, [item])
        assert reply.code != "internal_error"
        log += [(one.event, circumstances) for one in work.events]
    return case, log


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(COMMANDS, st.integers(0, 40), st.booleans()), max_size=25))
def test_any_sequence_of_commands_keeps_the_invariants(asked: list[tuple[Command, int, bool]]) -> None:
    case, log = lived([(apply(), 0, False), *asked])
    events = [event for event, _ in log]
    assert [event.caseversion for event in events] == list(range(1, len(events) + 1))
    link = START
    for event in events:
        link = expected_hash(event, link)
        assert event.casehash == link.hex()

    facts = Counter(event.fact for event in events)
    for once in ("application_received", "benefit_decided", "benefit_ended", "case_joined", "case_closed"):
        assert facts[once] <= 1
    assert facts["search_period_ended"] <= facts["search_period_started"] <= 1
    assert facts["supplement_received"] <= facts["supplement_requested"]

    state = case.state
    assert (state.over_at is None) == (state.status in RUNNING)
    assert not state.clocks or state.status in ("received", "supplement")
    assert (state.supplement is not None) == (state.status == "supplement")
    assert len({one.name for one in state.clocks}) == len(state.clocks)
    assert all(seconds >= 0 for seconds in state.waited.values())
    assert row(state).status in ("open", "closed")
    assert view(state)["detail"]["step"] == state.status
    assert store.dump(store.codec(type(state))[1](store.dump(state).decode())) == store.dump(state)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(COMMANDS, st.integers(0, 40), st.booleans()), max_size=25))
def test_the_log_alone_tells_the_state(asked: list[tuple[Command, int, bool]]) -> None:
    case, log = lived([(apply(case_mix={"age_band": "18-26"}), 0, False), *asked])
    assert store.dump(rebuilt(log)) == store.dump(case.state)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(COMMANDS, st.integers(0, 40), st.just(False)), max_size=25))
def test_nothing_is_granted_during_a_search_and_a_decision_is_late_once(
    asked: list[tuple[Command, int, bool]],
) -> None:
    _, log = lived([(apply(case_mix={"age_band": "18-26"}), 0, False), *asked])
    late = [orjson.loads(event.data)["due_on"] for event, _ in log if event.fact == "decision_overdue"]
    assert len(late) == len(set(late))
    told: dict[str, dict[str, Any]] = {event.fact: orjson.loads(event.data) for event, _ in log}
    decided = told.get("benefit_decided", {})
    if decided.get("decision") == "granted" and "search_period_started" in told:
        last_day, over = told["search_period_started"]["until_on"], told["search_period_ended"]["occurred_at"]
        assert decided["decided_on"] > last_day or decided["decided_on"] >= over[:10]


def rebuilt(log: list[tuple[Event, Said]]) -> Any:
    """The state of the log alone: every fact as it stands there, heard when it was recorded."""
    state, common = None, frozenset(Common.model_fields)
    for event, circumstances in log:
        data = orjson.loads(event.data)
        own = {name: value for name, value in data.items() if name not in common}
        fact = FACTS[event.fact].model_validate_json(orjson.dumps(own))
        around = Common.model_validate_json(orjson.dumps({name: data[name] for name in data.keys() & common}))
        actor = around.actor
        told = Said(around.occurred_at, circumstances.now, actor, circumstances.municipality, around.imported)
        state = evolve(state, fact, told)
    return state
