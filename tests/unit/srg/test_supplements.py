"""The municipality adds what the log does not know; a file that is not right is refused by line, not repeated."""

from pathlib import Path

import pytest

from overdracht.output import Stop
from overdracht.srg.supplements import read


def written(folder: Path, text: str) -> Path:
    path = folder / "aanvulling.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_each_facility_gets_what_its_line_says(tmp_path: Path) -> None:
    text = "\ufeffregistratienummer;loonwaarde;arbeidsvermogen\r\nBCD;060;10\r\nBCF;;11\r\n"
    assert read(written(tmp_path, text)) == {"BCD": {"wage_value": "060", "ability": "10"}, "BCF": {"ability": "11"}}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "de kolommen"),
        ("loonwaarde\n060\n", "de kolommen"),
        ("registratienummer;bsn\nBCD;999990342\n", "de kolommen"),
        ("registratienummer;loonwaarde;loonwaarde\n", "de kolommen"),
        ("registratienummer;loonwaarde\nBCD;060\nBCD;070\n", "regel 3"),
        ("registratienummer;loonwaarde\nBCD;999990342\n", "regel 2"),
        ("registratienummer;loonwaarde\nBCD;=1+1\n", "regel 2"),
        ("registratienummer;loonwaarde\n;060\n", "regel 2"),
        ("registratienummer;loonwaarde\nBCD;060;x\n", "regel 2"),
    ],
)
def test_a_file_that_is_not_right_is_refused_where_it_is_wrong(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(Stop) as refused:
        read(written(tmp_path, text))
    assert where in refused.value.nl
    assert "999990342" not in refused.value.nl + refused.value.en


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r"supplement weg.csv: cannot be read"):
        read(tmp_path / "weg.csv")
