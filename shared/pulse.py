"""How a service is doing, judged from a look at its surroundings and what it did since the look before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiokafka import TopicPartition

from shared.consuming import Progress

PARTS = ("database", "broker", "consumer", "relay")
OK = "ok"
STALE_SECONDS = 20.0
"""Who was not looked at for so long is not known to be well."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at a moment (of a clock that only goes forward); a code says why something could not be seen."""

    at: float
    database: str = OK
    broker: str = OK
    position: int = 0
    sent: int = 0
    oldest_unsent: float | None = None
    lags: Mapping[TopicPartition, int] = field(default_factory=dict)


@dataclass
class Pulse:
    """The last look, and since when the consumer and the relay have work and do not move."""

    listens: bool
    look: Look | None = None
    consumer_still_since: float | None = None
    relay_still_since: float | None = None
    _records: int = -1
    _sent: int = -1

    def see(self, look: Look, progress: Progress) -> None:
        """Takes in a look."""
        idle = own_lag(look, progress) == 0 or progress.trouble is not None
        moved = progress.records != self._records
        if look.broker != OK or idle or moved:
            self.consumer_still_since = None
        elif self.consumer_still_since is None:
            self.consumer_still_since = look.at
        if look.database != OK or look.oldest_unsent is None or look.sent != self._sent:
            self.relay_still_since = None
        elif self.relay_still_since is None:
            self.relay_still_since = look.at
        self.look, self._records, self._sent = look, progress.records, look.sent

    def parts(self, now: float, patience: float, progress: Progress) -> dict[str, str]:
        """Per part `ok`, or a code that says what is the matter."""
        look = self.look
        if look is None or now - look.at > STALE_SECONDS:
            return dict.fromkeys(PARTS, "unknown")
        stuck = _longer(self.consumer_still_since, now, patience)
        joined = progress.assigned is not None or not self.listens
        return {
            "database": look.database,
            "broker": look.broker,
            "consumer": "stuck" if stuck else OK if joined else "not_assigned",
            "relay": "stuck" if _longer(self.relay_still_since, now, patience) else OK,
        }

    def is_hopeless(self, now: float, patience: float) -> bool:
        """The consumer has had work for so long, with all it needs, and did none of it: only a new process helps."""
        look = self.look
        well = look is not None and look.database == OK and look.broker == OK
        return well and _longer(self.consumer_still_since, now, patience)


def own_lag(look: Look, progress: Progress) -> int:
    """Records not handled yet of the partitions this process has; of all while it has not been given any."""
    mine = progress.assigned
    return sum(lag for place, lag in look.lags.items() if mine is None or place in mine)


def _longer(since: float | None, now: float, patience: float) -> bool:
    return since is not None and now - since >= patience
