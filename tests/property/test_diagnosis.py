"""Whatever is asked of a diagnosis, in whatever order: the chain holds, the log is all there is, the rules hold."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.diagnosis import hearing as h
from services.diagnosis.app import RULES
from services.diagnosis.codes import FACTORS, GROUNDS, ground_of
from services.diagnosis.domain.learn import learn
from services.diagnosis.domain.state import NEXT, State, Status
from services.diagnosis.domain.view import view
from services.diagnosis.events import FACTS
from shared.facts import Command
from shared.ledger.clocks import LookAtTerms
from tests.builders import DAY, NOON, said
from tests.property.chained import Told, chained, rebuilt, taken, without_texts
from tests.unit.diagnosis.given import answer, ask, complete, contest, direct, factors, map_area, plan, start, weigh
from tests.unit.shared.told import PUBLIC_KEY

FIRST = "00000000-0000-8000-8000-000000000001"
IDS = st.sampled_from([FIRST, "00000000-0000-8000-8000-000000000002"])
CODES = ["own_motivation", "own_motivation.own_plan", "many_barriers", "few_barriers", "language_level", "nonsense"]
SIDES = st.sampled_from(["work", "work_in_time", "participation"])
VIEWS = st.sampled_from(["agrees", "disagrees"])
WORDS = st.sampled_from([None, "Ik wil werken."])
PARTNERS = st.sampled_from(["uwv", "health"])
VOICES = st.sampled_from(["citizen", "caseworker"])
GROUND = st.sampled_from([*GROUNDS, "person.leeftijd"])
WEIGHTS = st.sampled_from(["light", "heavy"])
Asked = tuple[Command, str]
COMMANDS: st.SearchStrategy[Asked] = st.one_of(
    st.tuples(
        st.one_of(
            st.builds(start, IDS),
            st.builds(
                lambda i, missing: complete(i, factors=factors(without=missing)), IDS, st.sampled_from(["", "skills"])
            ),
            st.builds(lambda i, partner: ask(consultation_id=i, partner=partner), IDS, PARTNERS),
            st.builds(weigh, st.sampled_from(CODES) | GROUND, SIDES, WEIGHTS, by=VOICES),
            st.builds(direct, SIDES, VIEWS),
            st.builds(plan, due_on=st.dates(NOON.date(), (NOON + 300 * DAY).date())),
        ),
        st.just("caseworker"),
    ),
    st.tuples(st.builds(map_area, own_words=WORDS), st.sampled_from(["caseworker", "citizen"])),
    st.tuples(st.builds(lambda i: answer(consultation_id=i), IDS), st.sampled_from(["caseworker", "partner"])),
    st.tuples(st.builds(contest), st.sampled_from(["caseworker", "citizen"])),
    st.tuples(st.builds(LookAtTerms), st.just("system")),
)
USUAL: list[Asked] = [
    (start(FIRST), "caseworker"),
    (map_area(), "citizen"),
    (complete(FIRST), "caseworker"),
    (weigh(), "caseworker"),
    (direct(), "caseworker"),
]
"""How it goes when all goes well; what is asked begins somewhere on this road."""


def opened() -> State:
    """A case with a benefit, long enough ago."""
    state = learn(None, h.ApplicationReceived(case_key=PUBLIC_KEY), said(NOON - 40 * DAY))
    granted = learn(state, h.BenefitDecided(decision="granted"), said(NOON - 30 * DAY))
    assert granted is not None
    return granted


def steps(begun: int, asked: list[tuple[Asked, int, int]]) -> list[Told]:
    """Each a number of days after the one before; some are told late, as of days before."""
    found, now = [], NOON
    for (command, role), days, late in [*((one, 1, 0) for one in USUAL[:begun]), *asked]:
        now += timedelta(days=days)
        at = now if role == "system" else now - timedelta(days=late)
        found.append(Told(command, said(at, role, now=now)))
    return found


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(USUAL)),
    st.lists(st.tuples(COMMANDS, st.integers(0, 30), st.sampled_from([0, 0, 5])), max_size=20),
)
def test_any_sequence_of_commands_keeps_the_invariants(begun: int, asked: list[tuple[Asked, int, int]]) -> None:
    state, events = taken(RULES, opened(), steps(begun, asked))
    assert chained(events)
    assert rebuilt(RULES, FACTS, opened(), events) == state
    facts = Counter(event.fact for event in events)
    assert len(state.diagnoses) == facts["diagnosis_started"]
    assert facts["diagnosis_completed"] == sum(one.completed_at is not None for one in state.diagnoses)
    assert facts["argument_weighed"] == sum(len(one.arguments) for one in state.diagnoses)
    assert facts["consultation_answered"] <= facts["consultation_requested"] == len(state.consultations)
    assert facts["consultation_overdue"] <= facts["consultation_requested"]
    for one in state.diagnoses:
        check_diagnosis(one)
    status: Status = "new"
    for event in events:
        status = NEXT.get((status, event.fact), status)
        check_fact(event.fact, orjson.loads(event.data))
    assert state.status == status
    assert set(view(state)["detail"]) >= {"speaks", "missing", "second_look"}


def check_diagnosis(one: Any) -> None:
    """A direction only after a completed diagnosis and own motivation weighed by then; every factor answered."""
    assert not any(ground_of(argument.argument) for argument in one.arguments)
    if one.completed_at is not None:
        assert {scored.factor for scored in one.factors} == set(FACTORS)
    if one.direction is not None:
        assert one.completed_at is not None
        motivated: list[datetime] = [
            weighed.at for weighed in one.arguments if weighed.argument.startswith("own_motivation")
        ]
        assert min(motivated) <= one.direction.at


def check_fact(name: str, data: dict[str, Any]) -> None:
    """What a fact may say at most."""
    if name == "argument_refused":
        assert set(data) <= {"case_id", "municipality", "occurred_at", "actor", "late", "ground", "explanation"}
    if name == "direction_decided":
        assert data["actor"]["role"] == "caseworker"
        assert set(data.get("warnings", ())) <= {"consultation_missing", "citizen_disagrees"}


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, len(USUAL)),
    st.lists(st.tuples(COMMANDS, st.integers(0, 10), st.just(0)), max_size=12),
    st.integers(0, 60),
)
def test_the_end_of_a_case_refuses_nothing_that_happened_before_it(
    begun: int, asked: list[tuple[Asked, int, int]], days: int
) -> None:
    told = [one for one in steps(begun, asked) if one.said.actor.role != "system"]
    ends = NOON + days * DAY + timedelta(seconds=1)
    closed = learn(opened(), h.CaseClosed(), said(ends))
    _, first = taken(RULES, closed, told)
    _, last = taken(RULES, opened(), [one for one in told if one.said.at < ends])
    assert [without_texts(FACTS, one) for one in first] == [without_texts(FACTS, one) for one in last]
