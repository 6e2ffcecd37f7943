"""Delivery metrics, equal for all services: is anything lost, late, stuck."""

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from shared.http.status import status
from shared.service import Service


async def delivery(service: Service, registry: CollectorRegistry) -> None:
    """Adds the delivery metrics as they are now."""
    now = await status(service)
    gauges = {
        # events in the ledger that are not on the topic yet
        "overdracht_unsent_events": ("Events in the ledger not yet on the topic", now["unsent"]),
        # how long the oldest of them waits
        "overdracht_oldest_unsent_age_seconds": (
            "Age of the oldest unsent event",
            now["oldest_unsent_seconds"],
        ),
        # records on the topics this service listens to that it has not handled
        "overdracht_consumer_lag_records": ("Records not handled yet", now["lag"]),
        # events that wait for their case
        "overdracht_waiting_events": ("Events waiting for their case", now["waiting"]),
        # what could not be handled and waits for a person
        "overdracht_dead_letters": ("Dead letters", now["dead"]),
    }
    found: list[Metric] = []
    for name, (meaning, value) in gauges.items():
        gauge = GaugeMetricFamily(name, meaning, labels=["service"])
        if value is not None:
            gauge.add_metric([service.name], float(value))
        found.append(gauge)
    handled = CounterMetricFamily(
        "overdracht_handled_records", "Records handled, by what became of them", labels=["service", "result"]
    )
    for result, count in sorted(service.progress.by_status.items()):
        handled.add_metric([service.name, result], count)
    registry.register(_Now([*found, handled]))


class _Now:
    """A collector of metrics that were just taken."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> list[Metric]:
        """What was taken."""
        return self._metrics
