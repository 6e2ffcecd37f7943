"""Instruments, frameworks and starts are data: checked when the service starts, each version kept, none another's."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copy, copytree
from typing import Any, get_args

import pytest
import yaml

from services.diagnosis import store
from services.diagnosis.codes import DIRECTIONS, FACTORS, GROUNDS, OWN_MOTIVATION, LifeArea
from services.diagnosis.domain.library import NOTHING, Library
from tests.unit.diagnosis.given import LIBRARY

HERE = Path(store.__file__).parent
INSTRUMENT = "instruments/competensys-like-2026.1.yaml"
CORE = "frameworks/core-2026.1.yaml"
LOCAL = "frameworks/GM0546-2017.1.yaml"


def test_every_item_asks_one_factor_in_one_life_area_and_every_factor_is_asked() -> None:
    for instrument in LIBRARY.instruments.values():
        assert {item.factor for item in instrument.items} == set(FACTORS)
        assert {item.life_area for item in instrument.items} <= set(get_args(LifeArea))
        assert any(item.by == "citizen" for item in instrument.items)


def test_the_framework_speaks_for_each_side_touches_each_factor_and_asks_for_own_motivation() -> None:
    framework = LIBRARY.framework("GM9999")
    assert framework is not None
    arguments = framework.arguments.values()
    assert {side for one in arguments for side in one.sides} == set(DIRECTIONS)
    assert {one.factor for one in arguments} == set(FACTORS)
    assert set(framework.arguments[OWN_MOTIVATION].sides) == set(DIRECTIONS)
    assert not set(framework.arguments) & set(GROUNDS)


def test_a_municipality_has_its_own_additions_on_the_newest_core_unless_it_names_a_version() -> None:
    def version(municipality: str, named: str | None = None) -> str | None:
        found = LIBRARY.framework(municipality, named)
        return found.version if found else None

    assert version("GM0546") == version("GM0546", "GM0546-2017.1") == "core-2026.1+GM0546-2017.1"
    assert version("GM0546", "core-2026.1") == version("GM0363") == "core-2026.1"
    assert version("GM0546", "core-2026.1+GM0546-2017.1") == "core-2026.1+GM0546-2017.1"
    assert version("GM0363", "GM0546-2017.1") is version("GM0363", "core-2026.1+GM0546-2017.1") is None
    assert version("GM0546", "core-1999.1") is None
    assert NOTHING.framework("GM0546") is None


def test_of_more_versions_the_newest_holds_by_its_number() -> None:
    [core] = LIBRARY.cores
    older, newer = (type(core)(f"core-2026.{n}", None, core.arguments) for n in (9, 10))
    found = Library(cores=(newer, older)).framework("GM0546")
    assert found is newer


def test_a_municipality_starts_when_it_says_and_another_when_it_is_usual() -> None:
    assert store.starts().of("GM0546") == date(2017, 1, 1)
    assert store.starts().of("GM9999") == date(2024, 1, 1)


def read(path: Path) -> Any:
    return yaml.load(path.read_text(), Loader=yaml.CSafeLoader)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the service's own files, to be spoilt."""
    for name in ("instruments", "frameworks"):
        copytree(HERE / name, tmp_path / name)
    for name in ("coverage.yaml", "coverage.schema.json"):
        copy(HERE / name, tmp_path)
    monkeypatch.setattr(store, "_HERE", tmp_path)
    return tmp_path


def set_in(file: str, *place: Any, to: Any) -> Callable[[Path], str]:
    """Changes a value of a file; the name of what is then wrong."""

    def change(folder: Path) -> str:
        path = folder / file
        body = part = read(path)
        for name in place[:-1]:
            part = part[name]
        part[place[-1]] = to
        path.write_text(json.dumps(body))
        return path.name

    return change


def without_skills(folder: Path) -> str:
    path = folder / INSTRUMENT
    body = read(path)
    body["items"] = [item for item in body["items"] if item["factor"] != "skills"]
    path.write_text(json.dumps(body))
    return path.name


def renamed(file: str, name: str) -> Callable[[Path], str]:
    def change(folder: Path) -> str:
        return (folder / file).rename((folder / file).with_name(name)).name

    return change


@pytest.mark.parametrize(
    "change",
    [
        set_in(INSTRUMENT, "items", 0, "factor", to="luck"),
        set_in(INSTRUMENT, "items", 0, "age", to=65),
        set_in(INSTRUMENT, "items", 0, "code", to="pa_meaning"),
        set_in(INSTRUMENT, "items", 0, "life_area", to="neighbourhood"),
        set_in(INSTRUMENT, "scale", 0, "value", to=0),
        set_in(INSTRUMENT, "version", to="2026.2"),
        without_skills,
        renamed(INSTRUMENT, "other-2026.1.yaml"),
        set_in(CORE, "arguments", 0, "code", to="age"),
        set_in(CORE, "arguments", 0, "sides", to=["luck"]),
        set_in(CORE, "arguments", 1, "code", to="own_motivation"),
        set_in(CORE, "municipality", to="GM0546"),
        renamed(CORE, "core-2026.2.yaml"),
        set_in(LOCAL, "arguments", 0, "code", to="debts_unstable.zwangerschap"),
        set_in("coverage.yaml", "usual", to="2024-13-01"),
        set_in("coverage.yaml", "starts", "Leiden", to="2017-01-01"),
    ],
)
def test_a_file_that_is_not_right_is_named_at_the_start(change: Callable[[Path], str], folder: Path) -> None:
    name = change(folder)
    with pytest.raises(ValueError, match=name):
        store.library.__wrapped__(), store.starts.__wrapped__()


def test_a_municipality_adds_below_a_national_argument_never_beside(folder: Path) -> None:
    set_in(LOCAL, "arguments", 0, "code", to="own_plan")(folder)
    with pytest.raises(ValueError, match="adds beside"):
        store.library.__wrapped__()
