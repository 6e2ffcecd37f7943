"""What one bare process must know: its engines and its topics; and the tables it works on."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import orjson

from tests.bench.history import LISTENS, SERVICES

# Tried, each setting seven times in turn: 1, 3 and 6 partitions, 2 to 8 lanes, 500 and 1,000 lines. Differences stay
# within the noise of the machine; three partitions with four lanes had the best median.
PARTITIONS = 3
LANES = 4
BATCH = 1_000

TABLES = """
create table event (position bigint generated always as identity primary key,
    id uuid not null, case_id uuid not null, fact text not null, data bytea not null);
create table inbox (id uuid primary key);
create table state (case_id uuid primary key, handled int not null, fact text not null);
create table relay (position bigint not null);
insert into relay values (0);
"""

# As long as the headers that the contract asks for, with nothing computed: what the envelope alone costs.
ENVELOPE: list[tuple[str, bytes]] = [
    ("ce_specversion", b"1.0"),
    ("ce_dataclassification", b"confidential"),
    ("ce_dataregulation", b"GDPR"),
    ("content-type", b"application/json"),
    ("ce_source", b"urn:nld:oin:00000001823288444000:systeem:overdracht-referral"),
    ("ce_type", b"nl.overdrachten.referral_received.v1"),
    ("ce_subject", b"0" * 36),
    ("ce_partitionkey", b"0" * 36),
    ("ce_correlationid", b"0" * 36),
    ("ce_time", b"2016-01-01T00:00:00.000000Z"),
    ("ce_sequence", b"0" * 20),
    ("ce_caseversion", b"1"),
    ("ce_casehash", b"0" * 64),
    ("ce_causationid", b"0" * 36),
    ("ce_dataschema", b"urn:nld:overdrachten:schema:referral_received.v1"),
    ("ce_traceparent", b"0" * 55),
]


@dataclass(frozen=True)
class Plan:
    """One process. `enveloped`: its events carry as many header bytes as the product's do."""

    service: str
    database: str
    bootstrap: str
    topics: dict[str, str]
    enveloped: bool = False
    partitions: int = PARTITIONS

    @property
    def listens(self) -> list[str]:
        """The topics this process handles."""
        return [self.topics[source] for source in SERVICES if source in LISTENS[self.service]]

    def as_argument(self) -> str:
        """The plan as one command-line argument."""
        return orjson.dumps(asdict(self)).decode()


def from_argument(text: str) -> Plan:
    """The plan back from the command line."""
    return Plan(**orjson.loads(text))
