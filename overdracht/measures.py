"""`overdracht measures`: what is measured, a figure with its interval, a published number made again to the byte."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from overdracht.doors import Away, Door, Json, Problem, get, insight, post
from overdracht.measures_export import add_export
from overdracht.measures_report import add_report
from overdracht.output import FINDINGS, OK, USAGE, Stop, decimal, number, out, run_command, say, table, write_json
from overdracht.patience import gone
from overdracht.product import DEFAULT_DATA, Data, reach
from overdracht.running.catching_up import fresh
from overdracht.words import word

_LONG_SECONDS = 900.0
HELD = {
    "small_number": "achtergehouden: minder dan tien",
    "would_show_a_small_number": "achtergehouden: zou een klein aantal verraden",
    "all_or_none": "achtergehouden: iedereen of niemand",
    "too_few_to_publish": "achtergehouden: minder dan honderd",
}
_OPTIONS = (
    "municipality", "provider", "trajectory", "direction", "month", "warm", "diagnosed_before", "channel", "instrument",
)  # fmt: skip

Id = Annotated[str, typer.Argument(help="A measure, such as returned_within_90_days.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="A moment with its offset; else the begin of this month.")]
Internal = Annotated[bool, typer.Option("--internal", help="Also what is held back: for who runs the data alone.")]
Public = Annotated[bool, typer.Option("--public", help="As it may be published: rounded.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
Municipality = Annotated[str | None, typer.Option(help="CBS code, such as GM0546.")]
Provider = Annotated[str | None, typer.Option(help="The organisation that people were sent to.")]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    measures = typer.Typer(help="What is measured, with honest uncertainty.", no_args_is_help=True)
    app.add_typer(measures, name="measures")
    _add_showing(measures)
    _add_publishing(measures)
    add_report(measures, _run)
    add_export(measures, _run)


def _add_showing(measures: typer.Typer) -> None:
    @measures.command("list")
    def list_all(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
        """List every measure: what is counted among what."""

        async def work(door: Door) -> int:
            found = await get(door, "/v1/measures")
            if as_json:
                write_json(found)
                return OK
            rows = table("Maat", "Wat", "Teller", "Noemer")
            rows.columns[0].no_wrap = True  # it is there to be copied
            for one in found["items"]:
                rows.add_row(one["id"], one["nl"], one["numerator"], one["denominator"])
            out.print(rows)
            return OK

        _run(data, work)

    @measures.command("show")
    def show(
        measure: Id,
        as_of: AsOf = None,
        municipality: Municipality = None,
        provider: Provider = None,
        trajectory: Annotated[str | None, typer.Option(help="Such as reintegration.")] = None,
        direction: Annotated[str | None, typer.Option(help="The direction decided before: work, …")] = None,
        month: Annotated[str | None, typer.Option(help="Month of sending, 2016-03.")] = None,
        warm: Annotated[str | None, typer.Option(help="yes or no.")] = None,
        diagnosed_before: Annotated[str | None, typer.Option("--diagnosed-before", help="yes or no.")] = None,
        channel: Annotated[str | None, typer.Option(help="How people applied: walk_in, …")] = None,
        instrument: Annotated[str | None, typer.Option(help="What was put to work, such as job_coach.")] = None,
        by: Annotated[str | None, typer.Option(help="A line for each value of this dimension.")] = None,
        internal: Internal = False,
        public: Public = False,
        as_json: AsJson = False,
        data: Data = DEFAULT_DATA,
    ) -> None:
        """Show a figure: value, interval, and what it rests on."""
        values = (municipality, provider, trajectory, direction, month, warm, diagnosed_before, channel, instrument)
        asked = {_camel(name): value for name, value in zip(_OPTIONS, values, strict=True)}
        asked |= {"asOf": as_of, "audience": _audience(internal, public)}

        async def work(door: Door) -> int:
            if by is None:
                found = await get(door, f"/v1/measures/{measure}/figure", **asked)
            else:
                found = await get(door, f"/v1/measures/{measure}/figures", by=by, **asked)
            if as_json:
                write_json(found)
            else:
                _tell([found] if by is None else found["items"], by)
            return OK

        _run(data, work)


def _add_publishing(measures: typer.Typer) -> None:
    @measures.command("publish")
    def publish(
        measure: Id,
        as_of: AsOf = None,
        municipality: Municipality = None,
        provider: Provider = None,
        internal: Internal = False,
        as_json: AsJson = False,
        data: Data = DEFAULT_DATA,
    ) -> None:
        """Keep a number with all it rests on, so that it can be made again; prints its id."""
        wanted = {name: value for name, value in (("municipality", municipality), ("provider", provider)) if value}
        body: Json = {"measure": measure, "slice": wanted, "audience": _audience(internal, not internal)}
        body |= {"as_of": as_of} if as_of else {}

        async def work(door: Door) -> int:
            found = await post(door, "/v1/published", body)
            if as_json:
                write_json(found)
            else:
                _tell([found["number"]], None)
                out.print(f"Nummer: {found['id']}", soft_wrap=True)
            return OK

        _run(data, work)

    @measures.command("published")
    def published(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
        """List the published numbers."""

        async def work(door: Door) -> int:
            found = await get(door, "/v1/published")
            if as_json:
                write_json(found)
                return OK
            rows = table("Nummer", "Maat", "Doorsnede", "Per", "Waarde", right=("Waarde",))
            for one in found["items"]:
                rows.add_row(one["id"], one["measure"], _slice(one["slice"]), one["as_of"][:10], _short(one["value"]))
            out.print(rows)
            return OK

        _run(data, work)

    @measures.command("reproduce")
    def reproduce(
        number_id: Annotated[str, typer.Argument(metavar="ID", help="The id that `publish` printed.")],
        data: Data = DEFAULT_DATA,
        as_json: AsJson = False,
    ) -> None:
        """Make a published number again from the log as it was then. Exit code 1 when a byte differs."""

        async def work(door: Door) -> int:
            say("Opnieuw berekenen uit het log van toen.", "making it again from the log as it was then")
            found = await post(door, f"/v1/published/{number_id}/reproduction", {})
            if as_json:
                write_json(found)
            else:
                out.print(f"Gelijk tot op de byte: sha256 {found['sha256']}" if found["same"] else "Niet gelijk.")
            return OK if found["same"] else FINDINGS

        _run(data, work)


def _run(data: Path, work: Any) -> None:
    async def whole() -> int:
        async with insight(reach(data), _LONG_SECONDS) as door:
            try:
                await fresh(door)
                return int(await work(door))
            except Away as away:
                raise gone(str(away), 0) from None
            except Problem as no:
                raise _stop(no) from None

    run_command(whole)


def _stop(no: Problem) -> Stop:
    """The service's own sentence, and what would have been possible."""
    possible = no.body.get("possible") or []
    more = f" ({', '.join(map(str, possible[:40]))})" if isinstance(possible, list) and possible else ""
    nl, en = str(no.body.get("nl", no.code)), str(no.body.get("en", no.code))
    if wrong := no.body.get("errors"):
        nl, en = (" ".join(map(partial(_wrong, language), wrong)) for language in ("nl", "en"))
    return Stop(nl + more, en, USAGE if no.status in (400, 403, 404) else FINDINGS)


