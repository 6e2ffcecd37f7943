"""Municipalities beside each other: corrected for their people and their labour market, and never bare."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from services.insight.measures.asking import Figures
from services.insight.measures.fairness import CASE_MIX, TooFew
from services.insight.measures.frame import NEVER, Frame, Rows
from services.insight.measures.market import Market, market_of
from services.insight.measures.outflow import LABOUR_MARKET, QUALITY, outflow
from services.insight.measures.referring import DAY

AT = datetime(1975, 1, 1, tzinfo=UTC)
EASY, HARD = "GM0001", "GM0002"
_NONE = {"municipality": ("GM0001", "GM0002")}


def world(hard_share: tuple[float, float], quarterly: tuple[float, ...] = (1.0,), people: int = 4_000) -> Frame:
    """Two municipalities that do equally well; of whom such a share is hard to help, with a market per quarter that
    is good in the first when it is bad in the second."""
    rng = np.random.default_rng(7)
    place = np.repeat([0, 1], people)
    hard = rng.random(2 * people) < np.array(hard_share)[place]
    granted = rng.integers(0, 4 * 365, 2 * people) * DAY
    quarter = granted.astype("datetime64[ms]").astype("datetime64[M]").astype(int) // 3
    market = np.array([quarterly, quarterly[::-1]])[place, quarter % len(quarterly)]
    took = rng.exponential(1 / (0.004 * np.where(hard, 0.3, 1.0) * market))
    work = np.where(took < 365, granted + np.ceil(took).astype(np.int64) * DAY, NEVER)
    never = np.full(2 * people, NEVER)
    columns = {name: np.zeros(2 * people, np.int64) for name in CASE_MIX} | {"education": hard.astype(np.int64)}
    words = dict.fromkeys(CASE_MIX, ("low", "high")) | _NONE
    moments = {
        "applied_at": granted,
        "granted_on": granted,
        "work_at": work,
        "closed_at": never,
        "benefit_ended_at": never,
    }
    rows = Rows(columns | moments | {"municipality": place}, words)
    return {"cases": rows} | _nothing_else()


def _nothing_else() -> Frame:
    no = np.zeros(0, np.int64)
    names = (
        "municipality", "number_in_case", "sent_at", "diagnosed_before", "decided_at", "argued", "together",
        "started_at", "measured_at", "ended_at", "ended_how", "reflected_at",
    )  # fmt: skip
    empty = Rows(dict.fromkeys(names, no), _NONE | {"ended_how": ()})
    return dict.fromkeys(("referrals", "decisions", "trajectories"), empty)


def test_who_has_the_harder_people_is_not_blamed_for_it() -> None:
    frame = world((0.1, 0.8))
    figures = Figures(frame, {})
    bare = [
        figures.figure("working_within_a_year", {"municipality": name}, int(AT.timestamp() * 1000)).value
        for name in (EASY, HARD)
    ]
    assert bare[0] - bare[1] > 0.2
    found = outflow(figures, AT, None)
    assert [one.name for one in found.municipalities] == [EASY, HARD]
    for one in found.municipalities:
        assert one.compared.ratio.value == pytest.approx(1, abs=0.06)
        assert one.compared.place == "within"
    assert found.not_corrected_for == (LABOUR_MARKET,)


def test_a_market_that_went_bad_is_taken_into_account_when_somebody_says_so() -> None:
    years = (1.0,) * 8 + (0.4,) * 8
    frame = world((0.4, 0.4), years)
    late = Rows(frame["cases"].columns, frame["cases"].words)
    kept = late.of((late["municipality"] == 1) | (late["granted_on"] < 2 * 365 * DAY))
    figures = Figures(dict(frame) | {"cases": kept}, {})
    rates = {
        (name, q): 4.0 + 6.0 * (years[q] < 1 if name == EASY else years[::-1][q] < 1)
        for name in (EASY, HARD)
        for q in range(16)
    }
    blind, seeing = outflow(figures, AT, None), outflow(figures, AT, Market(rates))
    assert seeing.corrected_for == (*CASE_MIX, LABOUR_MARKET)
    assert seeing.not_corrected_for == ()
    off = [max(abs((one.compared.ratio.value or 0) - 1) for one in found.municipalities) for found in (blind, seeing)]
    assert off[1] < 0.06 < off[0]


def test_how_the_work_was_done_stands_before_what_came_of_it_and_says_when_it_is_not_shown() -> None:
    for one in outflow(Figures(world((0.1, 0.8)), {}), AT, None).municipalities:
        assert tuple(one.quality) == QUALITY
        assert set(one.quality.values()) == {None}, "nobody was referred here: nothing is known of the work"


def test_one_municipality_is_not_compared() -> None:
    frame = world((0.1, 0.8))
    alone = frame["cases"].of(frame["cases"]["municipality"] == 0)
    with pytest.raises(TooFew):
        outflow(Figures(dict(frame) | {"cases": alone}, {}), AT, None)


def test_the_labour_market_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "market.csv"
    file.write_text("municipality;quarter;unemployment\nGM0001;1970-Q2;5.4\n")
    found = market_of(str(file))
    assert found is not None
    assert found.rates == {("GM0001", 1): 5.4}
    assert market_of("") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gemeente;kwartaal\n", "first line must be municipality;quarter;unemployment"),
        ("municipality;quarter;unemployment\nGM0001;1970-Q5;5.4\n", "line 2: a line is to look like"),
        ("municipality;quarter;unemployment\nLeiden;1970-Q1;5.4\n", "line 2: a line is to look like"),
        ("municipality;quarter;unemployment\nGM0001;1970-Q1\n", "line 2: a line is to look like"),
        ("municipality;quarter;unemployment\nGM0001;1970-Q1;veel\n", "line 2: unemployment must be"),
        ("municipality;quarter;unemployment\nGM0001;1970-Q1;101\n", "line 2: unemployment must be"),
    ],
)
def test_a_file_that_is_not_right_is_refused_with_its_line_and_rule(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "market.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=said):
        market_of(str(file))


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match=r"nowhere\.csv: No such file"):
        market_of("nowhere.csv")
