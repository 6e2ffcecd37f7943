"""Sending: when a referral may be sent, under which terms, and what a person should know before it is."""

from datetime import timedelta

from services.referral import commands as c
from services.referral import events as e
from services.referral.codes import USUAL
from services.referral.domain.contracts import Contracts, terms_of
from services.referral.domain.state import OPEN, State
from shared.facts import Happened, Said
from shared.refusals import Refused
from shared.worktime import add_working_days, local_day

STALE = timedelta(days=365)


def send(state: State, command: c.SendReferral, said: Said, contracts: Contracts) -> list[Happened]:
    """The referral as it is sent. Raises Refused."""
    if command.referral_id in state.attempts:
        raise Refused("referral_exists", "data.referral_id")
    if state.closed_at is not None and state.closed_at <= said.at:
        raise Refused("case_closed")
    if command.previous_referral_id is not None and command.previous_referral_id not in state.attempts:
        raise Refused("previous_unknown", "data.previous_referral_id")
    if any(a.trajectory == command.trajectory and a.status in OPEN for a in state.attempts.values()):
        raise Refused("already_referred", "data.trajectory")
    return [Happened(_sent(state, command, said, contracts), warnings=_warnings(state, said))]


def _sent(state: State, command: c.SendReferral, said: Said, contracts: Contracts) -> e.ReferralSent:
    terms = terms_of(contracts, command.to_organisation, command.trajectory)
    respond_by = command.respond_by or add_working_days(local_day(said.at), terms.response)
    previous = max(state.attempts.values(), key=lambda one: one.sequence, default=None)
    return e.ReferralSent(
        referral_id=command.referral_id,
        from_organisation=command.from_organisation,
        to_organisation=command.to_organisation,
        trajectory=command.trajectory,
        goal=command.goal,
        factors=command.factors,
        warm=command.warm,
        respond_by=respond_by,
        start_by=command.start_by or add_working_days(respond_by, terms.start),
        previous_referral_id=command.previous_referral_id or (previous.referral_id if previous else None),
        sequence_in_case=len(state.attempts) + 1,
        terms=None if terms == USUAL else terms,
    )


def _warnings(state: State, said: Said) -> tuple[str, ...]:
    """What a person should know before referring; it warns, it never decides."""
    found = []
    diagnosed = [at for at in state.diagnosed_at if at <= said.at]
    returns = [at for at in state.returns if at <= said.at]
    if not diagnosed:
        found.append("diagnosis_missing")
    elif said.at - diagnosed[-1] > STALE or any(at > diagnosed[-1] for at in returns):
        found.append("diagnosis_stale")
    if len(returns) >= 2:
        found.append("pumping_round")
    return tuple(found)
