"""A case is told as the document of its service says, in whatever state it is; each field is told by some case."""

from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from schemas.sources import SERVICES, part
from services.outcome.hearing import BenefitEnded
from services.referral.hearing import DiagnosisCompleted
from tests.builders import DAY, NOON, said
from tests.contract.test_answers import document
from tests.unit.diagnosis import given as diagnosis
from tests.unit.intake import given as intake
from tests.unit.intake import test_erasing as erasing
from tests.unit.outcome import given as outcome
from tests.unit.referral import given as referral


def pumped_round() -> Any:
    """A case that came back a second time."""
    again, later = referral.SECOND, referral.coach(NOON + 60 * DAY)
    sent = (referral.send(again), said(NOON + 40 * DAY))
    agreed = (referral.review(), said(NOON + 35 * DAY))
    return referral.after(referral.returned(), agreed, sent, (referral.give_back(again), later))


LATER = NOON + 2 * DAY
NEVER = NOON + 1_000 * DAY
STATES: dict[str, list[Any]] = {
    "intake": [
        intake.applied(), intake.applied(earlier_case_id=intake.EARLIER, possible_duplicates=[intake.THIRD]),
        intake.searching(), intake.asked(), intake.asked((NOON + 20 * DAY).date()),
        intake.after(intake.applied(), intake.look(NEVER)), intake.granted(), intake.ended(), intake.closed(),
        erasing.asked(), erasing.erased(),
        intake.after(intake.applied(), (intake.join(), said(NOON + DAY))),
    ],
    "diagnosis": [
        diagnosis.applied(), diagnosis.after(diagnosis.granted(), (diagnosis.plan(), said(NOON))), diagnosis.started(),
        diagnosis.mapped(), diagnosis.completed(), diagnosis.decided(), diagnosis.contested(),
        diagnosis.after(diagnosis.completed(), (diagnosis.ask(), said(NOON + DAY))),
        diagnosis.after(diagnosis.completed(), (diagnosis.ask(), said(NOON + DAY)), (diagnosis.answer(), said(LATER))),
        diagnosis.after(diagnosis.decided(), (diagnosis.start(diagnosis.AGAIN), said(NOON + 9 * DAY))),
    ],
    "referral": [
        referral.a_case(), referral.sent(), referral.accepted(), referral.started(), referral.returned(),
        referral.heard(referral.a_case(), DiagnosisCompleted(), said(NOON)), pumped_round(),
        referral.closed(referral.returned()),
    ],
    "outcome": [
        outcome.a_case(), outcome.started(), outcome.planned(), outcome.measured(), outcome.working(),
        outcome.after(outcome.planned(), (outcome.intervene(), outcome.coach())), outcome.closed(outcome.working()),
        outcome.after(outcome.working(), (outcome.reach(), outcome.coach(NOON + 21 * DAY))),
        outcome.after(outcome.planned(), outcome.look(NEVER)),
        outcome.after(outcome.working(), (outcome.reflect(), outcome.coach(NOON + 22 * DAY))),
        outcome.heard(outcome.working(), (BenefitEnded(), said(NOON + 22 * DAY))),
    ],
}  # fmt: skip


def body_of(service: str) -> tuple[dict[str, Any], Draft202012Validator]:
    """What the document says of the fields of a case, and a check of those that the service's view tells."""
    one = document(service)
    case = one["components"]["schemas"][f"{service.title()}Case"]
    told = {name: case["properties"][name] for name in ("turn", "clocks", "waited_days", "detail")}
    whole = {"properties": told, "required": list(told), "additionalProperties": False, "components": one["components"]}
    return one["components"]["schemas"], Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("service", SERVICES)
def test_a_case_is_told_as_described_in_every_state_and_each_field_by_some(service: str) -> None:
    schemas, check = body_of(service)
    view = part(service, "domain.view").view
    found = [orjson.loads(orjson.dumps(view(state))) for state in STATES[service]]
    for one in found:
        check.validate(one)
    told = {name for one in found for name, value in one["detail"].items() if value not in (None, [], {}, False, 0)}
    assert set(schemas[f"{service.title()}Detail"]["properties"]) == told
    assert any(one["clocks"] for one in found)
    assert any(one["turn"] for one in found)
