"""Whatever is asked of plans and work, in whatever order: the log is chained and all there is, nothing is erased."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.outcome.app import RULES
from services.outcome.domain.state import State
from services.outcome.domain.turns import waited
from services.outcome.domain.view import row, view
from services.outcome.events import FACTS
from shared.envelope import Event
from shared.facts import Command
from shared.ledger.clocks import LookAtTerms
from tests.builders import DAY, NOON, said
from tests.property.chained import Told, chained, rebuilt, taken
from tests.unit.outcome.given import (
    PROVIDER,
    a_goal,
    adjust,
    agree,
    an_id,
    correct_job,
    correct_measurement,
    correct_outcome,
    end_intervention,
    end_job,
    follow_up,
    intervene,
    measure,
    reach,
    reflect,
    returned,
    start_job,
    started,
)
from tests.unit.shared.told import PUBLIC_KEY

NUMBERS = st.sampled_from([an_id(2), an_id(3)])
GOALS = st.sampled_from([an_id(13), an_id(14)])
SIDES = st.sampled_from(["citizen", "professional"])
SCORES = st.integers(0, 10)
MONTHS = st.sampled_from([3, 6, 12])
LASTING = st.sampled_from([0, 0, 3, 6])
PERSPECTIVES = st.sampled_from(["paid_work", "education", "structured_day"])
ANSWERS = st.sampled_from(["still_working", "lost_job", "unreachable"])
DAYS = st.dates(NOON.date(), (NOON + 200 * DAY).date())
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(lambda p, g, on: agree(p, goals=[a_goal(g)], next_check_on=on), NUMBERS, GOALS, DAYS),
    st.builds(lambda p, g: adjust(p, goal_id=g), NUMBERS, GOALS),
    st.builds(lambda p: adjust(p, referral_id=an_id(1)), NUMBERS),
    st.builds(measure, SCORES, SIDES, GOALS),
    st.builds(lambda s, by, g: correct_measurement(s, by, goal_id=g), SCORES, SIDES, GOALS),
    st.builds(lambda i, g: intervene(i, goal_id=g), NUMBERS, GOALS | st.none()),
    st.builds(end_intervention, NUMBERS),
    st.builds(reflect),
    st.builds(start_job, NUMBERS),
    st.builds(lambda j, hours: correct_job(j, hours_per_week=hours), NUMBERS, st.integers(1, 40)),
    st.builds(end_job, NUMBERS),
    st.builds(reach, LASTING, PERSPECTIVES),
    st.builds(correct_outcome, LASTING, LASTING),
    st.builds(follow_up, MONTHS, ANSWERS),
    st.builds(LookAtTerms),
)
USUAL: list[Command] = [
    agree(an_id(2), goals=[a_goal(an_id(13))]),
    measure(4, "citizen", an_id(13)),
    start_job(an_id(2)),
    reach(0, "paid_work"),
]
"""How it goes when all goes well; what is asked begins somewhere on this road."""


def opened() -> State:
    """A case whose trajectory was started; it comes back after a hundred days."""
    known = returned(started(), NOON + 100 * DAY)
    return State(**{name: getattr(known, name) for name in known.__dataclass_fields__} | {"key": PUBLIC_KEY})


def steps(begun: int, asked: list[tuple[Command, int, int]]) -> list[Told]:
    """Each a number of days after the one before; some are told late, as of days before."""
    found, now = [], NOON
    for command, days, late in [*((one, 1, 0) for one in USUAL[:begun]), *asked]:
        now += timedelta(days=days)
        if isinstance(command, LookAtTerms):
            found.append(Told(command, said(now, "system")))
        else:
            found.append(Told(command, said(now - timedelta(days=late), "coach", now=now, organisation=PROVIDER)))
    return found


@settings(max_examples=120, deadline=None)
@given(
    st.integers(0, len(USUAL)),
    st.lists(st.tuples(COMMANDS, st.integers(0, 60), st.sampled_from([0, 0, 5])), max_size=20),
)
def test_any_sequence_of_commands_keeps_the_invariants(begun: int, asked: list[tuple[Command, int, int]]) -> None:
    state, events = taken(RULES, opened(), steps(begun, asked))
    assert chained(events)
    assert rebuilt(RULES, FACTS, opened(), events) == state
    check_nothing_is_erased(state, Counter(event.fact for event in events))
    check_terms(state, events)
    check_causes(events)
    assert all(seconds >= 0 for seconds in waited(state).values())
    assert view(state)["detail"]["reflections"] == sum(event.fact == "step_reflected" for event in events)
    assert row(state).providers == (PROVIDER,)


def check_nothing_is_erased(state: State, facts: "Counter[str]") -> None:
    """As much is known as was recorded: a correction puts right, it adds nothing and takes nothing away."""
    scores = [kept for goal in state.goals.values() for kept in goal.measured.values()]
    assert sum(map(len, scores)) == facts["goal_measured"]
    assert len(state.outcomes) == facts["outcome_reached"]
    assert len(state.jobs) == facts["job_started"]
    assert sum(job.ended_at is not None for job in state.jobs.values()) == facts["job_ended"]
    assert len(state.plans) == facts["plan_agreed"] == len(state.goals)
    assert len(state.interventions) == facts["intervention_started"]


def check_terms(state: State, events: list[Event]) -> None:
    """A follow-up is asked once per job and number of months, and never of work that is over by then."""
    asked = [said_in(event) for event in events if event.fact == "follow_up_due"]
    due = Counter((data["job_id"], data["months"]) for data in asked)
    assert all(times == 1 for times in due.values())
    about = [(one.name, one.about, one.months) for one in state.clocks]
    assert len(about) == len(set(about))
    for one in state.clocks:
        if one.name == "follow_up" and not one.fired:
            ended = state.jobs[one.about].ended_at
            assert ended is None or one.due_at <= ended


def check_causes(events: list[Event]) -> None:
    """Every change of a plan names what caused it, and that lies before it."""
    for event in events:
        data = said_in(event)
        if event.fact == "plan_adjusted":
            assert datetime.fromisoformat(data["cause"]["at"]) <= datetime.fromisoformat(data["occurred_at"])
        if event.fact == "outcome_reached":
            assert data["sustained_months"] in (0, 3, 6, 12)


def said_in(event: Event) -> dict[str, Any]:
    """The data of an event."""
    data: dict[str, Any] = orjson.loads(event.data)
    return data
