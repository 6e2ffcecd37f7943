"""The doors of comparison, change and early signals: as of the beginning of a month, for who may see aggregates."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.insight.doors.asked import SENTENCES, AsOf, figures_of, moment_of, no_slice, refused
from services.insight.doors.bodies_beside import ChangeBody, ComparisonBody, SignalPage
from services.insight.doors.measuring import READERS
from services.insight.measures.asking import milliseconds
from services.insight.measures.changes import adopted, change
from services.insight.measures.fairness import Fair, Provider, TooFew, fair
from services.insight.measures.figure import told
from services.insight.measures.frame import Frame
from services.insight.measures.signals import signals
from services.insight.measures.slicing import SliceImpossible, SliceUnknown, check, cut, values_of
from services.insight.service import Insight
from shared.http.access import may
from shared.http.describing import answers
from shared.http.problems import Problem

SHARE = "returned_within_90_days"
Municipality = Annotated[str | None, Query(description="CBS code; without it all municipalities.")]


def compare_routes(insight: Insight) -> APIRouter:
    """All under /v1."""
    router = APIRouter(prefix="/v1")

    @router.get(
        "/comparisons/providers",
        openapi_extra=may(READERS),
        **answers(
            "Aanbieders naast elkaar",
            "Providers beside each other, fairly; never a ranking.",
            ComparisonBody,
            refuses=(404, 409, 503),
        ),
    )
    async def compare_providers(municipality: Municipality = None, as_of: AsOf = None) -> Response:
        at = moment_of(as_of, "partner")
        frame = _cut(insight, municipality)
        try:
            found = await asyncio.to_thread(fair, frame, milliseconds(at))
        except TooFew:
            raise refused(409, "too_few_to_compare") from None
        open_to_see = await asyncio.to_thread(_shown, insight, municipality, at)
        body = _fair(found, [one for one in found.providers if one.name in open_to_see])
        return _json(body | {"as_of": at, "municipality": municipality})

    @router.get(
        "/changes",
        openapi_extra=may(READERS),
        **answers(
            "Voor en na een verandering",
            "Before and after a change of law or rule, and its power.",
            ChangeBody,
            refuses=(404, 503),
        ),
    )
    async def read_change(
        since: Annotated[datetime, Query(description="From when the change holds, with an offset.")],
        municipality: Municipality = None,
        adopted_by: Annotated[
            list[str] | None, Query(alias="adoptedBy", description="GM0546:2026-01-01, once for each municipality.")
        ] = None,
        as_of: AsOf = None,
    ) -> Response:
        at = moment_of(as_of, "partner")
        if since.tzinfo is None or since > at:
            raise Problem(400, "time_invalid", field="since")
        rows = _cut(insight, municipality)["referrals"]
        body = await asyncio.to_thread(change, rows, milliseconds(since), milliseconds(at))
        starts = _starts(adopted_by or [])
        staged = await asyncio.to_thread(adopted, rows, starts, milliseconds(at)) if starts else None
        return _json(body | {"since": since, "as_of": at, "municipality": municipality, "staggered": staged})

    @router.get(
        "/signals",
        openapi_extra=may(READERS),
        **answers(
            "Vroege signalen",
            "Per provider whether more come back than expected, day by day.",
            SignalPage,
            refuses=(404, 503),
        ),
    )
    async def read_signals(municipality: Municipality = None, as_of: AsOf = None) -> Response:
        at = moment_of(as_of, "partner")
        found = await asyncio.to_thread(signals, _cut(insight, municipality), milliseconds(at))
        open_to_see = await asyncio.to_thread(_shown, insight, municipality, at)
        items = [asdict(one) for one in found if one.provider in open_to_see]
        return _json({"as_of": at, "municipality": municipality, "items": items})

    return router


def _cut(insight: Insight, municipality: str | None) -> Frame:
    """The rows of a municipality, or all. Raises Problem."""
    frame = figures_of(insight).frame
    if municipality is None:
        return frame
    try:
        check(frame, {"municipality": municipality})
        return dict(frame) | {
            kind: cut(frame[kind], {"municipality": municipality}) for kind in ("referrals", "returns")
        }
    except (SliceUnknown, SliceImpossible) as trouble:
        raise no_slice(trouble) from None


def _starts(given: list[str]) -> dict[str, datetime]:
    found = {}
    for one in given:
        name, _, day = one.partition(":")
        try:
            found[name] = datetime.fromisoformat(day).replace(tzinfo=UTC)
        except ValueError:
            raise Problem(400, "time_invalid", field="adoptedBy", sentences=SENTENCES) from None
    return found


def _shown(insight: Insight, municipality: str | None, at: datetime) -> frozenset[str]:
    """The providers whose share of people that came back may be shown: no other stands beside them."""
    figures = figures_of(insight)
    within = {"municipality": municipality} if municipality else {}
    return frozenset(
        name
        for name in values_of(figures.frame, "provider")
        if figures.shown(SHARE, within | {"provider": name}, at, "partner").held_back is None
    )


def _fair(found: Fair, providers: Sequence[Provider]) -> dict[str, Any]:
    return {
        "providers": [_provider(one) for one in providers],
        "between": found.between,
        "overdispersion": found.overdispersion,
        "case_mix": list(found.case_mix),
        "left_out": found.left_out + len(found.providers) - len(providers),
    }


def _provider(one: Provider) -> dict[str, Any]:
    compared = one.compared
    return {
        "provider": one.name,
        "n": one.n,
        "observed": compared.observed,
        "expected": round(compared.expected, 3),
        "ratio": told(compared.ratio),
        "shrunk": told(compared.shrunk),
        "share": one.share,
        "inner": list(compared.inner),
        "outer": list(compared.outer),
        "place": compared.place,
        "seen_above": compared.seen_above,
        "seen_below": compared.seen_below,
        "guards": dict(one.guards),
    }


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")
