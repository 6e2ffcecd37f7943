"""Apache Kafka (KRaft) on one node: its settings, its data folder, and the process that runs it."""

import secrets
import shutil
import subprocess
from base64 import urlsafe_b64encode
from pathlib import Path

from deploy.embedded import jars, java
from deploy.embedded.parts import Halt, Start

# One node, one disk, little memory. What is not here is Kafka's own default.
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",  # a mistyped topic is an error, not a new topic
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "3",
    "offsets.retention.minutes": "5256000",  # a consumer that was away for years still knows where it was
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "3",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "group.initial.rebalance.delay.ms": "0",
    "log.segment.bytes": "67108864",
    "log.cleaner.dedupe.buffer.size": "8388608",  # 128 MB by default, taken at the start
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
    "num.recovery.threads.per.data.dir": "2",
    "metadata.log.segment.bytes": "8388608",
    "broker.session.timeout.ms": "4000",  # a killed broker that comes back waits this long for its own ghost (9000)
    "broker.heartbeat.interval.ms": "1000",
}


def settings_text(data: Path, port: int, controller_port: int) -> str:
    """server.properties."""
    placed = {
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "log.dirs": str(data),
    }
    return "".join(f"{name}={value}\n" for name, value in (SETTINGS | placed).items())


def prepare(folder: Path, log: Path, port: int, controller_port: int, cache_at: Path) -> Start:
    """Checks the jars, makes the data folder on the first start, and says how to start the broker. Raises Halt."""
    classes = jars.present(cache_at)
    if classes is None:
        raise Halt(
            f"Kafka is nog niet (helemaal) opgehaald naar {cache_at}: geef `make install`, of start opnieuw.",
            f"Kafka has not been fetched (wholly) to {cache_at} yet: run `make install`, or start the product again.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "server.properties"
    if not (folder / "data" / "meta.properties").exists():
        _format(classes, folder, port, controller_port)
    settings.write_text(settings_text(folder / "data", port, controller_port))
    quick = java.quick_start_file(cache_at)
    options = [f"-XX:AOTCache={quick}", "-Xlog:aot=off"] if quick.exists() else []
    return java.kafka(classes, settings, log, f"-XX:ErrorFile={log.parent}/kafka-crash-%p.log", *options)


def _format(classes: list[Path], folder: Path, port: int, controller_port: int) -> None:
    """Makes an empty data folder, whole or not at all."""
    fresh = folder / "formatting"
    shutil.rmtree(fresh, ignore_errors=True)
    settings = folder / "formatting.properties"
    settings.write_text(settings_text(fresh, port, controller_port))
    cluster = urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()
    # "cluster-id" values that begin with a dash would be read as an option
    argv = [*java.command(classes), "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(settings)]
    ended = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    if ended.returncode or not (fresh / "meta.properties").exists():
        said = (ended.stderr.strip() or ended.stdout.strip() or "?").splitlines()[-1]
        raise Halt(
            f"De gegevensmap van Kafka kon niet worden gemaakt in {folder} ({said}): is er ruimte, mag u er schrijven?",
            f"Kafka's data folder could not be made in {folder} ({said}): is there room, may you write there?",
        )
    shutil.rmtree(folder / "data", ignore_errors=True)
    fresh.rename(folder / "data")
    settings.unlink()
