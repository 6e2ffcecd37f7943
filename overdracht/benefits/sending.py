"""Rows to the door, batch by batch, in the order of the file; each row counts as what became of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import orjson

from overdracht.benefits.cells import SENTENCES, Unfit
from overdracht.benefits.contract import PATH
from overdracht.benefits.mapping import Mapped
from overdracht.doors import Away, Door, Json, Problem, asked
from overdracht.output import FINDINGS, Meter, Stop
from overdracht.patience import patiently

BATCH_ROWS = 500
_BATCH_BYTES = 4_000_000
Note = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that can be sent: where it stands, what it reports, and the line for the door."""

    line: int
    report: str
    sent: bytes


@dataclass
class Tally:
    """What became of the rows."""

    lines: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    skipped: int = 0
    codes: dict[str, int] = field(default_factory=dict)

    def reject(self, codes: set[str]) -> None:
        """A row was not accepted, for these reasons."""
        self.rejected += 1
        for code in codes:
            self.codes[code] = self.codes.get(code, 0) + 1


def entry(line: int, no: Unfit, sentences: tuple[str, str] | None = None, expected: str = "") -> bytes:
    """A line of the rejects file: which row and cell and why; never what it holds."""
    nl, en = sentences or SENTENCES[no.code]
    said = {"line": line, "column": no.column or None, "code": no.code, "field": no.field, "nl": nl, "en": en}
    return orjson.dumps(said | ({"expected": expected} if expected else {}), option=orjson.OPT_APPEND_NEWLINE)


def batches(ready: Iterator[Ready]) -> Iterator[list[Ready]]:
    """As many rows as go in one request."""
    held: list[Ready] = []
    size = 0
    for one in ready:
        if held and (len(held) == BATCH_ROWS or size + len(one.sent) > _BATCH_BYTES):
            yield held
            held, size = [], 0
        held.append(one)
        size += len(one.sent) + 1
    if held:
        yield held


@dataclass(frozen=True)
class Sender:
    """All that sending a batch needs. `note` takes the entries of the rejects file."""

    door: Door
    mapped: Mapped
    history: bool
    patience: float
    meter: Meter
    note: Note

    async def send(self, batch: list[Ready], tally: Tally) -> None:
        """Sends a batch and counts its answers. Sent twice it counts once: every row has its own number."""
        body = b"\n".join(one.sent for one in batch) + b"\n"
        try:
            answers = await patiently(lambda: self._once(body, len(batch)), self.patience, self.meter.say)
        except Problem as no:
            raise Stop(
                f"{no.service} neemt het verzoek niet aan (HTTP {no.status} {no.code}).",
                f"{no.service} does not take the request (HTTP {no.status} {no.code})",
                FINDINGS,
            ) from None
        for one, answer in zip(batch, answers, strict=True):
            self._count(one, answer, tally)
        self.meter.add(len(batch), self.door.service)

    async def _once(self, body: bytes, count: int) -> list[Json]:
        answer = await asked(
            self.door,
            "POST",
            f"/v1{PATH}",
            params={"imported": str(self.history).lower()},
            content=body,
            headers={"Content-Type": "application/x-ndjson"},
        )
        try:
            answers: list[Json] = orjson.loads(b"[" + b",".join(answer.content.splitlines()) + b"]")
        except orjson.JSONDecodeError:
            raise Away(f"{self.door.service}: half an answer") from None
        if len(answers) != count:
            raise Away(f"{self.door.service}: {len(answers)} answers to {count} rows")
        return answers

    def _count(self, one: Ready, answer: Json, tally: Tally) -> None:
        if answer["status"] == "accepted":
            tally.accepted += 1
        elif answer["status"] == "duplicate":
            tally.duplicates += 1
        else:
            tally.reject({answer["code"]})
            for said in _entries(columns_of(self.mapped, one.report), one.line, answer):
                self.note(said)


def columns_of(mapped: Mapped, report: str) -> Mapping[str, str]:
    """Field -> the column that it is read from."""
    return {source.field.name: source.column for source in mapped.reports[report]}


def _entries(columns: Mapping[str, str], line: int, answer: Json) -> Iterator[bytes]:
    """One per wrong field, with the column that it was read from."""
    whole = {"code": answer["code"], "field": answer.get("field"), "nl": answer["nl"], "en": answer["en"]}
    for error in answer.get("errors") or [whole]:
        code = answer["code"] if error["code"] == "differs" else error["code"]
        no = Unfit(code, columns.get(error["field"] or "", ""), error["field"])
        yield entry(line, no, (error["nl"], error["en"]), str(error.get("expected") or ""))
