"""A command of `overdracht measures`, before doors of the test's own."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import typer

from overdracht.doors import Door
from overdracht.output import run_command

Work = Callable[[Door], Awaitable[int]]


def commanded(
    add: Callable[[typer.Typer, Callable[[Path, Work], None]], None], doors: httpx.MockTransport
) -> typer.Typer:
    """The command that `add` adds."""

    def run(_: Path, work: Work) -> None:
        async def whole() -> int:
            async with httpx.AsyncClient(transport=doors, base_url="http://insight") as http:
                return await work(Door("insight", http))

        run_command(whole)

    app = typer.Typer()
    app.callback()(lambda: None)
    add(app, run)
    return app