def _wrong(language: str, one: Json) -> str:
    expected = f" ({one['expected']})" if "expected" in one else ""
    return f"{one['field']}: {one[language]}{expected}"


def _audience(internal: bool, public: bool) -> str:
    if internal and public:
        raise typer.BadParameter("--internal and --public exclude each other")
    return "internal" if internal else "public" if public else "partner"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _tell(items: list[Json], by: str | None) -> None:
    first = items[0] if items else None
    if first is None:
        out.print("Geen waarden.")
        return
    out.print(f"{first['definition']['nl']}   per {first['as_of'][:10]}", soft_wrap=True)
    head = by or "doorsnede"
    rows = table(head.capitalize(), "Waarde", "Van", "Tot", "n", right=("Waarde", "Van", "Tot", "n"))
    for one in items:
        name = one["slice"].get(by, "") if by else _slice(one["slice"])
        if one["held_back"]:
            rows.add_row(name, HELD.get(one["held_back"], one["held_back"]), "", "", "")
        elif isinstance(one["value"], dict):
            rows.add_row(name, "", "", "", _short(one["n"]))
            for part, value in one["value"].items():
                rows.add_row(f"  {word(part)}", _short(value), "", "", "")
        else:
            said = (value_of(one[field], one["unit"]) for field in ("value", "low", "high"))
            rows.add_row(name, *said, _short(one["n"]))
    out.print(rows)


def _slice(wanted: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in wanted.items()) or "alles"


def value_of(value: float | None, unit: str) -> str:
    """A value of a figure, as Dutch readers write it."""
    if value is None:
        return "-"
    if unit in ("share", "difference"):
        return f"{decimal(100 * value)} %"
    return _short(value)


def _short(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, int):
        return number(value)
    return decimal(float(value), 2) if isinstance(value, float) else str(value)
