"""The share of code 60: with numerator and denominator, per provider, per month; small numbers leave to nobody else."""

from datetime import date
from pathlib import Path

import pytest

from services.insight.srg.facilities import Facility
from services.insight.srg.unknown import Unknown, counted, history, told, unknown
from shared.months import Month
from tests.unit.srg.given import MAPPING, found, handed_off, instrument, job, lake, plan, returned

MAY = Month(2016, 5)


def hand_off(number: int, provider: str = "org-rw", known: date | None = None) -> Facility:
    begin = date(2016, 5, 2)
    return Facility(
        "hand_off", number, number, provider, "reintegration", "paid_work", None, None, begin, None, known, None
    )


def counts(*providers: tuple[str, int, int]) -> Unknown:
    """(provider, of code 60, hand-offs)."""
    by_provider = {name: (some, all_) for name, some, all_ in providers}
    some, all_ = (sum(one[place] for one in providers) for place in (1, 2))
    return Unknown(MAY, int(some), int(all_), int(all_) + 5, by_provider)


def test_the_share_falls_as_providers_tell_what_they_do(tmp_path: Path) -> None:
    lake(
        tmp_path / "lake",
        [*handed_off("2016-04-20"), plan("2016-05-03")],
        [*handed_off("2016-04-25", 2), instrument("2016-06-04", 2)],
        [*handed_off("2016-05-25", 3, to_organisation="org-b"), returned("2016-06-20", 3)],
        job("2016-05-10", "job_coach", "lkv", number=4),
    )
    told = history(found(tmp_path / "lake"), MAPPING.usual, Month(2016, 7), 5)
    assert [(str(one.month), one.unknown, one.hand_offs, one.facilities) for one in told] == [
        ("2016-03", 0, 0, 0),
        ("2016-04", 2, 2, 2),
        ("2016-05", 2, 3, 4),
        ("2016-06", 1, 3, 5),
        ("2016-07", 0, 2, 4),
    ]
    assert told[2].by_provider == {"org-b": (1, 1), "org-rw": (1, 2)}
    assert counted(told[2])["share"] == 0.5
    assert counted(told[2])["share_of_hand_offs"] == 0.666667
    assert counted(told[0])["share"] is None


def test_who_runs_the_data_sees_everything_with_its_interval() -> None:
    one = unknown(
        [hand_off(number, known=date(2016, 5, 3) if number else None) for number in range(4)], MAPPING.usual, MAY
    )
    said = told(one, "internal", "org-rw")
    assert (said["value"], said["events"], said["n"], said["held_back"]) == (0.25, 1, 4, None)
    assert 0 < said["low"] < 0.25 < said["high"] < 1


@pytest.mark.parametrize("audience", ["partner", "public"])
def test_fewer_than_ten_leave_to_nobody_else(audience: str) -> None:
    said = told(counts(("org-a", 3, 9), ("org-b", 60, 200)), audience, "org-a")  # type: ignore[arg-type]
    assert (said["value"], said["held_back"]) == (None, "small_number")


def test_a_provider_is_not_told_when_the_rest_would_give_a_small_one_away() -> None:
    said = told(counts(("org-a", 3, 9), ("org-b", 60, 200)), "partner", "org-b")
    assert said["held_back"] == "would_show_a_small_number"
    assert told(counts(("org-a", 3, 40), ("org-b", 60, 200)), "partner", "org-b")["events"] == 60


def test_both_parties_see_the_same_figure() -> None:
    said = told(counts(("org-a", 30, 40), ("org-b", 60, 200)), "partner")
    assert (said["value"], said["events"], said["n"]) == (0.375, 90, 240)


def test_a_provider_without_hand_offs_has_no_share() -> None:
    said = told(counts(("org-b", 60, 200)), "internal", "org-c")
    assert (said["value"], said["n"]) == (None, 0)
