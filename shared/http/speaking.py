"""The speaker of a command is the caller: the actor is taken from the token, and one that is named must be the same."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.auth import Caller
from shared.facts import Command, Speaker
from shared.http.problems import Problem
from shared.ledger.lines import speaker_of
from shared.ledger.model import Item
from shared.rights import EVERYBODYS_HISTORY, HISTORY

CITIZEN = "citizen"
"""On the log a citizen is nobody in particular: whose case it is says who it was."""


def spoken(caller: Caller, command: type[Command], body: Mapping[str, Any]) -> Speaker:
    """Who gives this command. Raises Problem, and LineRefused for an actor that is not written as one."""
    roles = sorted(caller.roles & command.by)
    named = None if body.get("actor") is None else speaker_of(body["actor"])
    if named is None and len(roles) != 1:
        raise Problem(400, "field_missing", field="actor", possible=roles)
    role = named.role if named else roles[0]
    ours = speaker(caller, role)
    if named is not None:
        _check_same(caller, named, ours)
    wanted = body.get("municipality")
    if wanted is not None and caller.municipality is not None and wanted != caller.municipality:
        raise Problem(403, "out_of_sight", field="municipality")
    return ours


def why_not(caller: Caller, item: Item) -> tuple[str, str] | None:
    """(code, field) when a line is not the caller's to say; history may be said for others."""
    said = item.said
    if caller.municipality is not None and said.municipality != caller.municipality:
        return "out_of_sight", "municipality"
    if said.imported and (caller.roles & EVERYBODYS_HISTORY or said.actor.role in caller.roles & HISTORY):
        return None
    if said.actor.role not in caller.roles:
        return "actor_not_yours", "actor.role"
    if said.actor.id != _name(caller, said.actor.role):
        return "actor_not_yours", "actor.id"
    if said.organisation not in (None, caller.organisation):
        return "actor_not_yours", "actor.organisation"
    return None


def _name(caller: Caller, role: str) -> str:
    return CITIZEN if role == CITIZEN else caller.subject


def speaker(caller: Caller, role: str) -> Speaker:
    """The caller in a role, as it stands on the log. Raises Problem."""
    places = {"organisation": caller.organisation, "municipality": caller.municipality}
    try:
        return Speaker.model_validate({"role": role, "id": _name(caller, role)} | places)
    except ValidationError:
        raise Problem(403, "subject_unusable") from None


def _check_same(caller: Caller, named: Speaker, ours: Speaker) -> None:
    """What is named of the actor is what the token says. Raises Problem."""
    if named.role not in caller.roles:
        raise Problem(403, "actor_not_yours", field="actor.role", possible=sorted(caller.roles))
    for name in ("id", "organisation", "municipality"):
        said = getattr(named, name)
        if said is not None and said != getattr(ours, name):
            raise Problem(403, "actor_not_yours", field=f"actor.{name}")
