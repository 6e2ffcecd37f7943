-- What the lake tells, for any DuckDB. In the lake's folder: duckdb -init …/views.sql
-- From elsewhere: SET VARIABLE lake = '/data/lake'; and then .read …/views.sql
-- A figure that must come out the same later: SET VARIABLE lake_files = [the files it rests on]; in the same way.
--
-- The rules, the same in every view:
--   * events are as they are on the log, each once; all else here counts by when things happened (occurred_at), not by when
--     they were recorded. So a late fact has its place.
--   * what happened first ends a spell; at the same moment the order is: returned, a job, completed, declined, withdrawn,
--     end of benefit, closing. What is said to have happened after the end (a return after completion) changes nothing,
--     and stands in `returns` and `events` all the same.
--   * a `…_corrected` fact takes the place of what it corrects; of several the one recorded last.
--   * nothing lasts less than no time: clocks that differ give 0. What is not over has no end; whoever counts, censors.
--   * days are 86,400 seconds; months and dates are those of the Netherlands.
SET TimeZone = 'Europe/Amsterdam';

CREATE OR REPLACE VIEW events AS
SELECT * FROM read_parquet(
    coalesce(getvariable('lake_files'), [coalesce(getvariable('lake'), '.') || '/events/month=*/*.parquet']),
    hive_partitioning = true, hive_types_autocast = false, union_by_name = true);

-- All that follows rests on events alone.
CREATE OR REPLACE MACRO seconds_between(a, b) AS
    CASE WHEN b >= a THEN (epoch_ms(b) - epoch_ms(a)) / 1000.0 WHEN b < a THEN 0.0 END;
CREATE OR REPLACE MACRO days_between(a, b) AS seconds_between(a, b) / 86400.0;

-- The facts of each referral in their order, and what each makes of it: whose turn it is, or the end.
CREATE OR REPLACE VIEW referral_facts AS
SELECT referral_id, case_id, fact, occurred_at, sequence,
    CASE
        WHEN fact = 'referral_returned' THEN 'municipality'
        WHEN fact <> 'referral_suspended' THEN 'provider'
        WHEN reason = 'provider_closed' THEN 'provider'
        WHEN reason = 'awaiting_other_help' THEN 'municipality'
        ELSE 'citizen'
    END AS turn,
    CASE fact
        WHEN 'referral_returned' THEN 1 WHEN 'trajectory_completed' THEN 3 WHEN 'referral_declined' THEN 4
        WHEN 'referral_withdrawn' THEN 5
    END AS ending
FROM events
WHERE service = 'referral' AND referral_id IS NOT NULL AND fact IN (
    'referral_sent', 'referral_received', 'referral_accepted', 'trajectory_started', 'referral_suspended',
    'referral_resumed', 'referral_returned', 'return_reviewed', 'referral_declined', 'referral_withdrawn',
    'trajectory_completed');

CREATE OR REPLACE VIEW referral_ends AS
SELECT referral_id, occurred_at AS ended_at, fact AS ended_by, sequence, ending,
    CASE fact WHEN 'trajectory_completed' THEN 'completed' ELSE replace(fact, 'referral_', '') END AS ended_how
FROM referral_facts WHERE ending IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY referral_id ORDER BY occurred_at, ending, sequence) = 1;

-- Whose turn it was in each referral, from when until when; the last one, while it is open, has no end.
CREATE OR REPLACE VIEW turns AS
WITH counting AS (
    SELECT f.* REPLACE (CASE WHEN f.fact = 'return_reviewed' THEN greatest(f.occurred_at, e.ended_at) ELSE f.occurred_at END
            AS occurred_at),
        f.fact = 'return_reviewed' OR (e.ended_by IS NOT DISTINCT FROM f.fact AND f.fact <> 'referral_returned') AS over
    FROM referral_facts f LEFT JOIN referral_ends e USING (referral_id)
    WHERE CASE WHEN f.fact = 'return_reviewed' THEN coalesce(e.ended_how = 'returned', false)
        ELSE e.referral_id IS NULL OR (f.occurred_at, f.sequence) <= (e.ended_at, e.sequence) END)
