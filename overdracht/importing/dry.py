"""`overdracht import --dry-run`: everything that can be checked without writing anything."""

from collections import Counter
from pathlib import Path

from overdracht.doors import Json, opened
from overdracht.importing.checking import SENTENCES, Reject
from overdracht.importing.plan import fetched_plan
from overdracht.importing.reading import check_file
from overdracht.importing.scanning import Order, scan
from overdracht.importing.telling import broken
from overdracht.output import Meter
from overdracht.product import reach

_SHOWN = 20


async def dry_run(file: Path, data: Path, quiet: bool) -> Json:
    """Checks shape, known facts, times and their order per dossier. The services' own rules are not asked."""
    check_file(file)
    codes: Counter[str] = Counter()
    first: list[tuple[int, Reject]] = []

    def on_finding(number: int, reject: Reject) -> None:
        codes[reject.code] += 1
        if len(first) < _SHOWN:
            first.append((number, reject))

    async with opened(reach(data)) as doors:
        with Meter("facts", quiet) as meter:
            way = await fetched_plan(doors, meter.say)
            order = Order(on_finding)
            found = await scan(
                file,
                way.phase_of,
                on_finding,
                lambda count: meter.text(f"checking: {count:,} lines"),
                order.look,
            )
            if found.ending.broken:
                meter.say(*broken(found))
            for number, reject in first:
                nl, en = SENTENCES[reject.code]
                where = f" ({reject.field})" if reject.field else ""
                meter.say(f"regel {number}: {reject.code}{where}: {nl}", en)
            meter.say(
                "Proef: er is niets geschreven; de regels van de diensten zelf zijn niet gevraagd.",
                "dry run: nothing was written; the services' own rules were not asked",
            )
    rejected = sum(codes.values())
    return {
        "lines": found.lines,
        "accepted": found.lines - rejected,
        "duplicates": 0,
        "rejected": rejected,
        "seconds": 0.0,
        "facts_per_second": 0.0,
        "rejects_file": None,
        "truncated": bool(found.ending.broken),
        "dry_run": True,
        "codes": dict(codes),
    }
