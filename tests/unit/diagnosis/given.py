"""A case and its diagnosis, brought where a test wants it."""

from datetime import datetime
from functools import partial
from typing import Any

from services.diagnosis import commands as c
from services.diagnosis import hearing as h
from services.diagnosis import store
from services.diagnosis.codes import FACTORS
from services.diagnosis.domain import decide as rules
from services.diagnosis.domain.evolve import evolve
from services.diagnosis.domain.learn import learn
from services.diagnosis.domain.state import State
from shared.facts import Fact, Happened, Said
from shared.ledger.clocks import LookAtTerms
from tests.builders import DAY, NOON, said

DIAGNOSIS = "00000000-0000-8000-8000-000000000001"
AGAIN = "00000000-0000-8000-8000-000000000002"
CONSULTATION = "00000000-0000-8000-8000-000000000003"
LIBRARY = store.library()
decide = partial(rules.decide, library=LIBRARY)
OPENED = NOON - 40 * DAY
GRANTED = NOON - 30 * DAY


def hear(state: State | None, fact: Any, at: datetime, **changes: Any) -> State:
    """The state after a fact of intake."""
    after_it = learn(state, fact, said(at, "system", **changes))
    assert after_it is not None
    return after_it


def applied(**changes: Any) -> State:
    """Somebody applied for a benefit."""
    return hear(None, h.ApplicationReceived(case_key="key"), OPENED, **changes)


def granted(**changes: Any) -> State:
    """… and got it ten days later: the case is open for diagnosis."""
    return hear(applied(**changes), h.BenefitDecided(decision="granted", decided_on=GRANTED.date()), GRANTED)


def plan(**changes: Any) -> c.PlanDiagnosis:
    """Plan the diagnosis for in a week."""
    return c.PlanDiagnosis(**{"due_on": (NOON + 7 * DAY).date()} | changes)


def start(diagnosis_id: str = DIAGNOSIS, version: str = "2026.1") -> c.StartDiagnosis:
    """Start with the instrument of today."""
    return c.StartDiagnosis(diagnosis_id=diagnosis_id, instrument="competensys-like", instrument_version=version)


def map_area(**changes: Any) -> c.MapLifeArea:
    """The citizen says where things stand with work."""
    fields: dict[str, Any] = {"life_area": "work", "state": "hindering", "own_words": "Ik wil graag weer werken."}
    return c.MapLifeArea(**fields | changes)


def factors(score: int = 6, *, without: str = "", source: str = "professional") -> list[dict[str, Any]]:
    """A score for every factor, save the one left out."""
    effect = "helps" if score >= 5 else "hinders"
    return [
        {"factor": factor, "score": score, "direction": effect, "source": source}
        for factor in FACTORS
        if factor != without
    ]


def complete(diagnosis_id: str = DIAGNOSIS, **changes: Any) -> c.CompleteDiagnosis:
    """Complete with a score for every factor."""
    return c.CompleteDiagnosis(**{"diagnosis_id": diagnosis_id, "factors": factors()} | changes)


def answers(value: int = 4, *, without: str = "") -> dict[str, int]:
    """Every item of today's instrument answered alike, save those of the factor left out."""
    items = LIBRARY.instruments["competensys-like", "2026.1"].items
    return {item.code: value for item in items if item.factor != without}


def ask(**changes: Any) -> c.RequestConsultation:
    """Ask the neighbourhood team."""
    return c.RequestConsultation(**{"consultation_id": CONSULTATION, "partner": "wijkteam"} | changes)


def answer(**changes: Any) -> c.AnswerConsultation:
    """The partner supports work."""
    fields = {"consultation_id": CONSULTATION, "answer_code": "supports_work", "argument": "Belastbaarheid groeit."}
    return c.AnswerConsultation(**fields | changes)


def weigh(argument: str = "own_motivation", side: str = "work", weight: str = "heavy", **changes: Any) -> Any:
    """Weigh an argument that the citizen brought in."""
    fields = {"argument": argument, "side": side, "weight": weight, "by": "citizen", "evidence": "Gesprek."}
    return c.WeighArgument(**fields | changes)


def direct(direction: str = "work", view: str = "agrees", **changes: Any) -> c.DecideDirection:
    """Decide, together with the citizen."""
    fields: dict[str, Any] = {
        "direction": direction,
        "motivation": "Samen besproken; wat zij zelf wil weegt zwaar.",
        "principles": ["own_direction"],
        "shared": {"options_discussed": ["work", "participation"], "citizen_view": view, "decided_by": "together"},
    }
    return c.DecideDirection(**fields | changes)


def contest(**changes: Any) -> c.ContestDirection:
    """The citizen does not agree."""
    return c.ContestDirection(**{"ground": "Ik kan meer dan u denkt."} | changes)


def citizen(at: datetime = NOON) -> Said:
    """The citizen says it."""
    return said(at, "citizen")


def names(happened: list[Happened]) -> list[str]:
    """The facts' names."""
    return [one.fact.name for one in happened]


def the(happened: list[Happened]) -> Any:
    """The one fact that follows."""
    [one] = happened
    fact: Fact = one.fact
    return fact


def after(state: State, *steps: tuple[Any, Said]) -> State:
    """The state after these commands, each said by someone."""
    for command, circumstances in steps:
        for one in decide(state, command, circumstances):
            state = evolve(state, one.fact, circumstances)
    return state


def overdue(state: State, now: datetime) -> list[str]:
    """What the clock would say at this moment."""
    return names(decide(state, LookAtTerms(), said(now, "system")))


def started() -> State:
    """A diagnosis was started at noon."""
    return after(granted(), (start(), said(NOON)))


def mapped() -> State:
    """… and the citizen mapped a life area the same day."""
    return after(started(), (map_area(), citizen(NOON)))


def completed() -> State:
    """… and it was completed a day later."""
    return after(mapped(), (complete(), said(NOON + DAY)))


def motivated() -> State:
    """… and own motivation was weighed, heavily, for work."""
    return after(completed(), (weigh(), said(NOON + 2 * DAY)))


def decided(**changes: Any) -> State:
    """… and the direction is work."""
    return after(motivated(), (direct(**changes), said(NOON + 3 * DAY)))


def contested() -> State:
    """… which the citizen contests a day later."""
    return after(decided(), (contest(), citizen(NOON + 4 * DAY)))
