"""How the service is doing: alive, ready, and what is still under way."""

import asyncio
from time import monotonic
from typing import Any

import orjson
from pydantic import Field
from sqlalchemy import text

from shared.http.bodies import Body
from shared.ledger.letters import counts
from shared.offsets import standings
from shared.pulse import OK
from shared.service import Service


class Published(Body):
    """The place in the ledger up to which all is on the topic, and per partition the offset after it."""

    position: int
    offsets: dict[str, int]


class StatusBody(Body):
    """What is under way; what cannot be had is null, and then the service is not ready."""

    service: str
    ready: bool
    position: int | None
    unsent: int | None
    sealed: int | None
    oldest_unsent_seconds: float
    lag: int | None
    waiting: int | None
    dead: int | None
    published: Published | None = Field(None, description="How far the ledger is on the topic.")
    heard: dict[str, dict[str, int]] | None = Field(None, description="Per topic and partition the next record.")
    busy: int
    handled: int
    paused: str | None
    database: str = Field("", description="What keeps the database away.")
    broker: str = Field("", description="What keeps the broker away.")


_AT = text("""
    select (select coalesce(max(position), 0) from event),
        (select count(*) from event where position > coalesce((select position from relay where name = 'topic'), 0)),
        (select coalesce(max(position), 0) from checkpoint),
        (select extract(epoch from now() - recorded_at) from event
            where position > coalesce((select position from relay where name = 'topic'), 0) order by position limit 1),
        (select json_build_object('position', position, 'offsets', offsets)::text from relay where name = 'topic')
""")


async def status(service: Service) -> dict[str, Any]:
    """What `/v1/status` answers. Numbers that cannot be had are null and the service is not ready."""
    found: dict[str, Any] = {
        "service": service.name,
        "ready": False,
        "position": None,
        "unsent": None,
        "sealed": None,
        "oldest_unsent_seconds": 0.0,
        "lag": None,
        "published": None,
        "heard": None,
        "waiting": None,
        "dead": None,
        "busy": service.progress.busy,
        "handled": service.progress.handled,
        "paused": service.progress.trouble,
    }
    database, lag = await asyncio.gather(_database(service), _lag(service))
    found |= database | lag
    well = all(code == OK for code in parts_of(service).values())
    found["ready"] = well and found["position"] is not None and found["lag"] is not None
    return found


async def _database(service: Service) -> dict[str, Any]:
    try:
        async with asyncio.timeout(5):
            async with service.ledger.single.connect() as tx:
                position, unsent, sealed, age, published = (await tx.execute(_AT)).one()
            letters = await counts(service.ledger.single)
    except Exception as trouble:  # the answer to "how are you" is never an exception
        return {"database": type(trouble).__name__}
    return {
        "position": position,
        "unsent": unsent,
        "sealed": sealed,
        "oldest_unsent_seconds": float(age or 0),
        "published": orjson.loads(published) if published else {"position": 0, "offsets": {}},
    } | letters


async def _lag(service: Service) -> dict[str, Any]:
    try:
        async with asyncio.timeout(5):
            return await _heard(service)
    except Exception as trouble:  # as above; the connection is made anew at the next look
        if service.tools is not None:
            await service.tools.close()
        return {"lag": None, "broker": type(trouble).__name__}


async def _heard(service: Service) -> dict[str, Any]:
    if not service.topics or service.tools is None:
        return {"lag": 0, "heard": {}}
    places = await standings(service.name, service.topics, service.tools)
    heard: dict[str, dict[str, int]] = {}
    for place, (done, _) in places.items():
        heard.setdefault(place.topic, {})[str(place.partition)] = done
    return {"lag": sum(end - done for done, end in places.values()), "heard": heard}


def parts_of(service: Service) -> dict[str, str]:
    """Per part of the service `ok`, or a code that says what is the matter."""
    seen = service.pulse.parts(monotonic(), service.settings.stuck_seconds, service.progress)
    return seen | service.besides.parts
