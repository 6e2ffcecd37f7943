"""An application comes in: what has to be right before it is a case, and what follows from it by law."""

from datetime import timedelta
from typing import Any

from services.intake import commands as c
from services.intake import events as e
from services.intake.codes import MUNICIPALITIES, search_rule
from services.intake.domain.state import State
from shared.facts import SYSTEM, Happened, Said
from shared.refusals import Refused
from shared.worktime import local_day


def receive(state: State | None, command: c.KnownApplication, said: Said) -> list[Happened]:
    """The application, and for who is under 27 the search period. Raises Refused."""
    if state is not None:
        return _again(state, command)
    _check_place(command, said)
    if not command.bsn_sound:
        raise Refused("bsn_invalid", "data.bsn")
    if command.received_on > local_day(said.now):
        raise Refused("date_in_future", "data.received_on")
    case_mix = _case_mix(command)
    if command.open_case_id is not None:
        raise Refused("application_open", "data.kind")
    fact = e.ApplicationReceived(
        application_id=command.application_id,
        kind=command.kind,
        channel=command.channel,
        received_on=command.received_on,
        case_mix=case_mix,
        case_key=command.case_key,
        earlier_case_id=command.earlier_case_id,
        possible_duplicates=list(command.possible_duplicates) or None,
    )
    return [Happened(fact), *_search(fact, said)]


def _again(state: State, command: c.KnownApplication) -> list[Happened]:
    """The same delivered twice is one; something else for a case that is there is refused."""
    said_before = (state.application_id, state.kind, state.channel, state.received_on)
    if (command.application_id, command.kind, command.channel, command.received_on) != said_before:
        raise Refused("case_exists", "case_id")
    if command.person_differs or {**state.case_mix, **mix_of(command.case_mix)} != state.case_mix:
        raise Refused("case_exists", "case_id")
    return []


def mix_of(case_mix: e.CaseMix) -> dict[str, str]:
    """What was said of the case mix."""
    said: dict[str, str] = case_mix.model_dump(exclude_none=True)
    return said


def _check_place(command: c.KnownApplication, said: Said) -> None:
    """The municipality is one of the list, and was there on the day of receipt."""
    if not said.municipality:
        raise Refused("field_missing", "municipality")
    if said.municipality not in MUNICIPALITIES:
        raise Refused("municipality_unknown", "municipality")
    ended = MUNICIPALITIES[said.municipality]
    if ended is not None and ended <= command.received_on:
        raise Refused("municipality_ended", "municipality")


def _case_mix(command: c.KnownApplication) -> e.CaseMix:
    """The case mix with the age band that follows from the date of birth: nothing is asked that can be derived."""
    derived, given = command.age_on_the_day, command.case_mix.age_band
    if derived is None or derived == given:
        return command.case_mix
    if given is not None:
        raise Refused("age_band_differs", "data.case_mix.age_band", [derived])
    known: Any = None if derived == "0-17" else derived
    return command.case_mix.model_copy(update={"age_band": known})


def _search(fact: e.ApplicationReceived, said: Said) -> list[Happened]:
    """The law's search period. History says itself which search periods there were."""
    rule = search_rule(fact.kind, fact.case_mix.age_band, fact.received_on)
    if rule is None or said.imported:
        return []
    period = e.SearchPeriodStarted(
        until_on=fact.received_on + timedelta(days=rule.days), legal_source=rule.legal_source
    )
    return [Happened(period, implied=True, actor=SYSTEM)]
