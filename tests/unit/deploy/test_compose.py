"""The product in containers, as far as can be said without them: every name leads to something, everywhere the same."""

import json
import re
import subprocess
import sys
from pathlib import Path
from shutil import copy2, copytree
from typing import Any

import pytest
import yaml

from deploy.embedded import kafka, postgres
from deploy.embedded.jars import LOCK_FILE
from services.insight.settings import InsightSettings
from shared.settings import Settings
from tests.builders import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PARTS: dict[str, dict[str, Any]] = COMPOSE["services"]
SERVICES = ("intake", "diagnosis", "referral", "outcome")
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
IMAGE_SETS = dict(re.findall(r"\b(HOST|PORT)=(\S+)", DOCKERFILE))
EXAMPLE = (ROOT / "deploy" / "env.example").read_text()


def secrets_of(part: dict[str, Any]) -> dict[str, str]:
    """File in the container -> secret."""
    told = part.get("secrets", [])
    return {one: one for one in told if isinstance(one, str)} | {
        one["target"]: one["source"] for one in told if isinstance(one, dict)
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_every_setting_it_needs_and_none_that_is_no_setting(service: str) -> None:
    part = PARTS[service]
    told = {name.lower() for name in [*part["environment"], *IMAGE_SETS]} | set(secrets_of(part))
    needed = {name for name, field in Settings.model_fields.items() if field.is_required()}
    assert needed <= told
    assert told <= set(Settings.model_fields)
    assert ("vault_key" in told) == (service == "intake")
    assert part["build"]["args"] == {"SERVICE": service}


@pytest.mark.parametrize("service", SERVICES)
def test_who_has_a_name_in_its_group_is_the_only_process_of_its_service(service: str) -> None:
    """A published port is one process's alone: a second of the same name could not start beside it."""
    part = PARTS[service]
    assert part["environment"]["INSTANCE"]
    assert len(part["ports"]) == 1
    assert re.fullmatch(r"127\.0\.0\.1:\d+:8000", part["ports"][0])
    assert "deploy" not in part
    assert "scale" not in part


def test_insight_is_told_what_it_needs_and_its_files_outlive_it() -> None:
    part = PARTS["insight"]
    told = {name.lower() for name in [*part["environment"], *IMAGE_SETS]} | set(secrets_of(part))
    assert {name for name, field in InsightSettings.model_fields.items() if field.is_required()} <= told
    assert told <= set(InsightSettings.model_fields)
    [volume] = part["volumes"]
    name, _, place = volume.partition(":")
    assert name in COMPOSE["volumes"]
    assert part["environment"]["LAKE_FOLDER"].startswith(place)
    assert f"--owner=overdracht {place}" in DOCKERFILE


def test_every_other_setting_is_in_the_example_with_what_holds_without_it() -> None:
    shown = dict(re.findall(r"(?m)^#([A-Z_]+)=(.*)$", EXAMPLE))
    told = {name.lower() for part in PARTS.values() for name in part.get("environment", {})}
    told |= {name.lower() for name in IMAGE_SETS}
    told |= {name for one in (*SERVICES, "insight") for name in secrets_of(PARTS[one])}
    fields = Settings.model_fields | InsightSettings.model_fields
    left = {name.upper(): field.default for name, field in fields.items() if name not in told}
    assert shown == {name: str(default) for name, default in left.items()}


def test_who_issues_tokens_must_be_said_and_is_in_the_example() -> None:
    for service in SERVICES:
        for name in ("AUTH_ISSUER", "AUTH_JWKS_URL"):
            assert PARTS[service]["environment"][name].startswith(f"${{{name}:?")
            assert re.search(rf"(?m)^{name}=$", EXAMPLE)


def test_what_is_secret_stands_in_no_setting_and_every_secret_is_made_by_the_command(tmp_path: Path) -> None:
    subprocess.run(["sh", str(ROOT / "deploy" / "make-secrets.sh"), str(tmp_path)], check=True, capture_output=True)
    named = {name: Path(secret["file"]) for name, secret in COMPOSE["secrets"].items()}
    assert {path.name for path in named.values()} == {file.name for file in tmp_path.iterdir()} == set(named)
    assert {path.parent.as_posix() for path in named.values()} == {".secrets"}
    used = {secret for part in PARTS.values() for secret in secrets_of(part).values()}
    assert used == set(named)
    for part in PARTS.values():
        for name in part.get("environment", {}):
            assert not re.search(r"PASSWORD$|KEY$|SECRET$|DATABASE_URL$", name), name


def test_each_service_reads_its_own_database_and_its_own_seed_only() -> None:
    for service in SERVICES:
        secrets = secrets_of(PARTS[service])
        assert secrets["database_url"] == f"{service}_database_url"
        assert secrets["signing_key"] == f"{service}_signing_key"
        assert secrets["owner_database_url"] == f"{service}_owner_database_url"
        own = {f"{service}_database_url", f"{service}_owner_database_url", f"{service}_signing_key"}
        assert set(secrets.values()) - own <= {"id_key", "vault_key"}


def test_what_is_mounted_or_built_from_is_there() -> None:
    volumes = set(COMPOSE["volumes"])
    for name, part in PARTS.items():
        for volume in part.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in volumes or (ROOT / source).exists(), f"{name}: {source}"
        if "build" in part:
            assert (ROOT / part["build"]["dockerfile"]).is_file()
            assert f"AS {part['build']['target']}\n" in DOCKERFILE
        for other, wait in (part["depends_on"] if isinstance(part.get("depends_on"), dict) else {}).items():
            assert "healthcheck" in PARTS[other] or wait["condition"] == "service_completed_successfully"


def test_images_have_an_exact_version_and_the_engines_are_those_of_one_machine() -> None:
    images = {name: part["image"] for name, part in PARTS.items() if "image" in part}
    for image in [*images.values(), *re.findall(r"(?m)^FROM (\S+:\S+)", DOCKERFILE)]:
        assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+(\.\d+)?(-[\w-]+)?", image), image
    version = re.search(r"kafka_2\.13:([\d.]+)", json.loads(LOCK_FILE.read_text())["artifacts"])
    assert version is not None
    assert images["kafka"] == f"apache/kafka:{version[1]}"
    said = subprocess.run([str(postgres.program("postgres")), "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.split()[-1] == images["postgres"].rpartition(":")[2]


def test_kafka_is_set_as_on_one_machine() -> None:
    told = PARTS["kafka"]["environment"]
    for name, value in kafka.SETTINGS.items():
        spelled = f"KAFKA_{name.replace('.', '_').upper()}"
        if spelled in told and not spelled.endswith("PROTOCOL_MAP"):
            assert told[spelled] == value, name
    for needed in ("auto.create.topics.enable", "offsets.retention.minutes", "offsets.topic.replication.factor"):
        assert f"KAFKA_{needed.replace('.', '_').upper()}" in told
    listeners = {one.partition("://")[0] for one in told["KAFKA_LISTENERS"].split(",")}
    assert {one.partition(":")[0] for one in told["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")} == listeners


def test_postgres_is_as_safe_and_as_silent_as_on_one_machine() -> None:
    told = dict(one.removeprefix("--").split("=") for one in PARTS["postgres"]["command"][1:])
    for name in ("log_min_error_statement", "log_error_verbosity", "log_parameter_max_length", "timezone", "jit"):
        assert told[name] == postgres.SETTINGS[name]
    assert not {"fsync", "full_page_writes", "synchronous_commit"} & set(told)
    assert PARTS["postgres"]["volumes"][0] == "postgres:/var/lib/postgresql"  # from 18 on the folder above the data


def test_doors_are_open_on_this_machine_only_and_each_is_another() -> None:
    ports = [port for part in PARTS.values() for port in part.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert len({port.split(":")[1] for port in ports}) == len(ports)
    inside = {port.rpartition(":")[2] for one in (*SERVICES, "insight") for port in PARTS[one]["ports"]}
    assert inside == {IMAGE_SETS["PORT"]}
    scraped = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())["scrape_configs"][0]
    assert scraped["job_name"] == "overdracht"
    assert scraped["static_configs"][0]["targets"] == [f"{one}:{IMAGE_SETS['PORT']}" for one in (*SERVICES, "insight")]


def copied(stage: str, service: str, to: Path) -> None:
    """Copies what the Dockerfile copies in this stage."""
    part = DOCKERFILE.split(f"AS {stage}\n")[1].split("\nFROM ")[0]
    for sources, target in re.findall(r"(?m)^COPY (.+) (\S+)$", part.replace("${SERVICE}", service)):
        for source in sources.split():
            place = to / target
            place.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                copytree(ROOT / source, place, dirs_exist_ok=True)
            else:
                copy2(ROOT / source, place)


def started(code: str, folder: Path) -> str:
    """What a Python that sees this folder only says."""
    program = [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, '.'); {code}"]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("service", SERVICES)
def test_what_an_image_holds_is_enough_to_build_the_service_and_no_neighbour_is_in_it(
    service: str, tmp_path: Path
) -> None:
    copied("service", service, tmp_path)
    assert {one.name for one in (tmp_path / "services").iterdir() if one.is_dir()} - {"__pycache__"} == {service}
    key = "'" + "00" * 32 + "'"
    said = started(
        f"from services.{service}.app import build; from shared.settings import Settings; "
        f"build(Settings(port=1, database_url='postgresql://x@y/z', kafka_bootstrap_servers='k:1', id_key={key},"
        f" signing_key={key}, vault_key={key}, auth_issuer='i', auth_jwks_url='https://i.example/jwks')); "
        "ours = [m.__file__ for n, m in sys.modules.items() if n.split('.')[0] in ('shared', 'services', 'deploy')];"
        "print(*filter(None, ours), sep='\\n')",
        tmp_path,
    )
    assert all(file.startswith(str(tmp_path)) for file in said.split())


def test_what_the_job_that_makes_topics_holds_is_enough(tmp_path: Path) -> None:
    copied("topics", "", tmp_path)
    said = started(
        "from deploy.embedded import topics; print(topics.FILE, len(topics.owners()));"
        "print(*(n for n in sys.modules if n.startswith(('shared', 'services', 'overdracht'))))",
        tmp_path,
    )
    assert said.splitlines() == [f"{tmp_path}/deploy/kafka/topics.yaml 10", ""]


def test_an_image_runs_as_nobody_in_particular_and_installs_what_is_locked_only() -> None:
    for stage in ("topics", "service"):
        assert re.findall(r"(?m)^USER (\S+)", DOCKERFILE.split(f"AS {stage}\n")[1].split("\nFROM ")[0]) == [
            "overdracht"
        ]
    assert re.findall(r"pip install .*", DOCKERFILE) == [
        "pip install --require-hashes --requirement requirements.lock \\"
    ]
    for service in SERVICES:
        assert PARTS[service]["read_only"]
        assert PARTS[service]["cap_drop"] == ["ALL"]
