"""Whatever order the reports come in, by whichever doors and however often: the same facts, each once."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.ledger.model import Answer
from tests.property.reported import Intake, Told

DOORS = st.sampled_from(["api", "many", "event"])
PEOPLE = ["999990342", "999993653", "999992934"]


def reports(dossier: int, upto: int) -> list[Told]:
    """What is reported of a dossier, in the order in which it happened."""
    name = f"D-{dossier}"
    return [
        ("application", {"application_number": f"A-{dossier}", "dossier": name, "kind": "new_applicant",
                         "channel": "online", "received_on": "2026-03-02", "bsn": PEOPLE[dossier],
                         "case_mix": {"age_band": "45-54"}}),
        ("decision", {"decision_number": f"B-{dossier}", "dossier": name, "decision": "granted",
                      "decided_on": "2026-03-20"}),
        ("ending", {"ending_number": f"E-{dossier}", "dossier": name, "reason": "work", "ended_on": "2026-06-01"}),
    ][:upto]  # fmt: skip


def in_order(told: list[Told]) -> Any:
    """The facts when each report comes once, in order, by one door."""
    intake = Intake()
    for one in told:
        intake.handle([intake.told(one, "api")])
    return intake.facts()


def until_nothing_moves(intake: Intake, refused: list[Told]) -> None:
    """Letters are taken up when their case has changed; who got a no for now asks again later."""
    for _ in range(20):
        moved = intake.take_up()
        again, refused[:] = list(refused), []
        for one in again:
            [answer] = intake.handle([intake.told(one, "api")])
            if answer.status == "rejected":
                refused.append(one)
        if not moved and not again:
            return
    raise AssertionError("it does not come to rest")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_order_and_mix_of_doors_leads_to_the_same_facts(data: st.DataObject) -> None:
    whole = [one for dossier in range(3) for one in reports(dossier, data.draw(st.integers(0, 3)))]
    often = [one for one in whole for _ in range(data.draw(st.integers(1, 3)))]
    order = data.draw(st.permutations([(one, data.draw(DOORS)) for one in often]))
    intake, refused = Intake(), []
    while order:
        size = data.draw(st.integers(1, 6))
        batch, order = order[:size], order[size:]
        for (one, by), answer in zip(batch, intake.handle([intake.told(*each) for each in batch]), strict=True):
            if answer.status == "rejected":
                assert by != "event"
                assert answer.early, answer
                refused.append(one)
        if data.draw(st.booleans()):
            intake.take_up()
    until_nothing_moves(intake, refused)
    assert intake.facts() == in_order(whole)
    assert (intake.waiting, intake.dead) == ({}, [])


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_of_a_number_that_says_two_things_the_first_stands_and_every_other_is_told_so(data: st.DataObject) -> None:
    application, decision, _ = reports(0, 3)
    changes = [{}, {"channel": "walk_in"}, {"bsn": PEOPLE[1]}, {"received_on": "2026-03-03"}, {"bsn": None}]
    versions = [("application", application[1] | change) for change in changes]
    versions += [decision, ("decision", decision[1] | {"decision": "denied"})]
    order = data.draw(st.lists(st.tuples(st.sampled_from(versions), DOORS), min_size=1, max_size=12))
    intake = Intake()
    first: dict[str, Told] = {}
    while order:
        size = data.draw(st.integers(1, 4))
        batch, order = order[:size], order[size:]
        for (one, by), answer in zip(batch, intake.handle([intake.told(*each) for each in batch]), strict=True):
            if answer.status in ("accepted", "waiting") or answer.early:
                if answer.status == "accepted":
                    first.setdefault(one[0], one)
                continue
            check(answer, by, same=first[one[0]] == one)
        intake.waiting.clear()
    assert {event.fact for event in intake.events} <= {"application_received", "benefit_decided"}
    assert len(intake.events) == len(first)


def check(answer: Answer, by: str, *, same: bool) -> None:
    """The same again is known; anything else under the number is refused, and by event put aside with that reason."""
    if same:
        assert answer.status == "duplicate"
    else:
        assert answer.status == ("dead" if by == "event" else "rejected")
        assert answer.code.startswith("number_reused")
