"""Who gives a command: a person named on the log, in a role, for a municipality; and a rule's no as a sentence."""

from typing import Annotated

import typer

from overdracht.doors import Door, Json, Problem, post
from overdracht.issuing import issued
from overdracht.output import FINDINGS, USAGE, Stop
from overdracht.product import Product

Subject = Annotated[
    str | None, typer.Option(help="Who you are on the log: your pseudonym. Another person approves under their own.")
]
Role = Annotated[str, typer.Option(help="In which role: caseworker or operator.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
_ROLES = ("caseworker", "operator")


def token_of(product: Product, subject: str | None, role: str, municipality: str | None) -> str:
    """A token of this person. Raises Stop when it is not said who."""
    if role not in _ROLES:
        raise Stop("Kies met --role uit caseworker en operator.", "--role is caseworker or operator", USAGE)
    return issued(product.keys, [role], subject=named(subject), municipality=municipality)


def named(subject: str | None) -> str:
    """Who gives the command. Raises Stop."""
    if not subject:
        raise Stop(
            "Zeg met --subject wie u bent: wissen staat op naam, en vraagt twee verschillende mensen.",
            "say with --subject who you are: an erasure is on record by name, and takes two different people",
            USAGE,
        )
    return subject


async def told(door: Door, case_id: str, command: str, data: Json) -> Json:
    """What a command led to. Raises Stop with the rule's own sentence when it is refused."""
    try:
        answer: Json = await post(door, f"/v1/cases/{case_id}/{command}", {"data": data})
    except Problem as no:
        raise refusal(no) from None
    return answer


def refusal(no: Problem) -> Stop:
    """The end of a command that a rule refused."""
    possible = no.body.get("possible")
    words = f" ({', '.join(map(str, possible))})" if isinstance(possible, list) and possible else ""
    return Stop(f"{no.body.get('nl', no.code)}{words}", str(no.body.get("en", no.code)), FINDINGS)


def agreed(question: str, yes: bool) -> None:
    """Asks, unless it was said beforehand. Raises Stop when the answer is no, or nobody can answer."""
    if yes:
        return
    try:
        agrees = typer.confirm(question, err=True)
    except typer.Abort:
        agrees = False
    if not agrees:
        raise Stop("Er is niets gedaan.", "nothing was done", USAGE)
