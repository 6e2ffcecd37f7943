"""A figure: a value with its interval and what it rests on; not yet what of it may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from services.insight.statistics.estimate import Estimate, share_of


@dataclass(frozen=True)
class Figure:
    """A figure. `parts`: counts per code, for figures that are a division; `value` is then their sum.

    `n`: how many people, referrals or days it rests on; `events`: how many of them show what is counted.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    events: int
    complete: bool = True
    parts: Mapping[str, int] | None = None
    means: Mapping[str, float] | None = None
    """Averages per code, for figures that are several averages over the same n."""
    more: Mapping[str, Any] = field(default_factory=dict)


def of(estimate: Estimate, **more: Any) -> Figure:
    """The figure of an estimate."""
    return Figure(
        estimate.value, estimate.low, estimate.high, estimate.n, estimate.events, estimate.complete, more=more
    )


def told(estimate: Estimate) -> dict[str, Any]:
    """An estimate as plain values."""
    one = estimate
    return {"value": one.value, "low": one.low, "high": one.high, "n": one.n, "complete": one.complete}


def count(events: int, n: int) -> Figure:
    """A count among n, with the share that it is."""
    share = share_of(events, n)
    return Figure(events, None, None, n, events, more={"share": share.value, "low": share.low, "high": share.high})


def division(codes: "np.ndarray[Any, Any]", words: tuple[str, ...]) -> Figure:
    """How often each code occurs, the most frequent first."""
    counts = np.bincount(codes[codes >= 0], minlength=len(words))
    pairs = sorted(
        ((word, int(n)) for word, n in zip(words, counts, strict=True) if n), key=lambda one: (-one[1], one[0])
    )
    total = int(counts.sum())
    return Figure(total, None, None, total, total, parts=dict(pairs))
