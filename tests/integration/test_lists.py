"""Lists stay as quick however many cases there are: PostgreSQL looks at little more than what it shows."""

from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql

from shared.http.cases import Filters, listing
from shared.ledger import pages
from shared.ledger.seeing import Sight, seen
from tests.integration.world import World, as_role, fresh_database, migrated

CASES, PAGE = 12_000, 20
MOST = 30 * PAGE
"""Rows that may be looked at for a page; there are twenty times as many cases."""
ORGANISATIONS = ("org-a", "org-b", "org-c", "org-d")
LEIDEN, UTRECHT = Sight("municipality", "GM0546"), Sight("municipality", "GM0344")
"""One case in a hundred is Utrecht's; those are all at org-d, where most are of Leiden."""
A_COACH = Sight("organisation", organisation="org-a")
ALL = Sight("all")
_CASES = f"""
    insert into cases (case_id, municipality, version, casehash, state, heard, status, turn, caseworker, overdue_since,
        opened_at, parties)
    select gen_random_uuid(), case when n % 100 = 7 then 'GM0344' else 'GM0546' end, 1, '', '{{}}', '{{}}',
        case when n % 5 > 0 and n < {CASES} - 100 then 'open' else 'closed' end, '',
        'km-' || case when n % 2 = 0 then n % 41 else n end,
        case when n % 8 = 0 then timestamptz '2024-01-01' + n * interval '1 hour' end,
        timestamptz '2023-01-01' + n * interval '1 hour', array[('{{{",".join(ORGANISATIONS)}}}'::text[])[1 + n % 4]]
    from generate_series(1, {CASES}) n
"""
_FACTS = """
    insert into event (id, case_id, caseversion, type, data, occurred_at, recorded_at, casehash, causation, traceparent
        {more})
    select gen_random_uuid(), case_id, 1, 'x', '{{}}', opened_at, opened_at, '', '', '' {place} from cases
"""
_REST = f"""
    insert into party select c.parties[1], c.opened_at, c.case_id, c.municipality from cases c;
    {_FACTS.format(more=", municipality", place=", municipality")};
    analyze
"""


@pytest.fixture
async def many(world: World) -> World:
    """A referral with many cases: the rows of lists, and a fact each."""
    await world.sql(_CASES)
    for statement in _REST.split(";"):
        await world.sql(statement)
    return world


async def looked_at(world: World, sight: Sight, statement: Executable, times: int, values: Any = None) -> int:
    """How many rows of tables and indexes were looked at, by who sees this: at most, when it is asked so often. After
    five times PostgreSQL may keep to a plan that was not made for these values."""
    asked: Any = statement.compile(dialect=postgresql.asyncpg.dialect())
    said = ", ".join(map(quoted, ({**asked.params, **(values or {})}[name] for name in asked.positiontup)))
    found = []
    async with seen(world.service.ledger, sight) as tx:
        await tx.exec_driver_sql(f"prepare page as {asked}")
        for _ in range(times):
            plan = (await tx.exec_driver_sql(f"explain (analyze, format json) execute page({said})")).scalar_one()
            found.append(_rows(plan[0]["Plan"]))
        await tx.exec_driver_sql("deallocate page")
    return max(found)


def quoted(value: Any) -> str:
    """A value as SQL."""
    return f"'{{{','.join(value)}}}'" if isinstance(value, list) else f"'{value}'"


def _rows(node: dict[str, Any]) -> int:
    below = sum(map(_rows, node.get("Plans", ())))
    if not {"Relation Name", "Index Name"} & set(node):
        return below
    passed = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return below + round(passed * node["Actual Loops"])


def wanted(**given: Any) -> Filters:
    """A list of all cases, save what is said."""
    return replace(Filters(None, overdue=False, provider=None, caseworker=None, municipality=None), **given)


LISTS = {
    "all cases": (ALL, wanted()),
    "closed cases": (ALL, wanted(status="closed")),
    "open cases": (ALL, wanted(status="open")),
    "overdue cases": (ALL, wanted(overdue=True)),
    "closed cases of a caseworker": (ALL, wanted(status="closed", caseworker="km-1")),
    "open cases of a caseworker": (ALL, wanted(status="open", caseworker="km-1")),
    "closed cases of a municipality": (LEIDEN, wanted(status="closed", municipality="GM0546")),
    "cases of a municipality at a provider": (LEIDEN, wanted(municipality="GM0546", provider="org-a")),
    "cases of a small municipality at a provider": (UTRECHT, wanted(municipality="GM0344", provider="org-d")),
    "cases of a caseworker of a municipality": (LEIDEN, wanted(municipality="GM0546", caseworker="km-2")),
    "open cases of a caseworker of a municipality": (
        LEIDEN,
        wanted(status="open", municipality="GM0546", caseworker="km-2"),
    ),
    "overdue cases of a caseworker": (ALL, wanted(caseworker="km-1", overdue=True)),
    "overdue cases of a caseworker of a municipality": (
        LEIDEN,
        wanted(municipality="GM0546", caseworker="km-2", overdue=True),
    ),
    "overdue cases of a small municipality": (UTRECHT, wanted(municipality="GM0344", overdue=True)),
    "cases of a small municipality, by a coach": (
        Sight("organisation", "GM0344", "org-d"),
        wanted(municipality="GM0344", provider="org-d"),
    ),
    "cases of a provider, by its coach": (A_COACH, wanted(provider="org-a")),
    "open cases of a provider, by its coach": (A_COACH, wanted(provider="org-a", status="open")),
    "overdue cases of a provider, by its coach": (A_COACH, wanted(provider="org-a", overdue=True)),
}


async def test_a_page_of_a_list_costs_a_page(many: World) -> None:
    for name, (sight, filters) in LISTS.items():
        assert await looked_at(many, sight, listing(filters, None, PAGE), times=8) < MOST, name


def test_the_state_that_a_list_is_about_is_written_out_so_that_the_index_of_that_state_serves_it() -> None:
    asked = str(listing(wanted(status="open", caseworker="km-1"), None, PAGE).compile(dialect=postgresql.dialect()))
    assert "status != 'none'" in asked
    assert "status != 'closed'" in asked


async def test_a_page_of_the_log_costs_a_page_for_whoever_sees_a_part_of_it(many: World) -> None:
    for sight in (LEIDEN, UTRECHT, A_COACH):
        said = {"after": 0, "limit": PAGE} | sight.values()
        assert await looked_at(many, sight, pages.page_within(sight), times=1, values=said) < MOST, sight


async def test_cases_and_facts_of_before_stand_in_the_lists_as_new_ones_do(postgres_url: str) -> None:
    url = await fresh_database(postgres_url)
    await migrated(url, "0002")
    connection = await asyncpg.connect(as_role(url, "postgres"))
    await connection.execute(_CASES)
    await connection.execute("insert into party select parties[1], opened_at, case_id from cases")
    await connection.execute(_FACTS.format(more="", place=""))
    await migrated(url)
    for table in ("party", "event"):
        wrong = f"select count(*) from {table} t join cases c using (case_id) where t.municipality <> c.municipality"
        found = await connection.fetchval(f"select count(*) from {table}"), await connection.fetchval(wrong)
        assert found == (CASES, 0), table
    await connection.close()
