"""`overdracht measures export`: single cases as a file for process mining, for the data's own controller."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from overdracht.doors import Away, Door, Json, Problem, asked, get, post
from overdracht.output import FINDINGS, OK, Meter, Stop, number, out, say, write_json
from overdracht.product import DEFAULT_DATA, Data
from overdracht.writing import written

Work = Callable[[Door], Coroutine[Any, Any, int]]
_LOOK_SECONDS = 0.2
_CHUNK = 1 << 20


def add_export(measures: typer.Typer, run: Callable[[Path, Work], None]) -> None:
    """Adds the command. `run`: takes work to insight's door, to the exit code."""

    @measures.command("export")
    def export(
        kind: Annotated[str, typer.Argument(help="ocel-json, ocel-sqlite or xes.")],
        file: Annotated[Path, typer.Option("--out", help="Where it is written; a name on .gz: compressed.")],
        municipality: Annotated[str | None, typer.Option(help="CBS code, such as GM0546; else all.")] = None,
        since: Annotated[str | None, typer.Option(help="What happened from this moment on, with its offset.")] = None,
        until: Annotated[str | None, typer.Option(help="And before this moment.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
        data: Data = DEFAULT_DATA,
    ) -> None:
        """Write single cases for process mining. They are not anonymous: for who runs the data, within its walls."""
        body: Json = {"kind": kind, "compressed": file.suffix == ".gz"}
        body |= {
            name: said
            for name, said in (("municipality", municipality), ("since", since), ("until", until))
            if said is not None
        }

        async def work(door: Door) -> int:
            async with _made(door, body) as made:
                await _fetched(door, made, file)
            _tell(made, file, as_json)
            return OK

        run(data, work)


@asynccontextmanager
async def _made(door: Door, body: Json) -> AsyncIterator[Json]:
    """The export once it is ready; over there nothing is left of it afterwards."""
    begun = await post(door, "/v1/exports", body)
    path = f"/v1/exports/{begun['id']}"
    try:
        with Meter("events") as meter:
            found = begun
            while found["state"] == "running":
                meter.add(found["events"] - begun["events"], f"exporting: {found['events']:,} events")
                begun = found
                await asyncio.sleep(_LOOK_SECONDS)
                found = await get(door, path)
        if found["state"] != "ready":
            raise Stop(
                "De export is niet gelukt; in het logboek van insight staat waarom.",
                "the export failed; insight's log says why",
                FINDINGS,
            )
        yield found
    finally:
        with suppress(Away, Problem):
            await asked(door, "DELETE", path)


async def _fetched(door: Door, made: Json, file: Path) -> None:
    """The file, for this account alone. Raises Stop and Away."""
    with written(file) as opened:
        try:
            async with door.http.stream("GET", f"/v1/exports/{made['id']}/file") as answer:
                answer.raise_for_status()
                async for part in answer.aiter_bytes(_CHUNK):
                    opened.write(part)
        except httpx.HTTPError as trouble:
            raise Away(f"{door.service}: {type(trouble).__name__}") from None


def _tell(made: Json, file: Path, as_json: bool) -> None:
    if as_json:
        write_json({name: made[name] for name in ("kind", "events", "objects", "relations", "withheld", "undated")})
        return
    out.print(
        f"{number(made['events'])} gebeurtenissen, {number(made['objects'])} objecten,"
        f" {number(made['relations'])} verbanden.",
        soft_wrap=True,
    )
    if made["withheld"] or made["undated"]:
        out.print(
            f"Niet opgenomen: {number(made['withheld'])} waarden die geen code zijn,"
            f" {number(made['undated'])} feiten zonder tijdstip.",
            soft_wrap=True,
        )
    say(f"Export geschreven: {file}", f"export written: {file}")
    say("Het zijn gegevens van mensen: houd ze binnen.", "these are people's data: keep them inside")
