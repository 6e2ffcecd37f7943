"""Runs a service as a process: settings, logs, migration, then HTTP until it is told to stop."""

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import uvicorn
from fastapi import FastAPI

from shared import logging
from shared.migrating import upgrade
from shared.settings import Doors, Settings, from_environment

Given = TypeVar("Given", bound=Doors)


def serve(name: str, folder: Path, build: Callable[[Settings], FastAPI]) -> None:
    """`python -m services.<name>` serves; with `migrate` it brings the database to the newest version and ends."""
    given = from_environment(Settings)
    logging.configure(name, given.log_level)
    if given.migrate or sys.argv[1:] == ["migrate"]:
        upgrade(given.owner_database_url, folder, given.database_url)
    if sys.argv[1:] == ["migrate"]:
        return
    listen(built(build, given), given)


def built(build: Callable[[Given], FastAPI], given: Given) -> FastAPI:
    """The app. Exits with a sentence when a file that the settings name is not right (ValueError)."""
    try:
        return build(given)
    except ValueError as wrong:
        raise SystemExit(f"Settings are not right:\n  {wrong}") from None


def listen(app: FastAPI, given: Doors) -> None:
    """Answers at the door until the process is told to stop."""
    gc.freeze()  # what is there now stays: modules, models, routes
    gc.set_threshold(200_000, 20, 50)  # a batch makes thousands of short-lived objects, and hardly ever a cycle
    uvicorn.run(
        app,
        host=given.host,
        port=given.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=64 * 1024,
    )
