"""A small municipality and its neighbour, made up row by row: enough for a report, and a few people too few to show."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from services.insight.measures.asking import Figures
from services.insight.measures.frame import rows_of
from services.insight.report.gather import Asked, Reader

HERE, THERE = "GM0001", "GM0002"
LARGE, OTHER, SMALL = "org-alfa", "org-beta", "org-gamma"
PEOPLE = {(HERE, LARGE): 240, (HERE, OTHER): 150, (HERE, SMALL): 6, (THERE, LARGE): 40}
"""How many people each municipality sent to each provider."""
MONTH = date(2025, 1, 1)
NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)
OFFSETS = {"intake-0": (0, 41), "referral-0": (1, 977)}
_REASONS = ("person.debts", "person.language", "fit.wrong_trajectory", "person.debts.GM0001.toeslagen")
_SIDES = {"person": "citizen", "fit": "fit"}
_MOMENT = pa.timestamp("ms", tz="UTC")
_KINDS = {
    "referrals": "received_at accepted_at started_at ended_at left_at reviewed_at last_contact_at sent_at",
    "returns": "returned_at reviewed_at",
    "turns": "since until",
    "cases": "applied_at first_step_at first_diagnosed_at last_diagnosed_at granted_on benefit_ended_at withdrawn_at "
    "closed_at",
    "decisions": "decided_at",
    "trajectories": "started_at ended_at measured_at reflected_at",
    "outcomes": "reached_at",
    "jobs": "started_at ended_at",
    "silences": "silent_at",
}
"""Kind of row -> its moments."""
Row = dict[str, Any]
Kinds = dict[str, list[Row]]


def figures(seed: int = 1) -> Figures:
    """The figures of all of them."""
    rng = np.random.default_rng(seed)
    rows: dict[str, list[Row]] = {kind: [] for kind in _KINDS}
    number = 0
    for (municipality, provider), many in PEOPLE.items():
        for _ in range(many):
            number += 1
            _person(rows, rng, number, municipality, provider)
    return Figures({kind: rows_of(_table(kind, some)) for kind, some in rows.items()}, OFFSETS)


def asked(audience: Reader = "partner", municipality: str | None = HERE) -> Asked:
    """A report's questions about them."""
    return Asked(_kept(), municipality, MONTH, audience)


@cache
def _kept() -> Figures:
    return figures()


def _table(kind: str, rows: list[Row]) -> pa.Table:
    moments = _KINDS[kind].split()
    names = dict.fromkeys(name for row in rows for name in row)
    columns = {
        name: pa.array([row.get(name) for row in rows], _MOMENT if name in moments else None)
        for name in (*names, *(name for name in moments if name not in names))
    }
    return pa.table(columns)


def _person(
    rows: dict[str, list[Row]], rng: np.random.Generator, number: int, municipality: str, provider: str
) -> None:
    applied = NEW_YEAR + timedelta(days=float(rng.uniform(0, 300)))
    sent, warm = applied + timedelta(days=float(rng.uniform(5, 40))), bool(rng.random() < 0.5)
    accepted = sent + timedelta(days=float(rng.exponential(5)))
    ended = accepted + timedelta(days=float(rng.exponential(90)))
    how = str(rng.choice(["returned", "completed", "declined"], p=[0.6, 0.3, 0.1]))
    own = {"case_id": number, "municipality": municipality}
    referral = own | {
        "referral_id": number, "provider": provider, "trajectory": "reintegration", "warm": warm,
        "diagnosed_before": bool(rng.random() < 0.7), "month": f"{sent:%Y-%m}",
    }  # fmt: skip
    steps = {"received_at": sent, "accepted_at": accepted, "started_at": accepted + timedelta(days=3)}
    rows["referrals"].append(
        referral
        | steps
        | {"sent_at": sent, "ended_at": ended, "ended_how": how, "number_in_case": 1, "direction": "work"}
    )
    rows["turns"].append(referral | {"side": "provider", "since": sent, "until": accepted})
    rows["trajectories"].append(
        referral | {"started_at": accepted, "ended_at": ended, "ended_how": how, "measured_at": sent + timedelta(40)}
    )
    rows["silences"].append(referral | {"side": "provider", "silent_at": sent + timedelta(days=9)})
    if how == "returned":
        reason = str(rng.choice(_REASONS))
        side = _SIDES[reason.partition(".")[0]]
        rows["returns"].append(
            referral | {"returned_at": ended, "reviewed_at": ended + timedelta(5), "reason": reason, "side": side,
                        "disputed": bool(rng.random() < 0.2)}
        )  # fmt: skip
    if how == "completed":
        rows["jobs"].append(
            own | {"started_at": ended, "ended_at": ended + timedelta(days=float(rng.exponential(300)))}
        )
        rows["outcomes"].append(own | {"reached_at": ended, "perspective": "paid_work", "sustained_months": 0})
    rows["cases"].append(
        own | {"month": f"{applied:%Y-%m}", "applied_at": applied, "granted_on": applied, "first_step_at": sent,
               "decision": "granted", "age_band": str(rng.choice(["27-44", "45+"])), "education": "low",
               "language_level": "B1", "household": "single", "months_without_work_band": "0-3",
               "first_diagnosed_at": applied + timedelta(2), "last_diagnosed_at": applied + timedelta(2)}
    )  # fmt: skip
    rows["decisions"].append(
        own | {"month": f"{applied:%Y-%m}", "decided_at": sent, "direction": "work", "argued": bool(rng.random() < 0.8),
               "together": bool(rng.random() < 0.6)}
    )  # fmt: skip
