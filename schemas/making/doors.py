"""OpenAPI of each service: what the running service serves at /v1/openapi.json, made without starting anything."""

from pathlib import Path

from schemas.making.data import Json
from schemas.sources import INSIGHT, part
from services.insight.settings import InsightSettings
from shared.settings import Doors, Settings

NOWHERE = Settings(
    port=8000,
    database_url="postgresql://nobody@127.0.0.1:1/nothing",
    kafka_bootstrap_servers="127.0.0.1:1",
    id_key="0" * 64,
    signing_key="0" * 64,
    vault_key="0" * 64,
    auth_issuer="https://issuer.example",
    auth_jwks_url="https://issuer.example/jwks",
)
"""An app that is only built connects to nothing; these keys protect nothing."""


INSIGHT_NOWHERE = InsightSettings(
    port=8000,
    kafka_bootstrap_servers="127.0.0.1:1",
    auth_issuer=NOWHERE.auth_issuer,
    auth_jwks_url=NOWHERE.auth_jwks_url,
    lake_folder=Path("/nowhere"),
    lake_key="0" * 64,
)
CONTACT = {"name": NOWHERE.contact_name, "url": NOWHERE.contact_url, "email": NOWHERE.contact_email}


def nowhere(service: str) -> Doors:
    """Settings with which an app can be built."""
    return INSIGHT_NOWHERE if service == INSIGHT else NOWHERE


def document(service: str) -> Json:
    """The whole document of a service."""
    found: Json = part(service, "app").build(nowhere(service)).openapi()
    return found
