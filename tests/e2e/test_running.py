"""The product as processes: who dies comes back, what was written is there again, and trouble is one sentence."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from tests.builders import ROOT
from tests.product import COMMAND, SERVICES, Product, a_line, start

LINE = a_line("L-1")


@pytest.fixture(scope="module")
def known(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Product:
    """The product, with a dossier in it."""
    file = tmp_path_factory.mktemp("history") / "one.jsonl"
    file.write_bytes(LINE + b"\n")
    assert product.json("import", str(file))["accepted"] == 1
    return product


def start_again(product: Product) -> None:
    """The next start, on the same data and ports."""
    again = start(product.data, base(product))
    product.process, product.places = again.process, again.places


def base(product: Product) -> int:
    """What --port-base was."""
    return int(product.url("intake").rpartition(":")[2]) - 1


def knows_the_case(product: Product) -> bool:
    """Whether every service knows the dossier."""
    return set(product.json("case", "GM0546/L-1")["status"]) == set(SERVICES)


async def members(product: Product, group: str) -> list[str]:
    """Who is in a consumer group, as the broker names them: a member with a name of its own by that name first."""
    admin = AIOKafkaAdminClient(bootstrap_servers=product.places["kafka"]["bootstrap_servers"])
    await admin.start()
    try:
        [answer] = await admin.describe_consumer_groups([group])
        return [member[0] for member in answer.groups[0][-1]]
    finally:
        await admin.close()


def failed_start(*words: str) -> str:
    """What a start that cannot be says."""
    done = subprocess.run(
        [str(COMMAND), "run", *words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 3
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr


def test_whoever_is_killed_comes_back_and_the_console_says_so(product: Product) -> None:
    before = product.json("status")
    for name in ("referral", "kafka", "postgres"):
        product.kill(name)
    after = product.wait(
        lambda s: s["settled"] and s["kafka"]["pid"] and s["postgres"]["pid"] and s["services"]["referral"]["pid"], 90
    )
    assert after["kafka"]["pid"] != before["kafka"]["pid"]
    assert after["postgres"]["pid"] != before["postgres"]["pid"]
    assert after["services"]["referral"]["pid"] != before["services"]["referral"]["pid"]
    console = (product.data / "console.log").read_text()
    for name in ("referral", "kafka", "postgres"):
        assert f"{name} is gestopt (signaal SIGKILL)" in console


async def test_a_service_that_was_killed_takes_its_own_place_in_its_group_again(product: Product) -> None:
    [before] = await members(product, "referral")
    product.kill("referral")
    product.wait(lambda s: s["settled"] and s["services"]["referral"]["pid"], 60)
    [after] = await members(product, "referral")
    assert before != after
    assert [name.startswith("embedded-") for name in (before, after)] == [True, True]


def test_a_second_start_on_the_same_folder_or_the_same_ports_is_refused_in_a_sentence(
    product: Product, tmp_path: Path
) -> None:
    ports = ("--port-base", str(base(product)))
    assert "draait al een Overdracht" in failed_start("--data", str(product.data), *ports)
    said = failed_start("--data", str(tmp_path), *ports)
    assert f"Poort {base(product) + 1} (intake) is bezet" in said
    assert "--port-base" in said


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path, free_port_base: int) -> None:
    (tmp_path / "file").write_text("")
    said = failed_start("--data", str(tmp_path / "file" / "data"), "--port-base", str(free_port_base))
    assert "kan niet worden geschreven" in said


def test_after_the_supervisor_itself_is_killed_the_next_start_clears_up_and_goes_on(known: Product) -> None:
    os.kill(known.process.pid, signal.SIGKILL)
    known.process.wait()
    start_again(known)
    assert "van een eerdere keer draait nog" in (known.data / "console.log").read_text()
    assert knows_the_case(known)


def test_after_ctrl_c_nothing_is_left_running_and_the_next_start_finds_the_data(known: Product) -> None:
    status = known.json("status")
    pids = [status["kafka"]["pid"], status["postgres"]["pid"], *(one["pid"] for one in status["services"].values())]
    assert known.stop() == 0
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    start_again(known)
    assert knows_the_case(known)
    assert known.settle()["broker_lag"] == 0
