"""`python -m schemas` writes the contracts, `--check` compares them, `release 1.2.0` keeps them for good."""

import argparse
import sys
from collections.abc import Iterable

from schemas import lake, released
from schemas.files import compare, made, write
from schemas.sources import LAKE, Unexplained


def main() -> int:
    """0 when all is well; 1 when something is not, each thing on its own line with what to do."""
    parser = argparse.ArgumentParser(prog="python -m schemas", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something differs")
    parser.add_argument("action", nargs="?", choices=["release"], help="keep the schemas of today for good")
    parser.add_argument("version", nargs="?", default="", help="the release, like 1.2.0")
    given = parser.parse_args()
    try:
        files, columns = made(), lake.made()
    except Unexplained as asks:
        return _say([str(asks)])
    if given.action == "release":
        return _say(_release(given.version, files))
    stale = [f"schemas/{name}" for name in compare(files)] + [f"insight/lake/{name}" for name in compare(columns, LAKE)]
    if not given.check:
        stale = []
        _say(f"schemas/{name}: written" for name in write(files))
        _say(f"insight/lake/{name}: written" for name in write(columns, LAKE))
    breaks, notices = released.broken(files)
    _say(f"schemas/events/{notice}" for notice in notices)
    wrong = [f"{name}: not what the code says; run make schemas" for name in stale]
    wrong += [f"schemas/released/{line}" for line in released.touched()]
    wrong += [f"schemas/events/{line}. Make it compatible, or publish a new version beside it" for line in breaks]
    return _say(wrong)


def _release(version: str, files: dict[str, str]) -> list[str]:
    if stale := compare(files):
        return [f"schemas/{name}: not what the code says; run make schemas first" for name in stale]
    return released.release(version, files)


def _say(lines: Iterable[str]) -> int:
    said = list(lines)
    for line in said:
        sys.stderr.write(f"{line}\n")
    return 1 if said else 0


if __name__ == "__main__":
    raise SystemExit(main())
