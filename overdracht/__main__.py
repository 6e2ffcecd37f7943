"""The command `overdracht`: a client of the services' doors and of the log, and what runs them on one machine."""

import sys
from collections.abc import Iterable
from importlib import import_module

import typer

COMMANDS = {
    "run": "running",
    "status": "running",
    "reset": "running",
    "import": "importing",
    "benefits": "benefits",
    "case": "cases",
    "returns": "returns",
    "measures": "measures",
    "log": "log",
    "letters": "letters",
    "retention": "retention",
    "readings": "readings",
    "token": "token",
    "srg": "srg",
}
"""Which part of this package has which command. Loading all of them takes longer than most commands do."""


def built(parts: Iterable[str]) -> typer.Typer:
    """The command with these parts."""
    app = typer.Typer(
        name="overdracht",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_whole)
    for part in dict.fromkeys(parts):
        import_module(f"overdracht.{part}").register(app)
    return app


def _whole() -> None:
    """Every hand-off between municipality and re-integration company: logged, argued, measurable."""


def main() -> None:
    """The console script: with the part that is asked for, or with all when that is none."""
    asked = COMMANDS.get(sys.argv[1]) if len(sys.argv) > 1 else None
    built([asked] if asked else COMMANDS.values())()


if __name__ == "__main__":
    main()
