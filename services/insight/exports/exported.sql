-- What is exported, on the views of the lake (../lake/views.sql): events, the objects they are about, what changed in these.
-- Codes alone leave: what is not written like one is left out, and so is whatever holds nine digits in a row.

CREATE OR REPLACE MACRO code(said) AS
    CASE WHEN regexp_full_match(said, '[A-Za-z0-9][A-Za-z0-9_.:+-]{0,79}')
        AND NOT regexp_matches(said, '(^|[^0-9])[0-9]{9}([^0-9]|$)') THEN said END;
CREATE OR REPLACE MACRO joined(said) AS
    nullif(array_to_string(list_filter(list_transform(said, lambda one: code(one)), lambda one: one IS NOT NULL), ';'), '');
CREATE OR REPLACE MACRO codes(said) AS joined(from_json(said, '["VARCHAR"]'));
CREATE OR REPLACE MACRO reason_codes(said) AS
    joined(list_transform(from_json(said, '[{"code": "VARCHAR"}]'), lambda one: one.code));
CREATE OR REPLACE MACRO primary_reason(said) AS
    code(list_filter(from_json(said, '[{"code": "VARCHAR", "primary": "BOOLEAN"}]'), lambda one: one.primary)[1].code);
CREATE OR REPLACE MACRO hindering(said) AS
    joined(list_transform(list_filter(from_json(said, '[{"factor": "VARCHAR", "direction": "VARCHAR"}]'),
        lambda one: one.direction = 'hinders'), lambda one: one.factor));
