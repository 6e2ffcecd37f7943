"""Runs a service as a process: settings, logs, migration, then HTTP until it is told to stop."""

import gc
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from shared import logging, settings
from shared.migrating import upgrade


def serve(name: str, folder: Path, build: Callable[[settings.Settings], FastAPI]) -> None:
    """`python -m services.<name>` serves; with `migrate` it brings the database to the newest version and ends."""
    given = settings.from_environment()
    logging.configure(name, given.log_level)
    if given.migrate or sys.argv[1:] == ["migrate"]:
        upgrade(given.owner_database_url, folder, given.database_url)
    if sys.argv[1:] == ["migrate"]:
        return
    app = build(given)
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
