"""Wiring only: the parts of referral put together."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from services.referral import api, codes, commands, events, hearing, metrics, store
from services.referral.domain.decide import decide
from services.referral.domain.evolve import evolve
from services.referral.domain.learn import learn
from services.referral.domain.state import NEXT
from services.referral.domain.view import row
from services.referral.handling import handle
from services.referral.refusals import SENTENCES
from shared.database import engine
from shared.envelope import source_urn
from shared.http.app import build_app
from shared.ledger.model import Ledger, Rules
from shared.service import Service, Vocabulary
from shared.settings import Settings

NAME = "referral"
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
    codes={
        "reasons": codes.REASONS,
        "general_terms": codes.GENERAL_TERMS,
        "forbidden_grounds": codes.FORBIDDEN_GROUNDS,
    },
    states=NEXT,
)


def service(settings: Settings) -> Service:
    """This service, not yet running. Raises ValueError when the file with contracts is not as it must be."""
    contracts = store.contracts(settings.contracts_file)
    ledger = Ledger(
        engine(settings.database_url),
        NAME,
        source_urn(settings.source_oin, NAME),
        replace(RULES, decide=partial(decide, contracts=contracts)),
        settings.patience_seconds,
    )
    return Service(settings, ledger, handle, VOCABULARY, metrics.MEASURED)


def build(settings: Settings) -> FastAPI:
    """The app; it starts to hear and to relay when it is served."""
    one = service(settings)
    return build_app(one, api.routes(one))
