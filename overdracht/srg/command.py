"""`overdracht srg`: the monthly delivery of the statistics of re-integration, with its report and corrections."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from overdracht.doors import Away, Doors, Json
from overdracht.output import FINDINGS, OK, USAGE, Stop, decimal, number, out, run_command, say, table, write_json
from overdracht.patience import gone
from overdracht.product import DEFAULT_DATA, Data
from overdracht.running.catching_up import fresh
from overdracht.srg.making import Wish, made
from overdracht.srg.opening import opened as delivering
from overdracht.srg.supplements import read
from shared.months import Month, month_holding, month_of
from shared.worktime import AMSTERDAM

Opener = Callable[[Path, str], AbstractAsyncContextManager[Doors]]
"""From the data folder and a municipality to the doors of intake and insight, as that benefit administration."""


def register(app: typer.Typer, opened: Opener = delivering) -> None:
    """Adds the commands."""
    srg = typer.Typer(help="The monthly statistics of re-integration (SRG, Bijlage 2).", no_args_is_help=True)
    app.add_typer(srg, name="srg")

    @srg.command("make")
    def make(
        municipality: Annotated[str, typer.Option(help="CBS code, such as GM0546.")],
        folder: Annotated[Path, typer.Option("--out", help="Where the files go; they hold personal data.")],
        month: Annotated[str | None, typer.Option(help="2016-05; the month before this one without it.")] = None,
        corrections: Annotated[bool, typer.Option(help="The three months before it as well.")] = True,
        leave_out: Annotated[bool, typer.Option("--leave-out", help="Leave out rows that have errors.")] = False,
        earlier: Annotated[Path | None, typer.Option(help="Folder of earlier receipts; --out without it.")] = None,
        supplement: Annotated[Path | None, typer.Option(help="CSV with what the log does not know.")] = None,
        data: Data = DEFAULT_DATA,
        as_json: Annotated[bool, typer.Option("--json", help="The reports as one JSON object.")] = False,
    ) -> None:
        """Make the delivery of a month: XML, CSV, a report, and the receipt that corrections are told by."""

        async def work() -> int:
            today = datetime.now(AMSTERDAM).date()
            supplements = read(supplement) if supplement is not None else {}
            asked = str(_month(month, today))
            wish = Wish(municipality, asked, folder, corrections, leave_out, earlier, supplements)
            try:
                async with opened(data, municipality) as doors:
                    await fresh(doors["insight"])
                    reports = await made(doors, wish, today)
            except Away as away:
                raise gone(str(away), 0) from None
            if as_json:
                write_json({"folder": str(folder), "reports": reports})
            else:
                tell(reports, folder)
            return OK if all(one["sendable"] for one in reports) else FINDINGS

        run_command(work)


def _month(given: str | None, today: date) -> Month:
    """The month asked for, or the last that is over. Raises Stop."""
    if given is None:
        return month_holding(today).before(1)
    try:
        return month_of(given)
    except ValueError:
        raise Stop("Schrijf een maand als 2016-05.", "write a month as 2016-05", USAGE) from None


def tell(reports: Sequence[Json], folder: Path) -> None:
    """A line per month, and where the rest is told."""
    heads = ("Rijen", "Mensen", "Fouten", "Let op", "Code 60", "Veranderd")
    rows = table("Maand", *heads, "Uiterlijk", right=heads)
    for one in reports:
        rows.add_row(
            one["month"],
            *(number(one[name]) for name in ("rows", "people", "errors", "warnings")),
            _share(one["unknown"]),
            _changed(one["changes"]),
            one["deadline"],
        )
    out.print(rows)
    last = reports[-1]
    if last["days_left"] < 0:
        say(f"De termijn van {last['month']} is voorbij.", f"the term of {last['month']} has passed")
    if all(one["empty"] for one in reports):
        say(
            "Leeg: van deze gemeente loopt in deze maanden geen enkele voorziening. Klopt de gemeentecode?",
            "empty: this municipality gives no facility in these months; is its code right?",
        )
    if not all(one["sendable"] for one in reports):
        say("Niet alles kan zo worden verzonden; zie de verslagen.", "not all can be sent like this; see the reports")
    say(f"De bestanden staan in {folder}; ze bevatten persoonsgegevens.", f"files with personal data are in {folder}")


def _share(unknown: Json) -> str:
    return "–" if unknown["share"] is None else f"{decimal(100 * unknown['share'])} %"


def _changed(changed: Json | None) -> str:
    if changed is None:
        return "nieuw"
    return number(sum(len(changed[name]) for name in ("added", "changed", "gone")))
