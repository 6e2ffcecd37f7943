"""What services count of their own: each fact once, by closed sets, imported history apart."""

from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

import orjson
import pytest

from shared.envelope import Event
from shared.ids import new_id
from shared.ledger.model import Answer, Item
from shared.measuring import Labels, Meters
from tests.builders import DAY, NOON, said


def an_event(fact: str, **data: Any) -> Event:
    """An event as it was just written."""
    kind = f"nl.overdrachten.{fact}.v1"
    return Event(new_id(), "", kind, new_id(), "", 0, 1, "", "", "", orjson.dumps(data))


def meters_of(service: str, *events: Event, imported: bool = False, state: Any = None) -> Meters:
    """The meters of a service after an item led to these events."""
    measured = import_module(f"services.{service}.metrics").MEASURED
    meters = Meters(measured.measures)
    item = Item("command", "door", new_id(), "", "", None, said(imported=imported), "", "")
    measured.count(meters, item, Answer("accepted", "", events=list(events), state=state))
    return meters


def counted(service: str, *events: Event, imported: bool = False, state: Any = None) -> dict[str, dict[Labels, float]]:
    """What is not nought after an item led to these events."""
    meters = meters_of(service, *events, imported=imported, state=state)
    found = {name: {labels: n for labels, n in counts.items() if n} for name, counts in meters.counts.items()}
    return {name: counts for name, counts in found.items() if counts}


REASONS = [{"code": "fit.wrong_trajectory", "primary": False}, {"code": "person.debts.gambling", "primary": True}]


@pytest.mark.parametrize(
    ("service", "fact", "data", "expected"),
    [
        ("intake", "application_received", {"channel": "online", "kind": "new_applicant"},
            {"overdracht_applications_total": {("online", "new_applicant", "false"): 1}}),
        ("intake", "benefit_decided", {"decision": "granted"},
            {"overdracht_decisions_total": {("granted", "false"): 1}}),
        ("intake", "decision_overdue", {}, {"overdracht_terms_passed_total": {("decision",): 1}}),
        ("intake", "case_closed", {}, {}),
        ("diagnosis", "diagnosis_completed", {}, {"overdracht_diagnoses_completed_total": {("false",): 1}}),
        ("diagnosis", "argument_refused", {"ground": "age"},
            {"overdracht_refused_grounds_total": {("age", "false"): 1}}),
        ("diagnosis", "argument_refused", {"ground": "Jan Jansen"},
            {"overdracht_refused_grounds_total": {("other", "false"): 1}}),
        ("diagnosis", "consultation_overdue", {}, {"overdracht_terms_passed_total": {("consultation",): 1}}),
        ("referral", "referral_sent", {},
            {"overdracht_hand_offs_total": {("municipality", "provider", "referral_sent", "false"): 1}}),
        ("referral", "progress_silent", {}, {"overdracht_terms_passed_total": {("progress",): 1}}),
        ("referral", "referral_returned", {"reasons": REASONS},
            {"overdracht_hand_offs_total": {("provider", "municipality", "referral_returned", "false"): 1},
             "overdracht_returns_total": {("person", "false"): 1}}),
        ("referral", "capacity_stated", {}, {}),
        ("outcome", "outcome_reached", {"perspective": "education", "sustained_months": 3},
            {"overdracht_outcomes_total": {("education", "3", "false"): 1}}),
        ("outcome", "job_started", {}, {"overdracht_jobs_started_total": {("false",): 1}}),
        ("outcome", "job_ended", {}, {"overdracht_jobs_ended_total": {("false",): 1}}),
        ("outcome", "follow_up_due", {}, {"overdracht_terms_passed_total": {("follow_up",): 1}}),
        ("outcome", "outcome_reached_corrected", {}, {}),
    ],
)  # fmt: skip
def test_a_fact_is_counted_once_under_what_it_is(service: str, fact: str, data: Any, expected: Any) -> None:
    assert counted(service, an_event(fact, **data)) == expected


def test_imported_history_is_counted_apart() -> None:
    event = an_event("referral_returned", reasons=REASONS)
    assert counted("referral", event, imported=True)["overdracht_returns_total"] == {("person", "true"): 1}


def test_every_event_of_an_item_is_counted() -> None:
    found = counted("referral", an_event("referral_received"), an_event("referral_declined"))
    assert sum(found["overdracht_hand_offs_total"].values()) == 2


@dataclass
class Sent:
    """An attempt as referral knows it, as far as waiting goes."""

    sent_at: Any
    accepted_at: Any


@dataclass
class State:
    """A case with its attempts."""

    attempts: dict[str, Sent]


@pytest.mark.parametrize(
    ("waited", "imported", "sums"),
    [(3 * DAY, False, 259_200), (timedelta(0), False, 0), (-DAY, False, 0), (3 * DAY, True, None)],
)
def test_the_wait_for_an_answer_is_from_sent_to_accepted(waited: timedelta, imported: bool, sums: float | None) -> None:
    state = State({"R-1": Sent(NOON, NOON + waited)})
    accepted = an_event("referral_accepted", referral_id="R-1")
    spread = meters_of("referral", accepted, imported=imported, state=state).spreads[
        "overdracht_acceptance_wait_seconds"
    ][()]
    assert (sum(spread[:-1]), spread[-1]) == ((1, sums) if sums is not None else (0, 0))
