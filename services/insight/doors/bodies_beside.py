"""What the doors of comparison, change and early signals answer, for who reads the OpenAPI document."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.insight.statistics.changing import Verdict
from services.insight.statistics.comparing import Place
from shared.http.bodies import Body


class EstimateBody(Body):
    """A figure with its interval. A value of null: it cannot be known; a bound of null: there is none."""

    value: float | None
    low: float | None
    high: float | None
    n: int = Field(description="How many it rests on.")
    complete: bool = Field(description="False: nobody was followed as far as was asked.")


class ShareBody(Body):
    """A share with its interval."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class GuardsBody(Body):
    """What a share alone would hide or invite; null where it would rest on fewer than ten."""

    declined: EstimateBody | None = Field(description="Share that was refused within 90 days.")
    creaming: EstimateBody | None = Field(description="Above 0: the harder people were refused.")
    parking: EstimateBody | None = Field(description="Share of who is under way without contact in 30 days.")
    late_dumping: EstimateBody | None = Field(description="Returns just after day 90 as a multiple of just before it.")
    other_reason: EstimateBody | None = Field(description="Share of returns with reason `other`.")
    reason_evenness: float | None = Field(description="0: always the same reason; 1: all as often.")


class ProviderBody(Body):
    """A provider beside what was to be expected of its own people. `shrunk` is the figure to go by."""

    provider: str
    n: int
    observed: int
    expected: float
    ratio: EstimateBody
    shrunk: EstimateBody
    share: float | None = Field(description="The share of all, with this provider's ratio.")
    inner: list[float] = Field(description="Limits of the funnel: chance and ordinary differences, 95 in 100.")
    outer: list[float] = Field(description="And 998 in 1,000. Outside asks for a talk, no more.")
    place: Place
    seen_above: float = Field(description="The smallest ratio that would have been seen, four times out of five.")
    seen_below: float
    guards: GuardsBody = Field(description="What stands beside it, against gaming.")


class ComparisonBody(Body):
    """Providers in the order of their names; there is no ranking, and no outflow without its people."""

    providers: list[ProviderBody]
    between: float = Field(description="How much providers really differ: standard deviation of the log ratio.")
    overdispersion: float
    case_mix: list[str]
    left_out: int = Field(description="Providers with fewer than ten people, and those that would give them away.")
    as_of: datetime
    municipality: str | None


class SharesBody(Body):
    """How the work was done: shares with their intervals; null when held back."""

    diagnosed_before_first_referral: ShareBody | None
    argued_directions: ShareBody | None
    shared_directions: ShareBody | None
    interim_measurement: ShareBody | None
    reflection: ShareBody | None


class MunicipalityBody(Body):
    """A municipality: how the work was done, and then who works within a year beside what was to be expected."""

    municipality: str
    quality: SharesBody
    n: int = Field(description="People who were granted benefit.")
    observed: int
    expected: float
    ratio: EstimateBody
    shrunk: EstimateBody
    share: float | None = Field(description="The share of all, with this municipality's ratio.")
    inner: list[float]
    outer: list[float]
    place: Place
    seen_above: float
    seen_below: float


class OutflowBody(Body):
    """Municipalities in the order of their codes; there is no ranking."""

    municipalities: list[MunicipalityBody]
    between: float
    overdispersion: float
    corrected_for: list[str]
    not_corrected_for: list[str] = Field(description="The labour market, unless a file says what it was.")
    left_out: int = Field(description="Municipalities whose own share may not be shown.")
    as_of: datetime


class MonthBody(EstimateBody):
    """The share of a month of sending."""

    month: str


class SeriesBody(Body):
    """The monthly shares, with the jump and the turn at the moment of the change."""

    months: list[MonthBody] = Field(description="Without those of fewer than ten.")
    level: EstimateBody = Field(description="The jump.")
    slope: EstimateBody = Field(description="By how much more it grows per month from then on.")
    lags: int = Field(description="Over how many months errors were taken to hang together.")


class StaggeredBody(Body):
    """What the change did where it came, from where it had not come yet."""

    effect: EstimateBody
    by_age: list[EstimateBody] = Field(description="By number of months since the change.")
    leads: list[EstimateBody] = Field(description="Placebo, one, two, ... months before the change: about 0.")
    never: int = Field(description="Municipalities to which it never came.")
    municipalities: int


class ChangeBody(Body):
    """Before and after; what difference could have been seen; the monthly series; and against who changed later."""

    before: EstimateBody | None
    after: EstimateBody | None
    difference: EstimateBody | None
    detectable: float | None = Field(description="The smallest difference that would be seen four times out of five.")
    verdict: Verdict | Literal["too_few"]
    held_back: Literal["small_number", "all_or_none"] | None
    series: SeriesBody | None = Field(description="Null: too few months to tell a break from chance.")
    staggered: StaggeredBody | None = Field(description="Null: not asked for, or nothing to compare with.")
    since: datetime
    as_of: datetime
    municipality: str | None


class SignalItem(Body):
    """A provider's chart: where it stands, its threshold, and the months in which it passed it."""

    provider: str
    n: int
    threshold: float
    now: float
    alarms: list[str]


class SignalPage(Body):
    """Early signals, in the order of the providers' names."""

    as_of: datetime
    municipality: str | None
    items: list[SignalItem]
