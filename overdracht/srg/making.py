"""A delivery made: the month asked for and the three before it, with what was heard since; all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import orjson

from overdracht.doors import Doors, Json
from overdracht.output import USAGE, Stop
from overdracht.srg import fetching
from overdracht.srg.checking import Finding, findings
from overdracht.srg.files import as_csv, xml
from overdracht.srg.joining import Supplements, joined
from overdracht.srg.model import Delivery, Identity
from overdracht.srg.receipts import Changes, ReceiptUnusable, changes, receipt
from overdracht.srg.reporting import as_text, report
from overdracht.srg.rules import RULES
from overdracht.writing import written

RECEIPT = "-afdruk.json"


@dataclass(frozen=True)
class Wish:
    """What is to be made. `earlier`: the folder with the receipts of what was delivered before, when not `folder`."""

    municipality: str
    month: str
    folder: Path
    corrections: bool = True
    leave_out: bool = False
    earlier: Path | None = None
    supplements: Supplements = field(default_factory=dict)


@dataclass(frozen=True)
class Made:
    """A month: the files by the end of their names, and what is reported."""

    month: str
    files: dict[str, bytes] = field(repr=False)
    report: Json


async def made(doors: Doors, wish: Wish, today: date) -> list[Json]:
    """Makes the deliveries, oldest month first, and writes their files; the reports. Raises Stop, Away."""
    answers = [await fetching.rows(doors, wish.municipality, wish.month)]
    if not answers[0]["over"]:
        raise Stop("Deze maand is nog niet voorbij.", "this month is not over", USAGE)
    if wish.corrections:
        answers += [await fetching.rows(doors, wish.municipality, one) for one in answers[0]["corrected_months"]]
    wanted = {row["person"] for told in answers for row in told["rows"]}
    people = await fetching.people(doors, wish.municipality, wanted)
    done = [one_month(told, people, wish, today) for told in reversed(answers)]
    write(wish, done)
    return [one.report for one in done]


def one_month(told: Json, people: dict[str, Identity], wish: Wish, today: date) -> Made:
    """The files and the report of a month, of insight's answer and the people in it."""
    delivery = joined(told, people, wish.supplements)
    found = findings(delivery)
    left_out: list[Json] = []
    if wish.leave_out:
        delivery, left_out = without_errors(delivery, found)
        found = findings(delivery)
    now = receipt(delivery)
    said = report(told, delivery, found, _changed(wish, delivery.month, now), left_out, today)
    files = {
        ".xml": xml(delivery),
        ".csv": as_csv(delivery),
        "-verslag.json": orjson.dumps(said, option=orjson.OPT_INDENT_2) + b"\n",
        "-verslag.txt": as_text(said).encode(),
    }
    if said["sendable"]:  # what cannot be sent is no delivery that corrections are told by
        files[RECEIPT] = now
    return Made(delivery.month, files, said)


def without_errors(delivery: Delivery, found: Sequence[Finding]) -> tuple[Delivery, list[Json]]:
    """The delivery without the rows that have errors; and of each that was left out, which errors these are."""
    bad: dict[int, list[str]] = {}
    for one in found:
        if RULES[one.rule].severity == "error":
            bad.setdefault(one.row, []).append(one.rule)
    rows = list(enumerate(delivery.records, 1))
    records = tuple(record for row, record in rows if row not in bad)
    left_out = [{"registration": record.registration, "rules": bad[row]} for row, record in rows if row in bad]
    return replace(delivery, records=records), left_out


def _changed(wish: Wish, month: str, now: bytes) -> Changes | None:
    """What differs from what was delivered before; None when nothing was. Raises Stop."""
    path = (wish.earlier or wish.folder) / f"{name(wish.municipality, month)}{RECEIPT}"
    try:
        return changes(path.read_bytes(), now)
    except FileNotFoundError:
        return None
    except (OSError, ReceiptUnusable):
        raise Stop(
            f"De afdruk van de vorige levering is niet te gebruiken: {path.name}.",
            f"the receipt of the earlier delivery cannot be used: {path.name}",
        ) from None


def name(municipality: str, month: str) -> str:
    """How the files of a month begin."""
    return f"srg-{municipality}-{month}"


def write(wish: Wish, done: Sequence[Made]) -> None:
    """Writes the files, for their owner's eyes alone; each is there whole or not at all. Raises Stop."""
    try:
        wish.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for one in done:
            for ending, content in one.files.items():
                with written(wish.folder / f"{name(wish.municipality, one.month)}{ending}") as file:
                    file.write(content)
    except OSError as trouble:
        raise Stop(
            f"De map is niet te beschrijven ({type(trouble).__name__}).",
            f"the folder cannot be written in ({type(trouble).__name__})",
            USAGE,
        ) from None
