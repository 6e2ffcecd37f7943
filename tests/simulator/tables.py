"""Codes, and how often each is drawn. Where no source is named the share is an estimate, made to be changed here.

Every code is one of the product's vocabulary; columns of facts hold places in these tuples.
"""

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]


def _shares(*parts: float) -> Shares:
    found = np.array(parts, float)
    return found / found.sum()


# When people come in. 92 to 97 in a hundred hand-offs of real municipal logs fall between 8 and 17 h on working days.
WEEKDAYS = _shares(0.215, 0.205, 0.185, 0.190, 0.185, 0.012, 0.008)
"""Monday to Sunday."""
HOURS = _shares(*[0.05] * 6, 0.3, 1.5, *[9, 12, 13, 11, 6, 10, 11, 10, 6], 1, 0.5, *[0.2] * 5)
MONTHS = np.repeat([1.077, 0.891, 1.001, 1.031], 3)
"""Inflow into bijstand by month of the year, against its mean (CBS 82662NED, quarters of 2019)."""

# Who comes in. 10, 34 and 57 in a hundred are under 27, 27 to 45 and older (CBS); within those, by years.
AGE_BANDS = ("18-26", "27-34", "35-44", "45-54", "55-66")
AGE_SHARES = _shares(10, 34 * 8 / 18, 34 * 10 / 18, 57 * 10 / 22, 57 * 12 / 22)
KINDS, KIND_SHARES = ("new_applicant", "existing_recipient"), _shares(75, 25)
CHANNELS, CHANNEL_SHARES = ("walk_in", "appointment", "online", "transferred"), _shares(25, 30, 40, 5)
EDUCATIONS, EDUCATION_SHARES = ("low", "middle", "high"), _shares(55, 33, 12)
LANGUAGES, LANGUAGE_SHARES = ("A1", "A2", "B1", "B2", "C1", "C2"), _shares(8, 16, 24, 26, 16, 10)
HOUSEHOLDS, HOUSEHOLD_SHARES = ("single", "single_parent", "couple", "other"), _shares(56, 20, 20, 4)
MONTHS_BANDS, MONTHS_SHARES = ("0-3", "4-12", "13-36", "37+"), _shares(30, 25, 25, 20)

# What is decided on an application: two in three granted, one in five refused.
FATES, FATE_SHARES = ("granted", "denied", "withdrawn"), _shares(2 / 3, 1 / 5, 2 / 15)
DECISIONS = ("granted", "denied", "not_taken_up")
NOT_TAKEN_UP = 0.05
"""Of what was not granted."""

FACTORS = ("perceived_advantages", "social_norm", "self_efficacy", "skills", "self_regulation", "barriers")
LIFE_AREAS = (
    "work", "education", "daytime", "finance", "housing", "physical_health", "mental_health", "language",
    "care_and_children", "social_network",
)  # fmt: skip
AREA_STATES = ("strength", "stable", "hindering")
HINDERED = np.array([0.30, 0.20, 0.15, 0.21, 0.03, 0.35, 0.29, 0.25, 0.10, 0.12])
"""How often a life area hinders: psychological 29, financial 21, housing 3 % (Rotterdam); the rest estimated."""
DIRECTIONS = ("work", "work_in_time", "participation")
VIEWS, VIEW_SHARES = ("agrees", "agrees_with_reserve", "disagrees"), _shares(78, 15, 7)
ARGUMENTS = (
    "own_motivation", "sees_advantage_of_work", "supportive_network", "confidence_to_build", "recent_work_experience",
    "language_level", "structure_needed", "health_uncertain", "debts_unstable", "many_barriers", "few_barriers",
)  # fmt: skip
WEIGHTS, WEIGHT_SHARES = ("light", "normal", "heavy"), _shares(30, 45, 25)
PARTNERS, PARTNER_SHARES = ("wijkteam", "uwv", "provider", "health", "debt_help"), _shares(30, 15, 25, 15, 15)
ANSWERS = ("supports_work", "supports_work_in_time", "supports_participation", "needs_more_information", "no_view")

