"""The command `overdracht benefits send`, from file and mapping to result."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from overdracht.benefits.carrying import Job, carry
from overdracht.benefits.contract import Contract, contract_of
from overdracht.benefits.mapping import Mapped, mapping
from overdracht.benefits.marked import Wrong
from overdracht.benefits.rows import Heading, heading
from overdracht.benefits.telling import tell
from overdracht.doors import Doors, Json, get, opened
from overdracht.importing.rejects import check_writable, default_path
from overdracht.issuing import issued
from overdracht.output import AWAY, FINDINGS, OK, USAGE, Meter, Stop, run_command, say, write_json
from overdracht.patience import patiently
from overdracht.product import DEFAULT_DATA, Data, reach

ROLE = "benefit_administration"
_SERVICE = "intake"


@dataclass(frozen=True)
class Asked:
    """What the user asked for."""

    file: Path
    mapping: Path
    municipality: str | None
    rejects: Path
    data: Path
    dry_run: bool
    history: bool
    patience: float
    quiet: bool


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    benefits = typer.Typer(help="What a benefit system exports: send it in.", no_args_is_help=True)
    app.add_typer(benefits, name="benefits")

    @benefits.command("send")
    def send(
        file: Annotated[Path, typer.Argument(help="CSV with a heading.")],
        how: Annotated[Path, typer.Option("--mapping", help="YAML: which column holds what.")],
        municipality: Annotated[str | None, typer.Option(help="CBS code; else what the mapping says.")] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
        history: Annotated[bool, typer.Option("--history", help="It is of the past: it starts no terms.")] = False,
        rejects: Annotated[Path | None, typer.Option(help="Where rejected rows are reported.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="The result as one JSON object.")] = False,
        data: Data = DEFAULT_DATA,
        patience: Annotated[float, typer.Option(help="Seconds to wait for a service that is away.")] = 300.0,
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    ) -> None:
        """Send applications, decisions and endings to intake. Safe to repeat: every row counts once, by its number."""

        async def work() -> int:
            target = rejects or default_path(file)
            asked = Asked(file, how, municipality, target, data, dry_run, history, patience, quiet)
            result = await send_file(asked)
            if as_json:
                write_json(result)
            else:
                tell(result)
            return FINDINGS if result["rejected"] else OK

        run_command(work, ("Dezelfde opdracht gaat verder.", "The same command goes on."))


async def send_file(asked: Asked) -> Json:
    """Sends the rows that are right, reports the others; the result as `--json` shows it. Raises Stop."""
    raw = _bytes(asked.mapping)
    if not asked.dry_run:
        check_writable(asked.rejects)
    run = reach(asked.data)
    with Meter("rows", asked.quiet) as meter:
        async with opened(run) as doors:
            contract = await _contract(doors, meter)
        mapped, head = _checked(asked, raw, contract)
        municipality = asked.municipality or mapped.municipality
        if not municipality:
            raise Stop("Zeg voor welke gemeente: --municipality.", "say for which municipality: --municipality", USAGE)
        token = issued(run.keys, [ROLE], subject="overdracht-benefits", municipality=municipality)
        async with opened(run, token) as doors:
            job = Job(asked.file, mapped, head, contract, doors[_SERVICE], asked.patience, meter)
            return await carry(job, None if asked.dry_run else asked.rejects, asked.history)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as trouble:
        reason = trouble.strerror or type(trouble).__name__
        raise Stop(f"{path} is niet te lezen: {reason}.", f"{path} cannot be read: {reason}", USAGE) from None


async def _contract(doors: Doors, meter: Meter) -> Contract:
    """What the door takes, asked of the door itself."""
    document = await patiently(lambda: get(doors[_SERVICE], "/v1/openapi.json"), 10.0, meter.say)
    try:
        return contract_of(document)
    except KeyError:
        raise Stop(
            "De intake die draait kent deze deur niet: is het een oudere versie?",
            "the intake that runs does not know this door: is it an older version?",
            AWAY,
        ) from None


def _checked(asked: Asked, raw: bytes, contract: Contract) -> tuple[Mapped, Heading]:
    """The mapping, and the heading that has its columns. Raises Stop, after telling every error with its line."""
    mapped, found, wrong = mapping(raw, contract)
    if mapped is None:
        raise _told(asked.mapping, wrong)
    head = heading(asked.file, mapped)
    for column in head.missing(list(mapped.columns)):
        place = mapped.columns[column]
        wrong.append(
            found.wrong(
                place,
                f"De kolom {column} staat niet (of meer dan eens) in de kopregel.",
                f"the column {column} is not in the heading, or more than once",
            )
        )
    if wrong:
        raise _told(asked.mapping, wrong)
    return mapped, head


def _told(path: Path, wrong: list[Wrong]) -> Stop:
    for one in wrong:
        where = f" ({one.place})" if one.place else ""
        say(f"{path.name} regel {one.line}{where}: {one.nl}", f"line {one.line}: {one.en}")
    return Stop(f"De mapping klopt niet; er is niets verstuurd ({len(wrong)}).", "the mapping is not right", USAGE)
