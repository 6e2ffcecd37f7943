"""`python -m deploy.embedded fetch`: gets Kafka ready in the cache. `lock`: renews the lock from what comes now."""

import json
import os
import sys
import tempfile
from pathlib import Path

from deploy.embedded import jars, warmup
from deploy.embedded.parts import CANNOT, Halt, cache_folder

ARTIFACTS = "org.apache.kafka:kafka_2.13:4.4.0+org.slf4j:slf4j-simple:1.7.36"


def ready(cache_at: Path) -> None:
    """Jars there and checked, and the quick start recorded if it can be. Raises Halt."""
    if jars.present(cache_at) is None:
        from deploy.embedded.fetching import fetch

        fetch(cache_at)
    warmup.record(cache_at)


def renew_lock() -> None:
    """Writes the lock anew: read the difference before you commit it."""
    from deploy.embedded.fetching import download

    with tempfile.TemporaryDirectory() as scratch:
        download(ARTIFACTS, Path(scratch))
        found = {file.name: jars.sha256(file) for file in Path(scratch, "repository").rglob("*.jar")}
    content = {"artifacts": ARTIFACTS, "jars": dict(sorted(found.items()))}
    jars.LOCK_FILE.write_text(json.dumps(content, indent=2) + "\n")


def main() -> int:
    """Exit code 0, 2 for a wrong word, 3 with a sentence when it cannot be done."""
    try:
        match sys.argv[1:]:
            case ["fetch"]:
                ready(cache_folder())
            case ["lock"]:
                renew_lock()
            case _:
                print("python -m deploy.embedded fetch | lock", file=sys.stderr)
                return 2
    except Halt as halt:
        print(halt.nl, halt.en, sep=os.linesep, file=sys.stderr)
        return CANNOT
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
