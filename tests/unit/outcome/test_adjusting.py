"""A plan changes only because of a measurement or a return, and names which."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.outcome.domain.decide import decide
from shared.refusals import Refused
from tests.builders import DAY, NOON
from tests.unit.outcome.given import (
    GOAL,
    REFERRAL,
    SECOND,
    adjust,
    after,
    coach,
    measure,
    measured,
    returned,
)


def test_a_plan_is_not_adjusted_without_a_cause() -> None:
    causeless = adjust(cause=None)
    with pytest.raises(Refused, match="cause_missing"):
        decide(measured(), causeless, coach(NOON + 11 * DAY))
    [one] = decide(measured(), causeless, coach(NOON + 11 * DAY, imported=True))
    assert one.unknown == ("cause",)


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ({"cause": {"kind": "measurement", "id": GOAL}}, "measurement"),
        ({"goal_id": GOAL}, "measurement"),
        ({"cause": {"kind": "return", "id": REFERRAL}}, "return"),
        ({"referral_id": REFERRAL}, "return"),
    ],
)
def test_an_adjusted_plan_names_the_measurement_or_return_that_caused_it(named: dict[str, Any], kind: str) -> None:
    back = returned(measured())
    [one] = decide(back, adjust(**named), coach(NOON + 31 * DAY))
    assert one.fact.cause.model_dump() == {  # type: ignore[attr-defined]
        "kind": kind,
        "id": GOAL if kind == "measurement" else REFERRAL,
        "at": NOON + (10 if kind == "measurement" else 30) * DAY,
    }
    assert one.unknown == ()


@pytest.mark.parametrize(
    "named",
    [
        {"cause": {"kind": "measurement", "id": SECOND}},
        {"cause": {"kind": "return", "id": SECOND}},
        {"cause": {"kind": "return", "id": REFERRAL}},
        {"cause": {"kind": "measurement", "id": REFERRAL}},
    ],
)
def test_a_cause_that_is_not_there_is_refused_in_history_too(named: dict[str, Any]) -> None:
    for imported in (False, True):
        with pytest.raises(Refused, match="cause_unknown"):
            decide(measured(), adjust(**named), coach(NOON + 11 * DAY, imported=imported))


def test_a_cause_lies_before_what_it_causes() -> None:
    state = returned(measured())
    with pytest.raises(Refused, match="cause_unknown"):
        decide(state, adjust(goal_id=GOAL), coach(NOON + 10 * DAY - timedelta(seconds=1)))
    with pytest.raises(Refused, match="cause_unknown"):
        decide(state, adjust(referral_id=REFERRAL), coach(NOON + 29 * DAY))


def test_of_more_measurements_the_cause_is_the_last_one_by_then_unless_said() -> None:
    twice = after(measured(), (measure(8), coach(NOON + 15 * DAY)))

    def cause(now: datetime, **said_so: Any) -> datetime:
        [one] = decide(twice, adjust(cause={"kind": "measurement", "id": GOAL} | said_so), coach(now))
        return one.fact.cause.at  # type: ignore[attr-defined, no-any-return]

    assert cause(NOON + 20 * DAY) == NOON + 15 * DAY
    assert cause(NOON + 12 * DAY) == NOON + 10 * DAY
    assert cause(NOON + 20 * DAY, at=NOON + 10 * DAY) == NOON + 10 * DAY
    with pytest.raises(Refused, match="cause_unknown"):
        cause(NOON + 20 * DAY, at=NOON + 11 * DAY)


def test_a_plan_is_adjusted_for_one_cause() -> None:
    with pytest.raises(Refused, match="cause_not_one"):
        decide(returned(measured()), adjust(goal_id=GOAL, referral_id=REFERRAL), coach(NOON + 31 * DAY))
