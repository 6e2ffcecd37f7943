"""`overdracht log`: read the log as it stands on the topics, follow it, and prove it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
import typer
from rich.text import Text

from overdracht import topics
from overdracht.output import OK, USAGE, Stop, out, run_command
from overdracht.product import DEFAULT_DATA, Data, Product, reach
from overdracht.verify.command import verify
from overdracht.words import codes_of
from shared.envelope import Event, Unusable, parse, service_of, structured

_HELD = 100_000


@dataclass(frozen=True)
class Wanted:
    """Which events are asked for."""

    case: str | None = None
    fact: str | None = None
    municipality: str | None = None
    since: str | None = None


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    log = typer.Typer(help="The log of hand-offs: read it, follow it, prove it.", no_args_is_help=True)
    app.add_typer(log, name="log")

    @log.command("tail")
    def tail(
        data: Data = DEFAULT_DATA,
        case: Annotated[str | None, typer.Option(help="Only this case (its id, or the start of it).")] = None,
        fact: Annotated[str | None, typer.Option(help="Only this fact, for example referral_returned.")] = None,
        municipality: Annotated[str | None, typer.Option(help="Only this municipality (CBS code).")] = None,
        from_beginning: Annotated[
            bool, typer.Option("--from-beginning", help="All there is (what happens without -n and --since).")
        ] = False,
        since: Annotated[str | None, typer.Option(help="Only what was recorded from this moment (ISO 8601).")] = None,
        last: Annotated[int | None, typer.Option("-n", min=0, help="Only the last so many.")] = None,
        follow: Annotated[bool, typer.Option("--follow/--no-follow", "-f", help="Stay for what comes.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="One CloudEvent a line.")] = False,
    ) -> None:
        """Show the events on the topics, from the beginning, and stop; with --follow stay for what comes."""

        async def work() -> int:
            wanted = Wanted(case, fact, municipality, _moment(since))
            amount = None if from_beginning else last
            return await show(reach(data), wanted, amount, follow, print_json if as_json else print_line)

        run_command(work)

    @log.command("verify")
    def verify_log(
        data: Data = DEFAULT_DATA,
        as_json: Annotated[bool, typer.Option("--json", help="The result as one JSON object.")] = False,
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    ) -> None:
        """Prove that the log is whole and unaltered: chains, signed seals, ledgers and topics side by side."""

        async def work() -> int:
            return await verify(reach(data), as_json, quiet)

        run_command(work)


def _moment(text: str | None) -> str | None:
    """The moment as the envelope writes it, so that texts compare as times. Raises Stop (exit 2)."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Stop(f"{text} is geen tijdstip.", f"{text} is no ISO 8601 moment", USAGE) from None
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def show(
    product: Product, wanted: Wanted, last: int | None, follow: bool, show_one: Callable[[Event], None]
) -> int:
    """Shows what is there in the order of recording (beyond 100,000 in stretches), then what comes if it is to follow.

    Never more than that is held, however long the log is.
    """
    names = [topics.topic_of(service) for service in product.services]
    async with topics.opened(product.bootstrap_servers, names) as consumer:
        found: list[Event] = []
        async for records in topics.to_the_end(consumer):
            found.extend(event for event in map(read, records) if event and is_wanted(event, wanted))
            if last is None and len(found) > _HELD:
                _show_sorted(found, show_one)
                found.clear()
            elif last is not None and len(found) > 2 * last + _HELD:
                found = sorted(found, key=_recorded)[len(found) - last :]
        found.sort(key=_recorded)
        _show_sorted(found if last is None else found[max(len(found) - last, 0) :], show_one)
        if follow:
            async for records in topics.on_and_on(consumer):
                for event in map(read, records):
                    if event and is_wanted(event, wanted):
                        show_one(event)
    return OK


def _show_sorted(events: list[Event], show_one: Callable[[Event], None]) -> None:
    for event in sorted(events, key=_recorded):
        show_one(event)


def _recorded(event: Event) -> str:
    return event.time


def read(record: topics.Record) -> Event | None:
    """The event of a record; None when it is none (`log verify` tells of those)."""
    try:
        return parse(record.value, record.headers)
    except Unusable:
        return None


def is_wanted(event: Event, wanted: Wanted) -> bool:
    """Whether the event was asked for."""
    if wanted.fact and event.fact != wanted.fact:
        return False
    if wanted.case and not event.subject.startswith(wanted.case.lower()):
        return False
    if wanted.since and event.time < wanted.since:
        return False
    return not wanted.municipality or _data(event).get("municipality") == wanted.municipality


def print_json(event: Event) -> None:
    """One CloudEvent a line."""
    typer.echo(structured(event))


def print_line(event: Event) -> None:
    """Time, fact, case, who, where, and the codes that matter."""
    data = _data(event)
    actor = data.get("actor") or {}
    line = Text(overflow="fold")
    line.append(str(data.get("occurred_at", event.time))[:16].replace("T", " "), style="dim")
    line.append(f"  {service_of(event.source):<9} {event.fact:<24} ")
    line.append(event.subject[:8], style="bold")
    line.append(f"  {actor.get('role', ''):<10} {data.get('municipality') or '':<6}  ")
    line.append(codes_of(data), style="cyan")
    out.print(line, soft_wrap=True)


def _data(event: Event) -> dict[str, Any]:
    try:
        data = orjson.loads(event.data)
    except orjson.JSONDecodeError:
        return {}
    return data if isinstance(data, dict) else {}
