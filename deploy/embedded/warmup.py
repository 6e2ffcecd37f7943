"""Records once how Kafka starts, so that Java starts it in 1 s instead of 3 from then on; never a condition."""

import subprocess
import time
from pathlib import Path

from deploy.embedded import jars, java, kafka
from deploy.embedded.ports import accepts, free_block

_UP_SECONDS, _RECORD_SECONDS = 30.0, 60.0


def record(cache_at: Path) -> bool:
    """Starts Kafka on an empty folder, stops it, and keeps what Java recorded. False when that did not work."""
    with jars.only_one(cache_at):
        wanted = java.quick_start_file(cache_at)
        if wanted.exists():
            return True
        with jars.scratch(cache_at) as scratch:
            recorded = _recorded(cache_at, scratch)
            if recorded:
                recorded.replace(wanted)
            return recorded is not None


def _recorded(cache_at: Path, scratch: Path) -> Path | None:
    port, controller_port = free_block(2)
    plain = kafka.prepare(scratch, scratch / "log", port, controller_port, cache_at)
    made = scratch / "start.aot"
    argv = [plain.argv[0], f"-XX:AOTCacheOutput={made}", *plain.argv[1:]]
    with subprocess.Popen(argv, env=plain.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as broker:
        try:
            began = time.monotonic()
            while not accepts(port) and broker.poll() is None and time.monotonic() - began < _UP_SECONDS:
                time.sleep(0.1)
            broker.terminate()
            broker.wait(_RECORD_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            broker.kill()
    return made if made.exists() and made.stat().st_size > 1_000_000 else None
