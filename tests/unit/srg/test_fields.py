"""The nineteen fields are those of the law, and a file that is not right is refused."""

import tomllib

import pytest

from services.insight.srg import fields
from services.insight.srg.fields import FIELDS, FILE, codes_of, fields_told
from services.insight.srg.mapping import SCHEMA
from tests.builders import ROOT
from tests.unit.srg.given import MAPPING


def test_there_are_nineteen_in_the_order_of_the_law_in_four_groups() -> None:
    assert [one.number for one in FIELDS.values()] == list(range(1, 20))
    groups = {group: [one.number for one in FIELDS.values() if one.group == group] for group in fields._READ.groups}
    assert groups == {
        "delivery": [1, 2, 3, 4, 5, 6, 7],
        "person": [8, 9, 10, 11, 12],
        "facility": [13, 14, 15, 16, 17],
        "subsidy": [18, 19],
    }
    assert "BWBR0031830" in fields.SOURCE


def test_the_codes_are_those_of_the_law() -> None:
    types = ["10", "11", "12", "20", "21", "22", "23", "29", "30", "31", "40", "42", "43", "49", "50", "59", "60", "98"]
    assert list(codes_of("type")) == types
    assert codes_of("type")["60"] == "Uitbesteed én onbekend"
    assert list(codes_of("ability")) == ["10", "11", "20", "30", "40"]
    assert [list(codes_of(key)) for key in ("sex", "purpose", "end_reason")] == [
        ["1", "2", "3"],
        ["1", "2"],
        ["1", "2"],
    ]
    assert list(codes_of("package")) == [
        "sam",
        "com",
        "ebb",
        "eva",
        "moz",
        "rmw",
        "ssd",
        "wst",
        "xws",
        "afs",
        "cmu",
        "and",
    ]


def test_the_mapping_can_say_every_type_but_that_nobody_knows() -> None:
    assert list(map(str, SCHEMA["$defs"]["type"]["enum"])) == [one for one in codes_of("type") if one != "60"]
    assert list(map(str, SCHEMA["$defs"]["types"]["items"]["enum"])) == list(codes_of("type"))
    assert list(map(str, SCHEMA["$defs"]["ability"]["enum"])) == list(codes_of("ability"))
    packages = SCHEMA["$defs"]["section"]["properties"]["delivery"]["properties"]["package"]["enum"]
    assert packages == list(codes_of("package"))
    names = SCHEMA["$defs"]["section"]["properties"]["elements"]["properties"]["fields"]["propertyNames"]["enum"]
    assert names == list(FIELDS)


def test_the_release_is_that_of_the_product() -> None:
    assert MAPPING.usual.release == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


def test_what_is_told_of_a_field_is_what_is_there_to_tell() -> None:
    told = fields_told()[10]
    assert (told["number"], told["key"], told["nl"]) == (11, "ability", "Arbeidsvermogen")
    assert told["one_of_person"] == ("10", "11", "20", "30", "40")
    assert "pattern" not in told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("number: 2, key: month", "number: 3, key: month"),
        ("key: month", "key: year"),
        ('pattern: "[0-9]{4}", asked: true}', "asked: true}"),
        ("group: delivery", "group: other"),
        ("key: year", "key: Year"),
    ],
)
def test_a_file_that_is_not_right_is_refused(before: str, after: str) -> None:
    text = FILE.read_text()
    assert before in text
    with pytest.raises(ValueError, match=r"."):
        fields.read(text.replace(before, after, 1))
