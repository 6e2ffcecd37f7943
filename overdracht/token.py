"""`overdracht token`: a bearer token of the product on this machine, to try the doors with."""

from pathlib import Path
from typing import Annotated

import typer

from overdracht.issuing import HOURS, issued
from overdracht.output import OK, USAGE, Stop, out, run_command
from overdracht.product import DEFAULT_DATA, Data, reach
from overdracht.words import ROLES

_NEEDS = {
    "caseworker": "municipality",
    "benefit_administration": "municipality",
    "privacy_officer": "municipality",
    "coach": "organisation",
    "citizen": "case",
}
"""What a token of this role must say besides, to see anything."""


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command("token")
    def token(
        role: Annotated[list[str], typer.Option("--role", help="Who is calling; may be given more than once.")],
        municipality: Annotated[str | None, typer.Option(help="CBS code, such as GM0546.")] = None,
        organisation: Annotated[str | None, typer.Option(help="The organisation the caller works for.")] = None,
        case: Annotated[list[str] | None, typer.Option("--case", help="A citizen's own case.")] = None,
        subject: Annotated[
            str | None, typer.Option(help="The caller's pseudonym; made from the role without it.")
        ] = None,
        hours: Annotated[float, typer.Option(min=0.01, max=24 * 31, help="How long it holds.")] = HOURS,
        data: Data = DEFAULT_DATA,
    ) -> None:
        """Print a bearer token of this machine's own issuer. Nothing outside it believes such a token."""

        async def work() -> int:
            _check(role, municipality=municipality, organisation=organisation, case=case)
            made = issued(
                _keys(data),
                role,
                subject=subject or f"{role[0]}-1",
                municipality=municipality,
                organisation=organisation,
                cases=case or (),
                hours=hours,
            )
            out.print(made, soft_wrap=True, highlight=False, markup=False)
            return OK

        run_command(work)


def _keys(data: Path) -> Path:
    return reach(data).keys


def _check(roles: list[str], **said: object) -> None:
    """Raises Stop when a role is unknown, or could see nothing with what is said."""
    for role in roles:
        if role not in ROLES or role == "system":
            known = ", ".join(name for name in ROLES if name != "system")
            raise Stop(f"Onbekende rol: kies uit {known}.", f"unknown role: choose from {known}", USAGE)
        wanted = _NEEDS.get(role)
        if wanted and not said[wanted]:
            raise Stop(
                f"Met --role {role} hoort --{wanted}: zonder is er niets te zien.",
                f"--role {role} needs --{wanted}: without it there is nothing to see",
                USAGE,
            )
