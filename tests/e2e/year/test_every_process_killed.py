"""Every process is killed once while a year of history goes in: nothing lost, nothing twice, the order held."""

import json
import subprocess
import time
from pathlib import Path
from shutil import copy
from typing import Any

from tests.builders import LEIDEN, ROOT, TRUTH
from tests.product import COMMAND, SERVICES, Product, all_facts, start

KILLED = ("intake", "diagnosis", "referral", "outcome", "kafka", "postgres", "import")


def test_every_process_killed_once_while_history_goes_in(
    product: Product, imported: Any, tmp_path: Path, free_port_base: int
) -> None:
    assert imported["rejected"] == 0
    product.settle()
    keys = tmp_path / "killed" / "keys"
    keys.mkdir(parents=True)
    copy(product.data / "keys" / "id.key", keys)  # the same numbers lead to the same cases
    other = start(tmp_path / "killed", free_port_base)
    try:
        result = _import_under_fire(other)
        assert (result["lines"], result["accepted"], result["rejected"]) == (25_004, 25_004, 0)
        other.settle()
        _compare(product, other)
        assert other.run("log", "verify").returncode == 0
    finally:
        other.stop()


def _import_under_fire(product: Product) -> dict[str, int]:
    """Imports; now and then a process dies. The importer itself too: the same command then goes on."""
    shots = iter(KILLED)
    going = _importer(product)
    for name in shots:
        time.sleep(1.2)
        if going.poll() is not None:
            break
        if name == "import":
            going.kill()
            going.communicate()
            going = _importer(product)
        else:
            product.kill(name)
    fired = [*KILLED][: KILLED.index(name) + 1]
    output, _ = going.communicate(timeout=300)
    assert fired == list(KILLED), f"the import was over before all were killed: {fired}"
    assert going.returncode == 0, (product.data / "import.log").read_text()[-3000:]
    found: dict[str, int] = json.loads(output)
    return found


def _importer(product: Product) -> "subprocess.Popen[bytes]":
    with (product.data / "import.log").open("ab") as said:
        return subprocess.Popen(
            [str(COMMAND), "import", str(LEIDEN), "--json"],
            env=product.environment(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=said,
        )


def _compare(clean: Product, killed: Product) -> None:
    import asyncio

    expected, found = asyncio.run(all_facts(clean)), asyncio.run(all_facts(killed))
    for service in SERVICES:
        assert sorted(map(tuple, expected[service].values())) == sorted(map(tuple, found[service].values()))
    total = sum(len(facts) for service in SERVICES for facts in found[service].values())
    assert total >= TRUTH["facts_total"]
