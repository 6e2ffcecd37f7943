"""Every route of every running service × every role × two municipalities with two organisations: nothing leaks, through
the doors or to a query that forgets to ask; and without row-level security the second would be seen."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from schemas.sources import FOLDER, INSIGHT
from shared.rights import ROLES
from tests.builders import dossiers
from tests.insight_doors import asked
from tests.product import SERVICES, Product
from tests.tokens import called_by
from tests.unit.insight.report_read import Page

OURS, THEIRS = ("GM0546", "org-rw"), ("GM0344", "org-elders")
HOLD_CASES = {
    "cases", "event", "party", "coverage", "identity", "case_key", "keeping", "destroyed", "reading",
}  # fmt: skip
ABOUT_A_CASE = tuple(f"/cases/{{case_id}}{door}" for door in ("", "/person", "/pseudonym", "/own-file"))


@dataclass
class Case:
    """A case of one of the two municipalities, known to all services."""

    municipality: str
    organisation: str
    case_id: str


def history() -> list[dict[str, Any]]:
    """Two dossiers that were diagnosed, referred and returned: the same in both municipalities, other providers."""
    facts = {"diagnosis_completed", "referral_returned", "plan_agreed"}
    whole = [lines for lines in dossiers().values() if facts <= {line["fact"] for line in lines}][:2]
    found = []
    for municipality, organisation in (OURS, THEIRS):
        for line in (line for lines in whole for line in lines):
            said = orjson.loads(json.dumps(line).replace("GM0546", municipality))
            if "to_organisation" in said["data"]:
                said["data"]["to_organisation"] = organisation
            found.append(said)
    return found


async def rows(product: Product, service: str, role: str, query: str, *before: str) -> list[Any]:
    """Rows of a service's database, for a role that first says how far it sees."""
    url = product.places["postgres"]["url"].replace("postgres@/postgres", f"{role}@/{service}", 1)
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            for statement in before:
                await connection.execute(statement)
            return list(await connection.fetch(query))
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def product(hasty_product: Product) -> Product:
    """Most cases that are asked for here are out of sight."""
    return hasty_product


@pytest.fixture(scope="module")
async def cases(product: Product) -> list[Case]:
    """What was imported: two of ours, two of theirs."""
    file = product.data / "two.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in history()))
    assert product.json("import", str(file))["rejected"] == 0
    product.settle()
    found = []
    for municipality, organisation in (OURS, THEIRS):
        query = f"select case_id::text from cases where municipality = '{municipality}'"
        ids = [row[0] for row in await rows(product, "referral", "postgres", query)]
        found += [Case(municipality, organisation, case_id) for case_id in ids]
    assert len(found) == 4
    return found


def callers(product: Product, own: Case) -> dict[str, dict[str, str]]:
    """A caller of each role: of the municipality or the organisation of a case; the citizen is its own."""
    places: dict[str, dict[str, Any]] = {
        "coach": {"organisation": own.organisation},
        "citizen": {"cases": (own.case_id,)},
    }
    usual = {"municipality": own.municipality}
    return {role: called_by(role, of=product.data / "keys", **places.get(role, usual)) for role in ROLES}


def operations(service: str) -> list[tuple[str, str, frozenset[str]]]:
    """(method, path, roles) of every route of a service."""
    document = orjson.loads((FOLDER / "openapi" / f"{service}.json").read_bytes())
    return [
        (method.upper(), path, frozenset(said["x-roles"]))
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]


@dataclass
class Doors:
    """The doors of one of the running services."""

    service: str
    http: httpx.AsyncClient

    async def ask(self, method: str, path: str, who: dict[str, str], case: Case) -> httpx.Response:
        """The answer to a caller who asks about a case; commands are sent empty, and change nothing. Of insight all
        that is held back is asked for."""
        if self.service == INSIGHT:
            about = asked(method, path, case.municipality, audience="internal")
            return await self.http.request(method, **about, headers=who)
        bodies: dict[str, Any] = {
            "search": {"municipality": case.municipality, "dossier": history()[0]["dossier"]},
            "pseudonym": {"organisation": case.organisation},
            "open": {"texts": []},
        }
        kind = "application/x-ndjson" if path == "/facts" else "application/json"
        content = b"" if method == "GET" else json.dumps(bodies.get(path.rpartition("/")[2], {})).encode()
        query = f"?municipality={case.municipality}" if path in ("/coverage", "/framework") else ""
        where = f"/v1{path.replace('{case_id}', case.case_id)}{query}"
        return await self.http.request(method, where, content=content, headers=who | {"content-type": kind})


@pytest.fixture(params=(*SERVICES, INSIGHT))
async def doors(request: pytest.FixtureRequest, product: Product, cases: list[Case]) -> AsyncIterator[Doors]:
    """Each of the services in turn."""
    async with httpx.AsyncClient(base_url=product.url(request.param), timeout=60) as http:
        yield Doors(request.param, http)


async def test_without_a_token_every_route_is_shut(doors: Doors, cases: list[Case]) -> None:
    routes = operations(doors.service)
    assert len(routes) > 10
    for method, path, _ in routes:
        answer = await doors.ask(method, path, {}, cases[0])
        assert (answer.status_code, answer.json()["code"]) == (401, "token_missing"), path


async def test_a_role_passes_where_it_may_and_nowhere_else(product: Product, doors: Doors, cases: list[Case]) -> None:
    for method, path, may in operations(doors.service):
        assert may, path
        for role, token in callers(product, cases[0]).items():
            answer = await doors.ask(method, path, token, cases[0])
            refused = answer.status_code == 403 and answer.json()["code"] == "role_not_allowed"
            assert refused == (role not in may), (path, role, answer.text)
            assert answer.status_code < 500, (path, role, answer.text)


