"""`overdracht case erase`: one person asks, another approves; then nobody opens the case's texts again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from overdracht.doors import Away, Doors, Json, get, opened
from overdracht.journey import case_named, view_of
from overdracht.output import FINDINGS, OK, USAGE, Stop, err, out, run_command, write_json
from overdracht.patience import gone
from overdracht.product import DEFAULT_DATA, Data, Product, reach
from overdracht.speaking import Role, Subject, Yes, agreed, named, token_of, told
from overdracht.words import SERVICES

_SEALED = "hpke1."


@dataclass(frozen=True)
class Asked:
    """What was asked of the command, and by whom."""

    case: str
    reason: str | None
    approve: bool
    refuse: bool
    subject: str | None
    role: str
    yes: bool


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command("erase")
    def erase(
        case: Annotated[str, typer.Argument(help="A case id, or GM0546/L-000123: municipality and dossier.")],
        reason: Annotated[
            str | None, typer.Option(help="Why: a code, such as no_longer_needed or court_order.")
        ] = None,
        approve: Annotated[bool, typer.Option("--approve", help="Approve what another person asked.")] = False,
        refuse: Annotated[bool, typer.Option("--refuse", help="Turn it down, or take your own request back.")] = False,
        subject: Subject = None,
        role: Role = "caseworker",
        yes: Yes = False,
        data: Data = DEFAULT_DATA,
        as_json: Annotated[bool, typer.Option("--json", help="What it led to as one JSON object.")] = False,
    ) -> None:
        """Make a case unreadable for good: asked by one person (--reason), approved by another (--approve)."""

        async def work() -> int:
            asked = Asked(case, reason, approve, refuse, named(subject), role, yes)
            _check(asked)
            try:
                result = await done(reach(data), asked)
            except Away as away:
                raise gone(str(away), 0) from None
            if as_json:
                write_json(result)
            else:
                _tell(case, result)
            return OK

        run_command(work)


def _check(asked: Asked) -> None:
    """Raises Stop when it is not clear what is wanted."""
    several = asked.approve and (asked.refuse or asked.reason)
    if several or not (asked.approve or asked.refuse or asked.reason):
        raise Stop(
            "Zeg één ding: --reason CODE om te vragen, --approve om goed te keuren, of --refuse om af te wijzen.",
            "say one thing: --reason CODE to ask, --approve to approve, or --refuse to turn it down",
            USAGE,
        )


async def done(product: Product, asked: Asked) -> Json:
    """Asks, approves or turns down; how the file is kept then. Raises Stop."""
    async with opened(product) as doors:
        case_id = await case_named(doors, asked.case)
        views = await _views(doors, case_id)
        reasons = (await get(doors["intake"], "/v1/catalogue"))["codes"]["erasure_reasons"]
    if asked.reason is not None and not asked.refuse:
        _check_reason(asked.reason, reasons)
    token = token_of(product, asked.subject, asked.role, views["intake"]["municipality"])
    if not asked.refuse:
        _tell_loss(case_id, views, reasons)
        question = "Voorgoed wissen?  · erase for good?" if asked.approve else "Vragen om te wissen?  · ask to erase?"
        agreed(question, asked.yes)
    async with opened(product, token) as doors:
        if asked.refuse:
            await told(doors["intake"], case_id, "refuse-erasure", {"reason": asked.reason or "not_approved"})
        elif asked.approve:
            await told(doors["intake"], case_id, "approve-erasure", {})
        else:
            await told(doors["intake"], case_id, "request-erasure", {"reason": asked.reason})
        after = (await _views(doors, case_id))["intake"]["detail"]
    return {"case_id": case_id} | {name: after[name] for name in ("keeping", "erasure", "erased_at")}


async def _views(doors: Doors, case_id: str) -> dict[str, Json]:
    """The case as each service has it. Raises Stop when intake does not know it."""
    found = {service: await view_of(doors, service, case_id) for service in doors}
    if found["intake"] is None:
        raise Stop(f"Dossier {case_id} is nergens bekend.", f"case {case_id} is known nowhere", FINDINGS)
    return {service: view for service, view in found.items() if view is not None}


def _check_reason(reason: str, known: Json) -> None:
    if reason not in known:
        choices = ", ".join(f"{code} ({one['nl']}, {one['legal_source']})" for code, one in known.items())
        raise Stop(f"Onbekende reden; kies uit {choices}.", f"unknown reason; choose from {', '.join(known)}", USAGE)


def _tell_loss(case_id: str, views: dict[str, Json], reasons: Json) -> None:
    """What will be gone, before anybody says yes."""
    texts = {service: sum(1 for _ in sealed_in(view["timeline"])) for service, view in views.items()}
    counted = ", ".join(f"{SERVICES[service]} {count}" for service, count in texts.items() if count) or "geen"
    asked = views["intake"]["detail"].get("erasure")
    if asked:
        why = reasons[asked["reason"]]["nl"]
        err.print(f"Gevraagd door {asked['asked_by']}: {why} ({asked['legal_source']}).", soft_wrap=True)
    err.print(f"Dossier {case_id}. Dit gaat voorgoed weg:", soft_wrap=True)
    err.print("  om wie het gaat: nummer, naam, geboortedatum, adres, telefoon en mail in dit dossier", soft_wrap=True)
    err.print(f"  alle teksten: {counted}", soft_wrap=True)
    err.print(
        "Dit blijft: feiten, codes en tijden; alle cijfers en het bewijs van het log kloppen nog.", soft_wrap=True
    )
    err.print("Terughalen kan niet, ook niet uit een reservekopie. Er zijn twee mensen voor nodig.", soft_wrap=True)


def sealed_in(node: Any) -> Iterator[str]:
    """The sealed texts in what a service tells."""
    if isinstance(node, str):
        if node.startswith(_SEALED):
            yield node
    elif isinstance(node, dict):
        for one in node.values():
            yield from sealed_in(one)
    elif isinstance(node, list):
        for one in node:
            yield from sealed_in(one)


def _tell(name: str, result: Json) -> None:
    asked = result["erasure"]
    if result["keeping"] == "erased":
        out.print("Gewist: de sleutel is vernietigd en om wie het ging is weg.", soft_wrap=True)
    elif asked:
        out.print(
            f"Gevraagd; nog niets gewist. Iemand anders keurt het goed, uiterlijk {asked['until_on']}, met",
            soft_wrap=True,
        )
        out.print(f"  overdracht case erase {name} --approve --subject …", soft_wrap=True)
    else:
        out.print("Afgewezen: alles blijft zoals het was.")
