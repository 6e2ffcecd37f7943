"""What a verification can find, each in one Dutch and one English sentence."""

from dataclasses import dataclass

KINDS: dict[str, tuple[str, str]] = {
    "record_changed": (
        "De inhoud past niet bij de eigen hash: dit feit is veranderd.",
        "The content does not fit its own hash: this fact was changed.",
    ),
    "record_missing": (
        "Tussen twee feiten van dit dossier ontbreekt er een.",
        "Between two facts of this case one is missing.",
    ),
    "record_double": (
        "Dit nummer in het dossier staat er twee keer of in de verkeerde volgorde.",
        "This number in the case occurs twice or out of order.",
    ),
    "sequence_not_growing": (
        "De volgnummers van de dienst lopen niet op.",
        "The service's sequence numbers do not grow.",
    ),
    "seal_broken": (
        "De feiten onder dit zegel zijn niet die van het moment van verzegelen.",
        "The facts under this seal are not those of the moment of sealing.",
    ),
    "ledger_cut_off": (
        "Het zegel gaat verder dan het register: het einde is afgeknipt.",
        "The seal reaches further than the ledger: its end was cut off.",
    ),
    "seal_missing": ("Tussen twee zegels ontbreekt er een.", "Between two seals one is missing."),
    "seal_unlinked": (
        "Dit zegel sluit niet aan op het vorige.",
        "This seal does not continue the one before.",
    ),
    "signature_invalid": (
        "De handtekening van dit zegel is niet die van de dienst.",
        "This seal's signature is not the service's.",
    ),
    "key_missing": (
        "De openbare sleutel van de dienst ontbreekt: handtekeningen zijn niet te controleren.",
        "The service's public key is missing: signatures cannot be checked.",
    ),
    "seal_differs_on_topic": (
        "Dit zegel is op het topic een ander dan in het register.",
        "This seal is another on the topic than in the ledger.",
    ),
    "seal_not_on_topic": ("Dit zegel staat niet op het topic.", "This seal is not on the topic."),
    "seal_not_in_ledger": (
        "Dit zegel staat op het topic maar niet in het register.",
        "This seal is on the topic but not in the ledger.",
    ),
    "differs_on_topic": (
        "Dit feit is op het topic een ander dan in het register.",
        "This fact is another on the topic than in the ledger.",
    ),
    "not_on_topic": ("Dit feit staat niet op het topic.", "This fact is not on the topic."),
    "not_in_ledger": (
        "Dit feit staat op het topic maar niet in het register.",
        "This fact is on the topic but not in the ledger.",
    ),
    "order_on_topic": (
        "Dit feit staat op het topic vóór een eerder feit van hetzelfde dossier.",
        "This fact stands on the topic before an earlier one of the same case.",
    ),
    "topic_shorter": (
        "Het topic begint later dan het register (bewaartermijn verstreken of gewist).",
        "The topic begins later than the ledger (retention passed, or wiped).",
    ),
    "no_event": ("Op het topic staat een bericht dat geen feit is.", "The topic holds a record that is no fact."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: what, in which service, and where."""

    kind: str
    service: str
    case_id: str | None = None
    caseversion: int | None = None
    position: int | None = None
    checkpoint: int | None = None
    count: int = 1
    detail: str = ""

    @property
    def nl(self) -> str:
        """The Dutch sentence."""
        return KINDS[self.kind][0]

    @property
    def en(self) -> str:
        """The English sentence."""
        return KINDS[self.kind][1]
