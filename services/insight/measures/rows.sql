-- What the measures are computed from, one view per kind of row, on the views of the lake (../lake/views.sql).
-- Every view is of cases: the rows of one case follow from the events of that case alone.

CREATE OR REPLACE VIEW rows_referrals AS
WITH directed AS (
    SELECT s.referral_id, arg_max(d.direction, (d.occurred_at, d.sequence)) AS direction
    FROM spells s JOIN events d ON d.case_id = s.case_id AND d.fact = 'direction_decided' AND d.occurred_at <= s.sent_at
    GROUP BY s.referral_id),
contacted AS (
    SELECT referral_id, max(occurred_at) AS last_contact_at
    FROM events WHERE referral_id IS NOT NULL AND fact IN ('trajectory_started', 'referral_resumed', 'plan_agreed')
    GROUP BY referral_id)
SELECT s.referral_id, s.case_id, s.municipality, s.to_organisation AS provider, s.trajectory,
    coalesce(d.direction, 'unknown') AS direction, s.warm, s.diagnosed_before,
    strftime(s.sent_at, '%Y-%m') AS month, s.number_in_case,
    s.sent_at, h.received_at, h.accepted_at, h.started_at, s.ended_at, s.ended_how, s.left_at, s.left_cause,
    h.reviewed_at, c.last_contact_at, s.imported
FROM spells s JOIN handoffs h USING (referral_id) LEFT JOIN directed d USING (referral_id)
    LEFT JOIN contacted c USING (referral_id);

CREATE OR REPLACE VIEW rows_returns AS
SELECT r.referral_id, r.case_id, r.municipality, r.to_organisation AS provider, r.trajectory, r.warm, h.diagnosed_before,
    strftime(r.sent_at, '%Y-%m') AS month, r.returned_at, r.primary_reason AS reason, r.side, r.reviewed_at, r.disputed,
    r.phase, row_number() OVER (PARTITION BY r.case_id ORDER BY r.returned_at, r.referral_id) AS nth
FROM returns r LEFT JOIN handoffs h USING (referral_id);

CREATE OR REPLACE VIEW rows_turns AS
SELECT t.referral_id, t.case_id, h.municipality, h.to_organisation AS provider, h.trajectory, h.warm, h.diagnosed_before,
    strftime(h.sent_at, '%Y-%m') AS month, t.side, t.since, t.until
FROM turns t JOIN handoffs h USING (referral_id);

CREATE OR REPLACE VIEW rows_cases AS
WITH steps AS (
    SELECT case_id, min(occurred_at) AS first_step_at FROM events
    WHERE fact IN ('diagnosis_completed', 'direction_decided', 'trajectory_started', 'plan_agreed', 'job_started')
    GROUP BY case_id),
counted AS (
    SELECT case_id, min(sent_at) AS first_sent_at, bool_or(diagnosed_before AND number_in_case = 1) AS diagnosed_first
    FROM handoffs GROUP BY case_id)
SELECT j.case_id, j.municipality, strftime(j.applied_at, '%Y-%m') AS month, j.channel, j.applied_at, j.decided_at,
    least(j.first_job_at, CASE WHEN j.benefit_end_reason = 'work' THEN j.benefit_ended_at END) AS work_at, s.first_step_at,
    j.first_referral_at, j.first_diagnosed_at, c.last_diagnosed_at, c.granted_on, j.benefit_ended_at, j.withdrawn_at,
    j.closed_at, j.first_job_at, coalesce(k.diagnosed_first, false) AS diagnosed_first,
    coalesce(j.decision, 'unknown') AS decision, j.age_band, j.education, j.language_level, j.household,
    j.months_without_work_band
FROM journeys j LEFT JOIN steps s USING (case_id) LEFT JOIN coverage c USING (case_id) LEFT JOIN counted k USING (case_id);

