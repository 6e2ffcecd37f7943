"""Codes of outcome: life areas, factors, perspectives, contracts, and how a follow-up may end."""

from typing import Literal

Side = Literal["municipality", "provider", "citizen"]
LifeArea = Literal[
    "work", "education", "daytime", "finance", "housing", "physical_health", "mental_health", "language",
    "care_and_children", "social_network",
]  # fmt: skip
Factor = Literal["perceived_advantages", "social_norm", "self_efficacy", "skills", "self_regulation", "barriers"]
Measurer = Literal["citizen", "professional"]
"""Who gives a score, and who owns a goal."""
Perspective = Literal["paid_work", "education", "voluntary_work", "structured_day"]
"""Each of the four is an outcome; none is a failure."""
SustainedMonths = Literal[0, 3, 6, 12]
FollowUpMonths = Literal[3, 6, 12]
Contract = Literal["permanent", "fixed", "agency", "trial"]
EmployerInstrument = Literal["no_risk_policy", "lkv", "wage_cost_subsidy", "job_coach", "mobility_bonus"]
FollowUpStatus = Literal["still_working", "changed_job", "lost_job", "unreachable", "declined_to_say"]
Reflected = Literal["goal", "intervention", "return", "case"]
CauseKind = Literal["measurement", "return"]

FOLLOW_UPS: tuple[FollowUpMonths, ...] = (3, 6, 12)
"""Months of sustained work after which is asked how it goes."""
