"""What registering does to clean events: late, off by a clock, corrected, contradicted, delivered twice or in disorder.

What really happened is not touched: the same truth must be found from the dirty log, as far as it can be.
"""

import numpy as np
from numpy.typing import NDArray

from tests.simulator import tables as t
from tests.simulator.facts.table import DAY, FACT, Table, taken
from tests.simulator.settings import Dirt

CORRECTED = {
    FACT["goal_measured"]: FACT["goal_measured_corrected"],
    FACT["job_started"]: FACT["job_started_corrected"],
    FACT["outcome_reached"]: FACT["outcome_reached_corrected"],
}
"""Facts that can be put right by a fact of their own, which names the event it corrects."""


def dirtied(table: Table, dirt: Dirt, rng: np.random.Generator) -> Table:
    """The table with contradictions and corrections among it, and with clocks that are off."""
    extra = [_contradicted(table, dirt, rng), *_corrections(table, dirt, rng)]
    whole = {name: np.concatenate([column, *(part[name] for part in extra)]) for name, column in table.items()}
    whole = taken(whole, np.lexsort((whole["fact"], whole["occurred_at"], whole["case"])))
    skew = rng.integers(-dirt.skew_seconds, dirt.skew_seconds + 1, len(whole["case"]))
    happened, said = whole["occurred_at"], whole["occurred_at"] + skew
    return whole | {"happened_at": happened, "occurred_at": said, "corrected_at": _corrected_at(whole, said)}


def _corrected_at(table: Table, said: NDArray[np.int64]) -> NDArray[np.int64]:
    """When what each event corrects is said to have happened; -1 when it corrects nothing."""
    order = np.argsort(table["event"])
    place = np.minimum(np.searchsorted(table["event"][order], table["corrects"]), max(len(order) - 1, 0))
    return np.where(table["corrects"] >= 0, said[order[place]], -1)


def _contradicted(table: Table, dirt: Dirt, rng: np.random.Generator) -> Table:
    """Some who found a job are reported back as returned all the same, up to a month later."""
    completed = np.flatnonzero(table["fact"] == FACT["trajectory_completed"])
    chosen = completed[rng.random(len(completed)) < dirt.contradictions]
    back = _copied(table, chosen, FACT["referral_returned"], rng.integers(1, 31, len(chosen)) * DAY)
    back["result"][:] = -1
    back["reason"] = t.drawn(rng, t.REASON_SHARES, len(chosen))
    back["phase"][:] = t.PHASES.index("after_start")
    return back


def _corrections(table: Table, dirt: Dirt, rng: np.random.Generator) -> list[Table]:
    """Some scores, hours and durations were wrong: the first stays on the log, another fact puts it right."""
    found = []
    for fact, corrected in CORRECTED.items():
        wrong = np.flatnonzero(table["fact"] == fact)
        wrong = wrong[rng.random(len(wrong)) < dirt.corrections]
        right = _copied(table, wrong, corrected, rng.integers(1, 61, len(wrong)) * DAY)
        right["corrects"] = table["event"][wrong]
        if fact == FACT["goal_measured"]:
            right["score"] = np.where(right["score"] < 10, right["score"] + 1, 9).astype(np.int8)
        elif fact == FACT["job_started"]:
            right["hours"] = np.where(right["hours"] == 36, 32, 36).astype(np.int8)
        else:
            right["perspective"][:] = t.PERSPECTIVES.index("voluntary_work")
        found.append(right)
    return found


def _copied(table: Table, which: NDArray[np.int64], fact: int, later: NDArray[np.int64]) -> Table:
    """Other facts about the same, so many seconds later, with numbers of their own."""
    copies = taken(table, which)
    copies["fact"] = np.full(len(which), fact, np.int8)
    copies["occurred_at"] = copies["occurred_at"] + later
    copies["event"] = copies["event"] + (np.int64(fact) << 32)
    return copies


def recorded(table: Table, dirt: Dirt | None, rng: np.random.Generator) -> NDArray[np.int64]:
    """When each was recorded: at once, or late; never before an earlier fact of its case in its service."""
    happened = table.get("happened_at", table["occurred_at"])
    if dirt is None:
        return happened
    shares, days = (np.array(column) for column in zip(*dirt.within_days, strict=True))
    delay = days[t.drawn(rng, shares, len(happened))] * rng.random(len(happened)) * DAY
    order = np.lexsort((table["service"], table["case"]))
    group = np.cumsum(_begins(table["case"][order]) | _begins(table["service"][order]))
    at = (happened + delay.astype(np.int64))[order]
    apart = at.max(initial=0) - at.min(initial=0) + 1
    found = np.empty_like(at)
    found[order] = np.maximum.accumulate(at + group * apart) - group * apart
    return found


def _begins(column: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where another value begins than the one before."""
    return np.concatenate([[True], column[1:] != column[:-1]]) if len(column) else np.zeros(0, bool)


def delivered(table: Table, dirt: Dirt, rng: np.random.Generator) -> Table:
    """As a consumer gets it: some once more, some after events that were recorded later."""
    count = len(table["case"])
    place = np.arange(count, dtype=float)
    again = np.flatnonzero(rng.random(count) < dirt.duplicates)
    repeats = place[again] + rng.uniform(1, dirt.displaced, len(again))
    late = rng.random(count) < dirt.out_of_order
    place[late] += rng.uniform(1, dirt.displaced, int(late.sum()))
    whole = np.concatenate([np.arange(count), again])
    return taken(table, whole[np.argsort(np.concatenate([place, repeats]), kind="stable")])
