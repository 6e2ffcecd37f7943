"""The figures of the example year are those of a program that knows nothing of this one; what is small stays inside."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest

from services.insight.measures.asking import Figures, InFuture, MeasureUnknown, NotAMonth, milliseconds, moment, told
from services.insight.measures.computing import COMPUTED
from services.insight.measures.definitions import DEFINITIONS, read
from services.insight.measures.disclosing import SMALL, shown, suppressed
from services.insight.measures.figure import Figure
from services.insight.measures.gathering import KINDS
from services.insight.measures.keeping import Kept
from services.insight.measures.publishing import NumberUnknown, publish, published, reproduce
from services.insight.measures.slicing import SliceImpossible, SliceUnknown, values_of
from tests.builders import TRUTH

AT = datetime.fromisoformat(TRUTH["as_of"])


@pytest.fixture(scope="module")
def lake(leiden_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of the example year, of our own: numbers are published in it."""
    folder = tmp_path_factory.mktemp("measures") / "lake"
    copytree(leiden_lake, folder)
    return folder


@pytest.fixture(scope="module")
def kept(lake: Path) -> Kept:
    """Its rows."""
    found = Kept(lake)
    found.rebuild()
    return found


@pytest.fixture
def figures(kept: Kept) -> Figures:
    return Figures(kept.frame, {})


def value(figures: Figures, measure: str, **wanted: str) -> Any:
    return told(figures, measure, wanted, AT, "partner")["value"]


def test_every_figure_of_the_year_is_the_one_that_was_counted_independently(figures: Figures) -> None:
    shares = {
        "returned_within_90_days": TRUTH["first_referral_returned_within_90_days_aalen_johansen"]["all"],
        "returned_within_90_days_any_referral": TRUTH["any_referral_returned_within_90_days_aalen_johansen"],
    }
    for measure, wanted in shares.items():
        assert value(figures, measure) == pytest.approx(wanted, abs=1e-6)
    one = TRUTH["first_referral_returned_within_90_days_aalen_johansen"]["GM0546"]
    assert value(figures, "returned_within_90_days", municipality="GM0546") == pytest.approx(one, abs=1e-6)
    assert told(figures, "returned_within_90_days", {}, AT, "partner")["n"] == TRUTH["first_referrals"]["all"]
    assert value(figures, "referrals") == TRUTH["referrals"]
    assert value(figures, "primary_return_reasons") == TRUTH["primary_return_reason"]
    assert value(figures, "cases_with_two_or_more_returns") == TRUTH["dossiers_with_two_or_more_returns"]
    before = value(figures, "diagnosed_before_first_referral", municipality="GM0546")
    assert before == TRUTH["diagnosed_before_first_referral"]["GM0546"]
    wait = value(figures, "median_days_sent_to_accepted")
    assert wait == pytest.approx(TRUTH["median_days_sent_to_accepted_among_accepted"], abs=1e-4)


def test_every_measure_is_defined_once_and_computed_once() -> None:
    assert list(COMPUTED) == list(DEFINITIONS)
    for one in DEFINITIONS.values():
        assert one.rows in KINDS
        assert one.sources
    twice = "owner: x\nmeasures:\n" + 2 * (
        "  - {id: one, nl: een, en: one, unit: days, numerator: abc, denominator: abc, formula: abc, version: 1,"
        " sources: [LEI-1], rows: cases}\n"
    )
    with pytest.raises(ValueError, match="twice"):
        read(twice)


@pytest.mark.parametrize("measure", list(COMPUTED))
def test_a_figure_lies_within_its_interval_and_an_empty_slice_breaks_nothing(figures: Figures, measure: str) -> None:
    for at in (AT, datetime(2015, 1, 1, tzinfo=UTC)):
        one = figures.figure(measure, {}, milliseconds(at))
        if one.value is not None and one.low is not None and one.high is not None:
            assert one.low <= one.value <= one.high
        assert one.n >= 0
    assert figures.figure(measure, {}, 0).events == 0


def test_rows_of_a_case_made_anew_are_those_of_a_rebuild(lake: Path, kept: Kept) -> None:
    other = Kept(lake)
    other.rebuild()
    before = {measure: figure_of(other, measure) for measure in COMPUTED}
    other.touch(set(other.frame["cases"]["case_id"].tolist()[::9]))
    assert {measure: figure_of(other, measure) for measure in COMPUTED} == before
    for kind in KINDS:
        assert other.frame[kind].words == kept.frame[kind].words
        for name, column in kept.frame[kind].columns.items():
            assert np.array_equal(other.frame[kind][name], column)


def figure_of(kept: Kept, measure: str) -> Figure:
    return Figures(kept.frame, {}).figure(measure, {}, milliseconds(AT))


def test_a_figure_as_of_an_earlier_moment_knows_nothing_of_later(figures: Figures) -> None:
    spring = datetime(2016, 4, 1, tzinfo=UTC)
    early = told(figures, "referrals", {}, spring, "partner")
    assert 0 < early["value"] < TRUTH["referrals"]
    assert (
        told(figures, "returned_within_90_days", {}, datetime(2016, 1, 5, tzinfo=UTC), "internal")["complete"] is False
    )