CREATE OR REPLACE MACRO moment(said) AS strftime(said AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ');
CREATE OR REPLACE MACRO named(kind, number) AS kind || '-' || number;
CREATE OR REPLACE MACRO council(said) AS CASE WHEN regexp_full_match(said, 'GM[0-9]{4}') THEN said END;

-- Who speaks in a hand-off: the one who sent the referral, or the one it was sent to.
CREATE OR REPLACE MACRO speaks(fact) AS
    CASE WHEN fact IN ('referral_sent', 'referral_withdrawn', 'return_reviewed') THEN 'sender'
        WHEN fact IN ('referral_received', 'referral_accepted', 'referral_declined', 'trajectory_started',
            'referral_returned', 'trajectory_completed') THEN 'receiver' END;
CREATE OR REPLACE MACRO side_of(role) AS
    CASE WHEN role IN ('caseworker', 'benefit_administration') THEN 'municipality' WHEN role = 'coach' THEN 'provider'
        WHEN role IN ('citizen', 'partner') THEN role WHEN role IS NOT NULL THEN 'system' END;

CREATE OR REPLACE VIEW parties AS
SELECT referral_id, code(arg_min(from_organisation, (occurred_at, sequence))) AS sender,
    code(arg_min(to_organisation, (occurred_at, sequence))) AS receiver
FROM events WHERE service = 'referral' AND fact = 'referral_sent' AND referral_id IS NOT NULL GROUP BY referral_id;

-- The events that are exported, each with the objects it is about. One that does not say when it happened has no place.
CREATE OR REPLACE VIEW told AS
SELECT e.*, named(service, sequence) AS event, coalesce(code(fact), 'unknown') AS activity, moment(occurred_at) AS happened,
    named('case', case_id) AS of_case, named('referral', referral_id) AS of_referral,
    named('diagnosis', diagnosis_id) AS of_diagnosis, named('plan', plan_id) AS of_plan, named('job', job_id) AS of_job,
    named('organisation', CASE speaks(fact) WHEN 'sender' THEN sender WHEN 'receiver' THEN receiver END) AS of_speaker,
    named('organisation', CASE speaks(fact) WHEN 'sender' THEN receiver WHEN 'receiver' THEN sender END) AS of_hearer,
    named('organisation', code(organisation)) AS of_provider,
    CASE WHEN fact = 'application_received' THEN named('organisation', council(municipality)) END AS of_municipality
FROM events e LEFT JOIN parties p USING (referral_id)
WHERE occurred_at IS NOT NULL AND (getvariable('since') IS NULL OR occurred_at >= getvariable('since'));

-- The objects: who or what the events are about, and the municipalities of the cases.
CREATE OR REPLACE VIEW touched AS
WITH about AS (
    SELECT DISTINCT 'Case' AS type, of_case AS id FROM told
    UNION ALL SELECT DISTINCT 'Referral', of_referral FROM told
    UNION ALL SELECT DISTINCT 'Diagnosis', of_diagnosis FROM told
    UNION ALL SELECT DISTINCT 'Plan', of_plan FROM told
    UNION ALL SELECT DISTINCT 'Job', of_job FROM told
    UNION ALL (
        SELECT 'Organisation', of_speaker FROM told UNION SELECT 'Organisation', of_hearer FROM told
        UNION SELECT 'Organisation', of_provider FROM told
        UNION SELECT 'Organisation', named('organisation', council(municipality)) FROM told WHERE case_id IS NOT NULL))
SELECT type, id FROM about WHERE id IS NOT NULL;

-- What is known of them, also from before the events that are exported. `to_…`: another object it belongs to.
CREATE OR REPLACE VIEW object_case AS
SELECT named('case', case_id) AS id, council(min(municipality)) AS municipality,
    code(arg_min(kind, placed)) AS kind, code(arg_min(channel, placed)) AS channel,
    code(arg_min(case_mix, placed) ->> 'age_band') AS age_band, code(arg_min(case_mix, placed) ->> 'education') AS education,
    code(arg_min(case_mix, placed) ->> 'language_level') AS language_level,
    code(arg_min(case_mix, placed) ->> 'household') AS household,
    code(arg_min(case_mix, placed) ->> 'months_without_work_band') AS months_without_work_band,
    code(arg_min(case_mix, placed) ->> 'region') AS region,
    'undecided' AS benefit, 'undecided' AS direction, 'open' AS state,
    named('organisation', council(min(municipality))) AS to_municipality,
    named('case', arg_min(earlier_case_id, placed)) AS to_earlier
FROM (SELECT *, (occurred_at, sequence) AS placed FROM events WHERE case_id IS NOT NULL) GROUP BY case_id;

CREATE OR REPLACE VIEW object_referral AS
SELECT named('referral', referral_id) AS id, code(arg_min(trajectory, placed)) AS trajectory, code(arg_min(goal, placed)) AS goal,
    arg_min(warm, placed) AS warm, arg_min(sequence_in_case, placed) AS number_in_case,
    arg_min(respond_by, placed)::VARCHAR AS respond_by, arg_min(start_by, placed)::VARCHAR AS start_by,
    'none' AS turn, 'open' AS ending,
    named('case', arg_min(case_id, placed)) AS to_case,
    named('organisation', any_value(sender)) AS to_sender, named('organisation', any_value(receiver)) AS to_receiver,
    named('referral', arg_min(previous_referral_id, placed)) AS to_previous
FROM (SELECT *, (occurred_at, sequence) AS placed FROM events WHERE service = 'referral' AND referral_id IS NOT NULL) e
    LEFT JOIN parties USING (referral_id)
GROUP BY referral_id;

CREATE OR REPLACE VIEW object_diagnosis AS
SELECT named('diagnosis', diagnosis_id) AS id, code(arg_min(instrument, placed)) AS instrument,
    code(arg_min(instrument_version, placed)) AS instrument_version, 'started' AS state,
    named('case', arg_min(case_id, placed)) AS to_case
FROM (SELECT *, (occurred_at, sequence) AS placed FROM events WHERE diagnosis_id IS NOT NULL) GROUP BY diagnosis_id;

CREATE OR REPLACE VIEW object_plan AS
SELECT named('plan', plan_id) AS id, 'agreed' AS state,
    (arg_min(next_check_on, placed) FILTER (fact = 'plan_agreed'))::VARCHAR AS next_check_on,
    named('case', arg_min(case_id, placed)) AS to_case, named('referral', arg_min(referral_id, placed)) AS to_referral
FROM (SELECT *, (occurred_at, sequence) AS placed FROM events WHERE plan_id IS NOT NULL) GROUP BY plan_id;

CREATE OR REPLACE VIEW object_job AS
WITH cases AS (
    SELECT job_id, arg_min(case_id, (occurred_at, sequence)) AS case_id FROM events WHERE job_id IS NOT NULL GROUP BY job_id)
SELECT named('job', job_id) AS id, hours_per_week, code(contract) AS contract, codes(employer_instruments)
        AS employer_instruments,
    moment(started_at) AS started_at, 'going' AS state, named('case', cases.case_id) AS to_case
FROM cases LEFT JOIN jobs USING (job_id);

CREATE OR REPLACE VIEW object_organisation AS
WITH parts AS (
    SELECT sender AS name, false AS asked FROM parties UNION SELECT receiver, true FROM parties
    UNION SELECT code(organisation), true FROM events UNION SELECT council(municipality), false FROM events)
SELECT named('organisation', name) AS id, CASE WHEN bool_or(asked) THEN 'provider' ELSE 'municipality' END AS kind
FROM parts WHERE name IS NOT NULL GROUP BY name;

-- What changed in an object, from when on. Of two values at one moment the one recorded last.
CREATE OR REPLACE VIEW said_of_objects AS
SELECT 'Case' AS type, named('case', case_id) AS id, 'benefit' AS name, occurred_at, sequence AS rank,
    CASE fact WHEN 'benefit_ended' THEN 'ended' ELSE code(decision) END AS value
FROM events WHERE service = 'intake' AND fact IN ('benefit_decided', 'benefit_ended')
UNION ALL
SELECT 'Case', named('case', case_id), 'direction', occurred_at, sequence, code(direction)
FROM events WHERE service = 'diagnosis' AND fact = 'direction_decided'
UNION ALL
SELECT 'Case', named('case', case_id), 'state', occurred_at, sequence, 'closed'
FROM events WHERE service = 'intake' AND fact = 'case_closed'
UNION ALL
SELECT 'Referral', named('referral', referral_id), 'turn', since, 0, side FROM turns
UNION ALL
SELECT 'Referral', named('referral', referral_id), 'turn', max(until), 1, 'none' FROM turns
GROUP BY referral_id HAVING count(*) = count(until)
UNION ALL
SELECT 'Referral', named('referral', referral_id), 'ending', ended_at, 0, ended_how FROM referral_ends
UNION ALL
SELECT 'Diagnosis', named('diagnosis', diagnosis_id), 'state', occurred_at, sequence, 'completed'
FROM events WHERE service = 'diagnosis' AND fact = 'diagnosis_completed'
UNION ALL
SELECT 'Plan', named('plan', plan_id), 'state', occurred_at, sequence, 'adjusted'
FROM events WHERE service = 'outcome' AND fact = 'plan_adjusted'
UNION ALL
SELECT 'Plan', named('plan', plan_id), 'next_check_on', occurred_at, sequence, next_check_on::VARCHAR
FROM events WHERE service = 'outcome' AND fact = 'plan_adjusted'
UNION ALL
SELECT 'Job', named('job', job_id), 'state', ended_at, 0, 'ended' FROM jobs;

CREATE OR REPLACE MACRO object_changes(kind) AS TABLE
WITH last AS (
    SELECT * FROM said_of_objects
    WHERE type = kind AND id IS NOT NULL AND occurred_at IS NOT NULL AND value IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY id, name, occurred_at ORDER BY rank DESC) = 1)
SELECT id, name, moment(occurred_at) AS time, value
FROM last QUALIFY lag(value) OVER (PARTITION BY id, name ORDER BY occurred_at) IS DISTINCT FROM value;