@pytest.mark.parametrize("doors", SERVICES, indirect=True)
async def test_nobody_sees_anything_of_the_other_municipality_or_organisation(
    product: Product, doors: Doors, cases: list[Case]
) -> None:
    for own, other in ((cases[0], cases[2]), (cases[2], cases[0])):
        hidden = {one.case_id for one in cases if one.municipality == other.municipality}
        for method, path, may in operations(doors.service):
            for role in may:
                who = callers(product, own)[role]
                mine, theirs = [await doors.ask(method, path, who, about) for about in (own, other)]
                assert not [one for one in hidden if one in mine.text], (path, role)
                assert not [one for one in hidden - {other.case_id} if one in theirs.text], (path, role)
                assert other.organisation not in mine.text, (path, role)
                if path in ABOUT_A_CASE and not (role == "coach" and path.endswith("pseudonym")):
                    assert (theirs.status_code, theirs.json()["code"]) == (404, "case_unknown"), (path, role)


NOT_SEEN = {
    "internal_only": 403, "out_of_sight": 403, "number_unknown": 404, "too_few_to_compare": 409, "export_unknown": 404,
}  # fmt: skip
"""Refusals that show nothing."""


@pytest.mark.parametrize("doors", [INSIGHT], indirect=True)
async def test_what_is_held_back_of_the_other_municipality_is_in_no_figure(
    product: Product, doors: Doors, cases: list[Case]
) -> None:
    for own, other in ((cases[0], cases[2]), (cases[2], cases[0])):
        tokens = callers(product, own)
        for method, path, role in [(*one, role) for *one, may in operations(INSIGHT) for role in may]:
            for audience in ("partner", "internal"):
                about = asked(method, path, other.municipality, audience=audience)
                answer = await doors.http.request(method, **about, headers=tokens[role])
                assert seen_in(answer) == [], (path, role, audience)
                assert not [one for one in cases if one.case_id in answer.text], (path, role)
                refused = path.startswith("/statistics") or path == "/exports" or "internal" in str(about)
                assert (answer.status_code == 403) == refused, (path, role, audience, answer.text)


def seen_in(answer: httpx.Response) -> list[Any]:
    """The figures in an answer: that two people rest on, all of them."""
    if answer.headers["content-type"].startswith("text/html"):
        figures = [table for table in Page(answer.text).tables if "Tot waar het log" not in table.caption]
        return [row for one in figures for row in one.rows if {cell.strip() for cell in row[1:]} & set("123456789")]
    if not answer.is_success:
        code = answer.json()["code"]
        return [] if NOT_SEEN.get(code) == answer.status_code else [code]
    return list(figures_in(answer.json()))


def figures_in(node: Any) -> Iterator[Any]:
    """What stands under the name of a figure, at any depth."""
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for one in inner:
        yield from figures_in(one)
    if isinstance(node, dict):
        names = ("value", "low", "high", "n", "events", "observed")
        yield from (node[name] for name in names if node.get(name) is not None)


SIGHTS = {
    "municipality": ("set local app.sight = 'municipality'", "set local app.municipality = '{municipality}'"),
    "organisation": ("set local app.sight = 'organisation'", "set local app.organisation = '{organisation}'"),
    "cases": ("set local app.sight = 'cases'", "set local app.cases = '{case_id}'"),
    "nothing said": (),
}


async def leaks(product: Product, own: Case, cases: list[Case]) -> list[str]:
    """What a query that asks for everything gets to see of the other municipality, as `service.table, sight`."""
    others = {one.case_id for one in cases if one.municipality != own.municipality}
    found = []
    for service in SERVICES:
        for table in await guarded(product, service):
            for sight, said in SIGHTS.items():
                before = [f"set local role {service}_reader", *(one.format(**vars(own)) for one in said)]
                seen = await rows(product, service, service, f"select case_id::text from {table}", *before)
                if {row[0] for row in seen} & others:
                    found.append(f"{service}.{table}, {sight}")
    return found


async def guarded(product: Product, service: str) -> list[str]:
    """The tables of a service that say of which case a row is, and that its reader may read."""
    query = "select distinct table_name from information_schema.role_table_grants where grantee like '%_reader'"
    tables = {row[0] for row in await rows(product, service, "postgres", query)}
    assert tables <= HOLD_CASES, "a new table that a reader may read: say here that it holds cases"
    return sorted(tables)


async def test_a_query_that_forgets_to_ask_sees_no_more(product: Product, cases: list[Case]) -> None:
    for own in (cases[0], cases[2]):
        assert await leaks(product, own, cases) == []


async def test_without_row_level_security_it_would(product: Product, cases: list[Case]) -> None:
    await switch(product, "disable")
    try:
        found = set(await leaks(product, cases[0], cases))
        assert {"referral.cases, municipality", "intake.identity, organisation", "outcome.event, nothing said"} <= found
        assert {one.partition(".")[0] for one in found} == set(SERVICES)
    finally:
        await switch(product, "enable")
    assert await leaks(product, cases[0], cases) == []


async def switch(product: Product, how: str) -> None:
    """Row-level security off or on again, by who owns the tables."""
    for service in SERVICES:
        statements = [f"alter table {one} {how} row level security" for one in await guarded(product, service)]
        await rows(product, service, f"{service}_owner", "select 1", *statements)


async def test_the_record_can_be_added_to_and_not_changed_by_the_service_itself(
    product: Product, cases: list[Case]
) -> None:
    for service in SERVICES:
        for wish in (
            "update event set type = 'x'",
            "delete from event",
            "truncate event",
            "drop table event",
            "delete from checkpoint",
            "alter table event disable trigger all",
            "alter table event disable row level security",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await rows(product, service, service, "select 1", wish)
