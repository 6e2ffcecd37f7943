"""Decides: a command and what is known lead to facts, or to a refusal with its reason."""

from typing import Any, NoReturn

from services.diagnosis import commands as c
from services.diagnosis import events as e
from services.diagnosis.codes import ANSWERS, ground_of
from services.diagnosis.domain import clocks
from services.diagnosis.domain.completing import completed, instrument_of, instruments
from services.diagnosis.domain.direction import decided
from services.diagnosis.domain.library import NOTHING, Library
from services.diagnosis.domain.state import NEXT, Consultation, Diagnosis, State
from services.diagnosis.domain.weighing import refused_ground, weighed
from shared.facts import SYSTEM, Command, Fact, Happened, Said
from shared.refusals import Refused
from shared.worktime import local_day

_NEEDS_DIAGNOSIS = ("new", "started")


def decide(state: State | None, command: Command, said: Said, library: Library = NOTHING) -> list[Happened]:
    """The facts that follow from the command. With no library nothing of today is known in it. Raises Refused."""
    if state is None:
        raise Refused("case_unknown")
    if not isinstance(command, c.DiagnosisCommand):
        return _overdue(state, said)
    _check_open(state, command, said)
    if isinstance(command, c.WeighArgument) and (refusal := refused_ground(command, said)):
        return refusal
    if (state.status, command.fact) not in NEXT:
        _refuse_step(state, command)
    latest = state.latest
    match command:
        case c.PlanDiagnosis():
            _check_due(command, said)
        case c.StartDiagnosis():
            _check_start(state, command, said, library)
        case c.RequestConsultation():
            _check_new_consultation(state, command)
        case c.AnswerConsultation():
            return _answer(state, command, said)
        case c.ContestDirection():
            return _contest(command, said)
        case c.CompleteDiagnosis():
            return [Happened(completed(state, _running(latest, command), command, said, library))]
        case c.WeighArgument():
            return weighed(state, command, said, library)
        case c.DecideDirection():
            return decided(state, _there(latest), command, said, library)
        case c.MapLifeArea():
            return _map(command, said)
    return [Happened(_plain(command))]


def _map(command: c.MapLifeArea, said: Said) -> list[Happened]:
    """A life area. Today the citizen may leave it without words; in history their absence is not known to be that."""
    unknown = ("own_words",) if said.imported and command.own_words is None else ()
    return [Happened(_plain(command), unknown=unknown)]


def _plain(command: c.DiagnosisCommand) -> Fact:
    """The fact that says what the command said."""
    return e.FACTS[command.fact](**command.model_dump(by_alias=True))


def _check_open(state: State, command: Command, said: Said) -> None:
    """What was closed or not granted yet when it happened is not diagnosed; when we hear of it does not matter."""
    if state.closed_at is not None and state.closed_at <= said.at:
        raise Refused("case_closed")
    withdrawn = state.withdrawn_at is not None and state.withdrawn_at <= said.at
    if withdrawn or not state.granted(said.at):
        raise Refused("case_not_open_for_diagnosis")
    begins = isinstance(command, c.PlanDiagnosis | c.StartDiagnosis)
    if begins and state.ended_on is not None and state.ended_on < local_day(said.at):
        raise Refused("case_not_open_for_diagnosis")


def _refuse_step(state: State, command: Command) -> NoReturn:
    """Says what is missing, or what would have been possible now."""
    possible = sorted(fact for status, fact in NEXT if status == state.status)
    if isinstance(command, c.DecideDirection) and state.status in _NEEDS_DIAGNOSIS:
        raise Refused("diagnosis_missing", "fact", possible)
    if isinstance(command, c.ContestDirection):
        raise Refused("direction_missing", "fact", possible)
    raise Refused("step_not_possible", "fact", possible)


def _check_due(command: c.PlanDiagnosis, said: Said) -> None:
    if not said.imported and command.due_on < local_day(said.at):
        raise Refused("due_in_past", "data.due_on")


def _check_start(state: State, command: c.StartDiagnosis, said: Said, library: Library) -> None:
    if any(one.diagnosis_id == command.diagnosis_id for one in state.diagnoses):
        raise Refused("diagnosis_exists", "data.diagnosis_id")
    if not said.imported and instrument_of(library, command.instrument, command.instrument_version) is None:
        raise Refused("instrument_unknown", "data.instrument", instruments(library))


def _there(diagnosis: Diagnosis | None) -> Diagnosis:
    """The diagnosis that the table says there is. Raises Refused."""
    if diagnosis is None:
        raise Refused("diagnosis_missing")
    return diagnosis


def _running(diagnosis: Diagnosis | None, command: c.CompleteDiagnosis) -> Diagnosis:
    if diagnosis is None or diagnosis.diagnosis_id != command.diagnosis_id:
        raise Refused("diagnosis_unknown", "data.diagnosis_id")
    return diagnosis


def _check_new_consultation(state: State, command: c.RequestConsultation) -> None:
    if command.consultation_id in state.consultations:
        raise Refused("consultation_exists", "data.consultation_id")


def _answer(state: State, command: c.AnswerConsultation, said: Said) -> list[Happened]:
    """A partner's answer; a ground that must not count does not come in this way either."""
    asked = state.consultations.get(command.consultation_id)
    if asked is None:
        raise Refused("consultation_unknown", "data.consultation_id")
    if asked.answered_at is not None:
        raise Refused("already_answered", "data.consultation_id")
    if command.partner is not None and command.partner != asked.partner:
        raise Refused("partner_differs", "data.partner", [asked.partner])
    if ground_of(command.answer_code) is not None:
        raise Refused("ground_forbidden", "data.answer_code", ANSWERS)
    if not said.imported and command.answer_code not in ANSWERS:
        raise Refused("answer_unknown", "data.answer_code", ANSWERS)
    fact = e.ConsultationAnswered(
        consultation_id=command.consultation_id,
        partner=asked.partner,
        answer_code=command.answer_code,
        argument=command.argument,
    )
    unknown = tuple(name for name in command.asked if getattr(command, name) is None)
    return [Happened(fact, unknown=unknown)]


def _contest(command: c.ContestDirection, said: Said) -> list[Happened]:
    """The citizen contests in person; a caseworker says for whom, or contests."""
    spoken: Any = "citizen" if said.actor.role == "citizen" else command.by_whom or "caseworker"
    unknown = ("ground",) if said.imported and command.ground is None else ()
    return [Happened(e.DirectionContested(by=spoken, ground=command.ground), unknown=unknown)]


def _overdue(state: State, said: Said) -> list[Happened]:
    """What has become overdue and was not said yet."""
    found: list[Fact] = []
    plan = clocks.plan_of(state)
    if plan is not None and clocks.overdue(plan, said.now):
        found.append(e.DiagnosisOverdue(due_on=plan.due_on, waiting_for=plan.waiting_for))
    found += [_silent(one) for one in clocks.consultations_of(state) if clocks.overdue(one.clock, said.now)]
    return [Happened(fact, actor=SYSTEM) for fact in found]


def _silent(one: Consultation) -> Fact:
    return e.ConsultationOverdue(
        consultation_id=one.consultation_id,
        partner=one.partner,
        due_on=one.clock.due_on,
        waiting_for=one.clock.waiting_for,
    )
