"""The command: gathers the file under the caller's name and writes what was asked for, and nothing else."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from overdracht.doors import Away, opened
from overdracht.issuing import OURSELVES, issued
from overdracht.journey import case_named, view_of
from overdracht.output import FINDINGS, OK, Stop, out, run_command, say, write_json
from overdracht.ownfile.gathering import gathered
from overdracht.ownfile.telling import parts_of
from overdracht.ownfile.writing import page, plain
from overdracht.patience import gone
from overdracht.product import DEFAULT_DATA, Data, Product, reach
from overdracht.writing import written

_NOBODY = "overdracht-command"


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command("export")
    def export(
        case: Annotated[str, typer.Argument(help="A case id, or GM0546/L-000123: municipality and dossier.")],
        file: Annotated[
            Path | None, typer.Option("--out", help="Where to: a page (HTML), or JSON with --json.")
        ] = None,
        all_cases: Annotated[bool, typer.Option("--all-cases", help="All cases of this person here.")] = False,
        subject: Annotated[str, typer.Option(help="Who you are: the log of readings names you.")] = _NOBODY,
        data: Data = DEFAULT_DATA,
        as_json: Annotated[bool, typer.Option("--json", help="The file as one JSON object.")] = False,
    ) -> None:
        """Give a person their own file (AVG 15): all that is held, who got it and who read it, until when."""

        async def work() -> int:
            try:
                found = await _file(reach(data), case, all_cases, subject)
            except Away as away:
                raise gone(str(away), 0) from None
            if file is not None:
                with written(file) as there:
                    there.write(orjson.dumps(found, default=str) if as_json else page(parts_of(found)).encode())
                say(f"Geschreven: {file} (alleen voor u leesbaar).", f"written: {file} (for you alone to read)")
            elif as_json:
                write_json(found)
            else:
                out.print(plain(parts_of(found)), markup=False, soft_wrap=True)
            return OK

        run_command(work)


async def _file(product: Product, name: str, all_cases: bool, subject: str) -> "dict[str, object]":
    """The file, read as a caseworker of the municipality that the case is of."""
    async with opened(product, issued(product.keys, OURSELVES, subject=subject)) as doors:
        case_id = await case_named(doors, name)
        seen = await view_of(doors, "intake", case_id)
    if seen is None:
        raise Stop(f"Dossier {case_id} is nergens bekend.", f"case {case_id} is known nowhere", FINDINGS)
    token = issued(product.keys, ["caseworker"], subject=subject, municipality=seen["municipality"])
    async with opened(product, token) as doors:
        return await gathered(doors, case_id, all_cases, subject)
