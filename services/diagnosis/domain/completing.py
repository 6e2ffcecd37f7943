"""When a diagnosis is complete: each factor answered by someone, and the citizen's own view is there."""

import json
from collections.abc import Iterable
from datetime import datetime

from services.diagnosis.codes import FACTORS, Factor
from services.diagnosis.commands import CompleteDiagnosis
from services.diagnosis.domain.library import Instrument, Library
from services.diagnosis.domain.scoring import scores
from services.diagnosis.domain.state import Diagnosis, State
from services.diagnosis.events import DiagnosisCompleted, FactorScore
from shared.facts import Said
from shared.refusals import Refused


def completed(
    state: State, diagnosis: Diagnosis, command: CompleteDiagnosis, said: Said, library: Library
) -> DiagnosisCompleted:
    """The completed diagnosis. Raises Refused."""
    if command.factors is not None and command.answers is not None:
        raise Refused("factors_and_answers", "data.answers")
    if command.answers is not None:
        fact = _from_answers(diagnosis, command, library)
    else:
        fact = DiagnosisCompleted(diagnosis_id=command.diagnosis_id, factors=command.factors or [])
    _check_factors(fact.factors, "data.answers" if command.answers is not None else "data.factors")
    if not own_view(state, said.at):
        raise Refused("own_view_missing", "fact", ["life_area_mapped"])
    return fact


def _from_answers(diagnosis: Diagnosis, command: CompleteDiagnosis, library: Library) -> DiagnosisCompleted:
    answers = command.answers or {}
    instrument = instrument_of(library, diagnosis.instrument, diagnosis.instrument_version)
    if instrument is None:
        raise Refused("instrument_unknown", "data.answers", instruments(library))
    known = {item.code for item in instrument.items}
    if not known.issuperset(answers):
        raise Refused("item_unknown", "data.answers", sorted(known))
    if not all(instrument.low <= value <= instrument.high for value in answers.values()):
        raise Refused("answer_out_of_scale", "data.answers", [str(instrument.low), str(instrument.high)])
    found = scores(instrument, answers)
    return DiagnosisCompleted(
        diagnosis_id=command.diagnosis_id,
        factors=list(found.factors),
        completeness=found.completeness,
        answers=json.dumps(answers, sort_keys=True, separators=(",", ":")),
    )


def _check_factors(factors: list[FactorScore], field: str) -> None:
    missing = missing_factors(one.factor for one in factors)
    if missing:
        raise Refused("factor_missing", field, missing)
    if len({(one.factor, one.source) for one in factors}) != len(factors):
        raise Refused("factor_twice", field)


def missing_factors(answered: Iterable[Factor]) -> list[Factor]:
    """The factors of which nobody said anything."""
    there = set(answered)
    return [factor for factor in FACTORS if factor not in there]


def own_view(state: State, at: datetime) -> bool:
    """Whether the citizen was heard: a life area mapped by or in words of the citizen since the diagnosis before."""
    before = max((one.completed_at for one in state.diagnoses if one.completed_at is not None), default=None)
    return any(
        area.own and area.at <= at and (before is None or area.at > before) for area in state.life_areas.values()
    )


def instrument_of(library: Library, name: str, version: str) -> Instrument | None:
    """The instrument of this version, if it is known here."""
    return library.instruments.get((name, version))


def instruments(library: Library) -> list[str]:
    """The instruments that may be named, each with its version."""
    return [f"{name} {version}" for name, version in sorted(library.instruments)]
