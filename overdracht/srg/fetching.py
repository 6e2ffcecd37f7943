"""Asking at the doors: insight for rows about nobody by name, intake for cases and people; the two meet on this side.

Of all cases of the municipality insight says what it calls them; of those that are in the rows, and of no others,
intake is asked who they are. Insight hears of no person, intake of no facility; intake logs each reading of a person.
"""

from collections.abc import Iterator, Sequence, Set

from overdracht.doors import Doors, Json, Problem, get, listed, post
from overdracht.output import FINDINGS, USAGE, Stop
from overdracht.srg.model import Identity

ROWS = "/v1/statistics/srg/rows"
NAMES = "/v1/statistics/srg/names"
PEOPLE = "/v1/statistics/people"
_CASES_A_PAGE = 500
_NAMES_AT_ONCE = 5_000
_PEOPLE_AT_ONCE = 500


async def rows(doors: Doors, municipality: str, month: str) -> Json:
    """Insight's answer about a month. Raises Stop when it has a plain no."""
    try:
        told: Json = await get(doors["insight"], ROWS, municipality=municipality, month=month)
    except Problem as no:
        raise refused(no) from None
    return told


async def people(doors: Doors, municipality: str, wanted: Set[str]) -> dict[str, Identity]:
    """Who the people of these rows are, by the name the rows call them; who is not found is not there. Raises Stop."""
    try:
        names = await _cases(doors, municipality, wanted)
        found: dict[str, Identity] = {}
        for some in _parts(sorted(names), _PEOPLE_AT_ONCE):
            answer = await post(doors["intake"], PEOPLE, {"case_ids": some})
            found |= {names[one["case_id"]]: _identity(one) for one in answer["items"]}
    except Problem as no:
        raise refused(no) from None
    return found


async def _cases(doors: Doors, municipality: str, wanted: Set[str]) -> dict[str, str]:
    """Case -> its name in the rows, of the cases that are in them. Asks no further than until all are found."""
    if not wanted:
        return {}
    found: dict[str, str] = {}
    waiting: list[str] = []
    pages = listed(doors["intake"], "/v1/cases", "cursor", municipality=municipality, limit=_CASES_A_PAGE)
    async for item in pages:
        waiting.append(str(item["case_id"]))
        if len(waiting) == _NAMES_AT_ONCE:
            found |= await _named(doors, municipality, waiting, wanted)
            waiting = []
            if len(found) == len(wanted):
                return found
    return found | await _named(doors, municipality, waiting, wanted)


async def _named(doors: Doors, municipality: str, cases: Sequence[str], wanted: Set[str]) -> dict[str, str]:
    if not cases:
        return {}
    answer = await post(doors["insight"], NAMES, {"municipality": municipality, "case_ids": list(cases)})
    return {case: name for case, name in answer["names"].items() if name in wanted}


def _identity(told: Json) -> Identity:
    return Identity(told["mark"], told.get("bsn"), told.get("birth_date"), told.get("sex"))


def _parts(some: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(some), size):
        yield list(some[start : start + size])


def refused(no: Problem) -> Stop:
    """The end of a command at a plain no of a door."""
    code = USAGE if no.status == 400 else FINDINGS
    dutch = str(no.body.get("nl") or no.code or no.status)
    english = str(no.body.get("en") or no.code or no.status)
    return Stop(f"{no.service}: {dutch}", f"{no.service}: {english}", code)
