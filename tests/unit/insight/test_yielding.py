"""Insight lets the doors go first."""

import subprocess
import sys

SCRIPT = """
import os
from services.insight.yielding import NICE, give_way
before = os.nice(0)
give_way()
print(os.nice(0) == min(before + NICE, 19))
"""


def test_a_process_that_gives_way_has_a_lower_priority_and_goes_on() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert ended.stdout == "True\n"
