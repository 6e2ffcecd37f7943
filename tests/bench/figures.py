"""Plain numbers of a run: quantiles of times, and figures with the aim that each is held to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Json = dict[str, Any]
Aim = Literal["most", "least"]
PARTS = ("p50", "p95", "p99", "max")


@dataclass(frozen=True)
class Figure:
    """What was measured. `aim`: the most or the least that it should be; None where there is nothing to hold it to."""

    what: str
    value: float
    unit: str
    aim: float | None = None
    kind: Aim = "most"

    @property
    def met(self) -> bool | None:
        """Whether the aim was met; None without one."""
        if self.aim is None:
            return None
        return self.value <= self.aim if self.kind == "most" else self.value >= self.aim

    def told(self) -> Json:
        """As plain values."""
        return asdict(self) | {"met": self.met}


def percentiles(values: Iterable[float]) -> Json:
    """Of times in seconds: p50, p95, p99 and max in milliseconds, and how many there were."""
    ordered = sorted(values)
    if not ordered:
        return {"n": 0}
    at = {"p50": quantile(ordered, 0.50), "p95": quantile(ordered, 0.95), "p99": quantile(ordered, 0.99)}
    told = {f"{part}_ms": round(value * 1000, 1) for part, value in (at | {"max": ordered[-1]}).items()}
    return {"n": len(ordered)} | told


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value that this share lies below; of ordered values, at least one."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def cost(without: float, having: float) -> float:
    """What something costs, as a share of the rate without it; less than nothing is what chance makes of nothing."""
    return 1 - having / without


def ratio(after: float, before: float) -> float:
    """How many times as long; against what took no time at all it is how long the clock can tell (a tenth of a ms)."""
    return after / max(before, 0.0001)
