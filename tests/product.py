"""The whole product from outside, as a user has it: started by its command, spoken to through its doors."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer

from deploy.embedded.ports import free_block
from overdracht.doors import trusted
from overdracht.output import Stop
from overdracht.running.places import find_run
from overdracht.running.status import look
from tests.builders import ROOT
from tests.tokens import AsNamed

COMMAND = Path(sys.executable).parent / "overdracht"
SERVICES = ("intake", "diagnosis", "referral", "outcome")
PORTS = 20


def a_line(dossier: str, bsn: str = "999993653", fact: str = "application_received", **data: Any) -> bytes:
    """A line of history: an application, unless told otherwise."""
    application = {
        "application": f"A-{dossier}",
        "bsn": bsn,
        "kind": "new_applicant",
        "channel": "online",
        "received_on": "2016-05-01",
        "case_mix": {"age_band": "35-44", "household": "single", "months_without_work_band": "0-3"},
    }
    said = {
        "at": "2016-05-01T10:00:00+02:00",
        "municipality": "GM0546",
        "dossier": dossier,
        "actor": {"role": "caseworker", "id": "km-1"},
        "fact": fact,
        "data": application | data if fact == "application_received" else data,
    }
    return json.dumps(said).encode()


@dataclass
class Product:
    """A running product with a data folder and ports of its own."""

    data: Path
    process: "subprocess.Popen[bytes]"
    places: dict[str, Any] = field(default_factory=dict)
    """The status when all of it was first ready: addresses stay as they are, pids do not."""

    def run(self, *words: str, timeout: float = 240) -> "subprocess.CompletedProcess[str]":
        """One command of the product, against this data folder."""
        return subprocess.run(
            [str(COMMAND), *words],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def json(self, *words: str, code: int = 0) -> Any:
        """What a command answers with --json; its exit code must be `code`."""
        done = self.run(*words, "--json")
        assert done.returncode == code, done.stdout[-2000:] + done.stderr[-2000:]
        return json.loads(done.stdout)

    def environment(self) -> dict[str, str]:
        """The environment of a command for this product."""
        return {**os.environ, "OVERDRACHT_DATA": str(self.data), "NO_COLOR": "1"}

    def status(self) -> dict[str, Any]:
        """What `overdracht status --json` says, without a process for each look: the product needs the cores itself."""
        with ThreadPoolExecutor(1) as aside:  # a loop may run here already
            return aside.submit(lambda: asyncio.run(look(find_run(self.data), self.data))).result()

    def url(self, service: str) -> str:
        """Where a service's doors are."""
        return str({**self.places["services"], "insight": self.places["insight"]}[service]["url"])

    def settle(self, seconds: float = 90) -> dict[str, Any]:
        """Waits until nothing is under way anywhere."""
        return self.wait(lambda s: bool(s.get("settled")), seconds)

    def wait(self, condition: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any]:
        """Waits for a status."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = self.status()
            if condition(found):
                return found
            time.sleep(0.3)
        raise AssertionError(f"not in {seconds} s: {self.status()}")

    def kill(self, name: str) -> None:
        """kill -9 of a service, kafka or postgres."""
        status = self.status()
        part = status["services"].get(name) or status[name]
        os.kill(part["pid"], signal.SIGKILL)

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def logs(self) -> bytes:
        """All that was logged."""
        return b"".join(log.read_bytes() for log in (self.data / "logs").iterdir())


def start(data: Path, port_base: int) -> Product:
    """Starts the product and waits until all of it is ready."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "console.log").open("ab") as console:
        process = subprocess.Popen(
            [str(COMMAND), "run", "--data", str(data), "--port-base", str(port_base)],
            cwd=ROOT,
            stdout=console,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "NO_COLOR": "1"},
        )
    product = Product(data, process)
    for _ in range(600):
        assert process.poll() is None, (data / "console.log").read_text()[-3000:]
        try:
            status = product.status()
        except Stop:  # it does not say yet where it is
            status = {}
        services = status.get("services", {}) | {"insight": status.get("insight", {"ready": False})}
        if set(services) == {*SERVICES, "insight"} and all(one["ready"] for one in services.values()):
            product.places = status
            return product
        time.sleep(0.2)
    raise AssertionError((data / "console.log").read_text()[-3000:])


@contextmanager
def running(data: Path) -> Iterator[Product]:
    """A product on this folder, on ports that are free; stopped at the end."""
    product = start(data, free_block(PORTS)[0] - 1)
    try:
        yield product
    finally:
        product.stop()


async def records(product: Product, topic: str) -> list[Any]:
    """All records on a topic, in the order of each partition."""
    bootstrap = product.places["kafka"]["bootstrap_servers"]
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    try:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        found: list[Any] = []
        while sum(ends.values()) > len(found):
            for some in (await consumer.getmany(timeout_ms=500)).values():
                found += some
        return found
    finally:
        await consumer.stop()


async def _connected(product: Product, database: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A service's database, as the server's owner."""
    url = urlsplit(product.places["postgres"]["url"])
    return await asyncpg.connect(urlunsplit(url._replace(path=f"/{database}")))


async def sql(product: Product, database: str, query: str, *values: Any) -> list[Any]:
    """Rows of a service's database."""
    connection = await _connected(product, database)
    try:
        return [tuple(row) for row in await connection.fetch(query, *values)]
    finally:
        await connection.close()


async def sql_script(product: Product, database: str, script: str) -> None:
    """Several statements in one transaction."""
    connection = await _connected(product, database)
    try:
        await connection.execute(script)
    finally:
        await connection.close()


async def post(product: Product, service: str, path: str, body: Any) -> httpx.Response:
    """A request at a service's door."""
    async with doors(product, service) as client:
        return await client.post(path, json=body)


def doors(product: Product, service: str) -> httpx.AsyncClient:
    """A service's doors; each request is from whom it names."""
    who = AsNamed(product.data / "keys")
    return httpx.AsyncClient(base_url=product.url(service), timeout=30, auth=who, verify=trusted())


def facts_per_case(found: list[Any]) -> dict[str, list[str]]:
    """Per case its facts in the order of its versions, as told by the topic's records."""
    per_case: dict[str, list[tuple[int, str, str]]] = {}
    for record in found:
        headers = {name: value.decode() for name, value in record.headers}
        data = json.loads(record.value)
        data.pop("actor", None)
        data.pop("case_key", None)  # a key of its own each time
        texts = json.dumps({k: v for k, v in data.items() if "hpke1." not in json.dumps(v)}, sort_keys=True)
        entry = (int(headers["ce_caseversion"]), headers["ce_type"], texts)
        per_case.setdefault(headers["ce_subject"], []).append(entry)
    return {case: [f"{v} {kind} {data}" for v, kind, data in sorted(set(told))] for case, told in per_case.items()}


async def all_facts(product: Product) -> dict[str, dict[str, list[str]]]:
    """Per service and case the facts on the topics."""
    topics = [records(product, f"overdracht.{service}") for service in SERVICES]
    return dict(zip(SERVICES, map(facts_per_case, await asyncio.gather(*topics)), strict=True))
