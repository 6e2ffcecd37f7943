-- The facilities of one municipality, on the views of the lake (../lake/views.sql): what a provider does for a citizen,
-- instruments at work, and what an employer gets. All by when it happened; days are days of the Netherlands.
-- Parameters: $municipality, $begins (accepted or started), $provided_ends and $job_ends (ends of the benefit that count).

-- The first ends of everything, per case: closing, and such ends of the benefit as are the end of it.
CREATE OR REPLACE TEMP TABLE srg_ends AS
SELECT case_id, occurred_at AS moment,
    fact = 'case_closed' OR list_contains($provided_ends, reason) AS of_provided,
    fact = 'benefit_ended' AND list_contains($job_ends, reason) AS of_jobs
FROM events WHERE municipality = $municipality AND service = 'intake' AND fact IN ('case_closed', 'benefit_ended');

-- A hand-off is a facility once it was sent and the provider took the citizen on; what is said to have begun after its end
-- never was.
CREATE OR REPLACE TEMP TABLE srg_hand_offs AS
WITH taken AS (
    SELECT referral_id, case_id, to_organisation, trajectory, goal, ended_at, end_reason,
        CASE $begins WHEN 'started' THEN started_at ELSE least(accepted_at, started_at) END AS taken_at,
        CASE WHEN taken_at IS NOT NULL THEN greatest(sent_at, taken_at) END AS begun_at
    FROM handoffs WHERE municipality = $municipality),
gone AS (
    SELECT t.referral_id, min(e.moment) AS gone_at FROM taken t JOIN srg_ends e ON e.case_id = t.case_id AND e.moment >= t.begun_at
    WHERE e.of_provided GROUP BY t.referral_id)
SELECT t.* EXCLUDE (taken_at), least(ended_at, gone_at) AS over_at, ended_at <= coalesce(gone_at, ended_at) AS by_itself
FROM taken t LEFT JOIN gone USING (referral_id)
WHERE begun_at IS NOT NULL AND begun_at <= coalesce(ended_at, begun_at);

-- What is said to have ended, and never to have begun, is no facility: outcome takes no such word.
CREATE OR REPLACE TEMP TABLE srg_interventions AS
WITH said AS (
    SELECT intervention_id, any_value(case_id) AS case_id,
        min(occurred_at) FILTER (fact = 'intervention_started') AS begun_at,
        arg_min(instrument, (occurred_at, sequence)) FILTER (fact = 'intervention_started') AS instrument,
        arg_min(goal_id, (occurred_at, sequence)) FILTER (fact = 'intervention_started') AS goal_id,
        min(occurred_at) FILTER (fact = 'intervention_ended') AS ended_at,
        arg_min(result, (occurred_at, sequence)) FILTER (fact = 'intervention_ended') AS result
    FROM events
    WHERE municipality = $municipality AND fact IN ('intervention_started', 'intervention_ended')
        AND intervention_id IS NOT NULL
    GROUP BY intervention_id
    HAVING begun_at IS NOT NULL),
goals AS (
    SELECT case_id, occurred_at AS moment, referral_id,
        (unnest(from_json(goals, '[{"goal_id": "BIGINT"}]'))).goal_id AS goal_id
    FROM events WHERE municipality = $municipality AND fact = 'plan_agreed'),
-- the hand-off an instrument is part of: that of the plan there was for its goal, else the newest that ran
planned_in AS (
    SELECT s.intervention_id, min(g.referral_id) AS planned_in
    FROM said s JOIN goals g ON g.case_id = s.case_id AND g.goal_id = s.goal_id AND g.moment <= s.begun_at
    GROUP BY s.intervention_id),
planned AS (SELECT * FROM said LEFT JOIN planned_in USING (intervention_id)),
running AS (
    SELECT p.intervention_id, arg_max(h.referral_id, (h.begun_at, h.referral_id)) AS running
    FROM planned p JOIN srg_hand_offs h ON h.case_id = p.case_id AND h.begun_at <= p.begun_at
        AND p.begun_at <= coalesce(h.over_at, p.begun_at)
    GROUP BY p.intervention_id)
