"""Whatever is asked, approved and refused, by whom and when: nothing goes without two people, and no figure moves."""

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake import commands as c
from services.intake.app import RULES
from services.intake.codes import ERASURE_REASONS
from services.intake.domain.erasing import FACTS as ERASING
from services.intake.domain.retention import kept
from services.intake.domain.view import row, view
from services.intake.events import FACTS
from shared.facts import Command
from shared.ledger.clocks import LookAtTerms
from tests.builders import DAY, NOON, said
from tests.property.chained import Told, chained, rebuilt, taken
from tests.unit.intake.given import answer, apply, close, withdraw

PEOPLE = st.sampled_from(["km-1", "km-2", "op-1"])
DAYS = st.integers(-20, 60).map(lambda days: (NOON + days * DAY).date())
ERASE: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        lambda reason, day, rule: c.KnownErasure(reason=reason, until_on=day, kept_by=rule),
        st.sampled_from(list(ERASURE_REASONS)),
        st.integers(0, 900).map(lambda days: (NOON + days * DAY).date()),
        st.sampled_from(["", "denied"]),
    ),
    st.just(c.ApproveErasure()),
    st.just(c.ApproveErasure()),
    st.just(c.RefuseErasure(reason="no")),
)
LIVE: st.SearchStrategy[Command] = st.one_of(
    st.builds(lambda day: c.RequestSupplement(until_on=day), st.one_of(st.none(), DAYS)),
    st.just(answer()),
    st.just(withdraw()),
    st.builds(
        lambda decision, day: c.DecideBenefit(decision=decision, decided_on=day),
        st.sampled_from(["granted", "denied", "not_taken_up"]),
        DAYS,
    ),
    st.builds(lambda day: c.EndBenefit(reason="work", ended_on=day), DAYS),
    st.just(close()),
    st.just(LookAtTerms()),
)
STEPS = st.lists(st.tuples(st.one_of(LIVE, ERASE, ERASE), PEOPLE, st.integers(0, 40)), max_size=30)
Step = tuple[Command, str, int]


def told(steps: list[Step]) -> list[Told]:
    """These commands, each some days after the one before; an erasure by this person, all else by who may."""
    at, found = NOON, [Told(apply(), said(NOON))]
    for command, who, days in steps:
        at += days * DAY
        role = "operator" if who == "op-1" else "caseworker"
        erases = command.fact.startswith("erasure")
        found.append(Told(command, said(at, role, who=who) if erases else said(at, sorted(command.by)[0])))
    return found


def shown(state: Any) -> tuple[Any, Any]:
    """What lists and figures have of a case, without how its file is kept."""
    seen = view(state)
    seen["detail"] = {k: v for k, v in seen["detail"].items() if k not in ("keeping", "erasure", "erased_at")}
    line = row(state)
    return seen, (line.status, line.turn, line.caseworker, line.due_at, line.overdue_since, line.opened_at)


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_nothing_is_destroyed_without_two_people_and_only_once(steps: list[Step]) -> None:
    state, events = taken(RULES, None, told(steps))
    assert chained(events)
    asked: str | None = None
    gone = 0
    for before, event in zip([None, *events], events, strict=False):
        actor = orjson.loads(event.data)["actor"]["id"]
        if event.fact == "erasure_requested":
            asked = actor
        elif event.fact == "erasure_approved":
            assert asked not in (None, actor)
        elif event.fact == "case_key_destroyed":
            assert before is not None
            assert before.fact == "erasure_approved"
            gone += 1
        elif event.fact in ("erasure_refused", "erasure_lapsed"):
            asked = None
    assert gone <= 1
    assert (state.keeping == "erased") == (state.key == "") == (gone == 1) == (state.erased_at is not None)
    assert (state.erasure is not None) == (state.keeping == "erasure_asked")
    assert (kept("GM0546", state) is None) >= (state.keeping == "erased")


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_erasing_moves_no_figure_and_changes_no_other_fact(steps: list[Step]) -> None:
    state, events = taken(RULES, None, told(steps))
    alone, others = taken(RULES, None, [one for one in told(steps) if not one.command.fact.startswith("erasure")])
    names = {fact.name for fact in ERASING}
    assert shown(state) == shown(alone)
    assert [event.fact for event in events if event.fact not in names] == [event.fact for event in others]


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_the_log_alone_tells_how_the_file_is_kept(steps: list[Step]) -> None:
    state, events = taken(RULES, None, told(steps))
    assert RULES.dump(rebuilt(RULES, FACTS, None, events)) == RULES.dump(state)