SELECT referral_id, case_id, turn AS side, occurred_at AS since,
    lead(occurred_at) OVER (PARTITION BY referral_id ORDER BY occurred_at, fact = 'return_reviewed', sequence) AS until
FROM counting
QUALIFY NOT over;

-- One row per referral.
CREATE OR REPLACE VIEW handoffs AS
WITH facts AS (
    SELECT referral_id,
        any_value(case_id) AS case_id, any_value(municipality) AS municipality,
        any_value(from_organisation) AS from_organisation, any_value(to_organisation) AS to_organisation,
        any_value(trajectory) AS trajectory, any_value(goal) AS goal, any_value(warm) AS warm,
        any_value(respond_by) AS respond_by, any_value(start_by) AS start_by,
        any_value(previous_referral_id) AS previous_referral_id,
        min(sequence) FILTER (fact = 'referral_sent') AS sequence,
        min(occurred_at) FILTER (fact = 'referral_sent') AS sent_at,
        min(occurred_at) FILTER (fact = 'referral_received') AS received_at,
        min(occurred_at) FILTER (fact = 'referral_accepted') AS accepted_at,
        min(first_contact_on) FILTER (fact = 'referral_accepted') AS first_contact_on,
        min(coach) FILTER (fact = 'referral_accepted') AS coach,
        min(occurred_at) FILTER (fact = 'trajectory_started') AS started_at,
        arg_min(first_contact, occurred_at) FILTER (fact = 'trajectory_started') AS first_contact,
        arg_min(phase, occurred_at) FILTER (fact = 'referral_returned') AS return_phase,
        min(occurred_at) FILTER (fact = 'return_reviewed') AS reviewed_at,
        bool_or(imported) FILTER (fact = 'referral_sent') AS imported
    FROM events WHERE service = 'referral' AND referral_id IS NOT NULL GROUP BY referral_id),
waits AS (
    SELECT referral_id,
        sum(days_between(since, until)) FILTER (side = 'municipality') AS municipality_days,
        sum(days_between(since, until)) FILTER (side = 'provider') AS provider_days,
        sum(days_between(since, until)) FILTER (side = 'citizen') AS citizen_days,
        any_value(side) FILTER (until IS NULL) AS turn, any_value(since) FILTER (until IS NULL) AS turn_since
    FROM turns GROUP BY referral_id),
ends AS (
    SELECT r.referral_id, r.ended_at, r.ended_how, f.reason AS end_reason, f.result
    FROM referral_ends r
    JOIN events f ON f.service = 'referral' AND f.sequence = r.sequence),
diagnosed AS (SELECT case_id, min(occurred_at) AS first_at FROM events WHERE fact = 'diagnosis_completed' GROUP BY case_id)
SELECT facts.* EXCLUDE (sequence),
    row_number() OVER (PARTITION BY case_id ORDER BY sent_at, sequence) AS number_in_case,
    ended_at, ended_how, end_reason, result,
    days_between(sent_at, received_at) AS days_to_receipt,
    days_between(sent_at, accepted_at) AS days_to_acceptance,
    days_between(sent_at, started_at) AS days_to_start,
    coalesce(municipality_days, 0) AS municipality_days, coalesce(provider_days, 0) AS provider_days,
    coalesce(citizen_days, 0) AS citizen_days, turn, turn_since,
    coalesce(first_at <= sent_at, false) AS diagnosed_before
FROM facts LEFT JOIN waits USING (referral_id) LEFT JOIN ends USING (referral_id) LEFT JOIN diagnosed USING (case_id)
WHERE sent_at IS NOT NULL;

-- One row per job, with the last correction.
CREATE OR REPLACE VIEW jobs AS
WITH said AS (
    SELECT job_id, any_value(case_id) AS case_id, any_value(municipality) AS municipality,
        arg_max(hours_per_week, sequence) AS hours_per_week, arg_max(contract, sequence) AS contract,
        arg_max(employer_instruments, sequence) AS employer_instruments,
        coalesce(arg_max(started_at, sequence) FILTER (started_at IS NOT NULL),
            min(occurred_at) FILTER (fact = 'job_started')) AS started_at
    FROM events WHERE fact IN ('job_started', 'job_started_corrected') GROUP BY job_id),
