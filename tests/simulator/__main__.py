"""`python -m tests.simulator`: a history in the dossier format, and beside it the truth that the product never sees.

For instance: python -m tests.simulator --municipalities 3 --cases 5000 --seed 1 --out history.jsonl.gz
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import monotonic

from tests.simulator.dossiers import write
from tests.simulator.settings import Reform, Settings, Shock
from tests.simulator.world import draw_world

WRONG = 2
_LINE_EVERY_SECONDS = 3.0
_YEAR = 365.25


def options(words: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulator", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="the history: JSON Lines, gzip when it ends in .gz")
    parser.add_argument("--municipalities", type=int, default=1, metavar="N", help="how many (1, to 342)")
    parser.add_argument("--companies", type=int, metavar="N", help="how many (one per six municipalities, at least 4)")
    parser.add_argument("--cases", type=int, default=2_000, metavar="N", help="applications (2000)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another one is another world (1)")
    parser.add_argument("--from", dest="start", type=date.fromisoformat, default=date(2022, 1, 1), metavar="DAY",
                        help="first day (2022-01-01)")  # fmt: skip
    parser.add_argument("--years", type=float, default=3.0, metavar="N", help="how long (3)")
    parser.add_argument("--reform", type=date.fromisoformat, nargs=2, metavar="DAY",
                        help="diagnosis first, from a day between these two of each municipality's own")  # fmt: skip
    parser.add_argument("--shock", type=date.fromisoformat, nargs=2, metavar="DAY",
                        help="from the first to before the second day three in ten more people apply")  # fmt: skip
    parser.add_argument("--alike", action="store_true", help="all people, companies and places are alike")
    parser.add_argument("--force", action="store_true", help="write over files that are there")
    parser.add_argument("--quiet", "-q", action="store_true", help="no progress")
    return parser.parse_args(words)


def settings_of(asked: argparse.Namespace) -> Settings:
    """The world that is asked for. Raises ValueError, which names the setting and the rule."""

    def day(moment: date) -> int:
        return (moment - asked.start).days

    if asked.start.toordinal() + round(asked.years * _YEAR) > date.today().toordinal():  # noqa: DTZ011 - a day is enough
        raise ValueError("years: the history ends before today, for the product refuses what is still to come")
    return Settings(
        seed=asked.seed,
        municipalities=asked.municipalities,
        companies=max(4, asked.municipalities // 6) if asked.companies is None else asked.companies,
        people=asked.cases,
        start=asked.start,
        days=round(asked.years * _YEAR),
        heterogeneity=not asked.alike,
        reform=Reform(*map(day, asked.reform)) if asked.reform else None,
        shock=Shock(day(asked.shock[0]), (asked.shock[1] - asked.shock[0]).days) if asked.shock else None,
    )


def truth_path(out: Path) -> Path:
    """Where the truth of a history goes: history.jsonl.gz has history.truth.json beside it."""
    return out.with_name(out.name.removesuffix(".gz").removesuffix(".jsonl") + ".truth.json")


def main(words: list[str] | None = None) -> int:
    """The command; the exit code."""
    asked = options(words)
    try:
        settings = settings_of(asked)
        _check(asked)
        facts, seconds = _written(asked, settings)
    except ValueError as wrong:
        return _stop(str(wrong))
    except OSError as trouble:
        return _stop(f"out: {trouble.strerror or type(trouble).__name__}: {trouble.filename or asked.out}")
    except KeyboardInterrupt:
        return _stop("interrupted; nothing was written", 130)
    print(f"{asked.out}: {facts:,} facts of {settings.people:,} cases in {seconds:.1f} s; {truth_path(asked.out)}")
    return 0


def _check(asked: argparse.Namespace) -> None:
    there = [str(path) for path in (asked.out, truth_path(asked.out)) if path.exists()]
    if there and not asked.force:
        raise ValueError(f"out: {' and '.join(there)}: there already; --force writes over")
    if not asked.out.parent.is_dir():
        raise ValueError(f"out: there is no folder {asked.out.parent}")


def _written(asked: argparse.Namespace, settings: Settings) -> tuple[int, float]:
    began = monotonic()
    found = write(draw_world(settings), asked.out, _progress(settings.people, asked.quiet))
    truth_path(asked.out).write_text(json.dumps(found, indent=1) + "\n")
    if sys.stderr.isatty() and not asked.quiet:
        sys.stderr.write("\r\x1b[K")
    return sum(found["facts"].values()), monotonic() - began


def _progress(total: int, quiet: bool) -> Callable[[int, int], None]:
    """A line that is written over on a terminal; elsewhere one every few seconds."""
    began = last = monotonic()
    moves = sys.stderr.isatty()

    def tell(people: int, facts: int) -> None:
        nonlocal last
        now = monotonic()
        if quiet or (not moves and now - last < _LINE_EVERY_SECONDS):
            return
        last = now
        left = (now - began) * (total - people) / max(people, 1)
        text = f"{people:,} of {total:,} cases, {facts:,} facts, about {left:.0f} s left"
        sys.stderr.write(f"\r\x1b[K{text}" if moves else f"{text}\n")
        sys.stderr.flush()

    return tell


def _stop(sentence: str, code: int = WRONG) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
