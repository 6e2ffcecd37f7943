"""Both sides measure, side by side; what was measured wrongly is corrected beside it."""

import pytest

from services.outcome.domain.decide import decide
from services.outcome.domain.view import view
from shared.facts import Command
from shared.refusals import Refused
from tests.builders import DAY, NOON, said
from tests.unit.outcome.given import (
    GOAL,
    SECOND,
    after,
    coach,
    correct_measurement,
    measure,
    measured,
    planned,
)


def test_citizen_and_professional_measure_side_by_side_and_both_are_kept() -> None:
    state = after(
        planned(),
        (measure(4), coach(NOON + 10 * DAY)),
        (measure(6, "professional"), coach(NOON + 10 * DAY)),
        (measure(3), said(NOON + 20 * DAY, "citizen")),
    )
    [goal] = view(state)["detail"]["goals"]
    assert goal["citizen"] == {"score": 3, "at": NOON + 20 * DAY}
    assert goal["professional"] == {"score": 6, "at": NOON + 10 * DAY}
    assert goal["measurements"] == 3


def test_an_older_measurement_that_comes_late_is_counted_but_is_not_the_latest() -> None:
    state = after(measured(), (measure(2), coach(NOON + 5 * DAY, now=NOON + 11 * DAY)))
    [goal] = view(state)["detail"]["goals"]
    assert (goal["citizen"]["score"], goal["measurements"]) == (4, 2)


@pytest.mark.parametrize("command", [measure(goal_id=SECOND), correct_measurement(goal_id=SECOND)])
def test_a_goal_nobody_agreed_on_is_not_measured(command: Command) -> None:
    with pytest.raises(Refused, match="goal_unknown"):
        decide(planned(), command, coach())


@pytest.mark.parametrize("command", [measure(by="professional"), correct_measurement(by="professional")])
def test_a_citizen_measures_for_the_citizen_only(command: Command) -> None:
    with pytest.raises(Refused, match="not_your_side"):
        decide(measured(), command, said(NOON + 11 * DAY, "citizen"))


def test_a_wrong_score_is_corrected_beside_it_and_the_latest_counts() -> None:
    twice = after(measured(), (measure(8), coach(NOON + 15 * DAY)))
    [latest] = decide(twice, correct_measurement(7), coach(NOON + 16 * DAY))
    assert latest.fact.measured_at == NOON + 15 * DAY  # type: ignore[attr-defined]
    older = correct_measurement(3, measured_at=NOON + 10 * DAY)
    state = after(twice, (correct_measurement(7), coach(NOON + 16 * DAY)), (older, coach(NOON + 17 * DAY)))
    assert [one.score for one in state.goals[GOAL].measured["citizen"]] == [3, 7]
    assert view(state)["detail"]["goals"][0]["citizen"] == {"score": 7, "at": NOON + 15 * DAY}


@pytest.mark.parametrize(
    "command", [correct_measurement(by="professional"), correct_measurement(measured_at=NOON + 9 * DAY)]
)
def test_a_score_that_was_never_given_cannot_be_corrected(command: Command) -> None:
    with pytest.raises(Refused, match="measurement_unknown"):
        decide(measured(), command, coach(NOON + 16 * DAY))
