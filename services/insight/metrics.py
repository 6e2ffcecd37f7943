"""Every metric of insight. Few: a figure that changes with each event would show the person behind the event."""

from shared.measuring import Measure, counter, gauge, histogram
from shared.metrics import HTTP_REQUESTS, HTTP_SECONDS, READY

# Does the lake follow the log? Records that are on the topics and not in the files.
LAG = gauge("overdracht_lake_lag_records", "Records on the topics that are not in the lake yet.", "topic", "partition")
# What came in that nobody here knew? It is kept raw; somebody should look.
COUNTED = counter("overdracht_lake_records_total", "Records since the lake began, by what became of them.", "kind")
# Is the copy whole? Records that are gone from a topic before they were read, files that overlap.
WHOLE = gauge(
    "overdracht_lake_whole", "Whether the lake holds every record once (1); /v1/status says what it does not."
)
# How fresh are the figures?
BEHIND = gauge(
    "overdracht_figures_behind_seconds", "How long there has been something in the lake that the figures do not show."
)
# How long does making them anew take?
REFRESHED = histogram(
    "overdracht_figures_refresh_seconds",
    "Time that making rows and figures anew took.",
    (0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 120),
)
# Who comes back? As of the beginning of the month, of all and of each provider with enough people.
RETURNED = gauge(
    "overdracht_returned_within_quarter_ratio",
    "Share of first referrals returned within 90 days, as of the beginning of the month, disclosure rules applied.",
    "provider",
)
# On how many does that rest? A share without its size is no figure.
RETURNED_N = gauge(
    "overdracht_returned_within_quarter_referrals", "Referrals that the share rests on, in steps of ten.", "provider"
)
# Are reasons still specific? Above one in twenty somebody has stopped choosing.
OTHER = gauge(
    "overdracht_other_reason_ratio",
    "Share of returns with reason `other`, as of the beginning of the month. Goal: 0.05.",
)
OWN: tuple[Measure, ...] = (LAG, COUNTED, WHOLE, BEHIND, REFRESHED, RETURNED, RETURNED_N, OTHER)
MEASURES: tuple[Measure, ...] = (*OWN, READY, HTTP_REQUESTS, HTTP_SECONDS)
