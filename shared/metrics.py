"""Delivery metrics, equal for all services: is anything lost, late or stuck. Each metric is declared here once.

Labels are closed sets: topics, route templates, codes. Never a case, a person, an organisation or free text.
"""

from shared.measuring import counter, gauge, histogram

HTTP_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
RESULTS = ("accepted", "ignored", "duplicate", "waiting", "dead")
PUBLISHED_KINDS = ("facts", "dead_letters", "checkpoints")

# Is the ledger on its topic? Grows while the broker is away, or while a transaction that runs on holds up the relay.
UNSENT = gauge("overdracht_unsent_events", "Events in the ledger that are not on the topic yet.")
# How late is the relay? A number of events says little in a quiet week; an age always says the same.
UNSENT_AGE = gauge("overdracht_oldest_unsent_age_seconds", "Age of the oldest event that is not on the topic yet.")
# Does the relay do anything at all?
PUBLISHED = counter(
    "overdracht_published_records_total",
    "Records this process put on topics, acknowledged by the broker, by what they are.",
    "kind",
    starts=[(kind,) for kind in PUBLISHED_KINDS],
)
# Does exactly one process of a service relay, seal and look at the terms?
LEADING = gauge(
    "overdracht_leading", "Whether this process relays, seals and looks at the terms for its service: 1 or 0."
)
# How often did that have to begin again? Once in a while is a restart; often is trouble.
LEAD_LOST = counter("overdracht_lead_lost_total", "Times this process lost or gave up the lead.")
# Is every event under a signed checkpoint? What is not yet could still be altered unseen.
UNSEALED = gauge("overdracht_unsealed_events", "Events that are under no checkpoint yet.")
# How long has the oldest of them been so?
UNSEALED_AGE = gauge("overdracht_oldest_unsealed_age_seconds", "Age of the oldest event under no checkpoint yet.")
# Is every checkpoint also outside the database it is about?
UNPUBLISHED_CHECKPOINTS = gauge(
    "overdracht_unpublished_checkpoints", "Checkpoints that are not on the topic of checkpoints yet."
)
# How much of what others published is not handled here yet, and where?
LAG = gauge(
    "overdracht_consumer_lag_records",
    "Records on the topics this service listens to that its group has not handled.",
    "topic",
    "partition",
)
# How late is the consumer?
LAG_AGE = gauge(
    "overdracht_consumer_lag_seconds", "Age of the oldest record on its topics that the group has not handled; 0: none."
)
# What became of what was heard? `duplicate` is the inbox at work: delivered again, without effect.
HANDLED = counter(
    "overdracht_handled_records_total",
    "Records handled, by what became of them; duplicate: known already and refused by the inbox.",
    "result",
    starts=[(result,) for result in RESULTS],
)
# What waits for an earlier event (or its case) to come?
WAITING = gauge("overdracht_waiting_events", "Events that wait, by what for.", "reason")
# Has anything waited longer than a neighbour's relay needs?
WAITING_AGE = gauge("overdracht_oldest_waiting_age_seconds", "Time the event that waits longest has waited; 0: none.")
# What needs a person?
DEAD = gauge("overdracht_dead_letters", "Events that could not be handled and wait for a person, by reason.", "reason")
# Whose history stands still because of it?
PARKED = gauge("overdracht_parked_cases", "Cases whose later events wait behind a dead letter.")
# Which part keeps the service from being ready?
READY = gauge(
    "overdracht_ready", "Whether this part of the service is as it must be: 1 or 0; /health/ready says why not.", "part"
)
# How many cases are under way, and since when?
OPEN_CASES = gauge("overdracht_open_cases", "Open cases, by days since they were opened.", "days")
# For how many is somebody late, and who?
OVERDUE_CASES = gauge("overdracht_overdue_cases", "Cases in which a term has passed, by whose turn it is.", "turn")
# Who asks what, and what is the answer?
HTTP_REQUESTS = counter(
    "overdracht_http_requests_total",
    "Requests answered, by route template, method and status.",
    "route",
    "method",
    "status",
)
# How long does an answer take?
HTTP_SECONDS = histogram(
    "overdracht_http_request_duration_seconds",
    "Time from a request to the end of its answer, by route template and method.",
    HTTP_BUCKETS,
    "route",
    "method",
)

DELIVERY = (
    UNSENT, UNSENT_AGE, PUBLISHED, LEADING, LEAD_LOST, UNSEALED, UNSEALED_AGE, UNPUBLISHED_CHECKPOINTS, LAG, LAG_AGE,
    HANDLED, WAITING, WAITING_AGE, DEAD, PARKED, READY, OPEN_CASES, OVERDUE_CASES, HTTP_REQUESTS, HTTP_SECONDS,
)  # fmt: skip