def test_a_number_that_was_published_is_made_again_to_the_byte(lake: Path, kept: Kept) -> None:
    ends = {f"{name}-{n}": (0, 10**9) for name in ("intake", "diagnosis", "referral", "outcome") for n in range(3)}
    figures = Figures(kept.frame, ends)
    number, content = publish(lake, figures, "returned_within_90_days", {"provider": "org-rw"}, AT, "public")
    assert publish(lake, figures, "returned_within_90_days", {"provider": "org-rw"}, AT, "public")[0] == number
    assert published(lake, number) == content
    assert reproduce(lake, number).same
    earlier = Figures(kept.frame, {"referral-0": (0, 100)})  # says that it rests on less than it does
    other, _ = publish(lake, earlier, "referrals", {}, AT, "internal")
    assert not reproduce(lake, other).same
    for unknown in ("0" * 20, "../../etc/passwd", ""):
        with pytest.raises(NumberUnknown):
            published(lake, unknown)


def test_what_does_not_exist_gets_a_clear_answer(figures: Figures) -> None:
    with pytest.raises(MeasureUnknown):
        told(figures, "happiness", {}, AT, "partner")
    with pytest.raises(SliceUnknown) as unknown:
        told(figures, "referrals", {"municipality": "GM9999"}, AT, "partner")
    assert unknown.value.possible == ("GM0546",)
    with pytest.raises(SliceUnknown):
        told(figures, "referrals", {"colour": "red"}, AT, "partner")
    with pytest.raises(SliceImpossible) as impossible:
        told(figures, "sustained_3_months", {"provider": "org-rw"}, AT, "partner")
    assert "municipality" in impossible.value.possible


def test_figures_for_others_are_as_of_a_month_and_never_of_the_future() -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert moment(None, now, "partner") == datetime(2026, 11, 1, tzinfo=UTC)
    assert moment(None, now, "internal") == now
    here = datetime(2016, 12, 31, 23, tzinfo=UTC)
    assert moment(AT, now, "public") == moment(here, now, "public") == AT  # two spellings, one moment
    with pytest.raises(NotAMonth):
        moment(datetime(2026, 11, 10, tzinfo=UTC), now, "partner")
    assert moment(datetime(2026, 11, 10, tzinfo=UTC), now, "internal").day == 10
    with pytest.raises(InFuture):
        moment(datetime(2027, 1, 1, tzinfo=UTC), now, "internal")


def sized(n: int, events: int | None = None) -> Figure:
    seen = n // 2 if events is None else events
    return Figure(seen / n if n else None, 0.0, 1.0, n, seen)


def held(sizes: dict[str, int], wanted: dict[str, str], **changes: Any) -> Any:
    """Why a share by provider is held back, of providers of these sizes."""
    whole = sum(sizes.values())

    def ask(part: Any) -> Figure:
        one = sized(sizes[part["provider"]]) if "provider" in part else sized(whole)
        return replace(one, **changes)

    definition = DEFINITIONS["returned_within_90_days"]
    return shown(definition, wanted, ask, lambda _: list(sizes), "partner").held_back


def test_fewer_than_ten_never_leave_and_cannot_be_worked_out_from_the_rest() -> None:
    assert held({"a": 9, "b": 50, "c": 60}, {"provider": "a"}) == "small_number"
    assert held({"a": 9, "b": 50, "c": 60}, {"provider": "b"}) == "would_show_a_small_number"
    assert held({"a": 9, "b": 50, "c": 60}, {"provider": "c"}) is None
    assert held({"a": 9, "b": 50}, {"provider": "b"}) == "would_show_a_small_number"
    assert held({"a": 9, "b": 50, "c": 60}, {}) is None
    assert held({"a": 30, "b": 50}, {"provider": "a"}) is None
    assert held({"a": 4}, {}) == "small_number"


def test_all_or_none_is_not_told_of_people() -> None:
    assert held({"a": 30, "b": 50}, {"provider": "a"}, events=0, value=0.0) == "all_or_none"
    assert held({"a": 30, "b": 50}, {"provider": "a"}, events=30, value=1.0) == "all_or_none"


def test_what_is_held_back_together_is_never_a_small_number() -> None:
    for sizes in ({"a": 3, "b": 4, "c": 12, "d": 90}, {"a": 1, "b": 100}, {"a": 9, "b": 9}, {"a": 10, "b": 10}):
        hidden = suppressed(sizes)
        total = sum(sizes[name] for name in hidden)
        assert total == 0 or total >= SMALL or hidden == set(sizes)
        assert len(hidden) != 1
    assert suppressed({"a": 40, "b": 50}, unsaid=3) != frozenset()


def test_both_sides_see_the_same_figure_and_the_public_a_rounded_one(figures: Figures) -> None:
    exact = told(figures, "returned_within_90_days", {}, AT, "partner")
    public = told(figures, "returned_within_90_days", {}, AT, "public")
    assert public["value"] == round(exact["value"], 2)
    assert public["n"] % 10 == 0
    assert told(figures, "primary_return_reasons", {}, AT, "public")["value"]["person.health_mental"] == 110


def test_a_slice_says_what_values_there_are(figures: Figures) -> None:
    assert values_of(figures.frame, "municipality") == ("GM0546",)
    assert values_of(figures.frame, "warm") == ("yes", "no")
