"""Prometheus' own checker, when this machine has it; a test that needs it says loudly that it was not there."""

import shutil
import subprocess

import pytest

PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None,
    reason="NOT CHECKED: promtool is not installed (apt-get install prometheus); metrics and alerts go unchecked",
)


def promtool(*words: str, told: str = "") -> str:
    """What promtool says; it must be content."""
    assert PROMTOOL is not None
    done = subprocess.run([PROMTOOL, *words], input=told, capture_output=True, text=True, timeout=60, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said
