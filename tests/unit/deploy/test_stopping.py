"""Processes of an earlier run are asked to end all at once; who will not is ended."""

import signal
import subprocess
import sys

import psutil

from deploy.embedded import processes

SCRIPT = """
import signal, sys, time
def told(number, frame):
    print(number, flush=True)
    if "deaf" not in sys.argv:
        sys.exit()
for one in (signal.SIGTERM, signal.SIGINT):
    signal.signal(one, told)
print("up", flush=True)
while True:
    time.sleep(1)
"""


def started(*how: str) -> "subprocess.Popen[str]":
    """A process that says what it was asked, once it runs."""
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, *how], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def heard(process: "subprocess.Popen[str]") -> str:
    """The signals that it was asked to end with; it is gone."""
    assert not psutil.pid_exists(process.pid)
    process.wait()
    assert process.stdout is not None
    with process.stdout as said:
        return said.read().strip()


def test_each_is_asked_once_with_its_own_signal_and_who_will_not_hear_is_ended() -> None:
    kind, interrupted, deaf = started(), started(), started("deaf")
    asked = {kind.pid: signal.SIGTERM, interrupted.pid: signal.SIGINT, deaf.pid: signal.SIGTERM}
    processes.stop(asked, signal.SIGKILL, within=1.0)
    assert [heard(one) for one in (kind, interrupted, deaf)] == ["15", "2", "15"]


def test_who_is_gone_already_is_no_trouble_to_the_others() -> None:
    gone, kind = started(), started()
    gone.kill()
    gone.wait()
    processes.stop({gone.pid: signal.SIGTERM, kind.pid: signal.SIGTERM}, signal.SIGKILL, within=5.0)
    assert [heard(one) for one in (gone, kind)] == ["", "15"]
