"""How long a case is kept: what became of it, when it ended, and a table of terms that is held to its schema."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from services.intake import files
from services.intake.codes import Activity
from services.intake.domain.retention import Result, Rule, kept
from services.intake.domain.state import State
from services.intake.nightly import until_night
from services.intake.vault.leaving import NAMES
from tests.builders import DAY, NOON, ROOT, said
from tests.unit.intake.given import (
    EARLIER,
    after,
    applied,
    close,
    closed,
    deny,
    end,
    ended,
    granted,
    history,
    join,
    office,
    withdraw,
)
from tests.unit.intake.test_erasing import asked, erased

TABLE = ROOT / "services" / "intake" / "retention.yaml"


def result_and_end(state: State) -> tuple[str | None, date | None]:
    found = kept("GM0546", state)
    return (None, None) if found is None else (found.result, found.ended_on)


@pytest.mark.parametrize(
    ("state", "result", "days"),
    [
        (ended(), "provided", 100),
        (closed(), "provided", 100),
        (closed(granted()), "provided", 110),
        (after(closed(granted()), (end((NOON + 90 * DAY).date()), office(NOON + 120 * DAY))), "provided", 90),
        (after(applied(), (deny(), office(NOON + DAY))), "denied", 1),
        (closed(after(applied(), (deny(), office(NOON + DAY)))), "denied", 1),
        (after(applied(), (withdraw(), said(NOON + 3 * DAY, "citizen"))), "broken_off", 3),
        (after(applied(), (close("moved"), said(NOON + 4 * DAY))), "broken_off", 4),
    ],
)
def test_a_term_counts_from_the_end_of_the_process_and_closing_the_file_later_moves_nothing(
    state: State, result: Result, days: int
) -> None:
    assert result_and_end(state) == (result, (NOON + days * DAY).date())


def test_what_runs_has_no_term_and_what_was_erased_is_not_there() -> None:
    assert kept("GM0546", None) is kept("GM0546", applied()) is kept("GM0546", granted()) is None
    assert kept("GM0546", erased()) is None


def test_history_has_its_term_from_then() -> None:
    state = after(applied(), (deny(), history(NOON + DAY, "benefit_administration")))
    assert result_and_end(state) == ("denied", (NOON + DAY).date())


def test_a_case_that_was_joined_says_to_which_also_while_it_runs() -> None:
    running = kept("GM0546", after(applied(), (join(), said(NOON + DAY))))
    assert running is not None
    assert (running.result, running.ended_on, running.joined_to) == (None, None, EARLIER)
    named_only = kept("GM0546", after(applied(earlier_case_id=EARLIER), (deny(), office(NOON + DAY))))
    assert named_only is not None
    assert named_only.joined_to is None


def test_an_open_request_is_remembered() -> None:
    found = kept("GM0546", asked())
    assert found is not None
    assert found.erasure is not None
    assert found.erasure.asked_by == "km-1"


def test_the_usual_table_has_the_terms_of_the_selection_list() -> None:
    table = files.retention()
    assert {result: rule.keep for result, rule in table.cases.items()} == {
        "provided": "P10Y", "denied": "P5Y", "not_taken_up": "P42D", "broken_off": "P42D",
    }  # fmt: skip
    assert set(table.cases) == set(get_args(Result))
    assert all(rule.legal_source.startswith("Selectielijst2020:8.") for rule in table.cases.values())
    assert (table.readings.keep, table.readings.then, table.approval_days) == ("P5Y", "delete", 14)


def changed(tmp_path: Path, **changes: Any) -> str:
    """A table of one's own that differs in this."""
    body = yaml.safe_load(TABLE.read_text()) | changes
    file = tmp_path / "own.yaml"
    file.write_text(yaml.safe_dump(body))
    return str(file)


def test_a_municipality_has_terms_of_its_own_and_the_rest_of_the_rule_stays(tmp_path: Path) -> None:
    table = files.retention(changed(tmp_path, municipalities={"GM0344": {"denied": "P7Y"}}))
    usual = table.of("GM0546")["denied"]
    assert table.of("GM0344")["denied"] == Rule("P7Y", usual.legal_source, "erase", usual.nl, usual.en)
    assert table.of("GM0344")["provided"] == table.of("GM0546")["provided"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"approval_days": 0}, "approval_days"),
        ({"municipalities": {"Leiden": {}}}, "municipalities"),
        ({"municipalities": {"GM0546": {"denied": "five years"}}}, "GM0546.denied"),
        ({"municipalities": {"GM0546": {"jailed": "P5Y"}}}, "GM0546"),
        ({"cases": {}}, "cases"),
        ({"readings": {"keep": "P6M", "legal_source": "x", "then": "delete", "nl": "x", "en": "x"}}, "readings"),
        ({"readings": {"keep": "P5Y", "legal_source": "x", "then": "erase", "nl": "x", "en": "x"}}, "readings"),
    ],
)
def test_a_table_that_is_not_right_is_refused_by_name(tmp_path: Path, changes: dict[str, Any], place: str) -> None:
    with pytest.raises(ValueError, match=rf"own.yaml .*{place}"):
        files.retention(changed(tmp_path, **changes))


def test_a_table_that_is_not_there_or_no_yaml_is_said(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("a: [")
    for name in ("none.yaml", "broken.yaml"):
        with pytest.raises(ValueError, match=rf"{name} cannot be read"):
            files.retention(str(tmp_path / name))


def test_every_way_of_processing_that_leaves_a_line_is_in_the_register_with_purpose_and_ground() -> None:
    found = files.register()
    assert set(found) == set(get_args(Activity)) == set(NAMES)
    assert all(one.purpose_nl and one.legal_ground for one in found.values())


def test_a_delivery_that_the_law_asks_is_an_activity_of_its_own_with_no_more_than_it_asks() -> None:
    entry = files.register()["statistics"]
    assert list(entry.data) == ["number", "date of birth", "sex"]
    assert "statistics_netherlands" in entry.recipients
    assert {one.partition(":")[0] for one in entry.legal_ground} >= {
        "Participatiewet",
        "RegelingStatistiekParticipatiewet2015",
    }


def test_an_activity_that_is_not_in_the_register_keeps_the_service_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("register.yaml", "register.schema.json"):
        (tmp_path / name).write_text((ROOT / "services" / "intake" / name).read_text())
    body = yaml.safe_load((tmp_path / "register.yaml").read_text())
    del body["activities"]["person"]
    (tmp_path / "register.yaml").write_text(yaml.safe_dump(body))
    monkeypatch.setattr(files, "_HERE", tmp_path)
    with pytest.raises(ValueError, match=r"register.yaml .*'person'"):
        files.register()


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 1, 10, 1, 30, tzinfo=UTC), 1.0),
        (datetime(2026, 1, 10, 2, 30, tzinfo=UTC), 24.0),
        (datetime(2026, 7, 10, 0, 30, tzinfo=UTC), 1.0),
        (datetime(2026, 3, 28, 3, 0, tzinfo=UTC), 22.5),
    ],
)
def test_night_comes_at_half_past_three_also_when_the_clock_is_moved(now: datetime, hours: float) -> None:
    assert until_night(now) == hours * 3_600
