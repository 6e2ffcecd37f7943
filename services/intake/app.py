"""Wiring only: the parts of intake put together."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI

from services.intake import api, codes, commands, events, files, hearing, metrics, store
from services.intake.domain.decide import decide
from services.intake.domain.evolve import evolve
from services.intake.domain.learn import learn
from services.intake.domain.state import NEXT
from services.intake.domain.view import row
from services.intake.handling import handle
from services.intake.nightly import nightly
from services.intake.refusals import SENTENCES
from services.intake.reporting.events import report_reader
from services.intake.reports import REPORTS, TOPIC
from services.intake.vault.keys import keys_of
from services.intake.vault.opening import Vault, watch
from shared.database import engine
from shared.envelope import source_urn
from shared.http.app import build_app
from shared.ledger.lines import Language
from shared.ledger.model import Ledger, Rules
from shared.measuring import Values
from shared.outside import sources_of
from shared.service import Besides, Service, Vocabulary
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
    codes={"erasure_reasons": codes.ERASURE_REASONS},
    states=NEXT,
    bodies=tuple(REPORTS.values()),
)


def service(settings: Settings) -> Service:
    """This service, not yet running. Exits when the vault has no key; raises ValueError when a file is not right."""
    files.register()
    vault = Vault(keys_of(settings.vault_key), files.retention(settings.retention_file), settings.register_url)
    ledger = Ledger(
        engine(settings.database_url),
        NAME,
        source_urn(settings.source_oin, NAME),
        RULES,
        settings.patience_seconds,
    )
    language = Language(VOCABULARY.commands, VOCABULARY.numbers, bytes.fromhex(settings.id_key))
    outside = {TOPIC: report_reader(language, sources_of(settings.outside_sources))}
    one = Service(settings, ledger, partial(handle, vault), VOCABULARY, metrics.MEASURED, outside)
    one.besides = _besides(one, vault)
    return one


def _besides(one: Service, vault: Vault) -> Besides:
    """The vault, which every process keeps an eye on, and what the one that leads does at night."""
    given, besides = one.settings, Besides(vault, vault.parts)
    besides.work["vault"] = partial(watch, vault, one.ledger, given.kafka_bootstrap_servers, one.started_tools)

    def tell(due: Values) -> None:
        besides.readings[metrics.RETENTION_DUE.name] = due

    if given.retention_nightly != "off":
        deletes = given.retention_nightly == "on"
        besides.duties.append(partial(nightly, vault.retention, one.ledger, deletes, tell))
    return besides


def build(settings: Settings) -> FastAPI:
    """The app; it starts to hear and to relay when it is served."""
    one = service(settings)
    return build_app(one, api.routes(one))
