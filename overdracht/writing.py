"""Files that a command leaves: whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from overdracht.output import USAGE, Stop

OWN = 0o600
"""For this account alone."""
USUAL = 0o666
"""For whom the account's own settings let read."""


@contextmanager
def written(path: Path, mode: int = OWN) -> Iterator[IO[bytes]]:
    """A file to write in; it takes its place when all of it is on the disk. Raises Stop when that cannot be done."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)  # what a crash left
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as trouble:
        why = trouble.strerror or type(trouble).__name__
        raise Stop(f"{path} kan niet worden geschreven ({why}).", f"cannot write {path} ({why})", USAGE) from None
