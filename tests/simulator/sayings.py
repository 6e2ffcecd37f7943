"""What each fact says in the dossier format: a row of the table of facts to its `data`."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.simulator import tables as t
from tests.simulator.places import company_code
from tests.simulator.words import LESSONS, NARRATIVES, WORDS, Rows, coach, one_of, referral

Data = dict[str, Any]

_UNSURE = ("yes", "no", "partly")


def _only(*names: str, **renamed: str) -> Callable[[Rows, int], Data]:
    """Says these columns as they are."""
    pairs = [*((name, name) for name in names), *renamed.items()]
    return lambda rows, i: {said: rows[column][i] for said, column in pairs}


def _numbered(letter: str, name: str, *columns: str, **renamed: str) -> Callable[[Rows, int], Data]:
    """Says which diagnosis, referral, plan ... it is about, and these columns."""
    rest = _only(*columns, **renamed)
    return lambda rows, i: {name: f"{letter}-{referral(rows, i)}"} | rest(rows, i)


def _application(rows: Rows, i: int) -> Data:
    mix = ("age_band", "education", "language_level", "household", "months_without_work_band")
    return {
        "application": f"A-{rows['number'][i]}",
        "kind": rows["kind"][i],
        "channel": rows["channel"][i],
        "received_on": rows["day"][i],
        "case_mix": {name: rows[name][i] for name in mix} | {"region": rows["municipality"][i]},
    }


def _factors(rows: Rows, i: int) -> Data:
    said = []
    for place, factor in enumerate(t.FACTORS):
        score = rows[f"score_{factor}"][i]
        source = ("citizen", "professional")[(place + rows["case"][i]) % 2]
        direction = "helps" if score >= 5 else "hinders"
        said.append({"factor": factor, "score": score, "direction": direction, "source": source})
    return {"diagnosis": f"D-{referral(rows, i)}", "factors": said}


def _area(rows: Rows, i: int) -> Data:
    said = {"life_area": rows["life_area"][i], "state": rows["area_state"][i]}
    own = rows["role"][i] == "citizen"
    return said | ({"own_words": one_of(WORDS, rows, i), "support_wanted": True} if own else {})


def _argument(rows: Rows, i: int) -> Data:
    own = rows["argument"][i] == "own_motivation"
    said = {name: rows[name][i] for name in ("argument", "side", "weight")}
    return said | {
        "by": "citizen" if own else "caseworker",
        "evidence": "Gesprek over de vragenlijst en het eigen plan.",
    }


def _direction(rows: Rows, i: int) -> Data:
    view = rows["view"][i]
    shared = {"options_discussed": ["work", "participation"], "citizen_view": view, "decided_by": "together"}
    motivation = "Samen besproken; wat de inwoner zelf wil weegt zwaar."
    return {
        "direction": rows["direction"][i],
        "motivation": motivation,
        "principles": ["own_direction"],
        "shared": shared,
    }


def _sent(rows: Rows, i: int) -> Data:
    said = {
        "referral": f"R-{referral(rows, i)}",
        "from_organisation": f"org-{rows['municipality'][i].lower()}",
        "to_organisation": company_code(rows["company"][i]),
        "trajectory": rows["trajectory"][i],
        "goal": "paid_work" if rows["trajectory"][i] in ("reintegration", "work_experience") else "participation",
        "factors": [t.FACTORS[rows["case"][i] % 6]],
        "warm": bool(rows["warm"][i]),
    }
    earlier = rows["sequence_in_case"][i] - 1
    return said | ({"previous_referral": f"R-{rows['number'][i]}-{earlier}"} if earlier else {})


def _accepted(rows: Rows, i: int) -> Data:
    contact = date.fromisoformat(rows["day"][i]) + timedelta(days=7)
    return {"referral": f"R-{referral(rows, i)}", "coach": coach(rows, i), "first_contact_on": contact.isoformat()}


def _returned(rows: Rows, i: int) -> Data:
    reasons = [{"code": rows["reason"][i], "primary": True}]
    if rows["second_reason"][i] is not None:
        reasons.append({"code": rows["second_reason"][i], "primary": False})
    return {
        "referral": f"R-{referral(rows, i)}",
        "reasons": reasons,
        "narrative": one_of(NARRATIVES, rows, i),
        "tried": ["job_application_training"],
        "known_at_referral": _UNSURE[rows["case"][i] % 3],
        "preventable": ("yes", "no", "unclear")[rows["case"][i] % 3],
        "discussed_with": ["citizen"] if rows["case"][i] % 4 else ["citizen", "municipality"],
        "proposed_next": "refer_again",
    }


def _reviewed(rows: Rows, i: int) -> Data:
    said = {"agrees": bool(rows["agrees"][i]), "cause": rows["review_cause"][i], "next": rows["next"][i]}
    lesson = {"lesson": one_of(LESSONS, rows, i)} if rows["case"][i] % 2 else {}
    return {"referral": f"R-{referral(rows, i)}"} | said | lesson


def _plan(rows: Rows, i: int) -> Data:
    number = referral(rows, i)
    goal = {
        "goal": f"G-{number}", "life_area": rows["life_area"][i], "factor": rows["factor"][i], "kind": "step",
        "words": one_of(WORDS, rows, i), "measure": "scale_0_10", "owner": "citizen",
    }  # fmt: skip
    check = (date.fromisoformat(rows["day"][i]) + timedelta(days=42)).isoformat()
    return {"plan": f"P-{number}", "referral": f"R-{number}", "goals": [goal], "next_check_on": check}


def _intervention(rows: Rows, i: int) -> Data:
    number = referral(rows, i)
    said = {"intervention": f"I-{number}", "instrument": rows["instrument"][i]}
    return said | {"factors": [rows["factor"][i]], "goal": f"G-{number}"}


def _job(rows: Rows, i: int) -> Data:
    given = [code for place, code in enumerate(t.EMPLOYER_INSTRUMENTS) if rows["employer_instruments"][i] >> place & 1]
    said = {"hours_per_week": rows["hours"][i], "contract": rows["contract"][i], "employer_instruments": given}
    return {"job": f"J-{referral(rows, i)}"} | said


def _search(rows: Rows, i: int) -> Data:
    until = date.fromisoformat(rows["day"][i]) + timedelta(days=28)
    return {"until_on": until.isoformat(), "legal_source": "Participatiewet:41:4"}


SAYINGS: dict[str, Callable[[Rows, int], Data]] = {
    "application_received": _application,
    "search_period_started": _search,
    "search_period_ended": lambda rows, i: {"result": "term_passed"},
    "supplement_requested": lambda rows, i: {"documents": ["bank_statements"]},
    "supplement_received": lambda rows, i: {"documents": ["bank_statements"]},
    "benefit_decided": _only("decision", decided_on="day"),
    "application_withdrawn": lambda rows, i: {"reason": "found_work"},
    "benefit_ended": _only(reason="end_reason", ended_on="day"),
    "case_closed": _only(reason="close_reason"),
    "diagnosis_started": lambda rows, i: {
        "diagnosis": f"D-{referral(rows, i)}", "instrument": "competensys-like", "instrument_version": "2017.1",
    },
    "life_area_mapped": _area,
    "diagnosis_completed": _factors,
    "consultation_requested": _numbered("C", "consultation", "partner"),
    "consultation_answered": _numbered("C", "consultation", "partner", answer_code="answer"),
    "argument_weighed": _argument,
    "direction_decided": _direction,
    "direction_contested": lambda rows, i: {"by": "citizen", "ground": "Ik wil eerst iets anders doen."},
    "referral_sent": _sent,
    "referral_received": _numbered("R", "referral"),
    "referral_accepted": _accepted,
    "referral_declined": lambda rows, i: {
        "referral": f"R-{referral(rows, i)}", "reason": rows["reason"][i], "explanation": "Nu geen plaats.",
    },
    "referral_withdrawn": _numbered("R", "referral", "reason"),
    "trajectory_started": _numbered("R", "referral", "first_contact"),
    "appointment_missed": lambda rows, i: {"referral": f"R-{referral(rows, i)}", "by": "citizen", "reason": "illness"},
    "referral_suspended": _numbered("R", "referral", reason="suspension"),
    "referral_resumed": _numbered("R", "referral"),
    "referral_returned": _returned,
    "return_reviewed": _reviewed,
    "trajectory_completed": _numbered("R", "referral", "result"),
    "plan_agreed": _plan,
    "intervention_started": _intervention,
    "intervention_ended": _numbered("I", "intervention", result="intervention_result"),
    "goal_measured": _numbered("G", "goal", "by", "score"),
    "plan_adjusted": lambda rows, i: {
        "plan": f"P-{referral(rows, i)}", "reason": "measured", "goal": f"G-{referral(rows, i)}",
    },
    "job_started": _job,
    "job_ended": _numbered("J", "job", reason="job_end"),
    "outcome_reached": _only("perspective", sustained_months="months"),
    "follow_up_done": _numbered("J", "job", "months", "status"),
    "step_reflected": lambda rows, i: {
        "what": rows["reflected"][i], "lesson": one_of(LESSONS, rows, i), "principles": ["own_direction"],
    },
}  # fmt: skip
