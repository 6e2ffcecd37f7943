"""Names that leave the lake say nothing about it, last as long as its key, and fit where they go."""

import re

import pytest

from services.insight.lake.pseudonyms import Pseudonyms
from services.insight.srg.naming import names_of
from tests.lakes import KEY, case

NAMES = names_of(KEY)
NUMBER = Pseudonyms(KEY).number(case(1))


def test_a_registration_number_fits_and_never_looks_like_a_person_number_or_a_word() -> None:
    made = {NAMES.registration("GM0546", "hand_off", number) for number in range(2_000)}
    assert len(made) == 2_000
    assert all(re.fullmatch("[BCDFGHJKLMNPQRSTVWXZ]{15}", one) for one in made)


def test_it_stays_the_same_and_is_another_for_another_kind_municipality_number_or_key() -> None:
    one = NAMES.registration("GM0546", "hand_off", 1)
    assert one == names_of(KEY).registration("GM0546", "hand_off", 1)
    others = {
        NAMES.registration("GM0546", "intervention", 1),
        NAMES.registration("GM0344", "hand_off", 1),
        NAMES.registration("GM0546", "hand_off", 2),
        names_of(bytes(32)).registration("GM0546", "hand_off", 1),
    }
    assert len(others | {one}) == 5


def test_a_case_is_called_the_same_from_within_the_lake_and_from_outside() -> None:
    assert NAMES.person_of("GM0546", case(1)) == NAMES.person("GM0546", NUMBER)
    assert NAMES.person_of("GM0546", case(2)) != NAMES.person("GM0546", NUMBER)


def test_what_a_case_is_called_here_says_nothing_about_its_number_or_about_elsewhere() -> None:
    name = NAMES.person("GM0546", NUMBER)
    assert name != NAMES.person("GM0344", NUMBER)
    assert str(NUMBER) not in name
    assert len(name) == 24


def test_keys_are_never_shown_and_must_be_keys() -> None:
    assert repr(NAMES) == "Names()"
    with pytest.raises(ValueError, match="32 bytes"):
        names_of(b"short")
