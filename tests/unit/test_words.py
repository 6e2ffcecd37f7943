"""Who reads a time line reads Dutch: the codes of the year, of the frameworks and of the log have words."""

from typing import Any

import pytest
import yaml

from overdracht.words import _SHOWN, WORDS, in_words, word
from services.diagnosis.codes import ANSWERS
from tests.builders import ROOT, dossiers

OWN_NAMES = {"to_organisation", "coach"}
"""What somebody called something."""
CORE = yaml.safe_load((ROOT / "services" / "diagnosis" / "frameworks" / "core-2026.1.yaml").read_text())


def coded(data: dict[str, Any]) -> set[str]:
    """The codes of a fact that are shown."""
    said = {data[name] for name in _SHOWN.keys() - OWN_NAMES if isinstance(data.get(name), str)}
    return {one for one in said if one[:1].islower() and " " not in one}


def test_every_code_of_the_example_year_has_a_dutch_word() -> None:
    codes = {code for lines in dossiers().values() for line in lines for code in coded(line["data"])}
    assert len(codes) > 50
    assert {code for code in codes if word(code) == code} <= {"online", "professional", "partner", "plan", "normal"}


def test_every_argument_and_every_answer_of_a_partner_has_a_dutch_word() -> None:
    codes = {one["code"] for one in CORE["arguments"]} | set(ANSWERS)
    assert codes <= WORDS.keys()


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("debts_unstable", "schulden niet stabiel"),
        ("debts_unstable.debt_help_started", "schulden niet stabiel (debt_help_started)"),
        ("org-rw", "org-rw"),
    ],
)
def test_what_a_municipality_added_is_told_by_what_it_stands_below(code: str, shown: str) -> None:
    assert word(code) == shown
    assert in_words({"argument": code}) == shown