ended AS (
    SELECT job_id, min(occurred_at) AS ended_at, arg_min(reason, occurred_at) AS end_reason
    FROM events WHERE fact = 'job_ended' GROUP BY job_id)
SELECT * FROM said LEFT JOIN ended USING (job_id) WHERE started_at IS NOT NULL;

-- One row per outcome that was reached, with the last correction.
CREATE OR REPLACE VIEW outcomes AS
WITH corrected AS (
    SELECT case_id, reached_at, was_perspective, was_sustained_months,
        arg_max(perspective, sequence) AS perspective, arg_max(sustained_months, sequence) AS sustained_months
    FROM events WHERE fact = 'outcome_reached_corrected' GROUP BY ALL)
SELECT o.case_id, o.municipality, o.occurred_at AS reached_at,
    coalesce(c.perspective, o.perspective) AS perspective,
    coalesce(c.sustained_months, o.sustained_months) AS sustained_months, c.case_id IS NOT NULL AS corrected
FROM events o LEFT JOIN corrected c ON c.case_id = o.case_id AND c.reached_at = o.occurred_at
    AND c.was_perspective = o.perspective AND c.was_sustained_months = o.sustained_months
WHERE o.fact = 'outcome_reached';

-- One row per return: the provider's reasons, and what the municipality made of it.
CREATE OR REPLACE VIEW returns AS
WITH said AS (
    SELECT *, from_json(reasons, '[{"code": "VARCHAR", "factor": "VARCHAR", "primary": "BOOLEAN"}]') AS listed
    FROM events WHERE fact = 'referral_returned'
    QUALIFY row_number() OVER (PARTITION BY referral_id ORDER BY occurred_at, sequence) = 1),
reviewed AS (
    SELECT *, from_json(corrected_reasons, '[{"code": "VARCHAR", "primary": "BOOLEAN"}]') AS listed
    FROM events WHERE fact = 'return_reviewed'
    QUALIFY row_number() OVER (PARTITION BY referral_id ORDER BY occurred_at, sequence) = 1),
coded AS (
    SELECT s.referral_id, s.case_id, s.municipality, s.occurred_at AS returned_at, s.phase,
        list_filter(s.listed, lambda one: one.primary)[1].code AS primary_reason,
        list_transform(s.listed, lambda one: one.code) AS reasons,
        s.known_at_referral, s.preventable, s.citizen_reading ->> 'view' AS citizen_view, s.proposed_next, s.imported,
        r.occurred_at AS reviewed_at, NOT r.agrees AS disputed, r.cause, r."next",
        list_filter(r.listed, lambda one: one.primary)[1].code AS corrected_reason
    FROM said s LEFT JOIN reviewed r USING (referral_id))
SELECT coded.*, coalesce(corrected_reason, primary_reason) AS settled_reason,
    split_part(primary_reason, '.', 1) AS family,
    CASE split_part(primary_reason, '.', 1)
        WHEN 'person' THEN 'citizen' WHEN 'fit' THEN 'fit' WHEN 'information' THEN 'municipality'
        WHEN 'provider' THEN 'provider' ELSE 'outside'
    END AS side,
    h.from_organisation, h.to_organisation, h.trajectory, h.warm, h.sent_at, h.number_in_case,
    h.ended_how = 'returned' AS ended_the_referral, days_between(h.sent_at, returned_at) AS days_after_sending
FROM coded LEFT JOIN handoffs h USING (referral_id);

-- One row per referral, as durations, from the moment of sending and from that of acceptance. `ended`: by the facts of the
-- referral alone. `left`: also by a job, by the end of the benefit and by closing, whichever came first; `left_cause` is
-- return, job or other. Who is said to come back, be withdrawn or be ready because of work found left for a job.
CREATE OR REPLACE VIEW spells AS
WITH others AS (
    SELECT case_id, started_at AS other_at, 2 AS rank, 'job' AS how, 'work' AS why FROM jobs
    UNION ALL
    SELECT case_id, occurred_at, CASE fact WHEN 'benefit_ended' THEN 6 ELSE 7 END,
        CASE fact WHEN 'benefit_ended' THEN 'benefit_ended' ELSE 'closed' END, reason
    FROM events WHERE service = 'intake' AND fact IN ('benefit_ended', 'case_closed')),