TRAJECTORIES = ("reintegration", "work_experience", "participation", "education", "care")
FIRST_CONTACTS, FIRST_CONTACT_SHARES = ("met", "phone", "no_show"), _shares(78, 14, 8)
SUSPENSIONS, SUSPENSION_SHARES = ("illness", "pregnancy_leave", "care", "holiday"), _shares(55, 10, 15, 20)
RESULTS = ("paid_work", "education", "voluntary_work", "structured_day", "none")
PHASES = ("before_acceptance", "before_start", "after_start")
CAUSES, CAUSE_SHARES = (
    ("assessment", "information", "trajectory", "provider", "changed_circumstances", "citizen_choice"),
    _shares(30, 15, 20, 10, 15, 10),
)
NEXTS, NEXT_SHARES = (
    ("rediagnose", "refer_again", "participation", "wait", "supplement", "close"),
    _shares(30, 35, 12, 13, 8, 2),
)

_REASONS = {
    "person.health_physical": 11, "person.health_mental": 11,
    "person.motivation": 9, "person.no_show": 9,
    "provider.no_suitable_offer": 14,
    "person.language": 12,
    "person.debts": 7, "person.housing": 3,
    "person.care_duties": 8,
    "fit.wrong_trajectory": 4, "fit.distance_larger_than_assessed": 4, "fit.participation_first": 2,
    "information.incomplete": 3, "provider.contract_ended": 3,
}  # fmt: skip
"""Why people come back: health 22, motivation or no show 18, no suitable offer 14, language 12, debts or housing 10,
care duties 8, wrongly referred 10, administration 6 %."""
REASONS = (*_REASONS, "other", "law.moved", "law.benefit_ended", "law.other_authority", "provider.no_capacity")
REASON_SHARES = _shares(*_REASONS.values())
GENERAL = REASONS.index("other")
"""What a return is registered with when only a general term was to be had: `other`, with words."""
GENERAL_BEFORE = 0.70
"""Of the returns before diagnosis came first (Leiden)."""
DECLINES = (REASONS.index("provider.no_capacity"), REASONS.index("information.incomplete"))

BENEFIT_ENDS = ("work", "education", "moved", "relationship", "pension", "enforcement", "deceased", "other")
OTHER_ENDS = _shares(0, 0, 40, 22, 18, 12, 8, 0)
"""Of BENEFIT_ENDS: what ends a referral that ends neither in a return nor in a job."""
WITHDRAWN_FOR = (-1, -1, *(REASONS.index(f"law.{code}") for code in ("moved", *["benefit_ended"] * 5)))
"""The reason of a withdrawn referral for each of BENEFIT_ENDS."""
CLOSE_REASONS = ("work", "benefit_ended", "not_granted", "withdrawn")

INSTRUMENTS = ("job_application_training", "debt_help", "language_course", "work_experience_place", "coaching")
INTERVENTION_RESULTS = ("completed", "stopped")
MEASURERS = ("citizen", "professional")
CONTRACTS, CONTRACT_SHARES = ("permanent", "fixed", "agency", "trial"), _shares(10, 50, 32, 8)
EMPLOYER_INSTRUMENTS = ("no_risk_policy", "lkv", "wage_cost_subsidy", "job_coach", "mobility_bonus")
PERSPECTIVES = ("paid_work", "education", "voluntary_work", "structured_day")
FOLLOW_UP_STATES = ("still_working", "changed_job", "lost_job", "unreachable", "declined_to_say")
JOB_ENDS, JOB_END_SHARES = (
    ("contract_ended", "dismissed", "own_choice", "health", "other"),
    _shares(50, 15, 15, 12, 8),
)
REFLECTED = ("goal", "intervention", "return", "case")
ROLES = ("caseworker", "coach", "citizen", "partner", "benefit_administration", "operator", "system")


def drawn(rng: np.random.Generator, shares: Shares, count: int) -> NDArray[np.int8]:
    """So many places, drawn by these shares."""
    cut = np.cumsum(shares)
    return np.searchsorted(cut, rng.random(count) * cut[-1], side="right").astype(np.int8)
