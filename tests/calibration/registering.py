"""A small world through the services' own rules to the records that a relay would publish."""

from dataclasses import replace
from datetime import UTC, datetime

from shared.envelope import Event
from tests.leiden_log import Topics, topics
from tests.simulator.dossiers import lines
from tests.simulator.world import World
from tests.unit.simulator.registered import registered

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def records(world: World) -> Topics:
    """Per topic and partition the records, in the order of each service's log."""
    events: dict[str, list[Event]] = {}
    found = registered(lines(world))
    assert not found.refused
    for service, event, _ in found.events:
        some = events.setdefault(service, [])
        some.append(replace(event, sequence=len(some) + 1))
    return topics(events)
