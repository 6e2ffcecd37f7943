"""Counts what was committed: never before, never twice, whoever asked for it and however often it was tried."""

from collections.abc import Callable
from dataclasses import dataclass

from shared import logging
from shared.ledger.insist import Handle
from shared.ledger.model import Answer, Item, Ledger
from shared.measuring import Measure, Meters

log = logging.get(__name__)
Count = Callable[[Meters, Item, Answer], None]


def nothing(_meters: Meters, _item: Item, _answer: Answer) -> None:
    """Counts nothing."""


@dataclass(frozen=True)
class Measured:
    """What a service measures of its own: its metrics, and the function that counts an item's new events."""

    measures: tuple[Measure, ...] = ()
    count: Count = nothing


def counting(handle: Handle, meters: Meters, count: Count) -> Handle:
    """The same handling, and what it wrote is counted when it is committed."""

    async def handle_and_count(ledger: Ledger, items: list[Item]) -> list[Answer]:
        answers = await handle(ledger, items)
        for item, answer in zip(items, answers, strict=True):
            if answer.events:
                _counted(meters, item, answer, count)
        return answers

    return handle_and_count


def _counted(meters: Meters, item: Item, answer: Answer, count: Count) -> None:
    try:
        count(meters, item, answer)
    except Exception:  # what is committed is done, whatever a metric makes of it
        log.exception("counting broke", fact=item.fact)
