"""Settings of a service, from the environment; all that is wrong is said at once, at the start."""

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = Path("/run/secrets")
"""Where containers find secrets: a file per setting, named for it. The environment goes first."""


class Settings(BaseSettings):
    """What a service must be told. Keys are 32 bytes in hex; no key has a default."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    host: str = Field("127.0.0.1", description="Address the HTTP door listens on.")
    port: int = Field(ge=1, le=65535, description="Port of the HTTP door.")
    database_url: str = Field(pattern=r"^postgresql://", description="This service's own database, as its own role.")
    kafka_bootstrap_servers: str = Field(description="host:port, comma separated.")
    source_oin: str = Field("00000001823288444000", pattern=r"^\d{20}$", description="OIN of the municipality.")
    id_key: str = Field(pattern=r"^[0-9a-f]{64}$", description="Key of ids made from source numbers; equal everywhere.")
    signing_key: str = Field(pattern=r"^[0-9a-f]{64}$", description="Seed of this service's checkpoint signature.")
    vault_key: str = Field("", pattern=r"^([0-9a-f]{64})?$", description="Key of the vault; intake only.")
    patience_seconds: int = Field(86_400, ge=1, description="How long an event waits for its case before it is dead.")
    case_wait_seconds: float = Field(2.0, ge=0, description="How long a command waits for a case still on its way.")
    contracts_file: str = Field("", description="YAML with the terms of contracts; empty: the service's own file.")
    clock_seconds: float = Field(1.0, gt=0, description="How often terms are looked at.")
    stuck_seconds: float = Field(30.0, gt=0, description="Work waiting this long untouched: no longer ready.")
    watchdog_seconds: float = Field(300.0, gt=0, description="And this long: the process ends, to be started again.")
    migrate: bool = Field(False, description="Migrate the database at the start.")
    log_level: str = "INFO"


def from_environment(secrets: Path = SECRETS) -> Settings:
    """The settings. Exits with one line per wrong setting, without its value."""
    try:
        return Settings(_secrets_dir=secrets if secrets.is_dir() else None)
    except ValidationError as wrong:
        lines = [f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in wrong.errors(include_input=False)]
        raise SystemExit("Settings are not right:\n  " + "\n  ".join(lines)) from None
