"""Reasons must say something: known, specific, exactly one primary, and never a ground that may not count."""

from collections.abc import Sequence

from services.referral.codes import GENERAL_TERMS, REASONS, Next, core_of, is_forbidden
from services.referral.events import ReturnReason
from shared.refusals import Refused

NARRATIVE = 40
"""Characters a narrative needs when the reason is `other`."""


def checked_reasons(reasons: Sequence[ReturnReason], field: str, narrative: str | None, told_in: str) -> None:
    """Raises Refused when the reasons of a return are not as they must be; `told_in` names the narrative's field."""
    if not reasons:
        raise Refused("reason_missing", field, sorted(REASONS))
    for reason in reasons:
        checked_reason(reason.code, f"{field}.code", narrative, told_in)
    if sum(reason.primary for reason in reasons) != 1:
        raise Refused("primary_not_one", f"{field}.primary")
    if len({reason.code for reason in reasons}) != len(reasons):
        raise Refused("reason_twice", f"{field}.code")


def checked_reason(code: str, field: str, narrative: str | None = None, told_in: str | None = None) -> None:
    """Raises Refused when the code is forbidden, general or unknown, or is `other` without the narrative it needs."""
    if is_forbidden(code):
        raise Refused("ground_forbidden", field, sorted(REASONS))
    if code in GENERAL_TERMS:
        raise Refused("reason_general", field, sorted(REASONS))
    core = core_of(code)
    if core is None:
        raise Refused("reason_unknown", field, sorted(REASONS))
    if told_in is not None and core == "other" and len((narrative or "").strip()) < NARRATIVE:
        raise Refused("narrative_too_short", told_in)


def consequence_of(code: str) -> Next:
    """What a reason leads to, unless a review says otherwise with a reason."""
    return REASONS[core_of(code) or "other"].consequence
