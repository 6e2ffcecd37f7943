"""Every log line is JSON; an exception is told by kind and place, never by its text, whoever logs it."""

import json
import subprocess
import sys

from tests.builders import ROOT

SECRET = "Zwaluwenburg"
PROGRAM = f"""
import logging as library
from shared import logging
logging.configure("bakery", "INFO")

def bake():
    raise ValueError("{SECRET}")

for log in (logging.get("ours"), library.getLogger("theirs")):
    try:
        bake()
    except ValueError as trouble:
        log.exception("it broke")
        log.error("it broke", exc_info=trouble)
        log.error("it broke", exc_info=(ValueError, trouble, trouble.__traceback__))
        log.error("it is %s", "odd")
"""


def test_an_exception_is_kind_and_place_however_it_is_logged() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    broken = [line for line in lines if line["event"] == "it broke"]
    assert len(broken) == 6
    assert {(line["error"], line["at"].rpartition(" ")[2], line["service"]) for line in broken} == {
        ("ValueError", "bake", "bakery")
    }
    assert [line["logger"] for line in broken] == ["ours"] * 3 + ["theirs"] * 3
    assert SECRET not in done.stdout + done.stderr
