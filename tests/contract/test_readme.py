"""The README cannot lie: its figures are those computed apart, its commands exist, its map leads somewhere."""

import re
import subprocess
import sys

import pytest

from tests.builders import ROOT, TRUTH

README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
HAND_OFFS = {
    "sent": "referral_sent",
    "received": "referral_received",
    "accepted": "referral_accepted",
    "started": "trajectory_started",
    "returned": "referral_returned",
    "return reviewed": "return_reviewed",
    "completed": "trajectory_completed",
    "withdrawn": "referral_withdrawn",
    "declined": "referral_declined",
}
REASONS = {
    "mental health": "person.health_mental",
    "motivation": "person.motivation",
    "physical health": "person.health_physical",
    "distance larger than assessed": "fit.distance_larger_than_assessed",
    "no show": "person.no_show",
    "debts": "person.debts",
    "diagnosis missing": "information.diagnosis_missing",
}


def figure(label: str) -> int:
    """The number in the cell after this label."""
    found = re.search(rf"\| (?:\*\*)?{re.escape(label)}(?:\*\*)? \| (?:\*\*)?([\d,]+)", README)
    assert found, label
    return int(found[1].replace(",", ""))


def test_the_hand_offs_of_the_example_are_as_many_as_were_computed_apart() -> None:
    assert {label: figure(label) for label in HAND_OFFS} == {
        label: TRUTH["facts"][fact] for label, fact in HAND_OFFS.items()
    }


def test_the_reasons_of_the_example_are_as_many_as_were_computed_apart() -> None:
    reasons = TRUTH["primary_return_reason"]
    assert {label: figure(label) for label in REASONS} == {label: reasons[code] for label, code in REASONS.items()}
    share = 100 * reasons["other"] / sum(reasons.values())
    assert f"other ({share:.1f} %; the goal is below 5 %) | {reasons['other']} |" in README


def test_the_other_figures_of_the_example_are_those_computed_apart() -> None:
    for number in (
        f"{TRUTH['facts_total']:,} registered facts",
        f"{TRUTH['dossiers']:,} dossiers",
        f"{TRUTH['dossiers_with_two_or_more_returns']} people were pumped round",
        f"{TRUTH['diagnosed_before_first_referral']['GM0546']} of {TRUTH['first_referrals']['GM0546']:,} were",
    ):
        assert number in re.sub(r"\s+", " ", README)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`?make ([a-z-]+)`?", README))))
def test_every_make_target_that_is_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("words", sorted(set(re.findall(r"^overdracht ([a-z]+(?: [a-z]+)?)", README, re.MULTILINE))))
def test_every_command_that_is_named_exists(words: str) -> None:
    parts = [word for word in words.split() if word != "examples"]
    asked = [sys.executable, "-m", "overdracht", *parts, "--help"]
    done = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("place", sorted(set(re.findall(r"`((?:[a-z]+/)+[a-z_0-9.*]*|[a-z-]+\.yml)`", README))))
def test_every_place_that_is_named_is_there(place: str) -> None:
    assert list(ROOT.glob(place.rstrip("/"))) or list((ROOT / "services/intake").glob(place)), place
