"""Dead letters and waiting ones: listed, read by meaning, put back in the order they came."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.consuming import Reader
from shared.envelope import timestamp
from shared.ledger.insist import Handle, insist
from shared.ledger.model import Ledger, Letter
from shared.ledger.store import stored_letter
from shared.refusals import Sentences

MEANINGS = {
    "case_unknown": (
        "Het dossier is hier nog niet bekend; het bericht wacht erop.",
        "The case is not known here yet; the event waits for it.",
    ),
    "gap": (
        "Een eerder bericht van dit dossier ontbreekt nog.",
        "An earlier event of this case is still missing.",
    ),
    "behind": (
        "Een eerder bericht van dit dossier kon niet worden verwerkt; dit wacht erachter.",
        "An earlier event of this case could not be handled; this one waits behind it.",
    ),
    "body_invalid": ("De inhoud klopt niet met de afspraak.", "The content does not meet the contract."),
    "type_unknown": ("Dit soort bericht is hier niet bekend.", "This type of event is not known here."),
    "source_unknown": (
        "De afzender is geen dienst van dit systeem.",
        "The source is no service of this system.",
    ),
    "attribute_invalid": ("De envelop is niet geldig.", "The envelope is not valid."),
    "attribute_missing": ("In de envelop ontbreekt een kenmerk.", "The envelope lacks an attribute."),
    "not_json": ("De inhoud is geen JSON.", "The content is not JSON."),
    "not_an_object": ("De inhoud is geen JSON-object.", "The content is not a JSON object."),
    "not_storable": ("De database weigert de inhoud.", "The database refuses the content."),
    "source_not_allowed": (
        "De afzender staat niet op de lijst van wie hier mag melden.",
        "The sender is not on the list of those who may report here.",
    ),
    "too_large": ("Het bericht is groter dan 64 kB.", "The event is larger than 64 KB."),
    "record_gone": (
        "Het bericht staat niet meer op zijn onderwerp; laat de afzender het opnieuw sturen.",
        "The event is no longer on its topic; have the sender send it again.",
    ),
    "internal_error": ("Een fout in deze dienst; zie het logboek.", "A fault in this service; see the log."),
}
"""Reason -> (Dutch, English)."""

COLUMNS = (
    """position, status, reason, parks, case_id::text, topic, partition, record_offset, key, headers::text, value"""
)
"""What `stored_letter` reads."""
_LIST = text("""
    select position, reason, case_id::text, fact, source, topic, partition, record_offset, received_at, status, tries,
        event_id
    from letter where status = :status and position > :after order by position limit :limit
""")
_CHOSEN = text(f"""
    select {COLUMNS} from letter
    where status = 'dead' and (:all or position = any(cast(:positions as bigint[])) or reason = :reason
        or case_id = cast(:case_id as uuid))
    order by position limit 1000
""")  # noqa: S608 - the columns are a constant of this file
_COUNT = text("select status, count(*) from letter where status <> 'put_back' group by status")
_TOO_LONG = text("""
    update letter set status = 'dead', published = false
    where status = 'waiting' and reason <> 'behind' and received_at < now() - make_interval(secs => :patience)
""")


async def listed(
    engine: AsyncEngine, status: str, after: int, limit: int, sentences: Sentences | None = None
) -> list[dict[str, Any]]:
    """A page of letters, oldest first; never their content. `sentences`: of the refusals that may be the reason."""
    meanings = {**(sentences or {}), **MEANINGS}
    async with engine.connect() as tx:
        rows = (await tx.execute(_LIST, {"status": status, "after": after, "limit": limit})).all()
    return [_shown(row, meanings) for row in rows]


def _shown(row: Any, meanings: Sentences) -> dict[str, Any]:
    dutch, english = meanings.get(str(row[1]).partition(":")[0], (row[1], row[1]))
    return {
        "position": row[0],
        "reason": row[1],
        "meaning_nl": dutch,
        "meaning_en": english,
        "case_id": row[2],
        "fact": row[3],
        "source": row[4],
        "topic": row[5],
        "partition": row[6],
        "offset": row[7],
        "received_at": timestamp(row[8]),
        "status": row[9],
        "tries": row[10],
        "event_id": row[11],
    }


async def counts(engine: AsyncEngine) -> dict[str, int]:
    """How many wait and how many are dead."""
    async with engine.connect() as tx:
        found = {row[0]: row[1] for row in await tx.execute(_COUNT)}
    return {"waiting": found.get("waiting", 0), "dead": found.get("dead", 0)}


async def put_back(
    handle: Handle,
    ledger: Ledger,
    read: Reader,
    whole: Callable[[Letter], Awaitable[Letter]],
    *,
    positions: Sequence[int] = (),
    reason: str | None = None,
    case_id: str | None = None,
    everything: bool = False,
) -> list[dict[str, Any]]:
    """Handles the chosen dead letters again, in the order they were received; at most 1,000 at a time.

    Each is a transaction of its own, so that one that stays dead takes no other with it. `whole` reads again what a
    letter of a system outside does not hold. Raises Away.
    """
    async with ledger.single.connect() as tx:
        rows = (
            await tx.execute(
                _CHOSEN,
                {"all": everything, "positions": list(positions), "reason": reason, "case_id": case_id},
            )
        ).all()
    results = []
    for row in rows:
        [answer] = await insist(handle, ledger, [read(await whole(stored_letter(row)))])
        done = answer.status in ("accepted", "ignored", "duplicate")
        results.append({"position": row[0], "put_back": done, "reason": answer.code or None})
    return results


async def give_up_waiting(ledger: Ledger) -> int:
    """Makes dead letters of what has waited longer than the service's patience."""
    async with ledger.single.connect() as tx:
        return (await tx.execute(_TOO_LONG, {"patience": ledger.patience_seconds})).rowcount
