"""Defaults for everything a test does not care about."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from shared.facts import Actor, Said

ROOT = Path(__file__).parent.parent
LEIDEN = ROOT / "examples" / "leiden-2016.jsonl.gz"
TRUTH: dict[str, Any] = json.loads((ROOT / "examples" / "leiden-2016.truth.json").read_text())
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday."""
DAY = timedelta(days=1)
ID_KEY = bytes(32)


def said(
    at: datetime = NOON,
    role: str = "caseworker",
    *,
    now: datetime | None = None,
    organisation: str | None = None,
    imported: bool = False,
    municipality: str = "GM0546",
    who: str | None = None,
) -> Said:
    """Who says it, and when. `now` is when we hear it: at once, unless told otherwise."""
    names = {"caseworker": "km-1", "coach": "co-1", "citizen": "citizen", "system": "system"}
    actor = _actor(role, who or names.get(role, f"{role}-1"))
    return Said(at, now or at, actor, municipality, imported, organisation)


@cache
def _actor(role: str, name: str) -> Actor:
    return Actor.model_validate({"role": role, "id": name})


def leiden() -> Iterator[dict[str, Any]]:
    """The lines of the year of history, parsed."""
    with gzip.open(LEIDEN, "rb") as lines:
        for line in lines:
            yield orjson.loads(line)


@cache
def dossiers() -> dict[str, list[dict[str, Any]]]:
    """The history by dossier, each in its order; read once, so a test leaves it as it is."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in leiden():
        found.setdefault(line["dossier"], []).append(line)
    return found
