"""Codes of the diagnosis: factors, life areas, the small lists, and the grounds that must not count."""

from dataclasses import dataclass
from typing import Literal, get_args

Side = Literal["municipality", "provider", "citizen", "partner"]
Direction = Literal["work", "work_in_time", "participation"]
Weight = Literal["light", "normal", "heavy"]
Voice = Literal["citizen", "caseworker", "partner", "provider"]
Source = Literal["citizen", "professional", "partner"]
Effect = Literal["helps", "hinders"]
Partner = Literal["wijkteam", "uwv", "provider", "health", "debt_help", "other"]
AreaState = Literal["strength", "stable", "hindering"]
CitizenView = Literal["agrees", "agrees_with_reserve", "disagrees"]
DecidedBy = Literal["together", "caseworker", "citizen"]
Factor = Literal["perceived_advantages", "social_norm", "self_efficacy", "skills", "self_regulation", "barriers"]
"""The factors of the integrative behaviour model: willing (three), able (two), barriers."""
LifeArea = Literal[
    "work", "education", "daytime", "finance", "housing", "language", "physical_health", "mental_health",
    "social_network", "care_and_children",
]  # fmt: skip

FACTORS: tuple[Factor, ...] = get_args(Factor)
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
ANSWERS = ("supports_work", "supports_work_in_time", "supports_participation", "needs_more_information", "no_view")
"""What a partner can answer to a consultation."""
OWN_MOTIVATION = "own_motivation"
"""The argument without which no direction is decided: it weighs heavily, also with many barriers."""


@dataclass(frozen=True)
class Ground:
    """A ground that must not count: the code of its explanation, and the explanation."""

    explanation: str
    nl: str
    en: str


GROUNDS: dict[str, Ground] = {
    "employer_resistance": Ground(
        "ground_employer_resistance",
        "Weerstand van werkgevers telt niet mee: dat een werkgever iemand niet wil, zegt niets over wat iemand kan.",
        "Resistance of employers does not count: that an employer does not want somebody says nothing about "
        "what that person can do.",
    ),
    "age": Ground(
        "ground_age",
        "Leeftijd telt niet mee: motivatie weegt zwaarder dan leeftijd. Ook wie 65 is en wil werken, kan werken.",
        "Age does not count: motivation outweighs age. Who is 65 and wants to work, can work.",
    ),
    "pregnancy": Ground(
        "ground_pregnancy",
        "Zwangerschap telt niet mee: verlof schort een traject op en zegt niets over de richting.",
        "Pregnancy does not count: leave suspends a trajectory and says nothing about the direction.",
    ),
    "gender": Ground(
        "ground_gender",
        "Geslacht en gender tellen niet mee: gelijke behandeling is de wet, en weeg wat iemand kan en wil.",
        "Gender does not count: equal treatment is the law, and weigh what somebody can and wants.",
    ),
    "nationality": Ground(
        "ground_nationality",
        "Nationaliteit en herkomst tellen niet mee; speelt taal een rol, weeg dan het taalniveau.",
        "Nationality and origin do not count; if language matters, weigh the level of language.",
    ),
    "neighbourhood": Ground(
        "ground_neighbourhood",
        "De buurt waar iemand woont telt niet mee; speelt reizen of wonen een rol, weeg dan dat.",
        "The neighbourhood somebody lives in does not count; if travel or housing matters, weigh that.",
    ),
    "children": Ground(
        "ground_children",
        "Kinderen hebben telt niet mee; is opvang of zorg nog niet geregeld, weeg dan wat daarvoor nodig is.",
        "Having children does not count; if care is not arranged yet, weigh what is needed for that.",
    ),
    "appearance": Ground(
        "ground_appearance",
        "Uiterlijk telt niet mee: weeg wat iemand kan en wil, niet hoe iemand eruitziet.",
        "Appearance does not count: weigh what somebody can and wants, not how somebody looks.",
    ),
}
"""Grounds that must not count, each with its explanation."""

_OTHER_NAMES = {
    "weerstand_werkgever": "employer_resistance", "weerstand_werkgevers": "employer_resistance",
    "leeftijd": "age", "zwanger": "pregnancy", "zwangerschap": "pregnancy", "pregnant": "pregnancy",
    "geslacht": "gender", "sex": "gender", "nationaliteit": "nationality", "herkomst": "nationality",
    "origin": "nationality", "buurt": "neighbourhood", "wijk": "neighbourhood", "postcode": "neighbourhood",
    "neighborhood": "neighbourhood", "kinderen": "children", "uiterlijk": "appearance",
}  # fmt: skip


def ground_of(code: str) -> str | None:
    """The forbidden ground a code stands for, in whatever family or spelling it is put. None when it is none."""
    for part in code.lower().replace("-", "_").split("."):
        ground = _OTHER_NAMES.get(part, part)
        if ground in GROUNDS:
            return ground
    return None
