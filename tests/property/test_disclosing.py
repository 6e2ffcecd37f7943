"""Whoever asks every slice and every pair of dimensions learns of no number of people below ten, and of no group in
which all fared alike."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.insight.measures import disclosing
from services.insight.measures.asking import Figures
from services.insight.measures.computing import COMPUTED
from services.insight.measures.definitions import DEFINITIONS
from services.insight.measures.disclosing import Shown, shown
from services.insight.measures.figure import Figure
from services.insight.measures.frame import Frame, Rows
from services.insight.measures.keeping import whole
from services.insight.measures.slicing import DIMENSIONS, values_of
from tests.property.attacking import SMALL, Table, found, left_over, told
from tests.simulator.lake import write_lake
from tests.simulator.settings import Settings
from tests.simulator.world import draw_world

ASKED = Settings(seed=41, municipalities=3, companies=3, people=900, days=300)
LATE = (ASKED.ends + 400 * 86_400) * 1000
"""When nearly all is over."""
Count = Callable[[Figure], int | None]
OUTSIDERS = ("partner", "public")
SOME = 5
"""Pairs of dimensions that are asked in one try."""


class Everybody(dict[str, Rows]):
    """The rows of all people; told shortly when a try fails."""

    def __repr__(self) -> str:
        return "everybody"


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Frame:
    """A world of which each try takes some people."""
    folder = tmp_path_factory.mktemp("attacked") / "lake"
    write_lake(draw_world(ASKED), folder)
    return Everybody(whole(folder))


def some_of(frame: Frame, rng: np.random.Generator) -> Frame:
    """A small world: so few people that most tables have small numbers."""
    cases = rng.permutation(frame["cases"]["case_id"])[: rng.integers(30, 500)]
    return {kind: rows.of(np.isin(rows["case_id"], cases)) for kind, rows in frame.items()}


class Outsider:
    """All that one audience is told by a measure, each slice asked once; and the truth, which it is not told."""

    def __init__(self, frame: Frame, measure: str, audience: Any) -> None:
        self.figures, self.measure, self.audience = Figures(frame, {}), measure, audience
        self.definition = DEFINITIONS[measure]
        self.kinds = COMPUTED[measure][0]
        self.dimensions = [name for name in DIMENSIONS if all(name in frame[kind].columns for kind in self.kinds)]

        self.stepped = {False: audience == "public", True: self._in_steps()}
        """Whether numbers of slices, and of slices of slices, are in steps: an outsider sees that they all are."""

    def _in_steps(self) -> bool:
        asked = [
            self.told(**{one: value, other: second}).figure
            for one, other in combinations(self.dimensions, 2)
            for value in self.values(one)
            for second in self.values(other)
        ]
        return all(one is None or one.n % 10 == 0 for one in asked)

    def values(self, dimension: str) -> tuple[str, ...]:
        return values_of(self.figures.frame, dimension)

    def truth(self, **wanted: str) -> Figure:
        return self.figures.figure(self.measure, wanted, LATE)

    def told(self, **wanted: str) -> Shown:
        return shown(
            self.definition, wanted, lambda part: self.figures.figure(self.measure, part, LATE), self.values,
            self.audience,
        )  # fmt: skip

    def bounds(self, count: Count, **wanted: str) -> tuple[int, int]:
        """What is known of a count."""
        one = self.told(**wanted).figure
        said = None if one is None else count(one)
        return told(said, not self.stepped[len(wanted) > 1])

    def table(self, one: str, other: str, count: Count) -> Table:
        """The two-dimensional table, with what is in no part, and the totals."""
        rows, columns = self.values(one), self.values(other)
        cells = [[self.bounds(count, **{one: row, other: column}) for column in columns] for row in rows]
        unsaid = [self.unsaid(count, other, **{one: row}) for row in rows]
        totals = [self.bounds(count, **{one: row}) for row in rows]
        body = [[*line, rest, total] for line, rest, total in zip(cells, unsaid, totals, strict=True)]
        below = [self.unsaid(count, one, **{other: column}) for column in columns]
        body.append([*below, (0, 1_000_000), self.unsaid(count, one)])
        body.append(
            [*(self.bounds(count, **{other: column}) for column in columns), self.unsaid(count, other),
             self.bounds(count)]
        )  # fmt: skip
        both = np.array(body, np.int64)
        return Table(both[:, :, 0], both[:, :, 1])

    def unsaid(self, count: Count, dimension: str, **around: str) -> tuple[int, int]:
        """What belongs to no value. Where everything has one the outsider knows that it is nothing."""
        parts = [count(self.truth(**around, **{dimension: value})) or 0 for value in self.values(dimension)]
        rest = (count(self.truth(**around)) or 0) - sum(parts)
        return (0, 0) if rest == 0 else (-1_000_000, 1_000_000)


def counts_of(measure: str, figure: Figure) -> dict[str, Count]:
    """The numbers that a figure tells."""
    asked: dict[str, Count] = {"n": lambda one: one.n}
    if DEFINITIONS[measure].unit in ("cases", "returns", "referrals") and figure.parts is None:
        asked["value"] = lambda one: None if one.value is None else int(one.value)
        asked["others"] = lambda one: None if one.value is None else one.n - int(one.value)
    return asked


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), measure=st.sampled_from(sorted(COMPUTED)), audience=st.sampled_from(OUTSIDERS))
def test_no_small_number_follows_from_a_table_its_totals_and_its_margins(
    everybody: Frame, seed: int, measure: str, audience: str
) -> None:
    check_tables(everybody, seed, measure, audience)


def check_tables(everybody: Frame, seed: int, measure: str, audience: str) -> None:
    rng = np.random.default_rng(seed)
    outsider = Outsider(some_of(everybody, rng), measure, audience)
    pairs = list(combinations(outsider.dimensions, 2))
    for name, count in counts_of(measure, outsider.truth()).items():
        for place in rng.permutation(len(pairs))[:SOME].tolist():
            leaks = list(found(outsider.table(*pairs[place], count)))
            assert leaks == [], (measure, name, pairs[place])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), measure=st.sampled_from(sorted(COMPUTED)))
def test_what_is_not_shown_along_a_dimension_is_together_no_small_number(
    everybody: Frame, seed: int, measure: str
) -> None:
    outsider = Outsider(some_of(everybody, np.random.default_rng(seed)), measure, "partner")
    for dimension in outsider.dimensions:
        for name, count in counts_of(measure, outsider.truth()).items():
            check_line(outsider, dimension, count, (measure, name, dimension))


def check_line(outsider: Outsider, dimension: str, count: Count, what: object) -> None:
    total = outsider.told().figure
    parts = [outsider.told(**{dimension: value}).figure for value in outsider.values(dimension)]
    truths = [outsider.truth(**{dimension: value}) for value in outsider.values(dimension)]
    if sum(count(one) or 0 for one in truths) != (count(outsider.truth()) or 0):
        return  # somebody is in two parts, or in none: the outsider cannot subtract
    rest = left_over(None if total is None else count(total), [one if one is None else count(one) for one in parts])
    assert rest is None or rest == 0 or rest >= SMALL, what


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), measure=st.sampled_from([m for m, one in DEFINITIONS.items() if one.personal]))
def test_of_no_group_it_can_be_told_that_all_or_none_of_it_came_back(everybody: Frame, seed: int, measure: str) -> None:
    outsider = Outsider(some_of(everybody, np.random.default_rng(seed)), measure, "partner")
    for dimension in outsider.dimensions:
        check_alike(outsider, dimension)


def check_alike(outsider: Outsider, dimension: str) -> None:
    total = outsider.told().figure
    parts = [outsider.told(**{dimension: value}).figure for value in outsider.values(dimension)]
    for one in (total, *parts):
        if one is not None and one.parts is not None:
            assert max(one.parts.values(), default=0) < one.n
        elif one is not None and outsider.definition.unit == "share":
            assert one.value not in (0.0, 1.0)
    if total is None or total.value is None or outsider.definition.unit != "share":
        return
    # when all is over a share times its number is how many came back
    back = [None if one is None or one.value is None else round(one.value * one.n) for one in parts]
    people = left_over(total.n, [None if one is None else one.n for one in parts])
    returned = left_over(round(total.value * total.n), back)
    assert people is not None
    assert returned is not None
    hidden = [
        outsider.truth(**{dimension: v})
        for v, one in zip(outsider.values(dimension), parts, strict=True)
        if one is None
    ]
    if people and sum(one.n for one in hidden) == people:
        exact = sum(one.events for one in hidden)
        assert returned != exact or 0 < exact < people


def test_parts_of_slices_cannot_be_subtracted_from_those_of_the_whole(everybody: Frame) -> None:
    for seed in range(12):
        frame = some_of(everybody, np.random.default_rng(seed))
        for measure in ("primary_return_reasons", "return_sides"):
            outsider = Outsider(frame, measure, "partner")
            for dimension in outsider.dimensions:
                check_parts(outsider, dimension)


def check_parts(outsider: Outsider, dimension: str) -> None:
    total = outsider.told().figure
    slices = {value: outsider.told(**{dimension: value}).figure for value in outsider.values(dimension)}
    for code in (total.parts or {}) if total is not None else ():
        said = [None if one is None else (one.parts or {}).get(code) for one in slices.values()]
        true = [(outsider.truth(**{dimension: value}).parts or {}).get(code, 0) for value in slices]
        if said.count(None) == 1 and all(s is None or s == t for s, t in zip(said, true, strict=True)):
            hidden = true[said.index(None)]
            assert not 0 < hidden < SMALL or any(t % 10 == 0 for s, t in zip(said, true, strict=True) if s)


def test_an_attack_on_rows_alone_held_back_finds_them(everybody: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        disclosing, "suppressed", lambda sizes, unsaid=0, also=(): {n for n, size in sizes.items() if 0 < size < SMALL}
    )
    outsiders = [
        Outsider(some_of(everybody, np.random.default_rng(seed)), "referrals", "partner") for seed in range(20)
    ]
    with pytest.raises(AssertionError):
        check_lines(outsiders)


def check_lines(outsiders: list[Outsider]) -> None:
    for outsider in outsiders:
        for dimension in outsider.dimensions:
            check_line(outsider, dimension, lambda one: one.n, dimension)
