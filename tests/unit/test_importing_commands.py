"""`overdracht import` on the command line: exit codes, what goes to stdout, and the dry run."""

from pathlib import Path

import orjson
import typer
from typer.testing import CliRunner

from overdracht import importing
from tests.unit.importing_given import FakeProduct, a_file, line, reachable

app = typer.Typer()
importing.register(app)


@app.command()
def other() -> None:
    """A second command, so that the first keeps its name."""


def called(fake: FakeProduct, path: Path, *more: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    with reachable(fake):
        done = CliRunner().invoke(app, ["import", str(path), "--data", str(path.parent / "data"), *more])
    return done.exit_code, done.stdout, done.stderr


def test_json_is_one_object_on_stdout_and_all_else_is_on_stderr(tmp_path: Path) -> None:
    code, out, err = called(FakeProduct(), a_file(tmp_path, [line(1), line(2)]), "--json")
    result = orjson.loads(out)
    assert code == 0
    wanted = {"lines", "accepted", "duplicates", "rejected", "seconds", "facts_per_second", "rejects_file"}
    assert wanted <= result.keys()
    assert "arrived everywhere" in err


def test_quiet_says_nothing_on_stderr(tmp_path: Path) -> None:
    assert called(FakeProduct(), a_file(tmp_path, [line(1)]), "--quiet", "--json")[2] == ""


def test_rejects_and_cut_off_files_give_exit_code_1(tmp_path: Path) -> None:
    code, out, _ = called(FakeProduct(), a_file(tmp_path, [line(1), b"?"]), "--json")
    assert code == 1
    entries = Path(orjson.loads(out)["rejects_file"]).read_bytes().splitlines()
    assert [orjson.loads(entry)["line"] for entry in entries] == [2]


def test_a_missing_file_gives_exit_code_2_and_a_sentence(tmp_path: Path) -> None:
    code, out, err = called(FakeProduct(), tmp_path / "none.jsonl")
    assert (code, out) == (2, "")
    assert "none.jsonl" in err
    assert "Traceback" not in err


def test_a_dry_run_checks_shape_and_order_and_writes_nothing(tmp_path: Path) -> None:
    fake = FakeProduct()
    lines = [
        line(1, at="2016-02-01T10:00:00+00:00"),
        line(2, at="2016-01-01T10:00:00+00:00"),
        line(1, at="2016-01-31T10:00:00+00:00"),
        line(3, at="yesterday"),
        line(4, fact="unheard_of"),
    ]
    code, out, err = called(fake, a_file(tmp_path, lines), "--dry-run", "--json")
    result = orjson.loads(out)
    assert code == 1
    assert result["codes"] == {"out_of_order": 1, "time_invalid": 1, "fact_unknown": 1}
    assert (result["lines"], result["accepted"]) == (5, 2)
    assert fake.requests == []
    assert {path.name for path in tmp_path.iterdir()} == {"history.jsonl.gz"}
    assert "nothing was written" in err


def test_the_result_in_words_reads_dutch(tmp_path: Path) -> None:
    out = called(FakeProduct(), a_file(tmp_path, [line(1)]))[1]
    assert "Aanvaard" in out
