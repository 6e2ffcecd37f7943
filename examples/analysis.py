# %% [markdown]
# # Analyse van de overdrachten · Analysing the hand-offs
#
# **Samenvatting.** Dit notebook laat in negen stappen zien hoe u het datameer leest: openen, feiten tellen, het
# aandeel dat binnen 90 dagen is teruggemeld, waarom, wie er rondgepompt wordt, hoe lang elke partij aan zet was, wat u
# naar buiten mag brengen, wat een kolom betekent, en hoe u verder komt met R, pandas en process mining. De cijfers
# hieronder zijn die van het voorbeeldjaar; met `LAKE` wijst u uw eigen datameer aan. Het notebook verandert niets.
#
# The lake is a folder of Parquet files: every fact that the services stated, once. This notebook reads it with DuckDB
# and nothing else, compares what it finds with the product's own figures, and changes nothing.
#
# To run it, set `LAKE` to the lake's folder, or leave it out for `.data/lake` of this checkout; then open it in any
# Jupyter, or run the script that it is made of: `python examples/analysis.py` (without the drawing).

# %% [markdown]
# ## 1. Open the lake
# Two statements: say where the folder is, and run `views.sql`. The same two work in DuckDB's own shell, in R, in Java.

# %%
import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from services.insight.exports.exporting import export
from services.insight.lake.opening import VIEWS
from services.insight.measures.asking import Figures, told
from services.insight.measures.keeping import Kept

LAKE = Path(os.environ.get("LAKE", VIEWS.parents[3] / ".data" / "lake"))
lake = duckdb.connect()
lake.execute("SET VARIABLE lake = ?", [str(LAKE)])
lake.execute(VIEWS.read_text())


def show(query):
    """Prints what a query answers."""
    found = lake.execute(query)
    rows = [[one[0] for one in found.description]]
    rows += [["" if value is None else str(value) for value in row] for row in found.fetchall()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)).rstrip())
    print()


# %% [markdown]
# ## 2. What is in it?
# `events` has a row per fact. The other views follow from it: `handoffs` (a row per referral), `returns`, `turns`,
# `spells`, `bounces`, `jobs`, `outcomes`, `coverage`, `journeys`, `sides`.

# %%
show("""
    SELECT service, count(*) AS facts, count(DISTINCT fact) AS kinds, count(DISTINCT case_id) AS cases,
        min(occurred_at)::DATE AS first, max(occurred_at)::DATE AS last
    FROM events GROUP BY service ORDER BY facts DESC
""")
show("""
    SELECT fact, count(*) AS times, count(*) FILTER (late) AS late, count(*) FILTER (hand_off) AS hand_offs
    FROM events GROUP BY fact HAVING count(*) >= 500 ORDER BY times DESC, fact
""")

# %% [markdown]
# `occurred_at` is when a thing happened, `recorded_at` when it was heard of. Count by the first: a year that came in
# as history was recorded within the hour.
#
# A figure is about a moment. Take one up to which you know everything, here that of the last fact. A later one would
# make of days that nobody has told of yet days on which nothing happened.

# %%
lake.execute("SET VARIABLE as_of = (SELECT max(occurred_at) FROM events)")
lake.execute("CREATE TEMP MACRO as_of() AS getvariable('as_of')")
show("SELECT as_of() AS as_of")

# %% [markdown]
# ## 3. How many came back within 90 days?
# The obvious answer is returns divided by referrals. It is too low: whoever was referred last week has not had the
# time to come back, and counts as a success. Of what has ended, the share is too high: what ends quickly is in it and
# what goes on is not. Aalen and Johansen (1978) take everybody for as long as they were seen: at each age at which
# something ended, the share that was still there, times the part of those that came back just then. Whoever completed
# cannot come back any more and is not waited for. In SQL:

# %%
lake.execute("""
    CREATE TEMP TABLE come_back AS
    WITH seen AS (
        SELECT days_between(sent_at, least(ended_at, as_of())) AS days,
            CASE WHEN ended_at <= as_of() THEN ended_how ELSE 'open' END AS how
        FROM handoffs WHERE number_in_case = 1 AND sent_at <= as_of()),
    by_age AS (
        SELECT days, count(*) AS last_seen, count(*) FILTER (how <> 'open') AS ended,
            count(*) FILTER (how = 'returned') AS returned
        FROM seen GROUP BY days),
    followed AS (
        SELECT *, sum(last_seen) OVER (ORDER BY days ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS n
        FROM by_age),
    still_there AS (
        SELECT *, coalesce(product(1 - ended / n) OVER
            (ORDER BY days ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 1) AS before
        FROM followed)
    SELECT days, sum(before * returned / n) OVER (ORDER BY days) AS share FROM still_there
""")
show("""
    SELECT count(*) AS first_referrals,
        round(count(*) FILTER (ended_how = 'returned' AND days_between(sent_at, ended_at) <= 90) / count(*), 4)
            AS too_low_of_all,
        round(count(*) FILTER (ended_how = 'returned' AND days_between(sent_at, ended_at) <= 90) / count(ended_at), 4)
            AS too_high_of_what_ended,
        (SELECT round(max(share), 4) FROM come_back WHERE days <= 90) AS by_aalen_and_johansen
    FROM handoffs WHERE number_in_case = 1
""")

