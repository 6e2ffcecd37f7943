"""Wiring only: the parts of diagnosis put together."""

from pathlib import Path

from fastapi import FastAPI

from services.diagnosis import api, codes, commands, events, hearing, metrics, store
from services.diagnosis.domain.decide import decide
from services.diagnosis.domain.evolve import evolve
from services.diagnosis.domain.learn import learn
from services.diagnosis.domain.state import NEXT, State
from services.diagnosis.domain.view import row
from services.diagnosis.handling import handle
from services.diagnosis.refusals import SENTENCES
from shared.database import engine
from shared.envelope import source_urn
from shared.facts import Command, Happened, Said
from shared.http.app import build_app
from shared.ledger.model import Ledger, Rules
from shared.service import Service, Vocabulary
from shared.settings import Settings

NAME = "diagnosis"
FOLDER = Path(__file__).parent


def _decide(state: State | None, command: Command, said: Said) -> list[Happened]:
    """The rules, with the instruments and frameworks that are kept here."""
    return decide(state, command, said, store.library())


RULES = Rules(_decide, evolve, learn, row, store.dump, store.load, key=lambda state: state.key)
VOCABULARY = Vocabulary(
    facts=events.FACTS,
    commands=commands.COMMANDS,
    numbers=commands.NUMBERS,
    hearing=hearing.HEARING,
    listens_to=hearing.LISTENS_TO,
    rests_on=hearing.RESTS_ON,
    titles=events.TITLES,
    sentences=SENTENCES,
    codes={"grounds": codes.GROUNDS},
    states=NEXT,
)


def service(settings: Settings) -> Service:
    """This service, not yet running. Raises ValueError when a file of its own is not as it must be."""
    store.library()
    store.starts()
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
