"""What each fact says besides what all of them say: by column, how it is made of the rows of that fact."""

import numpy as np
import pyarrow as pa

from tests.simulator import tables as t
from tests.simulator.making import (
    Make,
    actors,
    always,
    corrected,
    day,
    either,
    factor_said,
    goal,
    id_of,
    in_turn,
    instruments,
    measured,
    municipality,
    number,
    previous,
    quoted,
    text,
    word,
    yes,
)
from tests.simulator.places import company_code
from tests.simulator.settings import MAX_COMPANIES

_COMPANIES = pa.array([company_code(place) for place in range(MAX_COMPANIES)])
_BY = pa.array(["citizen", "caseworker"])
"""Who weighs: the first argument is the citizen's."""
_CASE_MIX = ("age_band", "education", "language_level", "household", "months_without_work_band")
_REFERRAL = {"referral_id": id_of("referral")}
_CONSULTATION = {"consultation_id": id_of("consultation"), "partner": word("partner")}
_JOB = {
    "job_id": id_of("job"), "hours_per_week": number("hours"), "contract": word("contract"),
    "employer_instruments": instruments,
}  # fmt: skip
SAID: dict[str, dict[str, Make]] = {
    "application_received": {
        "application_id": id_of("application", "case"), "kind": word("kind"), "channel": word("channel"),
        "received_on": day(),
        "case_mix": text(
            "{", *(part for name in _CASE_MIX for part in (f'"{name}":', quoted(word(name)), ",")),
            '"region":', quoted(municipality), "}",
        ),
    },
    "search_period_started": {"until_on": day(28), "legal_source": always("Participatiewet:41:4")},
    "search_period_ended": {"result": always("term_passed")},
    "supplement_requested": {"documents": always('["bank_statements"]')},
    "supplement_received": {"documents": always('["bank_statements"]')},
    "benefit_decided": {"decision": word("decision"), "decided_on": day()},
    "application_withdrawn": {"reason": always("found_work")},
    "benefit_ended": {"reason": word("end_reason"), "ended_on": day()},
    "case_closed": {"reason": word("close_reason")},
    "diagnosis_started": {
        "diagnosis_id": id_of("diagnosis"), "instrument": always("competensys-like"),
        "instrument_version": always("2017.1"),
    },
    "life_area_mapped": {
        "life_area": word("life_area"), "state": word("area_state"),
        "support_wanted": lambda world, rows: pa.array(
            np.full(len(rows["case"]), True), mask=rows["role"] != t.ROLES.index("citizen")
        ),
    },
    "diagnosis_completed": {
        "diagnosis_id": id_of("diagnosis"),
        "factors": text(
            "[",
            *(part for place, one in enumerate(t.FACTORS) for part in ("," if place else "", factor_said(place, one))),
            "]",
        ),
    },
    "consultation_requested": _CONSULTATION,
    "consultation_answered": _CONSULTATION | {"answer_code": word("answer")},
    "argument_weighed": {
        "argument": word("argument"), "side": word("side"), "weight": word("weight"),
        "by": lambda world, rows: _BY.take(pa.array((rows["argument"] > 0).astype(int))),
    },
    "direction_decided": {
        "direction": word("direction"), "principles": always('["own_direction"]'),
        "shared": text(
            '{"options_discussed":["work","participation"],"citizen_view":', quoted(word("view")),
            ',"decided_by":"together"}',
        ),
    },
    "direction_contested": {"by": always("citizen")},
    "referral_sent": _REFERRAL | {
        "from_organisation": lambda world, rows: pa.array([f"org-{code.lower()}" for code in world.codes]).take(
            pa.array(rows["municipality"])
        ),
        "to_organisation": lambda world, rows: _COMPANIES.take(pa.array(rows["company"])),
        "trajectory": word("trajectory"), "goal": goal, "factors": in_turn(tuple(f'["{one}"]' for one in t.FACTORS)),
        "warm": yes("warm"), "respond_by": day(14), "start_by": day(35), "previous_referral_id": previous,
        "sequence_in_case": number("sequence_in_case"),
    },
    "referral_received": _REFERRAL,
    "referral_accepted": _REFERRAL | {
        "coach": lambda world, rows: pa.array(actors(rows)), "first_contact_on": day(7),
    },
    "referral_declined": _REFERRAL | {"reason": word("reason")},
    "referral_withdrawn": _REFERRAL | {"reason": word("reason")},
    "trajectory_started": _REFERRAL | {"first_contact": word("first_contact")},
    "appointment_missed": _REFERRAL | {"by": always("citizen"), "reason": always("illness")},
    "referral_suspended": _REFERRAL | {"reason": word("suspension")},
    "referral_resumed": _REFERRAL,
    "referral_returned": _REFERRAL | {
        "phase": word("phase"),
        "reasons": either(
            "second_reason",
            text(
                '[{"code":', quoted(word("reason")), ',"primary":true},{"code":', quoted(word("second_reason")),
                ',"primary":false}]',
            ),
            text('[{"code":', quoted(word("reason")), ',"primary":true}]'),
        ),
        "tried": always('["job_application_training"]'),
        "known_at_referral": in_turn(("yes", "no", "partly")), "preventable": in_turn(("yes", "no", "unclear")),
        "discussed_with": in_turn(('["citizen","municipality"]', *['["citizen"]'] * 3)),
        "proposed_next": always("refer_again"),
    },
    "return_reviewed": _REFERRAL | {"agrees": yes("agrees"), "cause": word("review_cause"), "next": word("next")},
    "trajectory_completed": _REFERRAL | {"result": word("result")},
    "pumping_round_detected": {
        "returns": number("returns"), "days_between_first_and_last": number("days_between"),
    },
    "plan_agreed": _REFERRAL | {
        "plan_id": id_of("plan"), "next_check_on": day(42),
        "goals": text(
            '[{"goal_id":', id_of("goal"), ',"life_area":', quoted(word("life_area")), ',"factor":',
            quoted(word("factor")), ',"kind":"step","measure":"scale_0_10","owner":"citizen"}]',
        ),
    },
    "intervention_started": {
        "intervention_id": id_of("intervention"), "instrument": word("instrument"), "goal_id": id_of("goal"),
        "factors": text("[", quoted(word("factor")), "]"),
    },
    "intervention_ended": {"intervention_id": id_of("intervention"), "result": word("intervention_result")},
    "goal_measured": {"goal_id": id_of("goal"), "by": word("by"), "score": number("score")},
    "plan_adjusted": {"plan_id": id_of("plan"), "reason": always("measured"), "plan_adjusted_cause": measured},
    "step_reflected": {"what": word("reflected"), "principles": always('["own_direction"]')},
    "job_started": _JOB,
    "job_ended": {"job_id": id_of("job"), "reason": word("job_end")},
    "outcome_reached": {"perspective": word("perspective"), "sustained_months": number("months")},
    "goal_measured_corrected": {
        "goal_id": id_of("goal"), "by": word("by"), "measured_at": corrected, "score": number("score"),
    },
    "job_started_corrected": _JOB | {"started_at": corrected},
    "outcome_reached_corrected": {
        "was_perspective": always("paid_work"), "was_sustained_months": number("months"), "reached_at": corrected,
        "perspective": word("perspective"), "sustained_months": number("months"),
    },
    "follow_up_done": {"job_id": id_of("job"), "months": number("months"), "status": word("status")},
}  # fmt: skip
