"""Alerts and dashboard ask for what is measured, in words Prometheus understands; every alert leads to what to do."""

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.grafana import dashboard
from deploy.grafana.panels import ROWS
from services.insight import metrics as insight
from shared.metrics import DELIVERY
from tests.builders import ROOT
from tests.promql import OF_TARGETS, grouped_by, metrics_of, plain, series_of
from tests.promtool import needs_promtool, promtool

PROMETHEUS = ROOT / "deploy" / "prometheus"
RUNBOOK = (ROOT / "deploy" / "RUNBOOK.md").read_text()
SERVICES = ("intake", "diagnosis", "referral", "outcome")
MEASURES = [
    *DELIVERY,
    *(one for service in SERVICES for one in import_module(f"services.{service}.metrics").MEASURED.measures),
    *insight.OWN,
]
OF_OTHERS = {"up": set(), "process_resident_memory_bytes": set(), "process_cpu_seconds_total": set()}
SERIES: dict[str, set[str]] = {**series_of(MEASURES), **OF_OTHERS}
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"] for rule in group["rules"]
]
ASKED = {
    **{rule["alert"]: rule["expr"] for rule in RULES},
    **{f"{panel.title} {n}": expr for row in ROWS.values() for panel in row for n, (expr, _) in enumerate(panel.asks)},
}
NEEDED = {"overdracht_ready"}


@pytest.mark.parametrize("title", ASKED)
def test_what_is_asked_is_measured_and_split_so(title: str) -> None:
    expression = plain(ASKED[title])
    named = metrics_of(expression)
    assert named, expression
    for name, labels in named.items():
        assert name in SERIES, name
        assert labels <= SERIES[name] | OF_TARGETS, name
        assert grouped_by(expression) <= SERIES[name] | OF_TARGETS, name


def test_the_extractor_sees_what_it_must_see() -> None:
    asked = 'sum by (a, b) (rate(overdracht_x_total{c=~"process_y", d!="1"}[5m])) / up and process_z{e="f"}'
    assert metrics_of(asked) == {"overdracht_x_total": {"c", "d"}, "up": set(), "process_z": {"e"}}
    assert grouped_by(asked) == {"a", "b"}


def test_what_is_measured_is_shown_or_warned_of() -> None:
    shown = {name for expression in ASKED.values() for name in metrics_of(plain(expression))}
    assert {one.name for one in MEASURES} <= {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown} | shown


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alert_waits_before_it_warns_and_leads_to_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["for"]
    assert " · " in rule["annotations"]["summary"]
    place, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert (ROOT / place).is_file()
    headings = re.findall(r"(?m)^#+ (.+)$", RUNBOOK)
    assert anchor in {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert anchor == rule["alert"].lower()


@needs_promtool
def test_prometheus_reads_the_rules_and_the_configuration() -> None:
    assert f"SUCCESS: {len(RULES)} rules found" in promtool("check", "rules", str(PROMETHEUS / "alerts.yml"))
    assert "SUCCESS" in promtool("check", "config", str(PROMETHEUS / "prometheus.yml"))


@needs_promtool
def test_every_alert_fires_when_it_must_and_keeps_still_when_it_must_not() -> None:
    promtool("test", "rules", str(PROMETHEUS / "alerts_test.yml"))
    tests = yaml.safe_load((PROMETHEUS / "alerts_test.yml").read_text())["tests"]
    checked = [one for test in tests for one in test["alert_rule_test"]]
    names = {rule["alert"] for rule in RULES}
    assert {one["alertname"] for one in checked if one.get("exp_alerts")} == names
    assert {one["alertname"] for one in checked if not one.get("exp_alerts")} == names


@needs_promtool
def test_prometheus_understands_every_question_of_the_dashboard(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{n}", "expr": plain(expression)} for n, expression in enumerate(ASKED.values())]
    file = tmp_path / "rules.yml"
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    assert f"SUCCESS: {len(rules)} rules found" in promtool("check", "rules", str(file))


def test_the_dashboards_file_is_what_the_code_makes_of_it() -> None:
    assert json.loads(dashboard.FILE.read_text()) == dashboard.dashboard()


def test_the_dashboard_is_where_grafana_looks_and_asks_the_source_that_is_there() -> None:
    provisioning = ROOT / "deploy" / "grafana" / "provisioning"
    [source] = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text())["datasources"]
    found = json.loads(dashboard.FILE.read_text())
    assert {panel["datasource"]["uid"] for panel in found["panels"] if "datasource" in panel} == {source["uid"]}
    numbers = [panel["id"] for panel in found["panels"]]
    assert len(numbers) == len(set(numbers))
    for panel in found["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        assert panel["type"] == "row" or panel["description"].endswith((".", "?"))