outside AS (
    SELECT h.referral_id, o.other_at, o.rank, o.how, o.why
    FROM handoffs h JOIN others o ON o.case_id = h.case_id AND o.other_at >= h.sent_at
    QUALIFY row_number() OVER (PARTITION BY h.referral_id ORDER BY o.other_at, o.rank) = 1),
joined AS (
    SELECT h.*, o.* EXCLUDE (referral_id), coalesce(r.settled_reason, h.result, h.end_reason) AS end_why,
        o.other_at IS NOT NULL AND (h.ended_at IS NULL OR (o.other_at, o.rank) < (h.ended_at, e.ending)) AS outside_first
    FROM handoffs h LEFT JOIN referral_ends e USING (referral_id) LEFT JOIN outside o USING (referral_id)
        LEFT JOIN returns r USING (referral_id)),
spelled AS (
    SELECT *, CASE WHEN outside_first THEN how ELSE ended_how END AS left_how,
        CASE WHEN outside_first THEN other_at ELSE ended_at END AS left_at,
        CASE WHEN outside_first THEN why ELSE end_why END AS left_why,
        CASE WHEN accepted_at <= coalesce(ended_at, accepted_at) THEN accepted_at END AS taken_at
    FROM joined)
SELECT referral_id, case_id, municipality, from_organisation, to_organisation, trajectory, warm, number_in_case,
    diagnosed_before, imported, sent_at, taken_at AS accepted_at,
    ended_how, ended_at, seconds_between(sent_at, ended_at) AS seconds_from_sent,
    seconds_between(taken_at, ended_at) AS seconds_from_accepted,
    left_how, left_at,
    CASE WHEN left_why IN ('work', 'paid_work', 'positive.work_found') THEN 'job' WHEN left_how = 'returned' THEN 'return'
        WHEN left_how IS NOT NULL THEN 'other' END AS left_cause,
    seconds_between(sent_at, left_at) AS left_seconds_from_sent,
    CASE WHEN taken_at <= coalesce(left_at, taken_at) THEN seconds_between(taken_at, left_at) END
        AS left_seconds_from_accepted
FROM spelled;

-- The pumping round: each return of a case, and the days since the one before it.
CREATE OR REPLACE VIEW bounces AS
SELECT case_id, municipality, referral_id, returned_at, primary_reason, to_organisation,
    row_number() OVER back AS nth, count(*) OVER (PARTITION BY case_id) AS returns_of_case,
    lag(returned_at) OVER back AS previous_returned_at,
    days_between(lag(returned_at) OVER back, returned_at) AS days_since_previous,
    lag(to_organisation) OVER back IS NOT DISTINCT FROM to_organisation AND row_number() OVER back > 1 AS same_organisation
FROM returns
WINDOW back AS (PARTITION BY case_id ORDER BY returned_at, referral_id);

-- Diagnosis per case that was granted benefit.
CREATE OR REPLACE VIEW coverage AS
SELECT case_id, any_value(municipality) AS municipality,
    min(decided_on) FILTER (fact = 'benefit_decided' AND decision = 'granted') AS granted_on,
    min(ended_on) FILTER (fact = 'benefit_ended') AS benefit_ended_on,
    min(occurred_at) FILTER (fact = 'case_closed') AS closed_at,
    min(occurred_at) FILTER (fact = 'referral_sent') AS first_referral_at,
    min(occurred_at) FILTER (fact = 'diagnosis_completed') AS first_diagnosed_at,
    max(occurred_at) FILTER (fact = 'diagnosis_completed') AS last_diagnosed_at,
    benefit_ended_on IS NULL AND closed_at IS NULL AS on_benefit,
    first_diagnosed_at IS NOT NULL AS diagnosed,
    coalesce(first_diagnosed_at <= first_referral_at, false) AS diagnosed_before_first_referral
FROM events WHERE case_id IS NOT NULL GROUP BY case_id HAVING granted_on IS NOT NULL;

