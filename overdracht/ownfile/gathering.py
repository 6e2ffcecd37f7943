"""Gathers a person's own file: what each service has of the case, with its texts opened, and what the vault holds."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from overdracht.doors import Doors, Json, Problem, get, post
from overdracht.erasing import sealed_in
from overdracht.journey import journey_of, view_of
from overdracht.output import FINDINGS, Stop

_AT_ONCE = 500
_UNREADABLE = "(niet meer te lezen)"


async def gathered(doors: Doors, case_id: str, all_cases: bool, made_by: str) -> Json:
    """The file of one case, or of all cases of the same person in the municipality. Raises Stop."""
    titles = await _titles(doors)
    register = (await get(doors["intake"], "/v1/processing-register"))["items"]
    first = await _case(doors, case_id, titles)
    others = [one for one in first["cases"] if one != case_id] if all_cases else []
    cases = [first, *[await _case(doors, one, titles) for one in others]]
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_by": made_by,
        "municipality": first["municipality"],
        "activities": {entry["activity"]: {"nl": entry["nl"], "purpose_nl": entry["purpose_nl"]} for entry in register},
        "cases": cases,
    }


async def _titles(doors: Doors) -> dict[str, str]:
    found: dict[str, str] = {}
    for door in doors.values():
        found |= {fact["fact"]: fact["title_nl"] for fact in (await get(door, "/v1/catalogue"))["facts"]}
    return found


async def _case(doors: Doors, case_id: str, titles: dict[str, str]) -> Json:
    views = {service: await view_of(doors, service, case_id) for service in doors}
    known = {service: view for service, view in views.items() if view is not None}
    if "intake" not in known:
        raise Stop(f"Dossier {case_id} is niet bekend, of u mag het niet zien.", f"no case {case_id} to see", FINDINGS)
    journey = journey_of(case_id, known, titles)
    sealed = list(dict.fromkeys(sealed_in(journey["timeline"])))
    file = await _from_the_vault(doors, case_id, sealed)
    texts = dict(zip(sealed, (one["text"] or _UNREADABLE for one in file.pop("texts")), strict=True))
    facts = [
        {**_opened(line, texts), "texts": [{"field": name, "text": texts[one]} for name, one in _where(line["data"])]}
        for line in journey["timeline"]
    ]
    details = {service: view["detail"] for service, view in known.items()}
    return file | {"facts": facts, "status": journey["status"], "state": details}


def _where(node: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """(field, sealed text) of each text in a fact's data."""
    if isinstance(node, dict):
        for key, one in node.items():
            yield from _where(one, key)
    elif isinstance(node, list):
        for one in node:
            yield from _where(one, name)
    elif isinstance(node, str) and next(sealed_in(node), None):
        yield name, node


async def _from_the_vault(doors: Doors, case_id: str, sealed: Sequence[str]) -> Json:
    """What the vault holds, with all texts opened: each call is one reading, and one line in its log."""
    file: Json = {}
    texts: list[Json] = []
    for some in _parts(sealed):
        try:
            file = await post(doors["intake"], f"/v1/cases/{case_id}/own-file", {"texts": some})
        except Problem as no:
            raise Stop(str(no.body.get("nl", no.code)), str(no.body.get("en", no.code)), FINDINGS) from None
        texts += file["texts"]
    return file | {"texts": texts}


def _parts(sealed: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, max(1, len(sealed)), _AT_ONCE):
        yield list(sealed[start : start + _AT_ONCE])


def _opened(node: Any, texts: dict[str, str]) -> Any:
    """The same, with each sealed text in the open."""
    if isinstance(node, dict):
        return {name: _opened(one, texts) for name, one in node.items()}
    if isinstance(node, list):
        return [_opened(one, texts) for one in node]
    return texts.get(node, node) if isinstance(node, str) else node
