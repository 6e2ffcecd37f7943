"""What the product on this machine is made of: two engines (unless others are pointed at) and the services."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from deploy.embedded import databases, kafka, postgres
from deploy.embedded.parts import Start, cache_folder
from overdracht.running import keys
from overdracht.running.supervising import Part
from shared.auth import EMBEDDED_ISSUER

SERVICES = ("intake", "diagnosis", "referral", "outcome")
INSIGHT = "insight"
PORT_BASE = 8100
_INSIGHT, _KAFKA, _CONTROLLER, _POSTGRES = 5, 11, 12, 13
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "TZ",
    "TMPDIR",
    "LOG_LEVEL",
    "SOURCE_OIN",
    "PATIENCE_SECONDS",
    "CASE_WAIT_SECONDS",
    "CLOCK_SECONDS",
    "CONTRACTS_FILE",
    "OUTSIDE_SOURCES",
    "RETENTION_FILE",
    "RETENTION_NIGHTLY",
    "REGISTER_URL",
    "STUCK_SECONDS",
    "WATCHDOG_SECONDS",
    "REFRESH_SECONDS",
    "SRG_MAPPING_FILE",
    "LABOUR_MARKET_FILE",
)


@dataclass(frozen=True)
class Plan:
    """Where everything is. An engine of somebody else's is only an address."""

    data: Path
    ports: Mapping[str, int]
    bootstrap_servers: str
    admin_url: str
    own_kafka: bool
    own_postgres: bool

    @property
    def keys(self) -> Path:
        """The folder with the keys."""
        return self.data / "keys"

    @property
    def logs(self) -> Path:
        """The folder with the logs."""
        return self.data / "logs"

    @property
    def urls(self) -> dict[str, str]:
        """Address by service."""
        return {name: f"http://127.0.0.1:{self.ports[name]}" for name in SERVICES}

    @property
    def insight_url(self) -> str:
        """Where insight's doors are."""
        return f"http://127.0.0.1:{self.ports[INSIGHT]}"

    @property
    def taken_ports(self) -> dict[str, int]:
        """The TCP ports we are going to listen on."""
        engines = {"kafka": self.ports["kafka"], "kafka-controller": self.ports["controller"]}
        return {name: self.ports[name] for name in (*SERVICES, INSIGHT)} | (engines if self.own_kafka else {})

    @property
    def server(self) -> postgres.Server:
        """Our own PostgreSQL."""
        return postgres.server(self.data / "postgres", self.ports["postgres"])

    def database_url(self, service: str, role: str = "") -> str:
        """A service's own database, as its own role; or as its owner."""
        name = service + role
        if self.own_postgres:
            return self.server.url(service, name)
        return databases.for_role(self.admin_url, service, name, keys.password(self.keys, name))

    def passwords(self) -> dict[str, str | None]:
        """Password by role; none on our own socket."""
        roles = [*SERVICES, *(name + databases.OWNER for name in SERVICES)]
        return {name: None if self.own_postgres else keys.password(self.keys, name) for name in roles}


def plan(data: Path, port_base: int) -> Plan:
    """The plan for this folder and these ports; KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL point at engines elsewhere."""
    data = data.expanduser().absolute()
    ports = {name: port_base + number for number, name in enumerate(SERVICES, 1)}
    ports |= {
        INSIGHT: port_base + _INSIGHT,
        "kafka": port_base + _KAFKA,
        "controller": port_base + _CONTROLLER,
        "postgres": port_base + _POSTGRES,
    }
    kafka_elsewhere = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "")
    postgres_elsewhere = os.environ.get("DATABASE_URL", "")
    return Plan(
        data=data,
        ports=ports,
        bootstrap_servers=kafka_elsewhere or f"127.0.0.1:{ports['kafka']}",
        admin_url=postgres_elsewhere or postgres.server(data / "postgres", ports["postgres"]).url(),
        own_kafka=not kafka_elsewhere,
        own_postgres=not postgres_elsewhere,
    )


def engines(way: Plan) -> list[Part]:
    """The engines that are ours to run."""
    found = []
    if way.own_kafka:
        ports = way.ports["kafka"], way.ports["controller"]
        prepare = partial(kafka.prepare, way.data / "kafka", way.logs / "kafka.log", *ports, cache_folder())
        found.append(Part("kafka", prepare))
    if way.own_postgres:
        found.append(Part("postgres", partial(postgres.prepare, way.server, way.logs / "postgres.log")))
    return found


def services(way: Plan) -> list[Part]:
    """The four services, and insight beside them."""
    return [*(Part(name, partial(_service, way, name)) for name in SERVICES), Part(INSIGHT, partial(_insight, way))]


def _insight(way: Plan) -> Start:
    env = _common(way, INSIGHT) | {"LAKE_FOLDER": str(way.data / "lake"), "LAKE_KEY": keys.read(way.keys, keys.LAKE)}
    return Start(INSIGHT, [sys.executable, "-m", "services.insight"], way.logs / "insight.log", env=env)


def _common(way: Plan, name: str) -> dict[str, str]:
    """What every process with a door is told."""
    return {key: os.environ[key] for key in _PASSED_ON if key in os.environ} | {
        "PORT": str(way.ports[name]),
        "KAFKA_BOOTSTRAP_SERVERS": way.bootstrap_servers,
        "AUTH_ISSUER": EMBEDDED_ISSUER,
        "AUTH_JWKS_URL": (way.keys / keys.ISSUER_PUBLIC).as_uri(),
        "EMBEDDED": "true",
        "MALLOC_ARENA_MAX": "2",
    }


def _service(way: Plan, name: str) -> Start:
    env = _common(way, name) | {
        "DATABASE_URL": way.database_url(name),
        "OWNER_DATABASE_URL": way.database_url(name, databases.OWNER),
        "ID_KEY": keys.read(way.keys, keys.ID),
        "SIGNING_KEY": keys.read(way.keys, f"{name}.seed"),
        "MIGRATE": "true",
        "INSTANCE": "embedded",
    }
    if name == "intake":
        env["VAULT_KEY"] = keys.read(way.keys, keys.VAULT)
    return Start(name, [sys.executable, "-m", f"services.{name}"], way.logs / f"{name}.log", env=env)
