"""A chunk of the log as the lake's columns: what the services would have said, without a service in between.

Ids are numbers that look as random as the lake's own. Sealed texts are not there, for the lake's events have none
either; nor is what services remark by themselves (`warnings`) and what they know without being told (a weighed
argument's factor).
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from services.insight.lake.columns import MILLISECONDS, columns
from tests.simulator import tables as t
from tests.simulator.facts.table import CODES, FACTS, Table, taken
from tests.simulator.places import company_code
from tests.simulator.settings import MAX_COMPANIES
from tests.simulator.world import World

Ints = NDArray[np.int64]
Make = Callable[[World, Table], pa.Array]
_SAID: dict[str, dict[str, Make]] = {}
"""Fact -> column -> how it is made of the rows of that fact."""
_COMPANIES = pa.array([company_code(place) for place in range(MAX_COMPANIES)])


def numbers(kind: str, of: NDArray[Any]) -> Ints:
    """The ids of these numbers of a kind: 63 bits, one each (splitmix64, Steele and others 2014)."""
    with np.errstate(over="ignore"):
        x = (of.astype(np.uint64) + np.uint64(sum(kind.encode()) << 50)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    found: Ints = ((x ^ (x >> np.uint64(31))) >> np.uint64(1)).astype(np.int64)
    return found


def events(world: World, rows: Table, hand_off: dict[str, bool]) -> pa.Table:
    """The rows as the lake's own table; `record_offset`, `partition` and `service` are for who makes the files."""
    found: dict[str, pa.Array] = _common(world, rows, hand_off)
    pieces: dict[str, list[tuple[Ints, pa.Array]]] = {}
    for code in np.unique(rows["fact"]).tolist():
        places = np.flatnonzero(rows["fact"] == code)
        own = taken(rows, places)
        for column, make in _SAID.get(FACTS[code], {}).items():
            pieces.setdefault(column, []).append((places, make(world, own)))
    count, schema = len(rows["case"]), columns().events
    for column, some in pieces.items():
        at = np.full(count, -1, np.int64)
        at[np.concatenate([places for places, _ in some])] = np.arange(sum(len(places) for places, _ in some))
        whole = pa.concat_arrays([piece.cast(schema.field(column).type) for _, piece in some])
        found[column] = whole.take(pa.array(at, mask=at < 0))
    arrays = [found[one.name] if one.name in found else pa.nulls(count, one.type) for one in schema]
    return pa.table(arrays, schema=schema)


def _common(world: World, rows: Table, hand_off: dict[str, bool]) -> dict[str, pa.Array]:
    count = len(rows["case"])
    no = pa.repeat(pa.scalar(False), count)
    return {
        "epoch": pa.repeat(pa.scalar(0, pa.int32()), count),
        "version": pa.repeat(pa.scalar(1, pa.int32()), count),
        "sequence": pa.array(rows["sequence"]),
        "fact": _word("fact")(world, rows),
        "hand_off": pa.array([hand_off.get(fact) for fact in FACTS]).take(pa.array(rows["fact"])),
        "case_id": pa.array(numbers("case", rows["case"])),
        "caseversion": pa.array(rows["caseversion"]),
        "municipality": pa.array(world.codes).take(pa.array(rows["municipality"])),
        "occurred_at": _moments(rows["occurred_at"]),
        "recorded_at": _moments(rows["recorded_at"]),
        "actor_role": _word("role")(world, rows),
        "actor_id": pa.array(_actors(rows)),
        "late": no, "implied": no, "imported": no,
    }  # fmt: skip


def _actors(rows: Table) -> Ints:
    """A coach of a company, a caseworker of a municipality, or the one there is of any other role."""
    role = rows["role"].astype(np.int64)
    place = np.where(role == t.ROLES.index("caseworker"), rows["municipality"], 0).astype(np.int64)
    own = np.where(role <= t.ROLES.index("coach"), rows["actor"], 0).astype(np.int64)
    return numbers("actor", (role << 40) + (place << 20) + own)


def _moments(seconds: Ints) -> pa.Array:
    return pa.array(seconds * 1000, MILLISECONDS)


_BY = pa.array(["citizen", "caseworker"])
"""Who weighs: the first argument is the citizen's."""


def _word(column: str) -> Make:
    words = pa.array(CODES[column])
    return lambda world, rows: words.take(pa.array(rows[column], mask=rows[column] < 0))


def _number(column: str) -> Make:
    return lambda world, rows: pa.array(rows[column])


def _yes(column: str) -> Make:
    return lambda world, rows: pa.array(rows[column] > 0)


def _always(value: Any) -> Make:
    return lambda world, rows: pa.repeat(pa.scalar(value), len(rows["case"]))


def _id(kind: str, of: str = "referral") -> Make:
    return lambda world, rows: pa.array(numbers(kind, rows[of]))


