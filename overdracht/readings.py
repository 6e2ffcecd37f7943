"""`overdracht readings`: who read personal data, line by line; for machines as OTLP in JSON, a line each."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.text import Text

from overdracht.doors import Away, Json, listed, opened
from overdracht.journey import case_named
from overdracht.output import OK, out, run_command, write_json
from overdracht.patience import gone
from overdracht.product import DEFAULT_DATA, Data, Product, reach
from overdracht.words import ROLES

_STATUS = {"Unset": 0, "Ok": 1, "Error": 2}
_INTERNAL = 1
_RESOURCE = {"attributes": [{"key": "service.name", "value": {"stringValue": "overdracht-intake"}}]}


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command("readings")
    def readings(
        data: Data = DEFAULT_DATA,
        case: Annotated[str | None, typer.Option(help="Only of this case: its id, or GM0546/L-000123.")] = None,
        after: Annotated[int, typer.Option(min=0, help="Only lines after this position.")] = 0,
        as_json: Annotated[bool, typer.Option("--json", help="OTLP in JSON, a line each, without who read.")] = False,
    ) -> None:
        """Show the log of readings (Logboek Dataverwerkingen): every time that personal data was read or written."""

        async def work() -> int:
            try:
                await _show(reach(data), case, after, as_json)
            except Away as away:
                raise gone(str(away), 0) from None
            return OK

        run_command(work)


async def _show(product: Product, case: str | None, after: int, as_json: bool) -> None:
    async with opened(product) as doors:
        case_id = None if case is None else await case_named(doors, case)
        async for line in listed(doors["intake"], "/v1/readings", "after", after, limit=1_000, case=case_id):
            if as_json:
                write_json(otlp(line))
            else:
                _print(line)


def otlp(line: Json) -> Json:
    """The line as a span, as an OpenTelemetry collector reads it from a file; who read it is no part of that."""
    attributes = [{"key": name, "value": {"stringValue": value}} for name, value in line["attributes"].items()]
    span = {
        "traceId": line["trace_id"],
        "spanId": line["span_id"],
        "parentSpanId": line["parent_span_id"] or "",
        "name": line["name"],
        "kind": _INTERNAL,
        "startTimeUnixNano": str(line["start_time"] * 1_000_000),
        "endTimeUnixNano": str(line["end_time"] * 1_000_000),
        "status": {"code": _STATUS[line["status"]]},
        "attributes": attributes,
    }
    return {"resourceSpans": [{"resource": _RESOURCE, "scopeSpans": [{"spans": [span]}]}]}


def _print(line: Json) -> None:
    audit = line["audit"]
    when = datetime.fromtimestamp(line["start_time"] / 1000, UTC).isoformat(" ", "seconds")[:19]
    role = "+".join(ROLES.get(one, one) for one in audit["role"].split("+"))
    shown = Text(overflow="fold")
    shown.append(f"{line['position']:>8} {when}  ", style="dim")
    shown.append(f"{line['name']:<20} ")
    shown.append(f"{(audit['case_id'] or '')[:8]:<8}", style="bold")
    shown.append(f"  {audit['municipality']}  {role} {audit['reader']} {audit['organisation'] or ''}")
    out.print(shown, soft_wrap=True)
