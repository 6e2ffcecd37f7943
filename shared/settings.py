"""Settings of a service, from the environment; all that is wrong is said at once, at the start."""

from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.auth import EMBEDDED_ISSUER

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SOURCE = r"urn:nld:[A-Za-z0-9:._-]+=GM\d{4}"
SECRETS = Path("/run/secrets")
"""Where containers find secrets: a file per setting, named for it. The environment goes first."""


class Doors(BaseSettings):
    """What everything with an HTTP door must be told."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    host: str = Field("127.0.0.1", description="Address the HTTP door listens on.")
    port: int = Field(ge=1, le=65535, description="Port of the HTTP door.")
    kafka_bootstrap_servers: str = Field(description="host:port, comma separated.")
    auth_issuer: str = Field(min_length=1, description="Who issues the tokens (iss).")
    auth_audience: str = Field("overdracht", min_length=1, description="For whom they must be (aud).")
    auth_jwks_url: str = Field(min_length=1, description="Where the issuer's public keys are (JWKS).")
    embedded: bool = Field(False, description="One machine with an issuer of its own; listens on loopback only.")
    contact_name: str = Field("Beheer Overdracht", description="Whom integrators ask; stands in the OpenAPI document.")
    contact_url: str = Field("https://overdracht.example/contact", description="Where they find help.")
    contact_email: str = Field("beheer@overdracht.example", description="Where they write to.")
    log_level: str = "INFO"

    @model_validator(mode="after")
    def _is_at_home(self) -> Self:
        """The issuer of one machine is believed on that machine."""
        if self.auth_issuer == EMBEDDED_ISSUER and not (self.embedded and self.host in _LOOPBACK):
            raise ValueError("AUTH_ISSUER is the embedded issuer, which is believed on one machine only")
        return self


class Settings(Doors):
    """What a service must be told. Keys are 32 bytes in hex; no key has a default."""

    database_url: str = Field(pattern=r"^postgresql://", description="This service's own database, as its own role.")
    owner_database_url: str = Field(
        "", pattern=r"^(postgresql://.*)?$", description="The same database, as the role that owns it; to migrate only."
    )
    source_oin: str = Field("00000001823288444000", pattern=r"^\d{20}$", description="OIN of the municipality.")
    id_key: str = Field(pattern=r"^[0-9a-f]{64}$", description="Key of ids made from source numbers; equal everywhere.")
    signing_key: str = Field(pattern=r"^[0-9a-f]{64}$", description="Seed of this service's checkpoint signature.")
    vault_key: str = Field("", pattern=r"^([0-9a-f]{64})?$", description="Key of the vault; intake only.")
    patience_seconds: int = Field(86_400, ge=1, description="How long an event waits for its case before it is dead.")
    case_wait_seconds: float = Field(2.0, ge=0, description="How long a command waits for a case still on its way.")
    outside_sources: str = Field(
        "",
        pattern=rf"^({_SOURCE}(,\s*{_SOURCE})*)?$",
        description="Systems outside whose events are taken, and for whom: `urn:nld:oin:…=GM0546`, comma separated.",
    )
    contracts_file: str = Field("", description="YAML with the terms of contracts; empty: the service's own file.")
    retention_file: str = Field("", description="YAML with how long what is kept; empty: the service's own file.")
    retention_nightly: Literal["off", "count", "on"] = Field(
        "count",
        description="Each night: count what is due (count), or also delete old lines of the log of readings (on).",
    )
    register_url: str = Field(
        "https://overdracht.example/verwerkingsregister", description="Where the processing register is published."
    )
    clock_seconds: float = Field(1.0, gt=0, description="How often terms are looked at.")
    stuck_seconds: float = Field(30.0, gt=0, description="Work waiting this long untouched: no longer ready.")
    watchdog_seconds: float = Field(300.0, gt=0, description="And this long: the process ends, to be started again.")
    instance: str = Field(
        "",
        pattern=r"^[A-Za-z0-9._-]{0,64}$",
        description="Name of this process among those of the service, never of two at a time: started again it has its"
        " partitions back at once. Empty: the group waits until it is sure that the one before is gone.",
    )
    migrate: bool = Field(False, description="Migrate the database at the start.")

    @model_validator(mode="after")
    def _has_an_owner(self) -> Self:
        """What one setting asks of another."""
        if self.migrate and not self.owner_database_url:
            raise ValueError("MIGRATE needs OWNER_DATABASE_URL: the service's own role owns nothing")
        return self


Kind = TypeVar("Kind", bound=Doors)


def from_environment(kind: type[Kind], secrets: Path = SECRETS) -> Kind:
    """The settings. Exits with one line per wrong setting, without its value."""
    try:
        return kind(_secrets_dir=secrets if secrets.is_dir() else None)
    except ValidationError as wrong:
        lines = [_told(error) for error in wrong.errors(include_input=False)]
        raise SystemExit("Settings are not right:\n  " + "\n  ".join(lines)) from None


def _told(error: Any) -> str:
    name = ".".join(map(str, error["loc"])).upper()
    return f"{name}: {error['msg']}" if name else str(error["msg"]).removeprefix("Value error, ")
