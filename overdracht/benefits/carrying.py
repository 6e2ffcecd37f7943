"""Carries the rows of a file to the door: those that are right are sent, of the others is told why they are not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import orjson

from overdracht.benefits.cells import Unfit, body_of, report_of
from overdracht.benefits.contract import Contract
from overdracht.benefits.mapping import SKIP, Mapped
from overdracht.benefits.rows import Heading, Row, count_lines, rows
from overdracht.benefits.sending import Note, Ready, Sender, Tally, batches, columns_of, entry
from overdracht.doors import Door, Json
from overdracht.importing.rejects import publish
from overdracht.output import Meter

_SHOWN = 20


@dataclass(frozen=True)
class Job:
    """A file, how it is read, and where it goes."""

    file: Path
    mapped: Mapped
    head: Heading
    contract: Contract
    door: Door
    patience: float
    meter: Meter


async def carry(job: Job, rejects: Path | None, history: bool) -> Json:
    """Sends all rows, batch by batch; without a rejects file it only tries them. The result, as `--json` shows it."""
    tally, began = Tally(), monotonic()
    job.meter.begin(max(0, count_lines(job.file) - 1))
    with _noted(job, rejects) as note:
        sender = Sender(job.door, job.mapped, history, job.patience, job.meter, note)
        for batch in batches(_ready(job, tally, note)):
            if rejects is None:
                _try(job, batch, tally, note)
            else:
                await sender.send(batch, tally)
    return _result(tally, monotonic() - began, rejects)


@contextmanager
def _noted(job: Job, rejects: Path | None) -> Iterator[Note]:
    """Where what is refused is told: in the rejects file, also of a file that is broken off; or a few on the screen."""
    if rejects is None:
        shown: list[bytes] = []
        yield lambda said: shown.append(said) if len(shown) < _SHOWN else None
        for said in map(orjson.loads, shown):
            where = said["column"] or said["field"] or ""
            job.meter.say(f"regel {said['line']} ({where}): {said['nl']}", said["en"])
        return
    part = rejects.with_name(f"{rejects.name}.part")
    try:
        with part.open("wb") as file:

            def note(said: bytes) -> None:
                file.write(said)

            yield note
    finally:
        publish(rejects, [part])
        part.unlink(missing_ok=True)


def _ready(job: Job, tally: Tally, note: Note) -> Iterator[Ready]:
    """The rows that can be sent; the others are told."""
    for row in rows(job.file, job.mapped.encoding, job.head):
        tally.lines += 1
        report, body, unfit = _read(job, row)
        if report == SKIP:
            tally.skipped += 1
        elif unfit:
            tally.reject({one.code for one in unfit})
            for one in unfit:
                note(entry(row.line, one))
        else:
            yield Ready(row.line, report, orjson.dumps({"report": report, "data": body}))


def _read(job: Job, row: Row) -> tuple[str, Json, list[Unfit]]:
    if row.code:
        return "", {}, [Unfit(row.code, "")]
    try:
        report = report_of(job.mapped, row.cells)
    except Unfit as no:
        return "", {}, [no]
    return (report, {}, []) if report == SKIP else (report, *body_of(job.mapped, report, row.cells))


def _try(job: Job, batch: list[Ready], tally: Tally, note: Note) -> None:
    """Holds each row against what the door takes; its rules, and what is known already, are not asked."""
    for one in batch:
        body = orjson.loads(one.sent)["data"]
        columns = columns_of(job.mapped, one.report)
        wrong = {".".join(map(str, error.absolute_path)) for error in job.contract.whole[one.report].iter_errors(body)}
        for name in sorted(wrong):
            note(entry(one.line, Unfit("field_invalid", columns.get(name, ""), name)))
        if wrong:
            tally.reject({"field_invalid"})
        else:
            tally.accepted += 1
    job.meter.add(len(batch), "trying")


def _result(tally: Tally, seconds: float, rejects: Path | None) -> Json:
    found: Json = {
        "lines": tally.lines,
        "accepted": tally.accepted,
        "duplicates": tally.duplicates,
        "rejected": tally.rejected,
        "skipped": tally.skipped,
        "codes": dict(sorted(tally.codes.items())),
        "seconds": round(seconds, 3),
        "rejects_file": str(rejects) if rejects is not None and tally.rejected else None,
    }
    return found | ({"dry_run": True} if rejects is None else {"changed": bool(tally.accepted)})
