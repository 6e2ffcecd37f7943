"""Codes of the referral: return reasons with side and consequence, what may not count, terms, and the small lists."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

Side = Literal["municipality", "provider", "citizen"]
Trajectory = Literal["reintegration", "work_experience", "participation", "education", "care"]
Result = Literal["paid_work", "education", "voluntary_work", "structured_day", "none"]
Factor = Literal["perceived_advantages", "social_norm", "self_efficacy", "skills", "self_regulation", "barriers"]
Next = Literal["rediagnose", "refer_again", "participation", "wait", "supplement", "close"]
Cause = Literal["assessment", "information", "trajectory", "provider", "changed_circumstances", "citizen_choice"]
SuspensionReason = Literal[
    "illness", "pregnancy_leave", "care", "detention", "holiday", "provider_closed", "awaiting_other_help"
]

SIDES: dict[str, Side] = {
    "caseworker": "municipality",
    "coach": "provider",
    "system": "provider",
    "citizen": "citizen",
}
"""For whom a role speaks here."""
WAITS_FOR: dict[str, Side] = {
    "illness": "citizen",
    "pregnancy_leave": "citizen",
    "care": "citizen",
    "detention": "citizen",
    "holiday": "citizen",
    "provider_closed": "provider",
    "awaiting_other_help": "municipality",
}
"""Whose time runs while a referral is suspended: the clocks of that side run on, those of who waits for it stop."""

Days = Annotated[int, Field(ge=1, le=365)]


@dataclass(frozen=True, slots=True)
class Terms:
    """The lengths of a contract's terms: in working days, save the silence, which is in days."""

    receipt: Days = 2
    response: Days = 10
    start: Days = 15
    plan: Days = 20
    progress: Days = 42
    review: Days = 10


USUAL = Terms()
"""What holds where a contract says nothing else."""


@dataclass(frozen=True)
class Reason:
    """A reason for a return or a decline: its side, what it leads to unless a review says otherwise, its names."""

    side: str
    consequence: Next
    nl: str
    en: str


REASONS: dict[str, Reason] = {
    "person.health_physical": Reason("citizen", "wait", "Lichamelijke gezondheid", "Physical health"),
    "person.health_mental": Reason("citizen", "rediagnose", "Psychische gezondheid", "Mental health"),
    "person.addiction": Reason("citizen", "rediagnose", "Verslaving", "Addiction"),
    "person.debts": Reason("citizen", "wait", "Schulden", "Debts"),
    "person.housing": Reason("citizen", "wait", "Huisvesting", "Housing"),
    "person.care_duties": Reason("citizen", "wait", "Zorgtaken", "Care duties"),
    "person.childcare": Reason("citizen", "supplement", "Kinderopvang", "Childcare"),
    "person.language": Reason("citizen", "refer_again", "Taal", "Language"),
    "person.skills": Reason("citizen", "refer_again", "Vaardigheden", "Skills"),
    "person.detention": Reason("citizen", "wait", "Detentie", "Detention"),
    "person.self_confidence": Reason("citizen", "rediagnose", "Zelfvertrouwen", "Self-confidence"),
    "person.motivation": Reason("citizen", "rediagnose", "Motivatie", "Motivation"),
    "person.no_show": Reason("citizen", "supplement", "Niet verschenen", "No show"),
    "person.unreachable": Reason("citizen", "supplement", "Onbereikbaar", "Unreachable"),
    "fit.distance_larger_than_assessed": Reason(
        "fit", "rediagnose", "Afstand groter dan ingeschat", "Distance larger than assessed"
    ),
    "fit.job_ready_already": Reason("fit", "refer_again", "Al klaar voor werk", "Job ready already"),
    "fit.wrong_trajectory": Reason("fit", "refer_again", "Verkeerd traject", "Wrong trajectory"),
    "fit.participation_first": Reason("fit", "participation", "Eerst participatie", "Participation first"),
    "fit.goal_not_shared": Reason("fit", "rediagnose", "Doel niet gedeeld", "Goal not shared"),
    "information.incomplete": Reason("municipality", "supplement", "Informatie onvolledig", "Information incomplete"),
    "information.diagnosis_missing": Reason("municipality", "rediagnose", "Diagnose ontbreekt", "Diagnosis missing"),
    "information.not_warm": Reason("municipality", "refer_again", "Niet warm overgedragen", "Not handed over warmly"),
    "provider.no_capacity": Reason("provider", "refer_again", "Geen plaats", "No capacity"),
    "provider.no_suitable_offer": Reason("provider", "refer_again", "Geen passend aanbod", "No suitable offer"),
    "provider.contract_ended": Reason("provider", "refer_again", "Contract afgelopen", "Contract ended"),
    "provider.no_response": Reason("provider", "refer_again", "Geen reactie", "No response"),
    "law.benefit_ended": Reason("outside", "close", "Uitkering beëindigd", "Benefit ended"),
    "law.moved": Reason("outside", "close", "Verhuisd", "Moved"),
    "law.other_authority": Reason("outside", "close", "Andere instantie bevoegd", "Other authority"),
    "positive.work_found": Reason("outside", "close", "Werk gevonden", "Work found"),
    "positive.education_started": Reason("outside", "close", "Opleiding gestart", "Education started"),
    "other": Reason("outside", "supplement", "Anders", "Other"),
}
"""The national core. A municipality adds below (`person.debts.gambling`), never beside."""

GENERAL_TERMS = frozenset(
    {
        "person", "fit", "information", "provider", "law", "positive", "general", "various", "miscellaneous",
        "unknown", "returned", "not_suitable", "algemeen", "divers", "diversen", "overig", "anders", "onbekend",
        "retour", "niet_geschikt", "teruggemeld",
    }
)  # fmt: skip
"""Terms that say nothing: refused by name, for they are what returns were registered with before."""

FORBIDDEN_GROUNDS = frozenset(
    {
        "employer_resistance", "age", "pregnancy", "gender", "nationality", "neighbourhood", "children", "appearance",
    }
)  # fmt: skip
"""Grounds that must not count, in whatever family or spelling they are put."""

_OTHER_NAMES = {
    "weerstand_werkgever": "employer_resistance", "weerstand_werkgevers": "employer_resistance",
    "leeftijd": "age", "zwanger": "pregnancy", "zwangerschap": "pregnancy", "pregnant": "pregnancy",
    "geslacht": "gender", "sex": "gender", "nationaliteit": "nationality", "herkomst": "nationality",
    "origin": "nationality", "buurt": "neighbourhood", "wijk": "neighbourhood", "postcode": "neighbourhood",
    "neighborhood": "neighbourhood", "kinderen": "children", "uiterlijk": "appearance",
}  # fmt: skip


def is_forbidden(code: str) -> bool:
    """Whether any part of the code names a ground that must not count."""
    parts = code.lower().replace("-", "_").split(".")
    return any(_OTHER_NAMES.get(part, part) in FORBIDDEN_GROUNDS for part in parts)


def core_of(code: str) -> str | None:
    """The national code a code stands for: itself, or the one it was added below. None when there is none."""
    while code:
        if code in REASONS:
            return code
        code = code.rpartition(".")[0]
    return None
