"""The command `overdracht import`, from file to result."""

from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from overdracht.doors import Doors, Json, opened
from overdracht.importing import dry
from overdracht.importing.checking import Reject
from overdracht.importing.plan import Plan, fetched_plan
from overdracht.importing.progress import Progress, load, only_one, save
from overdracht.importing.reading import Again, check_file, fingerprint
from overdracht.importing.rejects import check_writable, default_path, entry, publish, reopened
from overdracht.importing.scanning import Scan, scan
from overdracht.importing.sending import Job, send
from overdracht.importing.telling import broken, tell
from overdracht.output import FINDINGS, OK, Meter, Stop, run_command, write_json
from overdracht.patience import settled
from overdracht.product import DEFAULT_DATA, Data, reach

_AGAIN = (
    "Met dezelfde opdracht gaat het inlezen verder waar het was.",
    "The same command goes on where it was.",
)


@dataclass(frozen=True)
class Asked:
    """What the user asked for."""

    file: Path
    data: Path
    rejects: Path
    patience: float
    quiet: bool


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command("import")
    def command(
        file: Annotated[Path, typer.Argument(help="Dossier log: JSON Lines, plain or gzip.")],
        data: Data = DEFAULT_DATA,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="The result as one JSON object.")] = False,
        rejects: Annotated[Path | None, typer.Option(help="Where rejected lines are reported.")] = None,
        patience: Annotated[float, typer.Option(help="Seconds to wait for a service that is away.")] = 300.0,
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    ) -> None:
        """Import a dossier log through the services' doors. Safe to repeat: what is known already changes nothing."""

        async def work() -> int:
            asked = Asked(file, data, rejects or default_path(file), patience, quiet)
            result = await (dry.dry_run(file, data, quiet) if dry_run else import_file(asked))
            if as_json:
                write_json(result)
            else:
                tell(result)
            return FINDINGS if result["rejected"] or result["truncated"] else OK

        run_command(work, ("", "") if dry_run else _AGAIN)


async def import_file(asked: Asked) -> Json:
    """Imports the file and waits until it has arrived everywhere; the result as `--json` shows it."""
    check_file(asked.file)
    check_writable(asked.rejects)
    kept = asked.data / "imports" / f"{fingerprint(asked.file)}.json"
    run = reach(asked.data)
    kept.parent.mkdir(parents=True, exist_ok=True)
    async with opened(run) as doors:
        with only_one(kept.with_suffix(".lock")), Meter("facts", asked.quiet) as meter:
            return await _import(asked, doors, kept, meter)


async def _import(asked: Asked, doors: Doors, kept: Path, meter: Meter) -> Json:
    way = await fetched_plan(doors, meter.say)
    progress = load(kept, way.digest)
    resumed = progress is not None
    progress = progress or Progress(way.digest)
    began = monotonic() - progress.seconds
    found, ours = await _scan(asked, way, kept, meter)
    theirs = kept.with_suffix(".rejects")
    with reopened(theirs, progress.rejects) as file:
        job = Job(Again(asked.file), way, found, doors, progress, kept, file, asked.patience, meter, began)
        meter.begin(found.lines - found.rejected, progress.answered)
        if resumed:
            meter.say(
                f"Verder waar het was: {progress.answered} regels zijn al beantwoord.",
                f"going on where it was: {progress.answered} lines have been answered already",
            )
        save(kept, progress)
        try:
            await send(job)
        except Stop as end:
            raise Stop(f"{end.nl} {_AGAIN[0]}", f"{end.en}. {_AGAIN[1]}", end.code) from None
        finally:
            file.flush()
            rejected = publish(asked.rejects, (ours, theirs))
    seconds = monotonic() - began
    states = await settled(doors, asked.patience, meter.say, meter.text)
    meter.say("Alles is overal aangekomen.", "everything has arrived everywhere")
    for path in (kept, ours, theirs):
        path.unlink(missing_ok=True)
    result = _result(found, progress, seconds, asked.rejects if rejected else None)
    return result | {
        "arrived_everywhere": True,
        "seconds_until_arrived": round(monotonic() - began, 3),
        "waiting": sum(state["waiting"] for state in states.values()),
        "dead": sum(state["dead"] for state in states.values()),
        "resumed": resumed,
    }


async def _scan(asked: Asked, way: Plan, kept: Path, meter: Meter) -> tuple[Scan, Path]:
    """Looks through the whole file; what the importer itself rejects goes to a working file of its own."""
    ours = kept.with_suffix(".unfit")
    with ours.open("wb") as file:

        def on_reject(number: int, reject: Reject) -> None:
            file.write(entry(number, reject))

        found = await scan(
            asked.file,
            way.phase_of,
            on_reject,
            lambda count: meter.text(f"reading: {count:,} lines"),
            in_order=way.in_order,
        )
    if found.ending.broken:
        meter.say(*broken(found))
    return found, ours


def _result(found: Scan, progress: Progress, seconds: float, rejects: Path | None) -> Json:
    lanes = progress.lanes.values()
    accepted = sum(lane.accepted for lane in lanes)
    return {
        "lines": found.lines,
        "accepted": accepted,
        "duplicates": sum(lane.duplicates for lane in lanes),
        "rejected": found.rejected + sum(lane.rejected for lane in lanes),
        "seconds": round(seconds, 3),
        "facts_per_second": round(accepted / seconds, 1) if seconds else 0.0,
        "rejects_file": str(rejects) if rejects else None,
        "truncated": bool(found.ending.broken),
    }
