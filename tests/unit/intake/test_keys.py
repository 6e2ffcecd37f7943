"""The vault's keys: what is sealed opens in its own place only, what is found tells nobody else anything."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from services.intake.commands import ReceiveApplication
from services.intake.vault.applicants import applicant, bsn_index_of, sound_bsn
from services.intake.vault.keys import CURRENT, Keys, key_of, keys_of, person_of
from shared.sealing import Unreadable
from tests.unit.intake.given import APPLICATION, TODAY

KEYS, OTHERS = keys_of("00" * 32), keys_of("01" * 32)
NUMBER = "999993653"
PLACE = person_of("GM0546", "case-1")


def applies(**changes: Any) -> ReceiveApplication:
    fields: dict[str, Any] = {
        "application_id": APPLICATION,
        "kind": "new_applicant",
        "channel": "online",
        "received_on": TODAY,
    }
    return ReceiveApplication(**fields | changes)


def named(family_name: str, birth: date | None = date(1980, 1, 1)) -> bytes | None:
    person = {"family_name": family_name, "birth_date": birth}
    return applicant(KEYS, "GM0546", applies(person=person)).name_index


def test_what_is_sealed_opens_again_and_never_looks_the_same_twice() -> None:
    one, other = KEYS.seal(b"Zwaluwenburg", PLACE), KEYS.seal(b"Zwaluwenburg", PLACE)
    assert KEYS.open(one, PLACE) == b"Zwaluwenburg"
    assert one != other
    assert b"Zwaluwenburg" not in one


@pytest.mark.parametrize(
    "place", [person_of("GM0546", "case-2"), person_of("GM0344", "case-1"), key_of("GM0546", "case-1")]
)
def test_what_is_moved_to_another_case_municipality_or_column_does_not_open(place: str) -> None:
    with pytest.raises(Unreadable):
        KEYS.open(KEYS.seal(b"Zwaluwenburg", PLACE), place)


def test_another_key_opens_nothing_and_neither_does_what_was_damaged() -> None:
    sealed = KEYS.seal(b"Zwaluwenburg", PLACE)
    with pytest.raises(Unreadable):
        OTHERS.open(sealed, PLACE)
    for damaged in (b"", sealed[:5], sealed[:-1] + bytes([sealed[-1] ^ 1]), bytes([9]) + sealed[1:]):
        with pytest.raises(Unreadable):
            KEYS.open(damaged, PLACE)


def test_what_an_older_key_sealed_opens_beside_a_newer_one() -> None:
    old = KEYS.seal(b"Zwaluwenburg", PLACE)
    both = Keys({**KEYS.sealing, CURRENT + 1: OTHERS.sealing[CURRENT]}, KEYS.finding, KEYS.naming)
    assert both.open(old, PLACE) == b"Zwaluwenburg"
    assert old[0] == CURRENT


def test_a_number_is_found_under_its_key_and_municipality_only() -> None:
    here = bsn_index_of(KEYS, "GM0546", NUMBER)
    assert here == bsn_index_of(keys_of("00" * 32), "GM0546", NUMBER)
    assert here not in (bsn_index_of(KEYS, "GM0344", NUMBER), bsn_index_of(OTHERS, "GM0546", NUMBER))
    assert here not in (sha256(NUMBER.encode()).digest(), sha256(f"GM0546{NUMBER}".encode()).digest())


def test_a_vault_without_a_key_is_said_without_a_trace() -> None:
    with pytest.raises(SystemExit, match="VAULT_KEY"):
        keys_of("")


def test_keys_are_never_shown() -> None:
    assert repr(KEYS) == "Keys()"


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("999993653", "999993653"),
        ("9999.93.653", "999993653"),
        (" 9999 93 653 ", "999993653"),
        ("000000024", "000000024"),
        ("10000008", "010000008"),
        ("999993654", None),
        ("000000000", None),
        ("00000000", None),
        ("0", None),
        ("24", None),
        ("9999936530", None),
        ("99999365a", None),
        ("９９９９９３６５３", None),
        ("", None),
    ],
)
def test_a_number_has_nine_digits_that_pass_the_eleven_test(given: str, number: str | None) -> None:
    assert sound_bsn(given) == number


@pytest.mark.parametrize("other", ["ZWALUWENBURG", "Zwaluwenburg ", "zwaluwen-burg", "Zwalüwenburg"])
def test_a_name_is_the_same_however_it_is_spelled(other: str) -> None:
    assert named(other) == named("Zwaluwenburg")


def test_another_name_or_birthday_or_municipality_is_somebody_else() -> None:
    here = named("Zwaluwenburg")
    assert here != named("Zwaluwenberg")
    assert here != named("Zwaluwenburg", date(1980, 1, 2))
    person = {"family_name": "Zwaluwenburg", "birth_date": date(1980, 1, 1)}
    assert here != applicant(KEYS, "GM0344", applies(person=person)).name_index
    assert named("Иванова") not in (None, named("Петрова"))


def test_a_name_without_a_birthday_is_too_little_to_go_by() -> None:
    assert named("Zwaluwenburg", None) is None
    assert applicant(KEYS, "GM0546", applies(person={"birth_date": TODAY})).name_index is None


def test_of_somebody_with_a_wrong_number_nothing_is_kept() -> None:
    who = applicant(KEYS, "GM0546", applies(bsn="123456789", person={"family_name": "Zwaluwenburg"}))
    assert (who.sound, who.content, who.bsn_index) == (False, {}, None)


def test_an_applicant_is_never_shown() -> None:
    person = {"family_name": "Zwaluwenburg", "birth_date": date(1980, 1, 1)}
    shown = repr(applicant(KEYS, "GM0546", applies(bsn=NUMBER, person=person)))
    assert not any(word in shown for word in (NUMBER, "Zwaluwenburg", "1980"))


def test_a_pseudonym_differs_per_organisation_and_key_and_never_looks_like_a_number() -> None:
    name = KEYS.pseudonym("org-rw", "bsn", NUMBER)
    assert name == KEYS.pseudonym("org-rw", "bsn", NUMBER)
    others = {
        KEYS.pseudonym("org-other", "bsn", NUMBER),
        KEYS.pseudonym("org-rw", "case", NUMBER),
        OTHERS.pseudonym("org-rw", "bsn", NUMBER),
    }
    assert len(others | {name}) == 4
    assert name.removeprefix("p-").isalpha()
