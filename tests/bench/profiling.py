"""Where the services' time goes: py-spy beside the import, and the top frames of each service."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

HOW_TO_GET_IT = "py-spy is not installed: put it in the virtual environment with `.venv/bin/pip install py-spy`."
HERTZ = 200
TOP = 15


def py_spy() -> str | None:
    """The py-spy program, when there is one."""
    beside = Path(sys.executable).with_name("py-spy")
    if beside.exists():
        return str(beside)
    return shutil.which("py-spy")


def start(program: str, services: Mapping[str, int], folder: Path) -> dict[str, subprocess.Popen[bytes]]:
    """A recorder for each service, until it is stopped; only samples on the CPU, native frames as well."""
    folder.mkdir(parents=True, exist_ok=True)
    how = ["--native", "--rate", str(HERTZ), "--format", "raw", "--duration", "unlimited"]
    return {
        service: subprocess.Popen(
            [program, "record", "--pid", str(pid), *how, "--output", str(folder / f"{service}.txt")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for service, pid in services.items()
    }


def stop(recorders: Mapping[str, subprocess.Popen[bytes]], folder: Path) -> str:
    """End the recorders and tell the top frames."""
    for recorder in recorders.values():
        recorder.send_signal(signal.SIGINT)
    told = []
    for service, recorder in recorders.items():
        recorder.wait(60)
        file = folder / f"{service}.txt"
        told.append(top_frames(service, file.read_text() if file.exists() else ""))
    return "\n\n".join([*told, f"Whole stacks (flame graph input): {folder}"])


def top_frames(service: str, stacks: str) -> str:
    """The frames most often on top (own time), and those most often anywhere in the stack (with what they call)."""
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for line in stacks.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = stack.split(";")
        own[frames[-1]] += int(count)
        for frame in set(frames):
            within[frame] += int(count)
    samples = sum(own.values())
    if not samples:
        return f"{service}: no samples (py-spy may not look into the process: it needs the right to trace it)"
    lines = [f"{service}: {samples} samples on the CPU, {samples / HERTZ:.1f} s", "  own time"]
    lines += [f"    {count / samples:6.1%}  {frame}" for frame, count in own.most_common(TOP)]
    lines += ["  with what it calls"]
    lines += [f"    {count / samples:6.1%}  {frame}" for frame, count in within.most_common(TOP * 2)]
    return "\n".join(lines)
