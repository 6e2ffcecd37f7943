"""What can be asked of a simulated world. A wrong wish is a ValueError that names the setting and the rule."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from tests.simulator.places import CODES

DAY = 86_400
MAX_COMPANIES = 10_000


def _need(holds: bool, setting: str, rule: str) -> None:
    if not holds:
        raise ValueError(f"{setting}: {rule}")


@dataclass(frozen=True, slots=True)
class Reform:
    """Diagnosis first, from a day of each municipality's own between two days of the world.

    `share` of the municipalities takes part. `effect` is added to the log of the hazard of returning, besides what
    fewer misreferrals do. Misreferral is multiplied by `misreferral`; general reasons fall to a share of `general`.
    """

    first_day: int
    last_day: int
    share: float = 1.0
    effect: float = 0.0
    misreferral: float = 0.5
    general: float = 0.15

    def __post_init__(self) -> None:
        _need(0 <= self.first_day <= self.last_day, "reform", "first day from 0, last day not before it")
        _need(0 <= self.share <= 1, "reform.share", "a share from 0 to 1")


@dataclass(frozen=True, slots=True)
class Shock:
    """For some days more people apply, and in some municipalities jobs come more easily (a new business park)."""

    day: int
    days: int
    arrivals: float = 1.3
    """Applications are this many times as many (CBS 82662NED: +30% in 2020)."""
    jobs: float = 0.0
    """Added to the log of the hazard of a job for who is referred then."""
    share: float = 1.0
    """The share of the municipalities whose job market feels it."""

    def __post_init__(self) -> None:
        _need(self.day >= 0 and self.days > 0, "shock", "begins at day 0 or later and lasts at least a day")
        _need(self.arrivals > 0, "shock.arrivals", "more than 0")
        _need(0 <= self.share <= 1, "shock.share", "a share from 0 to 1")


@dataclass(frozen=True, slots=True)
class Dirt:
    """What registering does to clean events; shares of the events unless said otherwise."""

    within_days: tuple[tuple[float, float], ...] = ((0.90, 1.0), (0.09, 7.0), (0.01, 60.0))
    """(share, days): recorded at most so many days after it happened, evenly."""
    duplicates: float = 0.005
    corrections: float = 0.005
    """Of the facts that can be corrected by a fact of their own."""
    out_of_order: float = 0.01
    """Delivered up to `displaced` places after its own."""
    displaced: int = 1_000
    skew_seconds: int = 120
    """The clock of who says when it happened is off by at most this, either way."""
    contradictions: float = 0.01
    """Of the referrals that ended in a job: also reported back as returned, afterwards."""

    def __post_init__(self) -> None:
        _need(abs(sum(share for share, _ in self.within_days) - 1) < 1e-9, "dirt.within_days", "shares add up to 1")
        for name in ("duplicates", "corrections", "out_of_order", "contradictions"):
            _need(0 <= getattr(self, name) <= 1, f"dirt.{name}", "a share from 0 to 1")


@dataclass(frozen=True, slots=True)
class Settings:
    """A world to draw."""

    seed: int = 1
    municipalities: int = 342
    companies: int = 60
    people: int = 60_000
    """Applications; with `referred_only` first referrals."""
    fixed: bool = True
    """Exactly so many; else a Poisson number of them."""
    referred_only: bool = False
    """Everybody is granted a benefit and referred: a cohort of a known size."""
    start: date = date(2022, 1, 1)
    days: int = 1_096
    """How long people come in; the history ends then."""
    heterogeneity: bool = True
    """Without it everybody, every company, every place and every round is alike."""
    misreferred: float = 2.5
    """How many times the hazard of returning is for who was sent to another trajectory than was needed; estimated."""
    sorting: float = 0.0
    """How far companies from which people come back serve places with people far from work: a correlation.

    Then who compares companies must keep their effects apart from those of people.
    """
    recorded: bool = False
    """What people want and can and what stands in their way takes a few values, which their applications tell in
    education, months without work and household. Then a register can know all of it."""
    reform: Reform | None = None
    shock: Shock | None = None

    def __post_init__(self) -> None:
        _need(0 <= self.seed < 2**63, "seed", "a whole number from 0")
        _need(1 <= self.municipalities <= len(CODES), "municipalities", f"from 1 to {len(CODES)}")
        _need(1 <= self.companies <= MAX_COMPANIES, "companies", f"from 1 to {MAX_COMPANIES}")
        _need(self.people >= 1, "people", "at least 1")
        _need(0.1 <= self.misreferred <= 10, "misreferred", "from 0.1 to 10")
        _need(-1 <= self.sorting <= 1, "sorting", "a correlation, from -1 to 1")
        _need(1 <= self.days <= 36_525, "days", "from 1 day to a hundred years")

    @property
    def opens(self) -> int:
        """The first second of the world, since 1970 (UTC)."""
        return int(datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC).timestamp())

    @property
    def ends(self) -> int:
        """The second at which the history ends: what is open then is still open."""
        return self.opens + self.days * DAY

    def as_json(self) -> dict[str, Any]:
        """As it stands in a truth."""
        return asdict(self) | {"start": self.start.isoformat()}