-- One row per case: the whole way.
CREATE OR REPLACE VIEW journeys AS
WITH firsts AS (
    SELECT case_id, any_value(municipality) AS municipality,
        any_value(kind) FILTER (fact = 'application_received') AS kind,
        any_value(channel) FILTER (fact = 'application_received') AS channel,
        any_value(case_mix) AS case_mix,
        min(occurred_at) FILTER (fact = 'application_received') AS applied_at,
        min(occurred_at) FILTER (fact = 'benefit_decided') AS decided_at,
        arg_min(decision, occurred_at) FILTER (fact = 'benefit_decided') AS decision,
        min(occurred_at) FILTER (fact = 'diagnosis_completed') AS first_diagnosed_at,
        min(occurred_at) FILTER (fact = 'direction_decided') AS first_direction_at,
        arg_max(direction, occurred_at) FILTER (fact = 'direction_decided') AS last_direction,
        min(occurred_at) FILTER (fact = 'referral_sent') AS first_referral_at,
        min(occurred_at) FILTER (fact = 'trajectory_started') AS first_started_at,
        min(occurred_at) FILTER (fact = 'benefit_ended') AS benefit_ended_at,
        arg_min(reason, occurred_at) FILTER (fact = 'benefit_ended') AS benefit_end_reason,
        min(occurred_at) FILTER (fact = 'application_withdrawn') AS withdrawn_at,
        max(occurred_at) FILTER (fact = 'case_closed') AS closed_at,
        count(*) FILTER (fact = 'referral_sent') AS referrals,
        count(DISTINCT referral_id) FILTER (fact = 'referral_returned') AS returns,
        count(*) FILTER (fact = 'diagnosis_completed') AS diagnoses,
        count(*) AS facts, max(occurred_at) AS last_at
    FROM events WHERE case_id IS NOT NULL GROUP BY case_id),
worked AS (SELECT case_id, min(started_at) AS first_job_at, count(*) AS jobs FROM jobs GROUP BY case_id)
SELECT firsts.* EXCLUDE (case_mix),
    case_mix ->> 'age_band' AS age_band, case_mix ->> 'education' AS education,
    case_mix ->> 'language_level' AS language_level, case_mix ->> 'household' AS household,
    case_mix ->> 'months_without_work_band' AS months_without_work_band, case_mix ->> 'region' AS region,
    first_job_at, coalesce(jobs, 0) AS jobs
FROM firsts LEFT JOIN worked USING (case_id);

-- Days per side and case: the newest open referral says whose turn it is; without one the municipality is to refer,
-- until the case is closed. A turn counts when it is over; `open_since`: it is this side's turn, since then.
CREATE OR REPLACE VIEW sides AS
WITH numbered AS (SELECT t.*, h.number_in_case FROM turns t JOIN handoffs h USING (referral_id)),
moments AS (
    SELECT case_id, occurred_at AS since FROM events WHERE service = 'intake' AND fact = 'application_received'
    UNION SELECT case_id, since FROM numbered
    UNION SELECT case_id, until FROM numbered WHERE until IS NOT NULL),
sided AS (
    SELECT m.case_id, m.since, arg_max(n.side, n.number_in_case) AS asked, coalesce(asked, 'municipality') AS side
    FROM moments m LEFT JOIN numbered n
        ON n.case_id = m.case_id AND n.since <= m.since AND (n.until IS NULL OR m.since < n.until)
    GROUP BY m.case_id, m.since),
closed AS (
    SELECT case_id, max(e.occurred_at) AS closed_at
    FROM events e JOIN (SELECT case_id FROM sided GROUP BY case_id HAVING arg_max(asked IS NULL, since)) USING (case_id)
    WHERE fact = 'case_closed' GROUP BY case_id),
changes AS (
    SELECT * FROM sided QUALIFY lag(side) OVER (PARTITION BY case_id ORDER BY since) IS DISTINCT FROM side),
stretches AS (
    SELECT case_id, side, since,
        coalesce(lead(since) OVER (PARTITION BY case_id ORDER BY since), CASE WHEN closed_at IS NOT NULL THEN greatest(closed_at, since) END) AS until
    FROM changes LEFT JOIN closed USING (case_id))
SELECT case_id, side, coalesce(sum(days_between(since, until)), 0) AS days,
    any_value(since) FILTER (until IS NULL) AS open_since
FROM stretches GROUP BY case_id, side;