def _day(later: int = 0) -> Make:
    """The day in the Netherlands, so many days on."""

    def made(world: World, rows: Table) -> pa.Array:
        there = pa.array(rows["occurred_at"], pa.timestamp("s", "UTC")).cast(pa.timestamp("s", "Europe/Amsterdam"))
        day = pc.local_timestamp(there).cast(pa.date32()).cast(pa.int32())
        return pc.add(day, pa.scalar(later, pa.int32())).cast(pa.date32())

    return made


def _text(*parts: "str | Make") -> Make:
    """The parts one after another: texts as they are, columns as their values."""

    def made(world: World, rows: Table) -> pa.Array:
        whole = [one if isinstance(one, str) else one(world, rows).cast(pa.string()) for one in parts]
        return pc.binary_join_element_wise(*whole, "")

    return made


def _quoted(make: Make) -> Make:
    return _text('"', make, '"')


def _either(column: str, some: Make, none: Make) -> Make:
    """One where the column says something, the other where it says nothing."""
    return lambda world, rows: pc.if_else(pa.array(rows[column] >= 0), some(world, rows), none(world, rows))


def _municipality(world: World, rows: Table) -> pa.Array:
    return pa.array(world.codes).take(pa.array(rows["municipality"]))


def _previous(world: World, rows: Table) -> pa.Array:
    return pa.array(numbers("referral", rows["referral"] - 1), mask=rows["sequence_in_case"] == 1)


def _in_turn(words: tuple[str, ...]) -> Make:
    return lambda world, rows: pa.array(words).take(pa.array(rows["case"] % len(words)))


def _goal(world: World, rows: Table) -> pa.Array:
    work = [trajectory in ("reintegration", "work_experience") for trajectory in t.TRAJECTORIES]
    return pc.if_else(pa.array(np.array(work)[rows["trajectory"]]), pa.scalar("paid_work"), pa.scalar("participation"))


def _factor_said(place: int, factor: str) -> Make:
    """A factor's score as JSON; the citizen's or the professional's, in turn."""

    def made(world: World, rows: Table) -> pa.Array:
        score = rows[f"score_{factor}"].astype(np.int64)
        sources = ("citizen", "professional")
        said = [
            f'{{"factor":"{factor}","score":{score},"direction":"{"helps" if score >= 5 else "hinders"}",'
            f'"source":"{source}"}}'
            for score in range(11)
            for source in sources
        ]
        return pa.array(said).take(pa.array(score * 2 + (place + rows["case"]) % 2))

    return made


def _instruments(world: World, rows: Table) -> pa.Array:
    every = [
        "[" + ",".join(f'"{code}"' for place, code in enumerate(t.EMPLOYER_INSTRUMENTS) if bits >> place & 1) + "]"
        for bits in range(1 << len(t.EMPLOYER_INSTRUMENTS))
    ]
    return pa.array(every).take(pa.array(rows["employer_instruments"]))


