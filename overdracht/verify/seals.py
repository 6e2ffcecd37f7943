"""Checks a service's seals (checkpoints): numbered without a gap, linked, signed, and over just these events."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from overdracht.verify.findings import Finding
from overdracht.verify.ledger import DIGEST, LedgerLog
from shared.chain import START, is_signed, key_id, roll, statement

Seal = dict[str, Any]
_FIELDS = ("number", "position", "events", "root", "previous", "at", "key_id", "signature")


@dataclass
class SealLog:
    """One service's seals as read so far; `shown` has a byte per number: whether the topic has shown it."""

    service: str
    number: int = 0
    position: int = 0
    events: int = 0
    root: str = START.hex()
    digests: bytearray = field(default_factory=bytearray)
    shown: bytearray = field(default_factory=bytearray)
    strangers: list[Seal] = field(default_factory=list)

    def digest(self, number: int) -> bytes | None:
        """The digest of one seal; None when the ledger does not have it."""
        found = bytes(self.digests[(number - 1) * DIGEST : number * DIGEST])
        return found if any(found) else None


def take_seal(seals: SealLog, ledger: LedgerLog, seal: Seal, public: bytes | None) -> Iterator[Finding]:
    """Takes the next seal, when the ledger has been read at least up to its position (or to its end)."""
    number, position, skipped = seal["number"], seal["position"], seal["number"] - seals.number - 1

    def finding(kind: str, count: int = 1) -> Finding:
        return Finding(kind, seals.service, position=position, checkpoint=number, count=count)

    covered = _covered(ledger, position)
    if skipped:
        yield finding("seal_missing", max(skipped, 1))
    elif seal["previous"] != seals.root:
        yield finding("seal_unlinked")
    elif ledger.position < position:
        yield finding("ledger_cut_off", max(seal["events"] - seals.events - len(covered), 1))
    elif (roll(bytes.fromhex(seals.root), covered).hex(), len(covered)) != (
        seal["root"],
        seal["events"] - seals.events,
    ):
        yield finding("seal_broken")
    if public is not None and not _is_signed(seals.service, seal, public):
        yield finding("signature_invalid")
    seals.digests += bytes(DIGEST * max(skipped, 0))
    seals.digests[(number - 1) * DIGEST : number * DIGEST] = digest_of_seal(seal)
    seals.number, seals.position, seals.events, seals.root = number, position, seal["events"], seal["root"]


def _covered(ledger: LedgerLog, position: int) -> list[bytes]:
    """The hashes of the events that this seal is the first to cover."""
    covered = []
    while ledger.tail and ledger.tail[0][0] <= position:
        covered.append(ledger.tail.popleft()[1])
    return covered


def digest_of_seal(seal: Seal) -> bytes:
    """A digest over every field of a seal."""
    return blake2b("\x1f".join(str(seal.get(name)) for name in _FIELDS).encode(), digest_size=DIGEST).digest()


def take_seal_on_topic(seals: SealLog, seal: Seal) -> Iterator[Finding]:
    """Takes a seal as the topic shows it; the same one twice is no fault, a newer one is a stranger for now."""
    number = seal["number"]
    known = seals.digest(number)
    if number > seals.number:
        seals.strangers.append(seal)
    elif known is None:
        yield Finding("seal_not_in_ledger", seals.service, position=seal["position"], checkpoint=number)
    else:
        if known != digest_of_seal(seal):
            yield Finding("seal_differs_on_topic", seals.service, position=seal["position"], checkpoint=number)
        seals.shown += bytes(max(seals.number - len(seals.shown), 0))
        seals.shown[number - 1] = 1


def settle_strange_seals(seals: SealLog) -> Iterator[Finding]:
    """Looks at the strangers again, now that the ledger has been read on."""
    again, seals.strangers = seals.strangers, []
    for seal in again:
        yield from take_seal_on_topic(seals, seal)
    for seal in seals.strangers:
        yield Finding("seal_not_in_ledger", seals.service, position=seal["position"], checkpoint=seal["number"])


def not_shown(seals: SealLog) -> list[int]:
    """Numbers of seals that the topic has not shown."""
    shown = seals.shown + bytes(max(seals.number - len(seals.shown), 0))
    return [number for number, seen in enumerate(shown, 1) if not seen and seals.digest(number)]


def _is_signed(service: str, seal: Seal, public: bytes) -> bool:
    signed = statement(
        service,
        seal["number"],
        seal["position"],
        seal["events"],
        seal["root"],
        seal["previous"],
        seal["at"],
    )
    return seal["key_id"] == key_id(public) and is_signed(public, signed, seal["signature"])
