"""When a diagnosis is complete: each factor answered by someone, and the citizen's own view is there."""

import json
from collections.abc import Iterable, Mapping
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
    """The completed diagnosis; what nobody answered in the questionnaire somebody may still score. Raises Refused."""
    given = command.factors or []
    if command.answers is None:
        fact = DiagnosisCompleted(diagnosis_id=command.diagnosis_id, factors=given)
    else:
        fact = _from_answers(diagnosis, command.answers, given, library)
    _check_factors(fact.factors, "data.answers" if command.factors is None else "data.factors")
    if not own_view(state, said.at):
        raise Refused("own_view_missing", "fact", ["life_area_mapped"])
    return fact


def _from_answers(
    diagnosis: Diagnosis, answers: Mapping[str, int], given: list[FactorScore], library: Library
) -> DiagnosisCompleted:
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
        diagnosis_id=diagnosis.diagnosis_id,
        factors=[*found.factors, *given],
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
    views = [area.own_at for area in state.life_areas.values() if area.own_at is not None]
    return any(seen <= at and (before is None or seen > before) for seen in views)


def instrument_of(library: Library, name: str, version: str) -> Instrument | None:
    """The instrument of this version, if it is known here."""
    return library.instruments.get((name, version))


def instruments(library: Library) -> list[str]:
    """The instruments that may be named, each with its version."""
    return [f"{name} {version}" for name, version in sorted(library.instruments)]
