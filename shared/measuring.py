"""What is measured: a metric is one declaration; counting adds to a dictionary, and a scrape reads it."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

Labels = tuple[str, ...]
Values = Mapping[Labels, float]
Readings = Mapping[str, Values]
"""Name of a metric that is counted elsewhere -> its values now, by labels."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric. `starts` are the series that are there from the first scrape, at nought: a rate needs a beginning."""

    kind: Literal["counter", "gauge", "histogram"]
    name: str
    help: str
    labels: Labels = ()
    starts: tuple[Labels, ...] = ()
    buckets: tuple[float, ...] = ()


def counter(name: str, meaning: str, *labels: str, starts: Iterable[Labels] = ()) -> Measure:
    """A count that only grows; its name ends in `_total`."""
    return Measure("counter", name, meaning, labels, tuple(starts) if labels else ((),))


def gauge(name: str, meaning: str, *labels: str) -> Measure:
    """A number that comes and goes; read at a scrape."""
    return Measure("gauge", name, meaning, labels)


def histogram(name: str, meaning: str, buckets: Sequence[float], *labels: str) -> Measure:
    """How long things take, by upper bounds."""
    return Measure("histogram", name, meaning, labels, () if labels else ((),), tuple(buckets))


class Meters:
    """What was counted since this process began. Costs a look-up and an addition per count."""

    def __init__(self, measures: Iterable[Measure]) -> None:
        self.measures = tuple(measures)
        self.counts: dict[str, dict[Labels, float]] = {
            one.name: dict.fromkeys(one.starts, 0.0) for one in self.measures if one.kind == "counter"
        }
        self.spreads: dict[str, dict[Labels, list[float]]] = {
            one.name: {labels: _empty(one) for labels in one.starts} for one in self.measures if one.kind == "histogram"
        }

    def add(self, measure: Measure, *labels: str, by: float = 1.0) -> None:
        """Counts one, or `by`."""
        counts = self.counts[measure.name]
        counts[labels] = counts.get(labels, 0.0) + by

    def observe(self, measure: Measure, value: float, *labels: str) -> None:
        """Adds one to the bucket of this value; the last place holds the sum."""
        spreads = self.spreads[measure.name]
        spread = spreads.get(labels)
        if spread is None:
            spread = spreads[labels] = _empty(measure)
        spread[bisect_left(measure.buckets, value)] += 1
        spread[-1] += value


def _empty(measure: Measure) -> list[float]:
    """A place per bucket, one for what is above them all, and one for the sum."""
    return [0.0] * (len(measure.buckets) + 2)


def families(service: str, meters: Meters, readings: Readings) -> list[Metric]:
    """Every metric as Prometheus wants it, with the service's name; what could not be read has no value."""
    return [_family(service, one, meters, readings) for one in meters.measures]


def _family(service: str, measure: Measure, meters: Meters, readings: Readings) -> Metric:
    names = ["service", *measure.labels]
    if measure.kind == "histogram":
        return _histogram(service, measure, names, meters.spreads[measure.name])
    if measure.kind == "counter":
        counted = CounterMetricFamily(measure.name, measure.help, labels=names)
        for labels, value in sorted({**meters.counts[measure.name], **readings.get(measure.name, {})}.items()):
            counted.add_metric([service, *labels], value)
        return counted
    read = GaugeMetricFamily(measure.name, measure.help, labels=names)
    for labels, value in sorted(readings.get(measure.name, {}).items()):
        read.add_metric([service, *labels], value)
    return read


def _histogram(service: str, measure: Measure, names: list[str], spreads: Mapping[Labels, list[float]]) -> Metric:
    found = HistogramMetricFamily(measure.name, measure.help, labels=names)
    bounds = [*(f"{bound:g}" for bound in measure.buckets), "+Inf"]
    for labels, spread in sorted(spreads.items()):
        below, buckets = 0.0, []
        for bound, count in zip(bounds, spread, strict=False):
            below += count
            buckets.append((bound, below))
        found.add_metric([service, *labels], buckets, spread[-1])
    return found
