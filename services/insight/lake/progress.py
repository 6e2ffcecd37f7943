"""How the copying goes, for whoever asks: status, readiness, metrics."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from services.insight.lake.knowing import Standing
from services.insight.lake.names import Place
from services.insight.lake.writing import Lake

KINDS = (
    "rows", "repeated", "contradicts", "unknown_type", "unknown_field", "misfit", "unsealed", "unusable",
)  # fmt: skip
"""What can become of a record; of the last five what is counted also says which."""


@dataclass(frozen=True)
class PlaceProgress:
    """How far a partition is."""

    next: int
    end: int | None
    """None when the topic is not there."""
    epoch: int
    status: str
    """`ok`, `topic_shorter_than_lake`, `topic_missing`."""

    @property
    def lag(self) -> int:
        """Records that are on the topic and not in the lake."""
        return max(0, (self.end or 0) - self.next)


@dataclass
class Progress:
    """How the copying goes; kept up to date by who follows."""

    trouble: str | None = "starting"
    """What holds it up: `broker_away`, `disk_full`, `disk_trouble`; None when nothing does."""
    places: dict[Place, PlaceProgress] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    """Since the lake began: rows, repeated, contradicts, and by kind what was unknown or unusable."""
    faults: list[str] = field(default_factory=list)
    """`gap <name>`, `overlap <name>`, `records_gone <place>`."""
    written_at: float | None = None
    """When a file was last written (Unix seconds)."""
    looked_at: float | None = None
    """When the ends of the topics were last seen (Unix seconds)."""

    @property
    def lag(self) -> int | None:
        """Records that are not in the lake yet; None while that is not known."""
        return sum(one.lag for one in self.places.values()) if self.looked_at is not None else None

    def take(self, lake: Lake, ends: Mapping[Place, int]) -> None:
        """What the lake and the topics say now."""
        self.places = {
            place: PlaceProgress(one.next, ends.get(place), one.epoch, _status(one, ends))
            for place, one in sorted(lake.standings.items())
        }
        self.counts, self.faults, self.written_at = dict(lake.counts), list(lake.faults), lake.written_at

    def told(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "trouble": self.trouble,
            "lag": self.lag,
            "places": {
                f"{place.topic}-{place.partition}": {
                    "next": one.next, "end": one.end, "lag": one.lag, "epoch": one.epoch, "status": one.status,
                }
                for place, one in self.places.items()
            },
            "counts": dict(self.counts),
            "faults": list(self.faults),
            "written_at": None if self.written_at is None else datetime.fromtimestamp(self.written_at, UTC),
        }  # fmt: skip


def _status(standing: Standing, ends: Mapping[Place, int]) -> str:
    return standing.status if standing.place in ends else "topic_missing"