# %% [markdown]
# The product has this figure too, defined once, in `services/insight/measures/measures.yaml`. It is the same one, and
# says what it rests on: `low` and `high` are the limits of its 95 % interval.

# %%
[(at,)] = lake.execute("SELECT epoch_ms(as_of())").fetchall()
kept = Kept(LAKE)
kept.rebuild()
figures = Figures(kept.frame, {})
in_product = figures.figure("returned_within_90_days", {}, at)
[(in_sql,)] = lake.execute("SELECT max(share) FROM come_back WHERE days <= 90").fetchall()
print("value", round(in_product.value, 4), "low", round(in_product.low, 4), "high", round(in_product.high, 4))
print("of", in_product.n, "first referrals; differs from the SQL by", round(abs(in_product.value - in_sql), 9))

# %% [markdown]
# How it grows with the days since the referral:

# %%
show("""
    SELECT day, round(max(share), 4) AS share_come_back
    FROM come_back, (SELECT unnest([14, 30, 60, 90, 120, 180]) AS day) WHERE days <= day GROUP BY day ORDER BY day
""")


class Curve:
    """A line of (days, share), drawn by hand: no library is needed for it."""

    def __init__(self, points):
        self.points = [(0, 0), *points]

    def __repr__(self):
        return "A line from 0 % to the share above; it is drawn in a notebook."

    def _repr_svg_(self):
        line = " ".join(f"{40 + 2 * day:.0f},{200 - 360 * share:.1f}" for day, share in self.points)
        rules = "".join(
            f'<path d="M40 {200 - 36 * tenth}h360" stroke="#ddd"/>'
            f'<text x="6" y="{204 - 36 * tenth}">{tenth * 10} %</text>'
            for tenth in range(6)
        )
        days = "".join(f'<text x="{34 + 2 * day}" y="216">{day}</text>' for day in range(0, 181, 30))
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 440 236" width="440" font-family="sans-serif"'
            ' font-size="11" role="img"><title>Share that had come back, by days since the referral</title>'
            f'{rules}{days}<text x="140" y="232">days since the referral</text>'
            '<path d="M220 20v180" stroke="#888" stroke-dasharray="3"/>'
            f'<polyline points="{line}" fill="none" stroke="#154273" stroke-width="2"/></svg>'
        )


Curve(
    lake.execute("""
        SELECT day, max(share) FROM come_back, (SELECT unnest(range(3, 181, 3)) AS day)
        WHERE days <= day GROUP BY day ORDER BY day
    """).fetchall()
)

# %% [markdown]
# ## 4. Why did they come back?
# Each return has coded reasons, one of them the primary one. Its family says who is asked to act: `person` is about the
# citizen's circumstances, `fit` about the choice of the trajectory, `information` about what the municipality passed
# on, `provider` about the company, the rest about neither. `settled_reason` is what the municipality made of it later.

# %%
show("""
    SELECT side, count(*) AS returns, round(count(*) / sum(count(*)) OVER (), 3) AS share,
        count(*) FILTER (preventable = 'yes') AS preventable
    FROM returns WHERE returned_at <= as_of() GROUP BY side ORDER BY returns DESC
""")
show("""
    SELECT primary_reason, count(*) AS returns, round(median(days_after_sending))::INTEGER AS median_days_after_sending
    FROM returns WHERE returned_at <= as_of()
    GROUP BY primary_reason HAVING count(*) >= 10 ORDER BY returns DESC, primary_reason
""")

# %% [markdown]
# ## 5. The pumping round
# Sent, come back, sent again. `bounces` has a row per return, with the days since the one before.

