"""The commands `overdracht run`, `overdracht status` and `overdracht reset`."""

import asyncio
import signal
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from overdracht.output import OK, out, run_command, say
from overdracht.product import DEFAULT_DATA, Data
from overdracht.running import reset, status
from overdracht.running.parts import PORT_BASE, Plan, plan
from overdracht.running.starting import running

_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def register(app: typer.Typer) -> None:
    """Adds the commands."""

    @app.command("run")
    def run(
        data: Data = DEFAULT_DATA,
        port_base: Annotated[
            int, typer.Option("--port-base", min=1024, max=65_000, envvar="OVERDRACHT_PORT_BASE", help="First port.")
        ] = PORT_BASE,
        demo: Annotated[bool, typer.Option("--demo", help="Import the example and show what can be seen.")] = False,
    ) -> None:
        """Run everything on this machine: Kafka, PostgreSQL and the four services, until Ctrl-C."""
        run_command(lambda: _run(plan(data, port_base), demo))

    status.register(app)
    reset.register(app)


async def _run(way: Plan, demo: bool) -> int:
    """Runs until told to stop: the first signal stops in order, a second one at once."""
    work = asyncio.ensure_future(_work(way, demo))
    loop = asyncio.get_running_loop()
    for number in _STOP:
        loop.add_signal_handler(number, work.cancel)
    with suppress(asyncio.CancelledError):
        await work
    say("Alles is gestopt; de gegevens staan er bij de volgende start weer.", "all is stopped; the data stays")
    return OK


async def _work(way: Plan, demo: bool) -> None:
    async with running(way):
        _tell(way)
        if demo:
            from overdracht.demo import show

            await show(way.data)
        else:
            _next()
        say("Ctrl-C stopt alles.", "Ctrl-C stops everything")
        await asyncio.Event().wait()


def _tell(way: Plan) -> None:
    """What is where."""
    out.print(Text("Overdracht draait.", style="bold"), Text("· running", style="dim"))
    for name, url in way.urls.items():
        out.print(f"  {name:<12} {url}/v1/openapi.json", soft_wrap=True)
    out.print(f"  {'insight':<12} {way.insight_url}/v1/openapi.json", soft_wrap=True)
    out.print(f"  {'Kafka':<12} {way.bootstrap_servers}", soft_wrap=True)
    out.print(f"  {'PostgreSQL':<12} {_place(way)}", soft_wrap=True)
    out.print(f"  {'gegevens':<12} {way.data}   (logs: {way.logs})", soft_wrap=True)


def _place(way: Plan) -> str:
    return f"socket in {way.server.sockets}" if way.own_postgres else "DATABASE_URL"


def _next() -> None:
    out.print("Probeer in een ander venster (source .venv/bin/activate):", Text("· in another terminal", style="dim"))
    for command, what in (
        ("overdracht status", "wat draait waar"),
        (f"overdracht import {_example()}", "een jaar geschiedenis erin"),
        ("overdracht returns", "waarom mensen terugkwamen"),
        ("overdracht measures list", "wat er wordt gemeten"),
        ("overdracht log tail --follow", "meekijken met het log"),
        ("overdracht log verify", "bewijzen dat het log heel en onveranderd is"),
    ):
        out.print(f"  {command:<52} {what}", soft_wrap=True)


def _example() -> Path:
    from overdracht.demo import EXAMPLE

    with suppress(ValueError):
        return EXAMPLE.relative_to(Path.cwd())
    return EXAMPLE
