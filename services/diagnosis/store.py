"""What is kept: a case's state, who is still to be diagnosed, and the files with instruments, frameworks and starts."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.diagnosis.codes import FACTORS, ground_of
from services.diagnosis.domain.library import Argument, Framework, Instrument, Item, Library
from services.diagnosis.domain.state import State
from shared.ledger.model import Case
from shared.states import codec

_HERE = Path(__file__).parent
_HORIZON = "interval '3 years'"
_SET = text("""
    insert into coverage (case_id, municipality, since, diagnosed_on)
    select * from unnest(cast(:ids as uuid[]), cast(:municipalities as text[]), cast(:sinces as date[]),
        cast(:diagnosed as date[]))
    on conflict (case_id) do update set municipality = excluded.municipality, since = excluded.since,
        diagnosed_on = excluded.diagnosed_on
""")
_DROP = text("delete from coverage where case_id = any(cast(:ids as uuid[]))")
_TO_DIAGNOSE = "municipality = :municipality and (diagnosed_on is null or diagnosed_on < :start)"
_PAGE = text(f"""
    select case_id::text, since, (greatest(since, :start) + {_HORIZON})::date, diagnosed_on from coverage
    where {_TO_DIAGNOSE} and (since, case_id) > (:since, cast(:after as uuid))
    order by since, case_id limit :limit
""")  # noqa: S608 - the parts are constants of this file
_FIGURES = text(f"""
    select count(*), count(*) filter (where {_TO_DIAGNOSE}),
        count(*) filter (where {_TO_DIAGNOSE} and (greatest(since, :start) + {_HORIZON})::date < :today)
    from coverage where municipality = :municipality
""")  # noqa: S608 - as above


dump, load = codec(State)


@dataclass(frozen=True, slots=True)
class Covered:
    """A citizen on benefit: since when, and when last diagnosed."""

    municipality: str
    since: date
    diagnosed_on: date | None


@dataclass(frozen=True)
class Starts:
    """From when municipalities diagnose everyone on benefit."""

    usual: date
    by_municipality: Mapping[str, date]

    def of(self, municipality: str) -> date:
        """From when this municipality does."""
        return self.by_municipality.get(municipality, self.usual)


def covered(cases: Iterable[Case]) -> dict[str, Covered | None]:
    """What the coverage table has to say of these cases; None: not on benefit."""
    return {case.case_id: _covered(case.state) for case in cases}


def _covered(state: State | None) -> Covered | None:
    since = state.benefit_since if state is not None else None
    return Covered(state.municipality, since, state.diagnosed_on) if state is not None and since is not None else None


async def save_coverage(
    tx: AsyncConnection, before: Mapping[str, Covered | None], after: Mapping[str, Covered | None]
) -> None:
    """Writes what changed."""
    changed = [(case_id, one) for case_id, one in after.items() if one != before.get(case_id)]
    kept = [(case_id, one) for case_id, one in changed if one is not None]
    gone = [case_id for case_id, one in changed if one is None]
    if kept:
        values = {
            "ids": [case_id for case_id, _ in kept],
            "municipalities": [one.municipality for _, one in kept],
            "sinces": [one.since for _, one in kept],
            "diagnosed": [one.diagnosed_on for _, one in kept],
        }
        await tx.execute(_SET, values)
    if gone:
        await tx.execute(_DROP, {"ids": gone})


async def to_diagnose(
    tx: AsyncConnection, municipality: str, start: date, place: tuple[date, str], limit: int
) -> list[Any]:
    """A page of (case, since, due on, last diagnosed on): who was not diagnosed since the start, the oldest first."""
    values = {"municipality": municipality, "start": start, "since": place[0], "after": place[1], "limit": limit}
    return list(await tx.execute(_PAGE, values))


async def coverage_figures(tx: AsyncConnection, municipality: str, start: date, today: date) -> tuple[int, int, int]:
    """How many are on benefit, how many of them are still to be diagnosed, how many of those are overdue."""
    values = {"municipality": municipality, "start": start, "today": today}
    found = (await tx.execute(_FIGURES, values)).one()
    return found[0], found[1], found[2]


@cache
def library() -> Library:
    """The instruments and frameworks beside this file, checked. Raises ValueError that names the file."""
    frameworks = [_framework(path, body) for path, body in _files("frameworks")]
    cores = tuple(one for one in frameworks if one.municipality is None)
    additions = tuple(one for one in frameworks if one.municipality is not None)
    core_codes = {code for core in cores for code in core.arguments}
    for one in additions:
        _require(all(code.rpartition(".")[0] in core_codes for code in one.arguments), one.version, "adds beside")
    instruments = [_instrument(path, body) for path, body in _files("instruments")]
    return Library({(one.instrument, one.version): one for one in instruments}, cores, additions)


@cache
def starts() -> Starts:
    """From when each municipality diagnoses everyone. Raises ValueError that names the file."""
    path = _HERE / "coverage.yaml"
    body = _checked(path, _schema(_HERE / "coverage.schema.json"))
    try:
        days = {name: date.fromisoformat(day) for name, day in body["starts"].items()}
        return Starts(date.fromisoformat(body["usual"]), days)
    except ValueError as wrong:
        raise ValueError(f"{path.name} {wrong}") from None


def _files(folder: str) -> list[tuple[Path, dict[str, Any]]]:
    """The files of a folder, each as its schema wants it."""
    schema = _schema(_HERE / folder / "schema.json")
    return [(path, _checked(path, schema)) for path in sorted((_HERE / folder).glob("*.yaml"))]


def _schema(path: Path) -> Draft202012Validator:
    return Draft202012Validator(json.loads(path.read_text()))


def _checked(path: Path, schema: Draft202012Validator) -> dict[str, Any]:
    body: dict[str, Any] = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    wrong = next(iter(schema.iter_errors(body)), None)
    _require(wrong is None, path.name, f"{wrong.json_path}: {wrong.message}" if wrong else "")
    return body


def _instrument(path: Path, body: dict[str, Any]) -> Instrument:
    labels = tuple((label["value"], label["nl"], label["en"]) for label in body["scale"])
    values = [value for value, _, _ in labels]
    items = tuple(Item(**item) for item in body["items"])
    _require(path.stem == f"{body['instrument']}-{body['version']}", path.name, "is not named for its version")
    _require(values == list(range(values[0], values[0] + len(values))), path.name, "has gaps in its scale")
    _require(len({item.code for item in items}) == len(items), path.name, "has an item twice")
    _require({item.factor for item in items} == set(FACTORS), path.name, "does not ask every factor")
    return Instrument(body["instrument"], body["version"], body["nl"], body["en"], values[0], values[-1], labels, items)


def _framework(path: Path, body: dict[str, Any]) -> Framework:
    arguments = {one["code"]: Argument(**one | {"sides": tuple(one["sides"])}) for one in body["arguments"]}
    owner = body.get("municipality")
    _require(path.stem == body["version"], path.name, "is not named for its version")
    _require(body["version"].startswith(f"{owner or 'core'}-"), path.name, "is named for another")
    _require(len(arguments) == len(body["arguments"]), path.name, "has an argument twice")
    _require(not any(ground_of(code) for code in arguments), path.name, "holds a ground that must not count")
    return Framework(body["version"], owner, arguments)


def _require(holds: bool, name: str, trouble: str) -> None:
    if not holds:
        raise ValueError(f"{name} {trouble}")
