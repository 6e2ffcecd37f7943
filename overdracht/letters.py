"""`overdracht letters`: what could not be handled or still waits, told by meaning, and put back."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

import typer

from overdracht.doors import Away, Doors, Json, Problem, listed, opened, post
from overdracht.output import FINDINGS, OK, USAGE, Meter, Stop, number, out, run_command, say, table, write_json
from overdracht.patience import gone
from overdracht.product import DEFAULT_DATA, Data, reach

_AT_ONCE = 200
Service = Annotated[str | None, typer.Option(help="Only this service.")]
Reason = Annotated[str | None, typer.Option(help="Only letters with this reason.")]
Case = Annotated[str | None, typer.Option(help="Only letters of this case (its id).")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    letters = typer.Typer(help="Dead letters and waiting ones: list, show, put back.", no_args_is_help=True)
    app.add_typer(letters, name="letters")

    @letters.command("list")
    def list_letters(
        data: Data = DEFAULT_DATA,
        service: Service = None,
        reason: Reason = None,
        case: Case = None,
        each: Annotated[bool, typer.Option("--each", help="Every letter, not only the groups.")] = False,
        as_json: AsJson = False,
    ) -> None:
        """List what is dead and what waits, by meaning. Exit code 1 when there is a dead letter."""

        async def work() -> int:
            async with opened(reach(data)) as doors:
                found = await fetched(doors, ("dead", "waiting"), service, reason, case)
            if as_json:
                write_json({"letters": found, "groups": groups(found)})
            else:
                _tell(found, each)
            return FINDINGS if any(one["status"] == "dead" for one in found) else OK

        run_command(work)

    @letters.command("show")
    def show(
        service: Annotated[str, typer.Argument(help="The service that could not handle it.")],
        position: Annotated[int, typer.Argument(help="Its position, from `letters list --each`.")],
        data: Data = DEFAULT_DATA,
        as_json: AsJson = False,
    ) -> None:
        """Show one letter: what it is, where it came from, why it is here. Never its content."""

        async def work() -> int:
            async with opened(reach(data)) as doors:
                found = await fetched(doors, ("dead", "waiting"), service, None, None)
            letter = next((one for one in found if one["position"] == position), None)
            if letter is None:
                raise Stop("Zo'n brief is er niet.", "there is no such letter", FINDINGS)
            if as_json:
                write_json(letter)
            else:
                _tell_one(letter)
            return OK

        run_command(work)

    @letters.command("put-back")
    def put_back(
        positions: Annotated[list[int] | None, typer.Argument(help="Positions (with --service).")] = None,
        data: Data = DEFAULT_DATA,
        service: Service = None,
        reason: Reason = None,
        case: Case = None,
        everything: Annotated[bool, typer.Option("--all", help="All dead letters.")] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Say which, put nothing back.")] = False,
        as_json: AsJson = False,
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    ) -> None:
        """Put dead letters back, in the order they came: one, a group (--reason), a case, or --all."""

        async def work() -> int:
            _check_choice(positions, service, reason, case, everything)
            async with opened(reach(data)) as doors:
                found = await fetched(doors, ("dead",), service, reason, case)
                chosen = [one for one in found if not positions or one["position"] in positions]
                with Meter("letters", quiet) as meter:
                    results = [] if dry_run else await handed_back(doors, chosen, meter)
            result = _result(chosen, results, dry_run)
            if as_json:
                write_json(result)
            else:
                _tell_result(result)
            return FINDINGS if result["still_dead"] else OK

        run_command(work)


def _check_choice(
    positions: list[int] | None, service: str | None, reason: str | None, case: str | None, everything: bool
) -> None:
    if positions and not service:
        raise Stop("Noem bij een plaats ook --service.", "a position needs --service", USAGE)
    if not (positions or reason or case or everything):
        raise Stop(
            "Zeg welke: plaatsen, --reason, --case of --all.",
            "say which: positions, --reason, --case or --all",
            USAGE,
        )


async def fetched(
    doors: Doors, statuses: Sequence[str], service: str | None, reason: str | None, case: str | None
) -> list[Json]:
    """The letters asked for, per service in the order they came. Raises Stop."""
    if service is not None and service not in doors:
        raise Stop(
            f"Er is geen dienst {service}; wel: {', '.join(doors)}.",
            f"there is no service {service}; there are: {', '.join(doors)}",
            USAGE,
        )
    found = []
    try:
        for name, door in doors.items():
            for status in statuses if service in (None, name) else ():
                async for letter in listed(door, "/v1/dead-letters", "cursor", status=status, limit=1_000):
                    if reason in (None, letter["reason"]) and case in (None, letter["case_id"]):
                        found.append({"service": name, **letter})
    except Away as away:
        raise gone(str(away), 0) from None
    return found


async def handed_back(doors: Doors, chosen: Sequence[Json], meter: Meter) -> list[Json]:
    """Puts the letters back, a few hundred at a time; what became of each."""
    results: list[Json] = []
    meter.begin(len(chosen))
    for service, door in doors.items():
        places = [one["position"] for one in chosen if one["service"] == service]
        for start in range(0, len(places), _AT_ONCE):
            part = places[start : start + _AT_ONCE]
            try:
                answer = await post(door, "/v1/dead-letters/put-back", {"positions": part})
            except (Away, Problem) as trouble:
                raise gone(str(trouble), 0) from None
            results += [{"service": service, **item} for item in answer["items"]]
            meter.add(len(part), f"{service}: putting back")
    return results


def groups(found: Sequence[Json]) -> list[Json]:
    """The letters by service, status and reason, with what it means; most frequent first."""
    counts = Counter((one["service"], one["status"], one["reason"]) for one in found)
    meanings = {one["reason"]: (one["meaning_nl"], one["meaning_en"]) for one in found}
    return [
        {
            "service": service,
            "status": status,
            "reason": reason,
            "count": count,
            "meaning_nl": meanings[reason][0],
            "meaning_en": meanings[reason][1],
        }
        for (service, status, reason), count in counts.most_common()
    ]


def _tell(found: Sequence[Json], each: bool) -> None:
    if not found:
        out.print("Er ligt niets: alles is verwerkt.")
        return
    rows = table("Dienst", "Stand", "Aantal", "Reden", "Betekenis", right=("Aantal",))
    for group in groups(found):
        status = "dood" if group["status"] == "dead" else "wacht"
        meaning = f"{group['meaning_nl']}\n[dim]{group['meaning_en']}[/]"
        rows.add_row(group["service"], status, number(group["count"]), group["reason"], meaning)
    out.print(rows)
    if each:
        out.print()
        lines = table("Dienst", "Plaats", "Dossier", "Feit", "Van", "Reden", "Pogingen", right=("Plaats",))
        for one in found:
            place, tries = str(one["position"]), str(one["tries"])
            case = str(one["case_id"] or "")[:8]
            lines.add_row(one["service"], place, case, one["fact"] or "", one["topic"], one["reason"], tries)
        out.print(lines)
    if any(one["status"] == "dead" for one in found):
        say(
            "Terugzetten: overdracht letters put-back --reason REDEN (of --case, --all).",
            "put back with: overdracht letters put-back --reason REASON (or --case, --all)",
        )


def _tell_one(letter: Json) -> None:
    rows = table("", "")
    rows.show_header = False
    for label, key in (
        ("Dienst", "service"),
        ("Plaats", "position"),
        ("Betekenis", "meaning_nl"),
        ("Meaning", "meaning_en"),
        ("Reden", "reason"),
        ("Stand", "status"),
        ("Dossier", "case_id"),
        ("Feit", "fact"),
        ("Topic", "topic"),
        ("Partitie", "partition"),
        ("Offset", "offset"),
        ("Ontvangen", "received_at"),
        ("Pogingen", "tries"),
    ):
        rows.add_row(label, str(letter.get(key) if letter.get(key) is not None else ""))
    out.print(rows)


def _result(chosen: Sequence[Json], results: Sequence[Json], dry_run: bool) -> Json:
    back = sum(bool(one.get("put_back")) for one in results)
    return {
        "chosen": len(chosen),
        "put_back": back,
        "still_dead": len(results) - back,
        "dry_run": dry_run,
        "items": list(chosen if dry_run else results),
    }


def _tell_result(result: Json) -> None:
    if result["dry_run"]:
        out.print(f"{number(result['chosen'])} brieven zouden worden teruggezet; er is niets gedaan.")
        return
    out.print(f"Teruggezet en verwerkt: {number(result['put_back'])}")
    if result["still_dead"]:
        out.print(f"Nog steeds niet te verwerken: {number(result['still_dead'])}")
