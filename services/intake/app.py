"""Wiring only: the parts of intake put together."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI

from services.intake import api, commands, events, hearing, metrics, store
from services.intake.domain.decide import decide
from services.intake.domain.evolve import evolve
from services.intake.domain.learn import learn
from services.intake.domain.state import NEXT
from services.intake.domain.view import row
from services.intake.handling import handle
from services.intake.refusals import SENTENCES
from services.intake.reporting.events import report_reader
from services.intake.reports import REPORTS, TOPIC
from services.intake.vault.keys import keys_of
from shared.database import engine
from shared.envelope import source_urn
from shared.http.app import build_app
from shared.ledger.lines import Language
from shared.ledger.model import Ledger, Rules
from shared.outside import sources_of
from shared.service import Service, Vocabulary
from shared.settings import Settings

NAME = "intake"
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
    bodies=tuple(REPORTS.values()),
)


def service(settings: Settings) -> Service:
    """This service, not yet running. Exits when the vault has no key."""
    ledger = Ledger(
        engine(settings.database_url),
        NAME,
        source_urn(settings.source_oin, NAME),
        RULES,
        settings.patience_seconds,
    )
    language = Language(VOCABULARY.commands, VOCABULARY.numbers, bytes.fromhex(settings.id_key))
    outside = {TOPIC: report_reader(language, sources_of(settings.outside_sources))}
    handling = partial(handle, keys_of(settings.vault_key))
    return Service(settings, ledger, handling, VOCABULARY, metrics.MEASURED, outside)


def build(settings: Settings) -> FastAPI:
    """The app; it starts to hear and to relay when it is served."""
    one = service(settings)
    return build_app(one, api.routes(one))
