"""An import waits until what one service said has arrived at another, and asks each of them once a look."""

from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from overdracht.doors import Door
from overdracht.importing.arriving import Arrivals
from overdracht.output import Stop

TOPIC = "overdracht.intake"


class Services:
    """Intake that published up to offset 7, and a referral that comes nearer with each look."""

    def __init__(self, heard: list[int]) -> None:
        self.heard = heard
        self.asked: Counter[str] = Counter()

    def answer(self, request: httpx.Request) -> httpx.Response:
        name = request.url.host
        self.asked[name] += 1
        at = self.heard[min(self.asked[name], len(self.heard)) - 1] if name == "referral" else 0
        body: dict[str, Any] = {"position": 9, "handled": at, "unsent": 0, "lag": 7 - at}
        body |= {"published": {"position": 9, "offsets": {"0": 7}}, "heard": {TOPIC: {"0": at}}}
        return httpx.Response(200, json=body)


@pytest.fixture
async def doors() -> AsyncIterator[Any]:
    """From services to their doors."""
    clients = []

    def opened(services: Services) -> dict[str, Door]:
        transport = httpx.MockTransport(services.answer)
        found = {
            name: Door(name, httpx.AsyncClient(transport=transport, base_url=f"http://{name}"))
            for name in ("intake", "referral")
        }
        clients.extend(door.http for door in found.values())
        return found

    yield opened
    for client in clients:
        await client.aclose()


async def test_it_waits_for_the_last_record_and_asks_each_service_once_a_look(doors: Any) -> None:
    services = Services([2, 5, 7])
    arrivals = Arrivals(doors(services), 60, lambda *_: None)
    await arrivals.note("intake")
    await arrivals.at("referral", ["intake"])
    assert services.asked == {"referral": 3, "intake": 1 + 3}


async def test_nobody_is_asked_when_nothing_was_said_that_matters(doors: Any) -> None:
    services = Services([0])
    await Arrivals(doors(services), 60, lambda *_: None).at("referral", ["intake"])
    assert services.asked == {}


async def test_what_never_arrives_is_said_with_who_waits_for_whom(doors: Any) -> None:
    arrivals = Arrivals(doors(Services([2])), 0.1, lambda *_: None)
    await arrivals.note("intake")
    with pytest.raises(Stop, match="intake has arrived at referral"):
        await arrivals.at("referral", ["intake"])
