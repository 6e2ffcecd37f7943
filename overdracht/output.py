"""What the user sees: answers on stdout, progress and trouble on stderr, Dutch first, nothing that moves in a pipe."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from time import monotonic
from types import TracebackType
from typing import Any, Self

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

OK, FINDINGS, USAGE, AWAY, INTERRUPTED = 0, 1, 2, 3, 130
_LINE_EVERY_SECONDS = 3.0

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class Stop(Exception):  # noqa: N818 - the end of a command, with what to tell and the exit code
    """A command ends here: a Dutch and an English sentence, and the exit code."""

    def __init__(self, nl: str, en: str, code: int = FINDINGS) -> None:
        super().__init__(en)
        self.nl, self.en, self.code = nl, en, code


def run_command(work: Callable[[], Coroutine[Any, Any, int]], on_interrupt: tuple[str, str] = ("", "")) -> None:
    """Runs a command to its exit code; trouble becomes a sentence, never a traceback. Raises typer.Exit."""
    try:
        code = asyncio.run(work())
    except Stop as end:
        say(end.nl, end.en)
        code = end.code
    except KeyboardInterrupt:
        say(f"Onderbroken. {on_interrupt[0]}".strip(), f"Interrupted. {on_interrupt[1]}".strip())
        code = INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        code = OK
    raise typer.Exit(code)


def say(nl: str, en: str) -> None:
    """A sentence for the user on stderr, in both languages."""
    err.print(Text(nl), Text(f"· {en}", style="dim"), soft_wrap=True)


def write_json(answer: object) -> None:
    """One JSON object on one line of stdout."""
    sys.stdout.write(orjson.dumps(answer, default=str).decode() + "\n")
    sys.stdout.flush()


def table(*columns: str, title: str | None = None, right: tuple[str, ...] = ()) -> Table:
    """A calm table: a line under the heads and nothing else."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def number(value: int) -> str:
    """12.345, as Dutch readers write it."""
    return f"{value:,}".replace(",", ".")


def decimal(value: float, digits: int = 1) -> str:
    """12,3, as Dutch readers write it."""
    return f"{value:,.{digits}f}".replace(",", " ").replace(".", ",").replace(" ", ".")


class _Rate(ProgressColumn):
    """Pieces per second since this run began."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.unit = unit

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f} {self.unit}/s" if speed else "", style="dim")


class Meter:
    """Progress on stderr: a bar on a terminal, a line every few seconds elsewhere, nothing when quiet."""

    def __init__(self, unit: str, quiet: bool = False) -> None:
        self.unit, self.quiet = unit, quiet
        self._done = self._from = 0
        self._total: int | None = None
        self._text = ""
        self._since = self._last = monotonic()
        self._bar: Progress | None = None
        if err.is_terminal and not quiet:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=None),
                TextColumn("{task.percentage:>3.0f} %"),
                _Rate(unit),
                TimeRemainingColumn(compact=True),
                console=err,
                transient=True,
                expand=True,
            )
            self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def begin(self, total: int | None, done: int = 0) -> None:
        """A new measure: how much there is, and how much was done before this run."""
        self._total, self._done, self._from, self._since = total, done, done, monotonic()
        if self._bar:
            self._bar.reset(self._task, total=total, completed=done)

    def add(self, count: int, text: str) -> None:
        """`count` more done; `text` says what is going on."""
        self._done += count
        self.text(text)

    def text(self, text: str) -> None:
        """What is going on."""
        self._text = text
        if self._bar:
            self._bar.update(self._task, description=text, completed=self._done)
        elif not self.quiet and monotonic() - self._last > _LINE_EVERY_SECONDS:
            self._line()

    def say(self, nl: str, en: str) -> None:
        """A sentence that stays, above the bar."""
        if not self.quiet:
            say(nl, en)
            self._last = monotonic()

    def _line(self) -> None:
        self._last = monotonic()
        rate = (self._done - self._from) / max(self._last - self._since, 0.001)
        parts = [self._text]
        if self._total:
            parts.append(f"{self._done:,} of {self._total:,} in all, {rate:,.0f} {self.unit}/s")
            if rate and self._done < self._total:
                parts.append(f"about {(self._total - self._done) / rate:,.0f} s left")
        err.print("; ".join(parts), soft_wrap=True)
