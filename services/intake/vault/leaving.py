"""The line in the log of readings that a command leaves, when it writes or destroys who a citizen is."""

from services.intake.codes import Activity
from services.intake.logbook import Line
from services.intake.vault.keys import Keys
from shared.ledger.model import Item
from shared.tracing import continued, ids

NAMES: dict[Activity, str] = {
    "application": "receive application",
    "search": "find by number",
    "person": "read person",
    "texts": "open texts",
    "pseudonym": "make pseudonym",
    "own_file": "give own file",
    "statistics": "deliver person",
    "erasure": "erase case",
}
"""What is done, for people who read the log."""


def subject_of(keys: Keys, bsn_index: bytes | None, case_id: str | None) -> str:
    """The person's name in the log of readings: over all cases of a number, or of this case when there is none."""
    parts = ("bsn", bsn_index.hex()) if bsn_index is not None else ("case", case_id or "")
    return keys.pseudonym("urn:nld:overdrachten:logboek", *parts)


def line_of(
    keys: Keys, item: Item, activity: Activity, municipality: str, bsn_index: bytes | None, case_id: str
) -> Line:
    """The line of an item that was handled: a span of its own, within the request that brought the item."""
    given = ids(item.traceparent)
    own = ids(continued(item.traceparent))
    return Line(
        activity,
        subject_of(keys, bsn_index, case_id),
        municipality,
        case_id,
        NAMES[activity],
        item.said.now,
        own["trace_id"],
        own["span_id"],
        given.get("span_id"),
        item.told_by or item.said.actor.id,
        item.told_as or item.said.actor.role,
        item.said.organisation,
    )
