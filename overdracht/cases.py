"""`overdracht case`: one case: shown (`case ID`), erased by two people, or given to the person it is about."""

from typing import Any

import typer
from typer.core import TyperGroup

from overdracht import erasing, journey, ownfile


class _ShowsByItself(TyperGroup):
    """`case ID` is `case show ID`: what is no command of the group is a case."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts `show` before what is no command."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["show", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(
        cls=_ShowsByItself,
        help="One case: `overdracht case ID` shows it. Erase it (two people), or export a person's own file.",
        no_args_is_help=True,
    )
    app.add_typer(group, name="case")
    for part in (journey, erasing, ownfile):
        part.register(group)
