"""Whatever the order, whatever comes twice: the same end; whatever is asked: the rules hold."""

from collections import Counter
from datetime import timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from services.referral import commands as c
from services.referral import store
from services.referral.codes import REASONS
from services.referral.domain.evolve import evolve
from services.referral.domain.state import OPEN
from services.referral.events import FACTS
from shared.chain import START
from shared.envelope import expected_hash
from shared.facts import Actor, Common, Said
from shared.ledger.model import Case, Item
from tests.builders import NOON, said
from tests.unit.shared.told import CASE, again, opening, settled, told

OTHER = "00000000-0000-8000-8000-0000000000aa"
TOLD = [
    opening(),
    told("benefit_decided", 2),
    told("case_closed", 3),
    told("diagnosis_completed", 1, by="diagnosis"),
    told("diagnosis_completed", 2, by="diagnosis"),
    told("plan_agreed", 1, by="outcome"),
    opening(OTHER),
    told("diagnosis_completed", 1, OTHER, by="diagnosis"),
]


def taken(items: list[Item], sizes: list[int]) -> dict[str, Case]:
    """The cases after these items came in batches; what waits is handed over from batch to batch, as rows are."""
    cases: dict[str, Case] = {}
    position = 0
    while items:
        size = sizes.pop(0) if sizes else len(items)
        batch, items = items[:size], items[size:]
        _, work = settled([again(item) for item in batch], cases)
        for case in cases.values():
            case.stored = case.touched
        for item, kept in work.letters:
            position += 1
            kept.position = position
            if item not in cases[item.case_id].waiting:
                cases[item.case_id].waiting.append(item)
    return cases


def shown(cases: dict[str, Case]) -> dict[str, Any]:
    return {case_id: (store.dump(case.state), case.heard, len(case.waiting)) for case_id, case in cases.items()}


@settings(max_examples=300, deadline=None)
@given(st.permutations(TOLD), st.lists(st.sampled_from(TOLD), max_size=6), st.lists(st.integers(1, 5), max_size=6))
def test_any_order_and_any_duplicates_lead_to_the_same_state(
    order: list[Item], twice: list[Item], sizes: list[int]
) -> None:
    assert shown(taken([*order, *twice], sizes)) == shown(taken(list(TOLD), []))


REFERRALS = [f"00000000-0000-8000-8000-00000000000{n}" for n in range(1, 5)]
REFERRAL = st.sampled_from(REFERRALS)
COMMANDS = st.one_of(
    st.builds(
        lambda r, t: c.SendReferral(
            referral_id=r, from_organisation="org-g", to_organisation="org-rw", trajectory=t, goal="work", warm=True
        ),
        REFERRAL,
        st.sampled_from(["reintegration", "education"]),
    ),
    st.builds(lambda r: c.ReceiveReferral(referral_id=r), REFERRAL),
    st.builds(lambda r: c.AcceptReferral(referral_id=r, coach="co-1", first_contact_on=NOON.date()), REFERRAL),
    st.builds(lambda r: c.DeclineReferral(referral_id=r, reason="provider.no_capacity"), REFERRAL),
    st.builds(lambda r: c.WithdrawReferral(referral_id=r, reason="law.moved"), REFERRAL),
    st.builds(lambda r: c.StartTrajectory(referral_id=r, first_contact="met"), REFERRAL),
    st.builds(lambda r: c.SuspendReferral(referral_id=r, reason="illness"), REFERRAL),
    st.builds(lambda r: c.ResumeReferral(referral_id=r), REFERRAL),
    st.builds(
        lambda r, code, primary: c.ReturnReferral(
            referral_id=r,
            reasons=[{"code": code, "primary": primary}],  # type: ignore[list-item]
            narrative="Een verhaal van meer dan veertig tekens, dat zegt wat er speelt.",
            known_at_referral="no",
            preventable="no",
            discussed_with=["citizen"],
            proposed_next="wait",
        ),
        REFERRAL,
        st.sampled_from([*sorted(REASONS), "general", "pregnancy", "nonsense"]),
        st.booleans(),
    ),
    st.builds(
        lambda r: c.ReviewReturn(referral_id=r, agrees=True, cause="assessment", next="wait", lesson="les"), REFERRAL
    ),
    st.builds(lambda r: c.CompleteTrajectory(referral_id=r, result="paid_work"), REFERRAL),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(COMMANDS, st.integers(0, 40)), max_size=25))
def test_any_sequence_of_commands_keeps_the_invariants(asked: list[tuple[c.Command, int]]) -> None:
    _, work = settled([opening()])
    cases = work.cases
    events, at = [], NOON
    for number, (command, days) in enumerate(asked):
        at += timedelta(days=days)
        role = "caseworker" if "caseworker" in command.by else "coach"
        circumstances = said(at, role, organisation="org-rw")
        item = Item("command", "line", f"k{number}", CASE, command.fact, command, circumstances, f"k{number}", "t")
        _, work = settled([item], cases)
        events += [one.event for one in work.events]
    state = cases[CASE].state

    assert [event.caseversion for event in events] == list(range(1, len(events) + 1))
    link = START
    for event in events:
        link = expected_hash(event, link)
        assert event.casehash == link.hex()
    running = Counter(a.trajectory for a in state.attempts.values() if a.status in OPEN)
    assert all(count == 1 for count in running.values())
    facts = Counter(event.fact for event in events)
    assert len(state.returns) == facts["referral_returned"]
    assert facts["pumping_round_detected"] == max(0, facts["referral_returned"] - 1)
    for event in (e for e in events if e.fact == "referral_returned"):
        reasons = orjson.loads(event.data)["reasons"]
        assert sum(reason["primary"] for reason in reasons) == 1
        assert all(reason["code"] in REASONS for reason in reasons)
    assert rebuilt(events) == state


def rebuilt(events: list[Any]) -> Any:
    """The state of the log alone: opened as it was heard, then every fact as it stands on the log."""
    _, work = settled([opening()])
    state = work.cases[CASE].state
    common = frozenset(Common.model_fields)
    for event in events:
        data = orjson.loads(event.data)
        fact = FACTS[event.fact].model_validate_json(
            orjson.dumps({name: value for name, value in data.items() if name not in common})
        )
        around = Common.model_validate_json(orjson.dumps({k: v for k, v in data.items() if k in common}))
        actor = Actor(role=around.actor.role, id=around.actor.id)
        state = evolve(state, fact, Said(around.occurred_at, around.occurred_at, actor, "GM0546", around.imported))
    return state