SELECT p.*, coalesce(planned_in, running) AS referral_id FROM planned p LEFT JOIN running USING (intervention_id);

-- When somebody told what is done in a hand-off: a plan, an instrument put to work, or on returning what was tried. (Of
-- what was returned before it started nothing was tried there, whatever is said.)
CREATE OR REPLACE TEMP TABLE srg_known AS
WITH told AS (
    SELECT referral_id, case_id, occurred_at AS moment FROM events
    WHERE municipality = $municipality AND (fact = 'plan_agreed'
        OR fact = 'referral_returned' AND phase = 'after_start' AND json_array_length(coalesce(tried, '[]')) > 0)
    UNION ALL
    SELECT referral_id, case_id, begun_at FROM srg_interventions),
-- a plan that names no hand-off is of the newest that ran
placed AS (
    SELECT t.case_id, t.moment, coalesce(t.referral_id, arg_max(h.referral_id, (h.begun_at, h.referral_id))) AS referral_id
    FROM told t LEFT JOIN srg_hand_offs h ON t.referral_id IS NULL AND h.case_id = t.case_id AND h.begun_at <= t.moment
        AND t.moment <= coalesce(h.over_at, t.moment)
    GROUP BY t.case_id, t.moment, t.referral_id)
SELECT referral_id, min(moment) AS known_at FROM placed WHERE referral_id IS NOT NULL GROUP BY referral_id;

-- An instrument ends when it is said to, and at the latest with the hand-off or the case that it is part of.
CREATE OR REPLACE TEMP TABLE srg_interventions_over AS
WITH outside AS (
    SELECT case_id, NULL AS referral_id, moment FROM srg_ends WHERE of_provided
    UNION ALL SELECT case_id, referral_id, over_at FROM srg_hand_offs WHERE over_at IS NOT NULL)
SELECT i.intervention_id, min(o.moment) AS outside_at
FROM srg_interventions i JOIN outside o ON o.case_id = i.case_id AND o.moment >= i.begun_at
    AND (o.referral_id IS NULL OR o.referral_id = i.referral_id)
GROUP BY i.intervention_id;

-- One instrument for an employer is one facility.
CREATE OR REPLACE TEMP TABLE srg_jobs AS
WITH given AS (
    SELECT job_id, case_id, contract, started_at, ended_at, end_reason,
        unnest(from_json(coalesce(employer_instruments, '[]'), '["VARCHAR"]')) AS instrument
    FROM jobs WHERE municipality = $municipality),
gone AS (
    SELECT g.job_id, min(e.moment) AS gone_at
    FROM given g JOIN srg_ends e ON e.case_id = g.case_id AND e.of_jobs AND e.moment >= g.started_at GROUP BY g.job_id)
SELECT DISTINCT given.*, gone_at FROM given LEFT JOIN gone USING (job_id);

CREATE OR REPLACE TEMP TABLE srg_facilities AS
SELECT 'hand_off' AS kind, referral_id AS number, case_id, to_organisation AS provider, trajectory, goal,
    NULL::VARCHAR AS code, NULL::VARCHAR AS contract, begun_at, over_at AS ended_at, known_at,
    CASE WHEN by_itself THEN end_reason END AS end_reason
FROM srg_hand_offs LEFT JOIN srg_known USING (referral_id)
UNION ALL
SELECT 'intervention', i.intervention_id, i.case_id, h.to_organisation, h.trajectory, h.goal, i.instrument, NULL,
    i.begun_at, least(i.ended_at, o.outside_at), NULL,
    CASE WHEN i.ended_at <= coalesce(o.outside_at, i.ended_at) THEN i.result END
FROM srg_interventions i LEFT JOIN srg_hand_offs h USING (referral_id)
    LEFT JOIN srg_interventions_over o USING (intervention_id)
UNION ALL
SELECT 'job ' || instrument, job_id, case_id, NULL, NULL, NULL, instrument, contract,
    started_at, least(ended_at, gone_at), NULL, CASE WHEN ended_at <= coalesce(gone_at, ended_at) THEN end_reason END
FROM srg_jobs;
