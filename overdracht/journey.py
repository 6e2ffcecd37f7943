"""`overdracht case ID`: one person's whole way over the services, as a time line that can be read."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from overdracht.doors import Away, Doors, Json, Problem, get, opened, post
from overdracht.output import FINDINGS, OK, USAGE, Stop, decimal, out, run_command, table, write_json
from overdracht.patience import gone
from overdracht.product import DEFAULT_DATA, Data, reach
from overdracht.words import ACTIONS, CLOCKS, ROLES, SERVICES, SIDES, WARNINGS, in_words

_BY_NUMBER = re.compile(r"(GM\d{4})/(.+)")


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command("show")
    def show(
        case: Annotated[str, typer.Argument(help="A case id, or GM0546/L-000123: municipality and dossier.")],
        data: Data = DEFAULT_DATA,
        municipality: Annotated[str | None, typer.Option(help="CBS code, with --dossier.")] = None,
        dossier: Annotated[bool, typer.Option("--dossier", help="The argument is a dossier number.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="The journey as one JSON object.")] = False,
    ) -> None:
        """Show the whole journey of one case: facts, hand-offs, returns, whose turn, open clocks (`case ID`)."""

        async def work() -> int:
            name = f"{municipality}/{case}" if dossier or municipality else case
            async with opened(reach(data)) as doors:
                journey = await fetched(doors, name)
            if as_json:
                write_json(journey)
            else:
                out.print(shown(journey))
            return OK

        run_command(work)


async def fetched(doors: Doors, name: str) -> Json:
    """The journey of a case, named by id or by municipality and dossier. Raises Stop."""
    try:
        case_id = await case_named(doors, name)
        views = await asyncio.gather(*(view_of(doors, service, case_id) for service in doors))
        titles = await asyncio.gather(*(get(door, "/v1/catalogue") for door in doors.values()))
    except Away as away:
        raise gone(str(away), 0) from None
    known = {view["service"]: view for view in views if view is not None}
    if not known:
        raise Stop(f"Dossier {case_id} is nergens bekend.", f"case {case_id} is known nowhere", FINDINGS)
    return journey_of(case_id, known, {fact["fact"]: fact["title_nl"] for one in titles for fact in one["facts"]})


async def case_named(doors: Doors, name: str) -> str:
    """The id of a case that is named by id, or by municipality and dossier. Raises Stop."""
    try:
        return str(UUID(name))
    except ValueError:
        pass
    parts = _BY_NUMBER.fullmatch(name)
    if not parts:
        raise Stop(
            "Geef een dossier-id (UUID) of gemeente/dossiernummer, zoals GM0546/L-000123.",
            "give a case id (UUID) or municipality/dossier, such as GM0546/L-000123",
            USAGE,
        )
    try:
        found = await post(doors["intake"], "/v1/cases/search", {"municipality": parts[1], "dossier": parts[2]})
    except Problem as no:
        if no.status != 404:
            raise
        raise Stop(
            f"Dossier {name} is bij de aanvraag niet bekend.", f"{name} is not known at intake", FINDINGS
        ) from None
    return str(found["case_id"])


async def view_of(doors: Doors, service: str, case_id: str) -> Json | None:
    """The case as one service has it; None when it does not know it."""
    try:
        view: Json = await get(doors[service], f"/v1/cases/{case_id}")
    except Problem as no:
        if no.status == 404:
            return None
        raise
    return {**view, "service": service}


def journey_of(case_id: str, views: Mapping[str, Json], titles: Mapping[str, str]) -> Json:
    """The views of the services as one journey, in the order in which things happened."""
    facts = [
        {**line, "service": service, "title_nl": titles.get(line["fact"], line["fact"])}
        for service, view in views.items()
        for line in view["timeline"]
    ]
    facts.sort(key=lambda line: (line["occurred_at"], line["recorded_at"], line["caseversion"]))
    turns = [{"service": service, **view["turn"]} for service, view in views.items() if view.get("turn") is not None]
    return {
        "case_id": case_id,
        "municipality": next(iter(views.values()))["municipality"],
        "status": {service: view["status"] for service, view in views.items()},
        "returns": sum(line["fact"] == "referral_returned" for line in facts),
        "hand_offs": sum(line["hand_off"] for line in facts),
        "turns": turns,
        "waited_days": {
            service: view["waited_days"]
            for service, view in views.items()
            if any((view.get("waited_days") or {}).values())
        },
        "clocks": [{"service": service, **clock} for service, view in views.items() for clock in view["clocks"]],
        "timeline": facts,
    }


def shown(journey: Json) -> Group:
    """The journey as it is printed."""
    return Group(
        _head(journey),
        Text(),
        _timeline(journey["timeline"]),
        Text(),
        *_time_per_side(journey),
        *_now(journey),
    )


def _head(journey: Json) -> Text:
    head = Text()
    head.append(f"Dossier {journey['case_id']}", style="bold")
    returned = journey["returns"]
    back = f", {returned} keer teruggemeld" if returned else ""
    head.append(f"\n{journey['municipality']}, {journey['hand_offs']} overdrachten{back}")
    return head


def _timeline(facts: Sequence[Json]) -> Group:
    lines: list[RenderableType] = []
    day = ""
    for fact in facts:
        when = str(fact["occurred_at"])
        fresh = when[:10]
        line = Text()
        line.append((fresh if fresh != day else " " * 10) + f" {when[11:16]} ", style="dim")
        line.append("⇄ " if fact["hand_off"] else "· ", style="bold" if fact["hand_off"] else "dim")
        line.append(fact["title_nl"], style=_style(fact))
        day = fresh
        lines.append(line)
        lines += _details(fact)
    return Group(*lines)


def _style(fact: Json) -> str:
    if fact["fact"] in ("referral_returned", "pumping_round_detected") or fact["fact"].endswith("_overdue"):
        return "bold red"
    return "bold" if fact["hand_off"] else ""


def _details(fact: Json) -> list[Padding]:
    data = fact["data"]
    role = fact["actor"]["role"]
    who = ROLES.get(role, role)
    marks = [word for name, word in (("implied", "afgeleid"), ("late", "later gemeld")) if data.get(name)] + [
        f"let op: {WARNINGS.get(code, code)}" for code in data.get("warnings") or ()
    ]
    said = in_words(data)
    text = Text(f"{who}{': ' if said else ''}{said}", style="")
    if marks:
        text.append(f" ({'; '.join(marks)})", style="dim")
    return [Padding(text, (0, 0, 0, 19))]


def _time_per_side(journey: Json) -> list[RenderableType]:
    if not journey["waited_days"]:
        return []
    sides = ("municipality", "provider", "citizen")
    heads = tuple(SIDES[side].capitalize() for side in sides)
    rows = table("Dagen aan de beurt", *heads, right=heads)
    for service, days in journey["waited_days"].items():
        rows.add_row(SERVICES.get(service, service), *(decimal(days.get(side) or 0) for side in sides))
    return [rows, Text()]


def _now(journey: Json) -> list[Text]:
    lines = []
    for turn in journey["turns"]:
        side = SIDES.get(turn["side"], turn["side"])
        action = ACTIONS.get(turn["action"], str(turn["action"]).replace("_", " "))
        lines.append(Text(f"Aan de beurt: {side} ({action}), sinds {str(turn['since'])[:10]}"))
    for clock in journey["clocks"]:
        side = SIDES.get(clock.get("waiting_for", ""), "")
        name = CLOCKS.get(clock["clock"], str(clock["clock"]).replace("_", " "))
        late = ", te laat" if clock.get("overdue") else ""
        past = "" if clock.get("armed", True) else ", van vóór de invoer: er gaat geen alarm af"
        lines.append(Text(f"Loopt: {name}, uiterlijk {clock['due_on']}, wacht op {side}{late}{past}"))
    return lines or [Text("Er loopt niets meer.")]
