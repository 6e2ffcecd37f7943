"""The doors of comparison, change and early signals: as of the beginning of a month, for who may see aggregates."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.insight.doors.asked import SENTENCES, AsOf, asked_about, figures_of, moment_of, no_slice, refused
from services.insight.doors.bodies_beside import ChangeBody, ComparisonBody, OutflowBody, SignalPage
from services.insight.doors.measuring import READERS
from services.insight.measures.asking import NotAMonth, begin_of, milliseconds, providers_held
from services.insight.measures.changes import adopted, change
from services.insight.measures.disclosing import in_steps, near, tens
from services.insight.measures.fairness import Fair, Provider, TooFew, fair
from services.insight.measures.figure import told
from services.insight.measures.frame import Frame
from services.insight.measures.market import Market, market_of
from services.insight.measures.outflow import Place, outflow
from services.insight.measures.signals import Signal, signals
from services.insight.measures.slicing import SliceImpossible, SliceUnknown, check, cut, values_of
from services.insight.service import Insight
from services.insight.statistics.comparing import Compared
from shared.http.access import may
from shared.http.describing import answers
from shared.http.problems import Problem

Municipality = Annotated[str | None, Query(description="CBS code; without it all municipalities.")]


def compare_routes(insight: Insight) -> APIRouter:
    """All under /v1."""
    router = asked_about()
    _add_municipalities(router, insight, market_of(insight.settings.labour_market_file))

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
        body = _fair(found, [one for one in found.providers if one.name in open_to_see], municipality is not None)
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
        since: Annotated[datetime, Query(description="The begin of the month from which it holds, with an offset.")],
        municipality: Municipality = None,
        adopted_by: Annotated[
            list[str] | None, Query(alias="adoptedBy", description="GM0546:2026-01-01, once for each municipality.")
        ] = None,
        as_of: AsOf = None,
    ) -> Response:
        at = moment_of(as_of, "partner")
        start = _since(since, at)
        rows = _cut(insight, municipality)["referrals"]
        starts = _starts(adopted_by or [], rows.words["municipality"])
        within = {"municipality": municipality} if municipality else {}
        body = await asyncio.to_thread(change, figures_of(insight), within, milliseconds(start), milliseconds(at))
        staged = await asyncio.to_thread(adopted, rows, starts, milliseconds(at)) if starts else None
        return _json(body | {"since": start, "as_of": at, "municipality": municipality, "staggered": staged})

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
        items = [_signal(one, municipality is not None) for one in found if one.provider in open_to_see]
        return _json({"as_of": at, "municipality": municipality, "items": items})

    return router


def _add_municipalities(router: APIRouter, insight: Insight, market: Market | None) -> None:
    @router.get(
        "/comparisons/municipalities",
        openapi_extra=may(READERS),
        **answers(
            "Gemeenten naast elkaar",
            "How the work was done, and who works within a year beside what was to be expected; never a ranking.",
            OutflowBody,
            refuses=(409, 503),
        ),
    )
    async def compare_municipalities(as_of: AsOf = None) -> Response:
        at = moment_of(as_of, "partner")
        try:
            found = await asyncio.to_thread(outflow, figures_of(insight), at, market)
        except TooFew:
            raise refused(409, "too_few_to_compare") from None
        places = [_place(one) for one in found.municipalities]
        return _json(vars(found) | {"as_of": at, "municipalities": places})


def _place(one: Place) -> dict[str, Any]:
    own = {"municipality": one.name, "quality": one.quality, "n": one.n, "share": one.share}
    return own | _compared(one.compared)


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


def _since(said: datetime, at: datetime) -> datetime:
    """The beginning of a month. Raises Problem."""
    if said.tzinfo is None:
        raise Problem(400, "time_invalid", field="since")
    try:
        since = begin_of(said)
    except NotAMonth:
        raise refused(400, "moment_no_month", "since") from None
    except OverflowError:  # before the year 1 where the month begins
        raise Problem(400, "time_invalid", field="since") from None
    if since > at:
        raise refused(400, "moment_in_future", "since")
    return since


def _starts(given: list[str], known: Sequence[str]) -> dict[str, datetime]:
    found = {}
    for one in given:
        name, _, day = one.partition(":")
        if name not in known:
            raise refused(404, "slice_unknown", "adoptedBy", list(known)[:500])
        try:
            found[name] = datetime.fromisoformat(day).replace(tzinfo=UTC)
        except ValueError:
            raise Problem(400, "time_invalid", field="adoptedBy", sentences=SENTENCES) from None
    return found


def _shown(insight: Insight, municipality: str | None, at: datetime) -> frozenset[str]:
    """The providers that may be shown."""
    figures, within = figures_of(insight), {"municipality": municipality} if municipality else {}
    held = providers_held(figures, within, values_of(figures.frame, "provider"), at, "partner")
    return frozenset(name for name, why in held.items() if why is None)


def _fair(found: Fair, providers: Sequence[Provider], stepped: bool) -> dict[str, Any]:
    return {
        "providers": [_in_steps(_provider(one)) if stepped else _provider(one) for one in providers],
        "between": found.between,
        "overdispersion": found.overdispersion,
        "case_mix": list(found.case_mix),
        "left_out": found.left_out + len(found.providers) - len(providers),
    }


def _provider(one: Provider) -> dict[str, Any]:
    own = {"provider": one.name, "n": one.n, "share": one.share, "guards": dict(one.guards)}
    return own | _compared(one.compared)


def _compared(one: Compared) -> dict[str, Any]:
    return {
        "observed": one.observed,
        "expected": round(one.expected, 3),
        "ratio": told(one.ratio),
        "shrunk": told(one.shrunk),
        "inner": list(one.inner),
        "outer": list(one.outer),
        "place": one.place,
        "seen_above": one.seen_above,
        "seen_below": one.seen_below,
    }


def _signal(one: Signal, stepped: bool) -> dict[str, Any]:
    """The days on which one person's return passed the threshold are told as their months."""
    said = asdict(one) | {"alarms": sorted({day[:7] for day in one.alarms})}
    return said | {"n": tens(one.n), "now": near(one.now), "threshold": near(one.threshold)} if stepped else said


def _in_steps(one: dict[str, Any]) -> dict[str, Any]:
    """A provider within a municipality is a slice of a slice: told in steps."""
    counts = {name: tens(one[name]) for name in ("n", "observed", "expected")}
    beside = {name: in_steps(said) if isinstance(said, dict) else near(said) for name, said in one["guards"].items()}
    ratios = {name: in_steps(one[name]) for name in ("ratio", "shrunk")}
    limits = {name: [near(each) for each in one[name]] for name in ("inner", "outer")}
    others = {name: near(one[name]) for name in ("share", "seen_above", "seen_below")}
    return one | counts | ratios | limits | others | {"guards": beside}


def _json(body: Any) -> Response:
    return Response(orjson.dumps(body), media_type="application/json")
