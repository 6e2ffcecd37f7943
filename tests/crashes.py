"""A process that dies at a step of our choice: every change of a folder is a step, and the power goes before it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

STEPS = ("fsync", "replace", "symlink", "link", "mkdir", "unlink", "utime", "rmdir")


class Died(BaseException):
    """The process is gone."""


@contextmanager
def watched(before: Callable[[int], None]) -> Iterator[None]:
    """Within this, `before` is called before each step with its number."""
    number = 0

    def step(real: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*values: Any, **named: Any) -> Any:
            nonlocal number
            number += 1
            before(number)
            return real(*values, **named)

        return stepped

    patches = [patch.object(os, name, step(getattr(os, name))) for name in STEPS]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def steps_of(work: Callable[[], Any]) -> int:
    """How many steps the work takes."""
    taken = 0

    def count(number: int) -> None:
        nonlocal taken
        taken = number

    with watched(count):
        work()
    return taken


def dies_at(step: int, work: Callable[[], Any]) -> bool:
    """Does the work until the process dies before this step; whether it came so far."""

    def die(number: int) -> None:
        if number == step:
            raise Died

    try:
        with watched(die):
            work()
    except Died:
        return True
    return False
