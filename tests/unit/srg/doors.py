"""The doors of intake and insight as a delivery meets them: the services' own functions behind a transport of ours."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import orjson

from overdracht.doors import Door, Doors
from services.insight.srg.answers import MonthWrong, Read, Statistics, month_asked, names_told, read, rows_told
from services.intake.vault.delivering import MOST_PEOPLE, identity
from services.intake.vault.keys import keys_of
from tests.lakes import case
from tests.unit.srg.given import BSNS, TODAY

KEYS = keys_of("00" * 32)
Person = dict[str, str]
PEOPLE: dict[str, Person] = {
    case(1): {"bsn": BSNS[0], "birth_date": "1975-04-12", "sex": "female"},
    case(2): {"bsn": BSNS[1], "birth_date": "1980-01-01", "sex": "male"},
    case(3): {"bsn": BSNS[2], "birth_date": "1990-12-31"},
    case(8): {"bsn": BSNS[3], "birth_date": "1990-12-31"},
    case(9): {},
}


@dataclass
class Behind:
    """What stands behind the doors, and what was asked there. `people`: by case id, what the vault holds."""

    given: Statistics
    people: dict[str, Person]
    today: date = TODAY
    read: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    page: int = 2
    """So many cases are on a page."""
    lags: list[int] = field(default_factory=list)
    """Records that the lake has not, at each look to come; then none."""
    lakes: dict[tuple[Path, str], Read] = field(default_factory=dict)

    def insight(self, request: httpx.Request) -> httpx.Response:
        """Rows, and names of cases; and how far behind the log these are."""
        if request.url.path == "/v1/status":
            lag = self.lags.pop(0) if self.lags else 0
            return _json({"ready": True, "parts": {"figures": "ok"}, "lake": {"lag": lag}, "behind_seconds": lag})
        self.asked.append(f"insight {request.url.path}")
        if request.url.path == "/v1/statistics/srg/rows":
            params = request.url.params
            try:
                month = month_asked(params["month"], self.today)
            except MonthWrong as no:
                return _json({"status": 400, "code": no.code, "nl": "Deze maand kan niet.", "en": "no such month"}, 400)
            return _json(rows_told(self.given, self._lake(params["municipality"]), month, self.today))
        body = orjson.loads(request.content)
        return _json({"names": names_told(self.given, body["municipality"], body["case_ids"], "ba-1")})

    def _lake(self, municipality: str) -> Read:
        """The lake, read once: it does not change while a test looks at it."""
        key = (self.given.lake, municipality)
        if key not in self.lakes:
            self.lakes[key] = read(self.given, municipality)
        return self.lakes[key]

    def intake(self, request: httpx.Request) -> httpx.Response:
        """Cases, page by page; and people."""
        self.asked.append(f"intake {request.url.path}")
        if request.url.path == "/v1/cases":
            start = int(request.url.params.get("cursor", "0"))
            some = sorted(self.people)[start : start + self.page]
            following = str(start + self.page) if len(some) == self.page else None
            return _json({"items": [{"case_id": one} for one in some], "next": following})
        cases = orjson.loads(request.content)["case_ids"]
        assert len(cases) <= MOST_PEOPLE
        self.read += cases
        items = [{"case_id": one, **identity(KEYS, one, self.people[one])} for one in cases if self.people.get(one)]
        return _json({"items": items})


def _json(body: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=orjson.dumps(body))


@asynccontextmanager
async def opened(
    behind: Behind, insight: Callable[[httpx.Request], httpx.Response] | None = None
) -> AsyncIterator[Doors]:
    """The doors; another insight when that is given."""
    one, other = httpx.MockTransport(behind.intake), httpx.MockTransport(insight or behind.insight)
    async with (
        httpx.AsyncClient(transport=one, base_url="http://intake") as intake,
        httpx.AsyncClient(transport=other, base_url="http://insight") as told,
    ):
        yield {"intake": Door("intake", intake), "insight": Door("insight", told)}
