"""What diagnosis registers: life areas, scores, consultations, arguments, the direction."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tests.simulator import tables as t
from tests.simulator.facts.table import DAY, Around, Table, about_spells
from tests.simulator.rounds import CUT
from tests.simulator.tables import drawn

CONSULTED, ANSWERED, CONTESTED = 0.18, 0.8, 0.5
WORK_FROM = 0.6
"""Who scores above this is thought to be able to work now, below the cut not yet."""
CITIZEN = np.array(t.ROLES.index("citizen"))


def facts(around: Around) -> Iterator[Table]:
    """Each diagnosis that was begun; one that lacks a factor is not completed."""
    spells = around.spells
    begun = np.flatnonzero(spells.diagnosis_from >= 0)
    since = spells.diagnosis_from[begun]
    yield about_spells(around, "diagnosis_started", begun, since, "caseworker")
    yield from _areas(around, begun, since)
    yield from _consulted(around, begun, since)
    done = begun[spells.diagnosis_to[begun] >= 0]
    scores = {f"score_{factor}": score for factor, score in zip(t.FACTORS, _scores(around, done), strict=True)}
    yield about_spells(around, "diagnosis_completed", done, spells.diagnosis_to[done], "caseworker", **scores)
    yield from _decided(around, done)


def _areas(around: Around, begun: NDArray[np.int64], since: NDArray[np.int64]) -> Iterator[Table]:
    """Three areas, the first one told by the citizen."""
    first = around.rng.integers(0, len(t.LIFE_AREAS), len(begun))
    for number in range(3):
        area = (first + 3 * number) % len(t.LIFE_AREAS)
        hinders = around.chance(len(begun)) < t.HINDERED[area]
        state = np.where(hinders, 2, drawn(around.rng, np.array([0.4, 0.6]), len(begun)))
        at, role = since + 600 + 300 * number, "caseworker" if number else "citizen"
        yield about_spells(around, "life_area_mapped", begun, at, role, life_area=area, area_state=state)


def _consulted(around: Around, begun: NDArray[np.int64], since: NDArray[np.int64]) -> Iterator[Table]:
    asked = around.chance(len(begun)) < CONSULTED
    which, at = begun[asked], since[asked] + 3_600
    partner = drawn(around.rng, t.PARTNER_SHARES, len(which))
    yield about_spells(around, "consultation_requested", which, at, "caseworker", partner=partner)
    answers = (around.chance(len(which)) < ANSWERED) & (around.spells.diagnosis_to[which] >= 0)
    which, partner = which[answers], partner[answers]
    at, answer = around.spells.diagnosis_to[which] - 7_200, around.rng.integers(0, len(t.ANSWERS), len(which))
    yield about_spells(around, "consultation_answered", which, at, "caseworker", partner=partner, answer=answer)


def _scores(around: Around, done: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 to 10 by factor, high is favourable: three of what somebody wants, two of what somebody can, few barriers."""
    spells = around.spells
    middle = np.array([*[spells.will[done]] * 3, *[spells.able[done]] * 2, 1.5 - spells.barriers[done]])
    return np.clip(np.rint(5.5 + 1.7 * middle + around.rng.normal(0, 0.7, middle.shape)), 0, 10).astype(np.int64)


def _decided(around: Around, done: NDArray[np.int64]) -> Iterator[Table]:
    """Own motivation and two more arguments are weighed, then the direction is decided; some do not agree."""
    spells = around.spells
    score = spells.will[done] + spells.able[done] - 0.5 * spells.barriers[done]
    direction = np.where(score > WORK_FROM, 0, np.where(score > CUT, 1, 2))
    for number in range(3):
        argument = around.rng.integers(1, len(t.ARGUMENTS), len(done)) if number else np.zeros(len(done), np.int64)
        other = around.chance(len(done)) < (0.25 if number else 0.05)
        yield about_spells(
            around,
            "argument_weighed",
            done,
            spells.diagnosis_to[done] + 1_800 + 200 * number,
            "caseworker",
            argument=argument,
            side=np.where(other, (direction + 1) % 3, direction),
            weight=drawn(around.rng, t.WEIGHT_SHARES, len(done)),
        )
    at = spells.diagnosis_to[done] + DAY
    view = drawn(around.rng, t.VIEW_SHARES, len(done))
    yield about_spells(around, "direction_decided", done, at, "caseworker", direction=direction, view=view)
    contests = (view == 2) & (around.chance(len(done)) < CONTESTED)
    yield about_spells(around, "direction_contested", done[contests], at[contests] + 3_600, "citizen")
