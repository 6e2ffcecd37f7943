"""Wiring only: the parts of outcome put together."""

from pathlib import Path

from fastapi import FastAPI

from services.outcome import api, commands, events, hearing, metrics, store
from services.outcome.domain.decide import decide
from services.outcome.domain.evolve import evolve
from services.outcome.domain.learn import learn
from services.outcome.domain.state import NEXT
from services.outcome.domain.view import row
from services.outcome.handling import handle
from services.outcome.refusals import SENTENCES
from shared.database import engine
from shared.envelope import source_urn
from shared.http.app import build_app
from shared.ledger.model import Ledger, Rules
from shared.service import Service, Vocabulary
from shared.settings import Settings

NAME = "outcome"
FOLDER = Path(__file__).parent
RULES = Rules(decide, evolve, learn, row, store.dump, store.load, key=lambda state: state.key)
VOCABULARY = Vocabulary(
    facts=events.FACTS,
    commands=commands.COMMANDS,
    numbers=commands.NUMBERS,
    hearing=hearing.HEARING,
    listens_to=hearing.LISTENS_TO,
    rests_on=hearing.RESTS_ON,
    titles=events.TITLES,
    sentences=SENTENCES,
    states=NEXT,
)


def service(settings: Settings) -> Service:
    """This service, not yet running."""
    ledger = Ledger(
        engine(settings.database_url),
        NAME,
        source_urn(settings.source_oin, NAME),
        RULES,
        settings.patience_seconds,
    )
    return Service(settings, ledger, handle, VOCABULARY, metrics.MEASURED)


def build(settings: Settings) -> FastAPI:
    """The app; it starts to hear and to relay when it is served."""
    one = service(settings)
    return build_app(one, api.routes(one))
