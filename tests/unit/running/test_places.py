"""Where the product is, its keys, and what is said when it cannot be found or started."""

import os
import stat
from pathlib import Path

import pytest

from overdracht.output import AWAY, Stop
from overdracht.running import keys, reset
from overdracht.running.parts import plan
from overdracht.running.places import Process, Run, find_run, ourselves, read_run, write_run
from overdracht.running.starting import _check_ports, _only_one

SERVICES = ("intake", "referral")


def a_run(supervisor: Process) -> Run:
    return Run(supervisor, {"intake": "http://127.0.0.1:1"}, "127.0.0.1:2", "postgresql://p@/p", Path("/keys"))


def test_a_running_product_is_found_again(tmp_path: Path) -> None:
    write_run(tmp_path, a_run(ourselves()))
    assert find_run(tmp_path) == a_run(ourselves())


@pytest.mark.parametrize("content", [None, b"", b"{half", b'{"pid": 1}'])
def test_where_nothing_runs_it_says_so_and_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(Stop) as no:
        find_run(tmp_path)
    assert no.value.code == AWAY
    assert "make run" in no.value.nl


def test_a_pid_that_is_now_somebody_elses_is_not_the_product(tmp_path: Path) -> None:
    write_run(tmp_path, a_run(Process(os.getpid(), 1.0)))
    assert read_run(tmp_path) is not None
    with pytest.raises(Stop):
        find_run(tmp_path)


def test_keys_are_made_once_and_are_for_nobody_else_to_read(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    keys.ensure(folder, SERVICES, data_exists=False)
    before = {file.name: file.read_text() for file in folder.iterdir()}
    keys.ensure(folder, SERVICES, data_exists=True)
    assert {file.name: file.read_text() for file in folder.iterdir()} == before
    own = {"id.key", "vault.key", "lake.key", "issuer.seed", "issuer.jwks.json"}
    assert set(before) == own | {"intake.seed", "intake.pub", "referral.seed", "referral.pub"}
    for file in folder.iterdir():
        open_to_others = stat.S_IMODE(file.stat().st_mode) & 0o077
        assert bool(open_to_others) is (file.suffix in (".pub", ".json")), file.name


def test_keys_are_not_made_anew_beside_old_data(tmp_path: Path) -> None:
    keys.ensure(tmp_path / "keys", SERVICES, data_exists=False)
    (tmp_path / "keys" / "vault.key").unlink()
    with pytest.raises(Stop) as no:
        keys.ensure(tmp_path / "keys", SERVICES, data_exists=True)
    assert "vault.key" in no.value.en


def test_a_taken_port_is_named_with_who_has_it_and_how_to_choose_others(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Stop) as no:
            _check_ports(plan(tmp_path, port - 1))
    assert str(port) in no.value.nl
    assert "intake" in no.value.nl
    assert f"pid {os.getpid()}" in no.value.nl
    assert "--port-base" in no.value.nl


def test_one_folder_holds_one_running_product(tmp_path: Path) -> None:
    way = plan(tmp_path, 20_000)
    with _only_one(way):
        write_run(way.data, a_run(ourselves()))
        with pytest.raises(Stop, match=f"already .pid {os.getpid()}"), _only_one(way):
            pass


def test_engines_elsewhere_are_used_and_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "kafka.example:9092")
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:secret@db.example:5432/postgres")
    way = plan(tmp_path, 20_000)
    keys.ensure(way.keys, SERVICES, data_exists=False)
    assert (way.own_kafka, way.own_postgres) == (False, False)
    url = way.database_url("intake")
    assert url.startswith("postgresql://intake:")
    assert url.endswith("@db.example:5432/intake")
    assert "secret" not in url
    assert way.database_url("intake") == url


def test_reset_says_what_goes_and_leaves_what_is_not_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys.ensure(tmp_path / "keys", SERVICES, data_exists=False)
    (tmp_path / "kafka").mkdir()
    (tmp_path / "mine.txt").write_text("not of the product")
    assert reset._reset(tmp_path, yes=True) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
    assert str(tmp_path / "kafka") in capsys.readouterr().out


def test_reset_leaves_a_running_product_alone(tmp_path: Path) -> None:
    keys.ensure(tmp_path / "keys", SERVICES, data_exists=False)
    write_run(tmp_path, a_run(ourselves()))
    with pytest.raises(Stop, match="stop it first"):
        reset._reset(tmp_path, yes=True)
    assert (tmp_path / "keys" / "id.key").exists()
