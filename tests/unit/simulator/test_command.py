"""The command: a history and its truth in two files, or a sentence that says what is wrong and nothing at all."""

import gzip
import json
from pathlib import Path

import pytest

from tests.simulator.__main__ import main, truth_path


def test_a_history_and_its_truth_are_written_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "history.jsonl.gz"
    asked = ["--municipalities", "2", "--cases", "60", "--seed", "4", "--years", "1.5", "--out", str(out)]
    assert main([*asked, "--reform", "2022-06-01", "2022-12-01", "--shock", "2022-08-01", "2022-09-01"]) == 0
    with gzip.open(out) as file:
        lines = [json.loads(line) for line in file]
    told = json.loads((tmp_path / "history.truth.json").read_text())
    assert sum(told["facts"].values()) == len(lines)
    assert told["settings"]["people"] == len({line["dossier"] for line in lines}) == 60
    assert told["settings"]["reform"]["first_day"] == 151
    assert told["settings"]["shock"]["days"] == 31
    assert "facts of 60 cases" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--municipalities", "400"], "municipalities: from 1 to 342"),
        (["--cases", "0"], "people: at least 1"),
        (["--years", "80"], "years: the history ends before today"),
        (["--reform", "2023-01-01", "2022-01-01"], "reform: first day"),
        (["--shock", "2023-01-01", "2022-01-01"], "shock: "),
    ],
)
def test_what_cannot_be_is_said_in_one_line_and_nothing_is_written(
    words: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--out", str(tmp_path / "h.jsonl.gz")]) == 2
    said = capsys.readouterr().err
    assert said.startswith(sentence)
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_written_over_unless_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "h.jsonl"
    out.write_text("mine")
    asked = ["--cases", "20", "--quiet", "--out", str(out)]
    assert main(asked) == 2
    assert "--force" in capsys.readouterr().err
    assert out.read_text() == "mine"
    assert main([*asked, "--force"]) == 0
    assert out.read_text() != "mine"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path / "nowhere" / "h.jsonl")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_the_truth_has_the_historys_name() -> None:
    assert truth_path(Path("a/history.jsonl.gz")) == Path("a/history.truth.json")
    assert truth_path(Path("history.jsonl")) == Path("history.truth.json")
