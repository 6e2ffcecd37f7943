"""`overdracht status`: what runs where, whether it is ready, and whether anything is under way anywhere."""

import asyncio
import fcntl
from pathlib import Path
from typing import Annotated, Any

import typer

from overdracht.doors import Away, Door, Doors, Json, Problem, get, insight, opened
from overdracht.output import OK, number, out, run_command, table, write_json
from overdracht.product import DEFAULT_DATA, Data, product_of
from overdracht.running.places import Run, find_run

_LOOK_AGAIN_SECONDS = 0.15


def register(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command("status")
    def status(
        data: Data = DEFAULT_DATA,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    ) -> None:
        """Show what runs where, whether it is ready and whether anything is under way."""

        async def work() -> int:
            found = await look(find_run(data), data)
            if as_json:
                write_json(found)
            else:
                _tell(found)
            return OK

        run_command(work)


async def look(run: Run, data: Path) -> Json:
    """The state of the running product. `settled`: ready, nothing under way, and still so a moment later."""
    product = product_of(run)
    async with opened(product) as doors, insight(product) as figures:
        first = await _states(doors)
        shown = await insight_state(figures)
        settled = _still(first) and shown["ready"] and shown["behind"] == 0 and not importing(data)
        states = first
        if settled:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            states = await _states(doors)
            settled = _still(states) and _marks(first) == _marks(states) and not importing(data)
    lags = [state["lag"] for state in states.values()]
    return {
        "services": {name: _service(run, name, state) for name, state in states.items()},
        "insight": {"url": run.insight, "pid": run.pid("insight")} | shown,
        "kafka": {"bootstrap_servers": run.bootstrap_servers, "pid": run.pid("kafka")},
        "postgres": {"url": run.postgres, "pid": run.pid("postgres")},
        "broker_lag": None if None in lags else sum(lags),
        "settled": settled,
    }


def importing(data: Path) -> bool:
    """Whether an import into this product is under way: each holds a lock of its own."""
    for file in (data / "imports").glob("*.lock"):
        with file.open("a") as opened_file:
            try:
                fcntl.flock(opened_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    return False


async def _states(doors: Doors) -> dict[str, Json]:
    answers = await asyncio.gather(*(_state(door) for door in doors.values()))
    return dict(zip(doors, answers, strict=True))


async def _state(door: Door) -> Json:
    try:
        found: Json = await get(door, "/v1/status")
    except (Away, Problem):
        return dict.fromkeys(("position", "handled", "unsent", "lag", "busy", "waiting", "dead")) | {"ready": False}
    return found


async def insight_state(door: Door) -> Json:
    """Whether it is ready and its figures were made, and how many records and seconds they are behind the log."""
    try:
        found = await get(door, "/v1/status")
    except (Away, Problem):
        return {"ready": False, "built": False, "lag": None, "behind": None}
    behind = None if found["lake"]["lag"] is None else found["lake"]["lag"] + found["behind_seconds"]
    built = found["parts"]["figures"] != "building"
    return {"ready": found["ready"], "built": built, "lag": found["lake"]["lag"], "behind": behind}


def _still(states: dict[str, Json]) -> bool:
    return all(state["ready"] and not (state["unsent"] or state["lag"] or state["busy"]) for state in states.values())


def _marks(states: dict[str, Json]) -> list[Any]:
    return [(state["position"], state["handled"]) for state in states.values()]


def _service(run: Run, name: str, state: Json) -> Json:
    told = ("position", "unsent", "lag", "waiting", "dead")
    return {"url": run.services[name], "pid": run.pid(name), "ready": state["ready"]} | {
        field: state[field] for field in told
    }


def _tell(found: Json) -> None:
    heads = ("Dienst", "Klaar", "Feiten", "Te zenden", "Te doen", "Wacht", "Dood", "Pid", "Adres")
    rows = table(*heads, right=heads[2:8])
    for name, one in found["services"].items():
        counts = (one[field] for field in ("position", "unsent", "lag", "waiting", "dead"))
        shown = ("?" if count is None else number(count) for count in counts)
        rows.add_row(
            name, "ja" if one["ready"] else "nee", *shown, str(one["pid"] or "-"), one["url"].removeprefix("http://")
        )
    figures = found["insight"]
    lag = "?" if figures["lag"] is None else number(figures["lag"])
    rows.add_row(
        "insight", "ja" if figures["ready"] else "nee", "-", "-", lag, "-", "-", str(figures["pid"] or "-"),
        figures["url"].removeprefix("http://"),
    )  # fmt: skip
    out.print(rows)
    kafka, postgres = found["kafka"], found["postgres"]
    out.print(f"Kafka       pid {kafka['pid'] or '-'}  {kafka['bootstrap_servers']}", soft_wrap=True)
    out.print(f"PostgreSQL  pid {postgres['pid'] or '-'}  {postgres['url']}", soft_wrap=True)
    out.print("Nergens is iets onderweg." if found["settled"] else "Er is nog iets onderweg.")
