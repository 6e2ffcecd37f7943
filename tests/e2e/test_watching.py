"""A real Prometheus watches a whole product: it takes every metric, no panel is empty, and no alert warns in peace."""

import asyncio
import json
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from deploy.embedded.ports import free_block
from deploy.grafana.panels import ROWS
from tests.builders import ROOT, leiden
from tests.product import SERVICES, Product
from tests.promql import plain
from tests.promtool import needs_promtool, promtool

PROMETHEUS = shutil.which("prometheus")
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())["groups"]
QUIET = {
    "Aandeel ‘anders’ (30 dagen)": "nobody came back",
    "Aandeel ‘anders’, per begin van de maand": "fewer than a hundred came back",
    "Dossiers te laat, naar wie aan zet is": "nobody is late",
    "Mislukt, als deel": "nothing failed",
    "Niet te verwerken": "nothing is dead",
    "Wachtende berichten": "nothing waits",
}
"""Panels that are empty (in a part) while all is well."""
WATCHED = (*SERVICES, "insight")
EVERY_SECONDS = 2


@pytest.fixture(scope="module")
async def watched(product: Product, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a Prometheus that reads this product by the configuration that we ship, only more often."""
    if PROMETHEUS is None:
        pytest.skip("NOT CHECKED: prometheus is not installed (apt-get install prometheus); dashboard goes unchecked")
    folder, port = tmp_path_factory.mktemp("prometheus"), free_block(1)[0]
    given = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    given["global"] = {"scrape_interval": f"{EVERY_SECONDS}s", "evaluation_interval": f"{EVERY_SECONDS}s"}
    given["rule_files"] = [str(ROOT / "deploy" / "prometheus" / "alerts.yml")]
    targets = [product.url(service).removeprefix("http://") for service in WATCHED]
    given["scrape_configs"] = [given["scrape_configs"][0] | {"static_configs": [{"targets": targets}]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(given))
    words = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: ASYNC220
            [PROMETHEUS, *words, f"--web.listen-address=127.0.0.1:{port}"], stdout=log, stderr=log
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


async def asked(address: str, path: str, **values: str) -> Any:
    """What Prometheus answers, as soon as it does."""
    async with httpx.AsyncClient(base_url=address, timeout=10, trust_env=False) as client:
        for _ in range(100):
            with suppress(httpx.TransportError):
                answer = await client.get(f"/api/v1/{path}", params=values)
                if answer.status_code != 503:  # it opens its doors before it is ready
                    assert answer.status_code == 200, answer.text
                    return answer.json()["data"]
            await asyncio.sleep(0.2)
    raise AssertionError("Prometheus does not answer")


async def scraped(address: str, times: int) -> None:
    """Waits until every service was read so often."""
    for _ in range(100):
        found = await asked(address, "query", query='count_over_time(up{job="overdracht"}[5m])')
        counts = [int(one["value"][1]) for one in found["result"]]
        if len(counts) == len(WATCHED) and min(counts) >= times:
            return
        await asyncio.sleep(0.5)
    raise AssertionError("not every service was read")


async def empty_panels(address: str) -> dict[str, str]:
    """By title, what a panel asks that Prometheus has nothing of."""
    empty = {}
    for panel in (panel for row in ROWS.values() for panel in row):
        for expression, legend in panel.asks:
            now = plain(expression).replace('imported=~"false"', 'imported=~"true|false"')
            if not (await asked(address, "query", query=now))["result"]:
                empty[panel.title] = legend
    return empty


@needs_promtool
async def test_prometheus_own_checker_is_content_with_every_service(product: Product) -> None:
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        for service in WATCHED:
            scrape = (await client.get(f"{product.url(service)}/metrics")).text
            assert promtool("check", "metrics", told=scrape) == "", service


async def test_no_panel_is_empty_after_work_and_no_alert_warns_in_peace(
    product: Product, watched: str, tmp_path: Path
) -> None:
    await scraped(watched, 2)  # what is counted from here on has a beginning
    history = [line for line in leiden() if line["at"] < "2016-03-01"]
    file = tmp_path / "history.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in history))
    assert product.json("import", str(file))["rejected"] == 0
    product.settle()
    await scraped(watched, 5)
    for _ in range(60):  # open cases are read every half a minute
        if not (empty := await empty_panels(watched)).keys() - QUIET.keys():
            break
        await asyncio.sleep(1)
    assert not empty.keys() - QUIET.keys(), empty
    told = (await asked(watched, "query", query='sum(overdracht_applications_total{imported="true"})'))["result"]
    assert int(told[0]["value"][1]) == sum(line["fact"] == "application_received" for line in history)
    alerts = (await asked(watched, "alerts"))["alerts"]
    assert [alert["labels"] for alert in alerts] == []
    groups = (await asked(watched, "rules"))["groups"]
    assert {rule["name"] for group in groups for rule in group["rules"]} == {
        rule["alert"] for group in RULES for rule in group["rules"]
    }
    assert {rule["health"] for group in groups for rule in group["rules"]} == {"ok"}
