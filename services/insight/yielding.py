"""Figures may wait a moment, people at a door may not: on a shared machine insight lets the others go first."""

import os
from contextlib import suppress
from pathlib import Path

NICE = 10
_AUTOGROUP = Path("/proc/self/autogroup")
"""Linux may weigh sessions instead of processes (sched(7)): then a session has to say here that it is nice."""


def give_way() -> None:
    """Lowers this process's priority for the CPU, as far as the system knows such a thing."""
    os.nice(NICE)
    if os.getsid(0) == os.getpid():  # else others are in it, a user's shell for one
        with suppress(OSError):
            _AUTOGROUP.write_text(str(NICE))
