"""`overdracht measures report`: the monthly report of a municipality, a page to read, print or send on."""

import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from overdracht.doors import Door, asked
from overdracht.output import OK, say
from overdracht.product import DEFAULT_DATA, Data
from overdracht.writing import USUAL, written

Work = Callable[[Door], Coroutine[Any, Any, int]]
_ALL = "all"


def add_report(measures: typer.Typer, run: Callable[[Path, Work], None]) -> None:
    """Adds the command. `run`: takes work to insight's door, to the exit code."""

    @measures.command("report")
    def report(
        month: Annotated[str | None, typer.Option(help="2016-12: as of its beginning; else this month.")] = None,
        municipality: Annotated[str, typer.Option(help="CBS code, such as GM0546; else all.")] = _ALL,
        file: Annotated[Path | None, typer.Option("--out", help="Where the page is written; else stdout.")] = None,
        public: Annotated[bool, typer.Option("--public", help="As it may be published: rounded.")] = False,
        data: Data = DEFAULT_DATA,
    ) -> None:
        """Make the monthly report of a municipality: one HTML page, nothing from outside."""

        async def work(door: Door) -> int:
            params = {"audience": "public" if public else "partner"} | ({"month": month} if month else {})
            page = (await asked(door, "GET", f"/v1/reports/{municipality}", params=params)).content
            if file is None:
                sys.stdout.buffer.write(page)
                return OK
            with written(file, USUAL) as opened:
                opened.write(page)
            say(f"Verslag geschreven: {file}", f"report written: {file}")
            return OK

        run(data, work)
