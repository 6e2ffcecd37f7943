"""The truth of a run as one JSON-able dict: what was drawn, and what must be found. It never goes near the product."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.simulator import effects, hazards, people, rounds, tables
from tests.simulator.places import company_code
from tests.simulator.population import scale_of
from tests.simulator.runs import blocks
from tests.simulator.settings import Dirt
from tests.simulator.spells import DECLINED, ENDED, OPEN, RETURNED, WORKS
from tests.simulator.tally import DAYS, Tally, added, month_of, tally
from tests.simulator.world import NEVER, World

CAUSES = {"open": OPEN, "return": RETURNED, "job": WORKS, "other": ENDED, "declined": DECLINED}


def truth_of(world: World) -> dict[str, Any]:
    """The truth of a run of which nothing else is wanted."""
    return truth(world, added(tally(world, block) for block in blocks(world)))


def truth(world: World, whole: Tally, dirt: Dirt | None = None) -> dict[str, Any]:
    """Everything that is so, by name."""
    return {
        "settings": world.settings.as_json(),
        "as_of": int(world.settings.ends),
        "dirt": None if dirt is None else {name: getattr(dirt, name) for name in Dirt.__slots__},
        "parameters": _parameters(world),
        "municipalities": _municipalities(world),
        "companies": [
            {"company": company_code(place), "return": float(u), "job": float(v)}
            for place, (u, v) in enumerate(zip(world.company_return, world.company_job, strict=True))
        ],
        "counts": {
            "people": int(whole["people"]),
            "referrals": int(whole["referrals"]),
            "ended_by": {name: int(whole["causes"][place]) for name, place in CAUSES.items()},
        },
        "first_referrals": _told(world, whole, "first"),
        "all_referrals": _told(world, whole, "any"),
        "returns_per_person_within_365_days": {
            "overall": _ratio(whole["mcf"].sum(), whole["mcf_n"].sum()),
            "by_municipality": _by(world.codes, whole["mcf"], whole["mcf_n"]),
        },
        "reform": _told_reform(world, whole),
    }


def _parameters(world: World) -> dict[str, Any]:
    return {
        "return_rates": hazards.RETURN_RATES,
        "job_rates": hazards.JOB_RATES,
        "other_rate": hazards.OTHER_RATE,
        "first_days": hazards.FIRST_DAYS,
        "scale": scale_of(world),
        "return": {
            "will": effects.RETURN_WILL, "able": effects.RETURN_ABLE, "barrier": effects.RETURN_BARRIER,
            "misreferred": float(np.log(world.settings.misreferred)), "per_earlier_return": effects.DENT_RETURN,
        },
        "job": {
            "will": effects.JOB_WILL, "able": effects.JOB_ABLE, "barrier": effects.JOB_BARRIER,
            "per_earlier_return": effects.DENT_JOB,
        },
        "accepted": rounds.ACCEPTED,
        "days_to_answer": rounds.ANSWER_MEAN,
        "referred_again": rounds.AGAIN,
        "job_lost_within_a_year": rounds.JOB_LOST,
        "diagnosis_lacks_a_factor": people.MISSING_FACTOR,
        "reasons": dict(zip(tables.REASONS, tables.REASON_SHARES.tolist(), strict=False)),
        "general_reasons_before": tables.GENERAL_BEFORE,
    }  # fmt: skip


def _municipalities(world: World) -> list[dict[str, Any]]:
    return [
        {
            "municipality": code,
            "weight": float(world.weight[place]),
            "shift": float(world.shift[place]),
            "market": world.market[place].tolist(),
            "feels_shock": bool(world.feels_shock[place]),
            "misreferral": float(world.misreferral[place]),
            "reform_at": None if world.reform_at[place] == NEVER else int(world.reform_at[place]),
            "companies": [company_code(int(one)) for one in world.contracts[place]],
        }
        for place, code in enumerate(world.codes)
    ]


def _told(world: World, whole: Tally, name: str) -> dict[str, Any]:
    def part(key: str) -> Any:
        return whole[f"{name}_{key}"]

    labels: dict[str, list[str]] = {
        "company": [company_code(place) for place in range(world.settings.companies)],
        "municipality": list(world.codes),
        "month": [str(np.datetime64(world.settings.start, "M") + place) for place in range(len(part("month_n")))],
        "trajectory": list(tables.TRAJECTORIES),
        "warm": ["no", "yes"],
        "reformed": ["no", "yes"],
    }
    return {
        "since_accepted": {
            "referrals": int(part("accepted")),
            "by_day": {
                str(day): dict(zip(("return", "job", "other"), _ratios(row, part("accepted")), strict=True))
                for day, row in zip(DAYS, part("curve"), strict=True)
            },
            "returned_within_90": {key: _by(of, part(f"{key}_a"), part(f"{key}_n")) for key, of in labels.items()},
        },
        "since_sent": {
            "referrals": int(part("sent")),
            "returned_within_90": {"overall": _ratio(part("b"), part("sent"))}
            | {key: _by(of, part(f"{key}_b"), part(f"{key}_sent")) for key, of in labels.items()},
        },
    }


def _told_reform(world: World, whole: Tally) -> dict[str, Any] | None:
    """The mean effect on being back within 90 days of accepted first referrals, by the month the reform came."""
    if world.settings.reform is None:
        return None
    there = world.reform_at != NEVER
    months = np.where(there, month_of(world, np.where(there, world.reform_at, world.settings.opens)), -1)
    return {
        "overall": _reformed(whole, there),
        "by_month_of_reform": {
            str(np.datetime64(world.settings.start, "M") + month): _reformed(whole, months == month)
            for month in np.unique(months[there]).tolist()
        },
    }


def _reformed(whole: Tally, which: NDArray[np.bool_]) -> dict[str, Any]:
    count = int(whole["reform_n"][which].sum())
    return {
        "referrals": count,
        "effect": _ratio(whole["reform_effect"][which].sum(), count),
        "returned_without": int(whole["reform_without"][which].sum()),
        "returned_with": int(whole["reform_with"][which].sum()),
    }


def _ratio(total: Any, count: Any) -> float | None:
    return float(total) / float(count) if count else None


def _ratios(totals: NDArray[Any], count: Any) -> list[float | None]:
    return [_ratio(total, count) for total in totals]


def _by(labels: Iterable[str], totals: NDArray[Any], counts: NDArray[Any]) -> dict[str, dict[str, Any]]:
    """Per slice that has any: how many, and the mean."""
    rows = zip(labels, totals.tolist(), counts.tolist(), strict=True)
    return {label: {"n": int(count), "mean": _ratio(total, count)} for label, total, count in rows if count}