def _measured(world: World, rows: Table) -> pa.Array:
    """What a plan was adjusted for: the measurement of that day."""
    at = pc.strftime(pa.array(rows["occurred_at"] - 3_300, pa.timestamp("s", "UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    said = '{"kind":"measurement","id":', _id("goal")(world, rows).cast(pa.string()), ',"at":"', at, '"}'
    return pc.binary_join_element_wise(*said, "")


def _corrected(world: World, rows: Table) -> pa.Array:
    return _moments(rows["corrected_at"])


_CASE_MIX = ("age_band", "education", "language_level", "household", "months_without_work_band")
_REFERRAL = {"referral_id": _id("referral")}
_CONSULTATION = {"consultation_id": _id("consultation"), "partner": _word("partner")}
_JOB = {
    "job_id": _id("job"), "hours_per_week": _number("hours"), "contract": _word("contract"),
    "employer_instruments": _instruments,
}  # fmt: skip
_SAID |= {
    "application_received": {
        "application_id": _id("application", "case"), "kind": _word("kind"), "channel": _word("channel"),
        "received_on": _day(),
        "case_mix": _text(
            "{", *(part for name in _CASE_MIX for part in (f'"{name}":', _quoted(_word(name)), ",")),
            '"region":', _quoted(_municipality), "}",
        ),
    },
    "search_period_started": {"until_on": _day(28), "legal_source": _always("Participatiewet:41:4")},
    "search_period_ended": {"result": _always("term_passed")},
    "supplement_requested": {"documents": _always('["bank_statements"]')},
    "supplement_received": {"documents": _always('["bank_statements"]')},
    "benefit_decided": {"decision": _word("decision"), "decided_on": _day()},
    "application_withdrawn": {"reason": _always("found_work")},
    "benefit_ended": {"reason": _word("end_reason"), "ended_on": _day()},
    "case_closed": {"reason": _word("close_reason")},
    "diagnosis_started": {
        "diagnosis_id": _id("diagnosis"), "instrument": _always("competensys-like"),
        "instrument_version": _always("2017.1"),
    },
    "life_area_mapped": {
        "life_area": _word("life_area"), "state": _word("area_state"),
        "support_wanted": lambda world, rows: pa.array(
            np.full(len(rows["case"]), True), mask=rows["role"] != t.ROLES.index("citizen")
        ),
    },
    "diagnosis_completed": {
        "diagnosis_id": _id("diagnosis"),
        "factors": _text(
            "[",
            *(part for place, one in enumerate(t.FACTORS) for part in ("," if place else "", _factor_said(place, one))),
            "]",
        ),
    },
    "consultation_requested": _CONSULTATION,
    "consultation_answered": _CONSULTATION | {"answer_code": _word("answer")},
    "argument_weighed": {
        "argument": _word("argument"), "side": _word("side"), "weight": _word("weight"),
        "by": lambda world, rows: _BY.take(pa.array((rows["argument"] > 0).astype(int))),
    },
    "direction_decided": {
        "direction": _word("direction"), "principles": _always('["own_direction"]'),
        "shared": _text(
            '{"options_discussed":["work","participation"],"citizen_view":', _quoted(_word("view")),
            ',"decided_by":"together"}',
        ),
    },
    "direction_contested": {"by": _always("citizen")},
    "referral_sent": _REFERRAL | {
        "from_organisation": lambda world, rows: pa.array([f"org-{code.lower()}" for code in world.codes]).take(
            pa.array(rows["municipality"])
        ),
        "to_organisation": lambda world, rows: _COMPANIES.take(pa.array(rows["company"])),
        "trajectory": _word("trajectory"), "goal": _goal, "factors": _in_turn(tuple(f'["{one}"]' for one in t.FACTORS)),
        "warm": _yes("warm"), "respond_by": _day(14), "start_by": _day(35), "previous_referral_id": _previous,
        "sequence_in_case": _number("sequence_in_case"),
    },
    "referral_received": _REFERRAL,
    "referral_accepted": _REFERRAL | {
        "coach": lambda world, rows: pa.array(_actors(rows)), "first_contact_on": _day(7),
    },
    "referral_declined": _REFERRAL | {"reason": _word("reason")},
    "referral_withdrawn": _REFERRAL | {"reason": _word("reason")},
    "trajectory_started": _REFERRAL | {"first_contact": _word("first_contact")},
    "appointment_missed": _REFERRAL | {"by": _always("citizen"), "reason": _always("illness")},
    "referral_suspended": _REFERRAL | {"reason": _word("suspension")},
    "referral_resumed": _REFERRAL,
    "referral_returned": _REFERRAL | {
        "phase": _word("phase"),
        "reasons": _either(
            "second_reason",
            _text(
                '[{"code":', _quoted(_word("reason")), ',"primary":true},{"code":', _quoted(_word("second_reason")),
                ',"primary":false}]',
            ),
            _text('[{"code":', _quoted(_word("reason")), ',"primary":true}]'),
        ),
        "tried": _always('["job_application_training"]'),
        "known_at_referral": _in_turn(("yes", "no", "partly")), "preventable": _in_turn(("yes", "no", "unclear")),
        "discussed_with": _in_turn(('["citizen","municipality"]', *['["citizen"]'] * 3)),
        "proposed_next": _always("refer_again"),
    },
    "return_reviewed": _REFERRAL | {"agrees": _yes("agrees"), "cause": _word("review_cause"), "next": _word("next")},
    "trajectory_completed": _REFERRAL | {"result": _word("result")},
    "pumping_round_detected": {
        "returns": _number("returns"), "days_between_first_and_last": _number("days_between"),
    },
    "plan_agreed": _REFERRAL | {
        "plan_id": _id("plan"), "next_check_on": _day(42),
        "goals": _text(
            '[{"goal_id":', _id("goal"), ',"life_area":', _quoted(_word("life_area")), ',"factor":',
            _quoted(_word("factor")), ',"kind":"step","measure":"scale_0_10","owner":"citizen"}]',
        ),
    },
    "intervention_started": {
        "intervention_id": _id("intervention"), "instrument": _word("instrument"), "goal_id": _id("goal"),
        "factors": _text("[", _quoted(_word("factor")), "]"),
    },
    "intervention_ended": {"intervention_id": _id("intervention"), "result": _word("intervention_result")},
    "goal_measured": {"goal_id": _id("goal"), "by": _word("by"), "score": _number("score")},
    "plan_adjusted": {"plan_id": _id("plan"), "reason": _always("measured"), "plan_adjusted_cause": _measured},
    "step_reflected": {"what": _word("reflected"), "principles": _always('["own_direction"]')},
    "job_started": _JOB,
    "job_ended": {"job_id": _id("job"), "reason": _word("job_end")},
    "outcome_reached": {"perspective": _word("perspective"), "sustained_months": _number("months")},
    "goal_measured_corrected": {
        "goal_id": _id("goal"), "by": _word("by"), "measured_at": _corrected, "score": _number("score"),
    },
    "job_started_corrected": _JOB | {"started_at": _corrected},
    "outcome_reached_corrected": {
        "was_perspective": _always("paid_work"), "was_sustained_months": _number("months"), "reached_at": _corrected,
        "perspective": _word("perspective"), "sustained_months": _number("months"),
    },
    "follow_up_done": {"job_id": _id("job"), "months": _number("months"), "status": _word("status")},
}  # fmt: skip
