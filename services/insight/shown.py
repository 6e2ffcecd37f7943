"""The few figures that a dashboard may show all day: as of the beginning of the month, disclosure rules applied."""

from collections.abc import Mapping
from datetime import UTC, datetime

from services.insight import metrics as m
from services.insight.measures.asking import Figures, moment
from services.insight.measures.slicing import values_of
from services.insight.service import Insight

Labels = tuple[str, ...]
ALL = "all"


def gauges(insight: Insight) -> dict[str, dict[Labels, float]]:
    """Values by metric; a figure that is held back is not there."""
    figures = insight.figures
    if figures is None:
        return {}
    at = moment(None, datetime.now(UTC), "public")
    returned: dict[Labels, float] = {}
    sizes: dict[Labels, float] = {}
    slices: Mapping[str, Mapping[str, str]] = {ALL: {}} | {
        name: {"provider": name} for name in values_of(figures.frame, "provider")
    }
    for name, wanted in slices.items():
        _take(figures, "returned_within_90_days", wanted, at, (name,), returned, sizes)
    others: dict[Labels, float] = {}
    _take(figures, "other_reason_share", {}, at, (), others, {})
    return {m.RETURNED.name: returned, m.RETURNED_N.name: sizes, m.OTHER.name: others}


def _take(
    figures: Figures,
    measure: str,
    wanted: Mapping[str, str],
    at: datetime,
    labels: Labels,
    values: dict[Labels, float],
    sizes: dict[Labels, float],
) -> None:
    found = figures.shown(measure, wanted, at, "public").figure
    if found is not None and found.value is not None:
        values[labels] = float(found.value)
        sizes[labels] = float(found.n)
