"""What diagnosis can be told: each command names who may give it and what must be said today."""

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from services.diagnosis.codes import AreaState, Direction, Factor, LifeArea, Partner, Voice, Weight
from services.diagnosis.events import FactorScore, Id, SharedDecision
from shared.facts import Command
from shared.personal import Code
from shared.sealing import Text

CASEWORKER = frozenset({"caseworker"})
MAX_ANSWERS = 500
_CODE: TypeAdapter[str] = TypeAdapter(Code)


def _coded(answers: Any) -> Any:
    """Keys are input too: one that is no code is refused without being repeated in the error."""
    try:
        for key in answers if isinstance(answers, dict) else ():
            _CODE.validate_python(key)
    except ValidationError:
        raise PydanticCustomError("item_invalid", "an item is a short code") from None
    return answers


Answers = Annotated[dict[str, int], BeforeValidator(_coded), Field(max_length=MAX_ANSWERS)]
"""Item of the instrument -> value on its scale."""


class DiagnosisCommand(Command):
    """A command about the diagnosis of a case."""


class PlanDiagnosis(DiagnosisCommand):
    """Set a day by which the diagnosis starts."""

    fact = "diagnosis_planned"
    by = CASEWORKER
    titles = ("Plan de diagnose", "Plan the diagnosis")
    due_on: date


class StartDiagnosis(DiagnosisCommand):
    """Start a diagnosis with an instrument."""

    fact = "diagnosis_started"
    by = CASEWORKER
    titles = ("Start de diagnose", "Start the diagnosis")
    diagnosis_id: Id
    instrument: Code
    instrument_version: Code


class MapLifeArea(DiagnosisCommand):
    """Say where the citizen stands in an area of life."""

    fact = "life_area_mapped"
    by = CASEWORKER | {"citizen"}
    titles = ("Breng een leefgebied in kaart", "Map a life area")
    life_area: LifeArea
    state: AreaState
    own_words: Text | None = None
    support_wanted: bool | None = None


class CompleteDiagnosis(DiagnosisCommand):
    """Complete the diagnosis, with the answers from which scores follow, with scores people gave, or with both."""

    fact = "diagnosis_completed"
    by = CASEWORKER
    titles = ("Rond de diagnose af", "Complete the diagnosis")
    diagnosis_id: Id
    factors: list[FactorScore] | None = Field(None, max_length=18)
    answers: Answers | None = None


class RequestConsultation(DiagnosisCommand):
    """Ask another professional."""

    fact = "consultation_requested"
    by = CASEWORKER
    titles = ("Vraag advies", "Request a consultation")
    consultation_id: Id
    partner: Partner


class AnswerConsultation(DiagnosisCommand):
    """Say what the other professional argues."""

    fact = "consultation_answered"
    by = CASEWORKER | {"partner"}
    asked: ClassVar[tuple[str, ...]] = ("argument",)
    titles = ("Geef advies", "Answer the consultation")
    consultation_id: Id
    partner: Partner | None = None
    answer_code: Code
    argument: Text | None = None


class WeighArgument(DiagnosisCommand):
    """Weigh an argument of the framework. There is no place for who the citizen is, only for what is argued."""

    fact = "argument_weighed"
    by = CASEWORKER
    asked: ClassVar[tuple[str, ...]] = ("evidence",)
    titles = ("Weeg een argument", "Weigh an argument")
    argument: Code
    side: Direction
    weight: Weight
    factor: Factor | None = None
    by_whom: Voice = Field(alias="by")
    evidence: Text | None = None
    framework_version: Code | None = None


class DecideDirection(DiagnosisCommand):
    """Decide the direction, together with the citizen."""

    fact = "direction_decided"
    by = CASEWORKER
    asked: ClassVar[tuple[str, ...]] = ("motivation", "principles", "shared")
    titles = ("Bepaal de richting", "Decide the direction")
    direction: Direction
    framework_version: Code | None = None
    motivation: Text | None = None
    principles: list[Code] | None = Field(None, max_length=20)
    shared: SharedDecision | None = None


class ContestDirection(DiagnosisCommand):
    """Say that the direction is not agreed with. Who contests follows from who says it, unless said."""

    fact = "direction_contested"
    by = CASEWORKER | {"citizen"}
    titles = ("Betwist de richting", "Contest the direction")
    by_whom: Voice | None = Field(None, alias="by")
    ground: Text | None = None


COMMANDS: dict[str, type[Command]] = {
    command.fact: command
    for command in (
        PlanDiagnosis, StartDiagnosis, MapLifeArea, CompleteDiagnosis, RequestConsultation, AnswerConsultation,
        WeighArgument, DecideDirection, ContestDirection,
    )
}  # fmt: skip
NUMBERS = frozenset({"diagnosis", "consultation"})