CREATE OR REPLACE VIEW rows_decisions AS
WITH weighed AS (
    SELECT d.case_id, d.sequence, count(*) AS arguments
    FROM events d JOIN events a ON a.case_id = d.case_id AND a.fact = 'argument_weighed' AND a.occurred_at <= d.occurred_at
    WHERE d.fact = 'direction_decided' GROUP BY d.case_id, d.sequence)
SELECT d.case_id, d.sequence, d.municipality, strftime(d.occurred_at, '%Y-%m') AS month, d.occurred_at AS decided_at,
    d.direction, coalesce(w.arguments, 0) > 0 AS argued, d.shared ->> 'decided_by' = 'together' AS together,
    d.shared ->> 'citizen_view' AS citizen_view
FROM events d LEFT JOIN weighed w USING (case_id, sequence) WHERE d.fact = 'direction_decided';

CREATE OR REPLACE VIEW rows_trajectories AS
WITH measured AS (
    SELECT h.referral_id, min(m.occurred_at) AS measured_at
    FROM handoffs h JOIN events m ON m.case_id = h.case_id AND m.fact = 'goal_measured' AND m.occurred_at >= h.started_at
        AND (h.ended_at IS NULL OR m.occurred_at <= h.ended_at)
    GROUP BY h.referral_id),
learned AS (
    SELECT h.referral_id, min(e.occurred_at) AS reflected_at
    FROM handoffs h JOIN events e ON e.case_id = h.case_id AND e.fact = 'step_reflected' AND e.occurred_at >= h.ended_at
    GROUP BY h.referral_id)
SELECT h.referral_id, h.case_id, h.municipality, h.to_organisation AS provider, h.trajectory, h.warm, h.diagnosed_before,
    strftime(h.sent_at, '%Y-%m') AS month, h.started_at, h.ended_at, h.ended_how, m.measured_at, l.reflected_at
FROM handoffs h LEFT JOIN measured m USING (referral_id) LEFT JOIN learned l USING (referral_id);

CREATE OR REPLACE VIEW rows_outcomes AS
SELECT case_id, municipality, strftime(reached_at, '%Y-%m') AS month, reached_at, perspective, sustained_months
FROM outcomes;

CREATE OR REPLACE VIEW rows_jobs AS
SELECT job_id, case_id, municipality, strftime(started_at, '%Y-%m') AS month, started_at, ended_at FROM jobs;

-- After what was tried: the first work from then on, and otherwise the end of the benefit or the case.
CREATE OR REPLACE VIEW rows_interventions AS
WITH begun AS (
    SELECT intervention_id, any_value(case_id) AS case_id, any_value(municipality) AS municipality,
        arg_min(instrument, occurred_at) AS instrument, min(occurred_at) AS started_at
    FROM events WHERE fact = 'intervention_started' AND intervention_id IS NOT NULL GROUP BY intervention_id),
worked AS (
    SELECT case_id, started_at AS work_at FROM jobs
    UNION ALL SELECT case_id, occurred_at FROM events WHERE fact = 'benefit_ended' AND reason = 'work'),
left_for AS (
    SELECT case_id, min(occurred_at) AS left_at FROM events WHERE fact IN ('benefit_ended', 'case_closed') GROUP BY case_id)
SELECT b.intervention_id, b.case_id, b.municipality, b.instrument, strftime(b.started_at, '%Y-%m') AS month, b.started_at,
    min(w.work_at) AS work_at, any_value(l.left_at) AS left_at
FROM begun b LEFT JOIN worked w ON w.case_id = b.case_id AND w.work_at >= b.started_at
    LEFT JOIN left_for l ON l.case_id = b.case_id
GROUP BY ALL;

CREATE OR REPLACE VIEW rows_silences AS
SELECT e.referral_id, e.case_id, e.municipality, h.to_organisation AS provider, h.trajectory, h.warm, h.diagnosed_before,
    strftime(h.sent_at, '%Y-%m') AS month, e.sequence, e.occurred_at AS silent_at, e.waiting_for AS side, e.fact AS kind
FROM events e JOIN handoffs h USING (referral_id)
WHERE e.service = 'referral' AND e.waiting_for IS NOT NULL;
