"""Who may pass a door: nobody, unless the route says which roles may (`may`) and the caller's token holds one of them.

A case out of the caller's sight is answered as a case that is not there (404), and leaves a line in the log.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Set
from typing import Any

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from sqlalchemy import text

from shared import logging
from shared.auth import Caller, Checker, Unauthenticated
from shared.http.problems import Problem
from shared.ledger.seeing import WITHIN, Sight, seen
from shared.rights import ROLES as KNOWN
from shared.rights import ClaimMissing, sight_of
from shared.service import Service

log = logging.get(__name__)
SAYS = "x-roles"
_STEP = 0.05
_SEEN = text(f"""
    select c.case_id::text from cases c where c.case_id = any(cast(:ids as uuid[])) and {WITHIN}
""")  # noqa: S608 - the condition is a constant
_THERE = text("select 1 from cases where case_id = cast(:case_id as uuid)")


def may(roles: Iterable[str]) -> dict[str, Any]:
    """The `openapi_extra` of a route that callers with one of these roles may use."""
    return {SAYS: sorted(roles)}


def doorkeeper(checker: Checker) -> Callable[[Request], Awaitable[None]]:
    """The dependency of every route: who calls, and whether the route is for them. Raises Problem 401 or 403."""

    async def check(request: Request) -> None:
        authorization = request.headers.get("authorization")
        try:
            known = checker.known(authorization)
            caller = known if known is not None else await asyncio.to_thread(checker.caller, authorization)
        except Unauthenticated as no:
            raise Problem(401, no.code) from None
        roles = roles_of(request.scope["route"])
        if not caller.roles & roles:
            log.warning("access refused", rule="role", roles=sorted(caller.roles & KNOWN))
            raise Problem(403, "role_not_allowed", possible=sorted(roles))
        request.state.caller = caller
        try:
            request.state.sight = sight_of(caller, roles)
        except ClaimMissing as missing:
            raise Problem(403, "claim_missing", field=missing.claim) from None

    return check


def roles_of(route: Any) -> frozenset[str]:
    """The roles that may use a route; none when it does not say."""
    return frozenset((route.openapi_extra or {}).get(SAYS, ()))


def check_all_say(app: FastAPI, base: str) -> None:
    """Raises LookupError when a route under the base does not say who may: it would be shut for all."""
    for route in app.routes:
        if isinstance(route, APIRoute) and route.path.startswith(base) and not roles_of(route):
            raise LookupError(f"{route.path} does not say who may use it")


def caller_of(request: Request) -> Caller:
    """Who is calling."""
    caller: Caller = request.state.caller
    return caller


def sight_at(request: Request) -> Sight:
    """How far the caller sees, at this route."""
    sight: Sight = request.state.sight
    return sight


async def check_within(service: Service, request: Request, case_id: str) -> None:
    """Waits a little for a case that is still on its way. Raises Problem 404 when the caller sees no such case."""
    if not await _seen(service, sight_at(request), {case_id}):
        await tell_hidden(service, request, case_id)
        raise Problem(404, "case_unknown")


async def within(service: Service, request: Request, ids: Set[str]) -> Set[str]:
    """Those of the cases that the caller may add to.

    Who sees all, or all of the municipality that the lines were checked to be of, needs no look.
    """
    sight = sight_at(request)
    return ids if sight.kind in ("all", "municipality") else await _seen(service, sight, ids)


async def _seen(service: Service, sight: Sight, ids: Set[str]) -> Set[str]:
    """Those of the cases that are within sight; waits a little for what is still on its way."""
    until = time.monotonic() + service.settings.case_wait_seconds
    while True:
        async with seen(service.ledger, sight) as tx:
            found = {row[0] for row in await tx.execute(_SEEN, {"ids": sorted(ids)} | sight.values())}
        if len(found) == len(ids) or time.monotonic() >= until:
            return found
        await asyncio.sleep(_STEP)


async def tell_hidden(service: Service, request: Request, case_id: str) -> None:
    """Leaves a line when the case that the caller got a 404 for does exist: somebody tried another's case."""
    async with service.ledger.single.connect() as tx:
        if (await tx.execute(_THERE, {"case_id": case_id})).first() is not None:
            caller = caller_of(request)
            log.warning("access refused", rule="sight", case_id=case_id, roles=sorted(caller.roles & KNOWN))
