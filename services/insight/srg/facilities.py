"""Facilities: what was given to whom, from which day to which, and from when it was known what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from services.insight.srg.translating import Translation

SQL = Path(__file__).parent / "facilities.sql"


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility of a citizen. `kind` and `number` are what it is known by in the lake, `case` is the citizen's.

    `known`: the day on which somebody told what is done in a hand-off; of all else that is known from the beginning.
    """

    kind: str
    number: int
    case: int
    provider: str | None
    trajectory: str | None
    goal: str | None
    code: str | None
    contract: str | None
    begin: date
    end: date | None
    known: date | None
    end_reason: str | None


def facilities(connection: duckdb.DuckDBPyConnection, municipality: str, translation: Translation) -> list[Facility]:
    """All facilities that a municipality ever gave, in one order. The connection has the views of the lake."""
    parameters = {
        "municipality": municipality,
        "begins": translation.begins,
        "provided_ends": sorted(translation.provided_ends),
        "job_ends": sorted(translation.job_ends),
    }
    for statement in connection.extract_statements(SQL.read_text()):
        asked = {name: parameters[name] for name in statement.named_parameters}
        connection.execute(statement, asked)
    found = connection.execute("""
        SELECT kind, number, case_id, provider, trajectory, goal, code, contract, begun_at::DATE, ended_at::DATE,
            known_at::DATE, end_reason
        FROM srg_facilities ORDER BY kind, number""")
    return [Facility(*row) for row in found.fetchall()]


def handed_off(some: Sequence[Facility]) -> list[Facility]:
    """Those that are hand-offs."""
    return [one for one in some if one.kind == "hand_off"]
