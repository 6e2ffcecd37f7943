"""Who the citizen is has no place in a weighing, and changing it changes nothing that is shown, listed or decided."""

from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import orjson
import pytest

from services.diagnosis import commands as c
from services.diagnosis import events as e
from services.diagnosis import hearing as h
from services.diagnosis.domain.state import State
from services.diagnosis.domain.view import row, view
from services.diagnosis.store import covered, dump
from shared.facts import Command
from shared.ledger.lines import Language, LineRefused, read_body
from shared.ledger.model import Case
from tests.builders import DAY, ID_KEY, NOON, said
from tests.unit.diagnosis.given import (
    after,
    answer,
    ask,
    complete,
    decide,
    direct,
    hear,
    map_area,
    start,
    weigh,
)

LATER = NOON + 3 * DAY
PERSONAL = ["age", "pregnancy", "pregnant", "gender", "nationality", "neighbourhood", "children", "appearance", "bsn"]
SOMEBODY: dict[str, Any] = {
    "case_key": "key",
    "kind": "new_applicant",
    "case_mix": {"age_band": "18-26", "household": "single", "region": "GM0546", "language_level": "C1"},
    "age": 20,
    "pregnant": False,
    "gender": "m",
    "nationality": "NL",
    "neighbourhood": "2312",
    "children": 0,
}
OTHERS: list[dict[str, Any]] = [
    {"age": 65, "case_mix": SOMEBODY["case_mix"] | {"age_band": "60-67"}},
    {"pregnant": True},
    {"gender": "x"},
    {"nationality": "SY"},
    {"neighbourhood": "2321", "case_mix": SOMEBODY["case_mix"] | {"region": "GM0363"}},
    {"children": 4, "case_mix": SOMEBODY["case_mix"] | {"household": "single_parent"}},
]


@pytest.mark.parametrize("field", PERSONAL)
@pytest.mark.parametrize("command", [weigh(), direct(), complete(), answer()])
def test_a_weighing_has_no_place_for_who_the_citizen_is(command: Command, field: str) -> None:
    said_so = command.model_dump(mode="json", by_alias=True, exclude_none=True)
    language = Language(c.COMMANDS, c.NUMBERS, ID_KEY)
    assert read_body(language, type(command), said_so, "GM0546") == command
    with pytest.raises(LineRefused) as no:
        read_body(language, type(command), said_so | {field: "65"}, "GM0546")
    assert (no.value.code, no.value.field) == ("field_unknown", f"data.{field}")


@pytest.mark.parametrize("field", PERSONAL)
def test_no_fact_of_the_weighing_has_such_a_field(field: str) -> None:
    for fact in e.FACTS.values():
        assert f'"{field}"' not in str(fact.model_json_schema()["properties"])


def names_in(kind: Any) -> set[str]:
    """Every name of a field that is kept, however deep."""
    found: set[str] = set()
    for part in (kind, *get_args(kind)):
        if is_dataclass(part):
            found |= {one.name for one in fields(part)}
            found |= {name for hint in get_type_hints(part).values() for name in names_in(hint)}
        elif part is not kind:
            found |= names_in(part)
    return found


def test_nothing_is_read_or_kept_of_who_the_citizen_is() -> None:
    assert set(h.ApplicationReceived.model_fields) == {"case_key"}
    assert {"argument", "weight", "own_at"} <= names_in(State)
    assert not names_in(State) & set(PERSONAL)


def whole_case(told: dict[str, Any]) -> dict[str, Any]:
    """All that is decided, kept, shown and listed of somebody who was told of like this."""
    opened = hear(None, h.ApplicationReceived.model_validate(told), NOON - 40 * DAY)
    case = hear(opened, h.BenefitDecided(decision="granted"), NOON - 30 * DAY)
    steps = [start(), map_area(), complete(), weigh(), weigh("many_barriers", "participation"), ask()]
    case = after(case, *((step, said(LATER)) for step in steps))
    return {
        "decided": decide(case, direct(), said(LATER)),
        "kept": dump(case),
        "shown": orjson.dumps(view(case)),
        "place in lists": row(case),
        "place among who is to be diagnosed": covered([Case("a-case", state=case)]),
    }


@pytest.mark.parametrize("different", OTHERS, ids=lambda one: next(iter(one)))
def test_who_the_citizen_is_changes_nothing(different: dict[str, Any]) -> None:
    assert whole_case(SOMEBODY | different) == whole_case(SOMEBODY)
