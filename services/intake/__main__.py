"""`python -m services.intake`."""

import asyncio

from fastapi import FastAPI

from services.intake.app import FOLDER, NAME, build
from services.intake.vault.keys import keys_of
from services.intake.vault.opening import check_key
from shared.serving import serve
from shared.settings import Settings


def checked(settings: Settings) -> FastAPI:
    """The app. Exits when the key is not the one of the vault that is there."""
    asyncio.run(check_key(settings.database_url, keys_of(settings.vault_key)))
    return build(settings)


serve(NAME, FOLDER, checked)
