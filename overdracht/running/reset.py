"""`overdracht reset`: an empty product again; says what goes, and asks first."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from overdracht.output import AWAY, OK, USAGE, Stop, out, run_command, say
from overdracht.product import DEFAULT_DATA, Data
from overdracht.running.places import FILE, read_run

_OURS = ("kafka", "postgres", "keys", "imports", "logs", FILE, "run.lock")
_WHAT = {
    "kafka": "het log op de topics",
    "postgres": "de grootboeken en de kluis",
    "keys": "de sleutels: zonder deze is geen tekst of identiteit uit een reservekopie nog te lezen",
    "imports": "de voortgang van het inlezen",
    "logs": "de logboeken",
}


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command("reset")
    def reset(
        data: Data = DEFAULT_DATA,
        yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    ) -> None:
        """Delete all data of the product on this machine, keys included. Says what goes, and asks first."""

        async def work() -> int:
            return _reset(data.expanduser().absolute(), yes)

        run_command(work)


def _reset(data: Path, yes: bool) -> int:
    run = read_run(data)
    if run is not None and run.supervisor.runs:
        raise Stop(
            f"Op {data} draait Overdracht (pid {run.supervisor.pid}): stop het eerst (Ctrl-C).",
            f"Overdracht runs on {data} (pid {run.supervisor.pid}): stop it first (Ctrl-C)",
            AWAY,
        )
    here = [name for name in _OURS if (data / name).exists()]
    if not here:
        say(f"In {data} staat niets van Overdracht.", f"there is nothing of Overdracht in {data}")
        return OK
    for name in here:
        if name in _WHAT:
            out.print(f"  {data / name}: {_WHAT[name]}", soft_wrap=True)
    if not yes and not typer.confirm("Dit alles voorgoed verwijderen?  · delete all of this for good?"):
        raise Stop("Er is niets verwijderd.", "nothing was deleted", USAGE)
    for name in here:
        target = data / name
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()
    say("Verwijderd.", "deleted")
    return OK
