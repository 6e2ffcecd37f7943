"""Other processes on this machine: who they are, and stopping one that an earlier run left."""

import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil


def command(pid: int) -> list[str]:
    """Program and arguments; empty when there is no such process, or none we may look at."""
    try:
        return list(psutil.Process(pid).cmdline())
    except psutil.Error:
        return []


def began(pid: int) -> float | None:
    """When it started (Unix seconds): with the pid this names one process for good. None when it is not there."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None


def same(pid: int, since: float) -> bool:
    """Whether the process that had this pid at that time still runs."""
    found = began(pid)
    return found is not None and abs(found - since) < 1.0


def stop(kindly: Mapping[int, signal.Signals], firmly: signal.Signals, within: float) -> None:
    """Asks these to end, all at once and each with its signal, and no longer asks after `within` seconds."""
    asked = []
    for pid, how in kindly.items():
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            process.send_signal(how)
            asked.append(process)
    _, left = psutil.wait_procs(asked, within)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(firmly)
    psutil.wait_procs(left, 5)


def wait_until_none_in(folder: Path, within: float) -> bool:
    """Waits until no process has this working folder; whether that came about."""
    until = time.monotonic() + within
    while any(_works_in(process, folder) for process in psutil.process_iter()):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return Path(process.cwd()) == folder
    except psutil.Error:
        return False


def listener(port: int) -> str:
    """Which program listens on this port, as far as we may see: "java (pid 12)" or ""."""
    try:
        for found in psutil.net_connections("tcp"):
            if found.status == psutil.CONN_LISTEN and found.laddr and found.laddr[1] == port and found.pid:
                return f"{psutil.Process(found.pid).name()} (pid {found.pid})"
    except (psutil.Error, OSError):
        pass
    return ""