# %%
show("""
    SELECT returns_of_case AS returns, count(*) AS cases
    FROM bounces WHERE nth = 1 GROUP BY returns_of_case ORDER BY returns_of_case
""")
show("""
    SELECT CASE WHEN same_organisation THEN 'the same' ELSE 'another' END AS came_back_from,
        count(*) AS returns, round(median(days_since_previous))::INTEGER AS median_days_since_the_one_before
    FROM bounces WHERE nth > 1 GROUP BY same_organisation ORDER BY returns DESC
""")
pumped = figures.figure("cases_with_two_or_more_returns", {}, at)
print("of", pumped.n, "people who were referred", pumped.value, "came back twice or more")

# %% [markdown]
# ## 6. Whose turn was it, and for how long?
# From sending to the end somebody is to act: the provider after a referral, the municipality after a return; during an
# illness the time is the citizen's own. `turns` has a row for each stretch. One that goes on counts up to the moment.

# %%
show("""
    SELECT side, round(sum(days_between(since, least(until, as_of())))
            / (SELECT count(DISTINCT referral_id) FROM turns WHERE since <= as_of()), 1) AS days_per_referral,
        count(*) FILTER (until IS NULL) AS going_on
    FROM turns WHERE since <= as_of() GROUP BY side ORDER BY days_per_referral DESC
""")
waited = figures.figure("waiting_days_by_side", {}, at).means
print("in the product:", {side: round(days, 1) for side, days in waited.items()})

# %% [markdown]
# Of a wait between two steps, do not take the median of those who got there: who still waits is not among them, and
# these are the long ones. The product has both.

# %%
for measure in ("median_days_sent_to_accepted", "days_sent_to_accepted"):
    print(measure, round(figures.figure(measure, {}, at).value, 2))

# %% [markdown]
# ## 7. What may leave your walls?
# Rows never, with or without ids: somebody who knows a person finds that person by the dates alone. Of figures:
#
# * nothing that rests on fewer than **10** people, and nothing from which such a number follows by subtraction;
# * no 0 % and no 100 %, for these say something of each person in the group;
# * what is published rests on **100** people or more when it is a share, and counts are rounded to tens;
# * as of the beginning of a month, so that one person's change does not show.
#
# Do not do this by hand. Ask as a `partner` or as `public`, and what must be held back is.

# %%
[(month,)] = lake.execute("SELECT epoch(date_trunc('month', as_of()))").fetchall()
months = lake.execute(
    "SELECT DISTINCT strftime(sent_at, '%Y-%m') AS month FROM handoffs ORDER BY month LIMIT 3"
).fetchall()
for part in (*({"month": one} for (one,) in months), {}):
    for audience in ("internal", "partner", "public"):
        seen = told(figures, "returned_within_90_days", part, datetime.fromtimestamp(month, UTC), audience)
        print(part.get("month", "all"), audience, seen["held_back"] or round(seen["value"], 4))

# %% [markdown]
# ## 8. What does a column mean?
# `dictionary.json`, beside `views.sql`, says of every column its Dutch name, its meaning, unit and values, in which
# facts it occurs, on what legal ground it is there, and how long it is kept. `dictionary.md` is the same, to read.

# %%
dictionary = {one["name"]: one for one in json.loads((VIEWS.parent / "dictionary.json").read_text())["events"]}
for name in ("known_at_referral", "preventable", "respond_by"):
    one = dictionary[name]
    print(f"{name} ({one['nl']}): {one['meaning']}")
    print("   values:", ", ".join(one["values"]) or "any", "| ground:", one["ground"]["en"])

# %% [markdown]
# ## 9. From here
# **pandas, Polars, Arrow.** `lake.sql("FROM handoffs").df()`, `.pl()`, `.to_arrow_table()`. The files are plain
# Parquet: `pandas.read_parquet(LAKE / "events")` reads them without DuckDB.
#
# **R.** `con <- DBI::dbConnect(duckdb::duckdb())`, then `DBI::dbExecute(con, "SET VARIABLE lake = '/data/lake'")`, each
# statement of `views.sql` in the same way, and `DBI::dbGetQuery(con, "FROM spells")`. For competing risks see `survfit`
# in the package `survival`.
#
# **The same figure next year.** Before `views.sql`: `SET VARIABLE lake_files = [...]`, the files that it rested on.
#
# **Process mining.** The lake as OCEL 2.0 (JSON or SQLite) or as XES, for PM4Py, ProM, bupaR and others. These are
# single cases: inside your own walls. Here the first month.

# %%
[(first,)] = lake.execute("SELECT epoch(min(occurred_at)) FROM events").fetchall()
until = datetime.fromtimestamp(first, UTC) + timedelta(days=30)
with tempfile.TemporaryDirectory() as folder:
    made = export(LAKE, "ocel-sqlite", Path(folder) / "log.sqlite", until=until)
print(made.events, "events about", made.objects, "objects,", made.relations, "relations")
