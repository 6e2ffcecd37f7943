"""Which of a person's other cases matter to a new application: judged by when things happened, not when we heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.state import RUNNING, State
from shared.facts import Said

SHOWN = 20
"""Possible duplicates in a fact; the newest."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties an application to cases that are there: one that leaves no room, one that went before, likely ones."""

    open_case_id: str | None = None
    earlier_case_id: str | None = None
    possible_duplicates: tuple[str, ...] = ()


def ties(same: Mapping[str, State], alike: Mapping[str, State], kind: str, said: Said) -> Ties:
    """`same`: other cases with the person's own number. `alike`: cases of who may be the same person."""
    occupied = [case_id for case_id, state in same.items() if state.kind == kind and _leaves_no_room(state, said)]
    before = {case_id: state for case_id, state in same.items() if state.opened_at <= said.at}
    over = {case_id: state for case_id, state in before.items() if not _runs(state, said.at)}
    likely = {case_id: state for case_id, state in alike.items() if state.opened_at <= said.at}
    likely |= {case_id: state for case_id, state in before.items() if case_id not in over}
    return Ties(
        open_case_id=next(iter(_newest(occupied, same)), None),
        earlier_case_id=next(iter(_newest(over, over)), None),
        possible_duplicates=tuple(_newest(likely, likely)[:SHOWN]),
    )


def _leaves_no_room(state: State, said: Said) -> bool:
    """An application that ran when this one came in; for one of today also one that runs now."""
    ran = state.opened_at <= said.at and _runs(state, said.at)
    return ran or (not said.imported and state.status in RUNNING)


def _runs(state: State, at: datetime) -> bool:
    return state.over_at is None or state.over_at > at


def _newest(case_ids: "Mapping[str, State] | list[str]", states: Mapping[str, State]) -> list[str]:
    """The newest first; the id settles what is equally new, so that the answer is always the same."""
    return sorted(case_ids, key=lambda case_id: (states[case_id].opened_at, case_id), reverse=True)
