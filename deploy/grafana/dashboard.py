"""`python -m deploy.grafana.dashboard` writes the dashboard's JSON from panels.py; `--check` says whether it is so."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.grafana.panels import ROWS, Panel

FILE = Path(__file__).parent / "dashboards" / "overdrachten.json"
_WIDTH, _HEIGHT = 24, 8
_SOURCE = {"type": "prometheus", "uid": "prometheus"}


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana reads it."""
    return {
        "uid": "overdrachten",
        "title": "Overdrachten",
        "tags": ["overdracht"],
        "timezone": "browser",
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [_service(), _imported()]},
        "panels": list(_placed()),
    }


def _service() -> dict[str, Any]:
    query = "label_values(overdracht_ready, service)"
    every = {"text": "Alle", "value": "$__all"}
    shape = {"multi": True, "includeAll": True, "refresh": 2, "sort": 1, "current": every}
    return {"name": "service", "label": "Dienst", "type": "query", "datasource": _SOURCE, "query": query} | shape


def _imported() -> dict[str, Any]:
    """Today's facts, or also those that came in as history."""
    choices = [("Alleen van nu", "false"), ("Ook ingelezen geschiedenis", "true|false")]
    options = [{"text": text, "value": value, "selected": value == "false"} for text, value in choices]
    query = ", ".join(f"{text} : {value}" for text, value in choices)
    name = {"name": "imported", "label": "Feiten", "type": "custom", "query": query}
    return name | {"options": options, "current": options[0]}


def _placed() -> Iterator[dict[str, Any]]:
    """Every row and panel, in its place."""
    number, top = 1, 0
    for title, panels in ROWS.items():
        yield {"id": number, "type": "row", "title": title, "collapsed": False, "panels": []} | _place(
            0, top, _WIDTH, 1
        )
        number, top, left = number + 1, top + 1, 0
        for panel in panels:
            if left + panel.width > _WIDTH:
                left, top = 0, top + _HEIGHT
            yield _panel(number, panel) | _place(left, top, panel.width, _HEIGHT)
            number, left = number + 1, left + panel.width
        top += _HEIGHT


def _place(left: int, top: int, width: int, height: int) -> dict[str, Any]:
    return {"gridPos": {"x": left, "y": top, "w": width, "h": height}}


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    asks = [
        {"refId": chr(ord("A") + place), "datasource": _SOURCE, "expr": expression, "legendFormat": legend}
        for place, (expression, legend) in enumerate(panel.asks)
    ]
    told = {"id": number, "type": panel.kind, "title": panel.title, "description": panel.why, "datasource": _SOURCE}
    return told | {"targets": asks, "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []}}


def main() -> int:
    """Writes the file, or with --check says whether it is as it must be."""
    content = json.dumps(dashboard(), indent=1, ensure_ascii=False) + "\n"
    if "--check" not in sys.argv:
        FILE.write_text(content)
        return 0
    if FILE.read_text() != content:
        sys.stderr.write(f"{FILE.name}: not up to date; run python -m deploy.grafana.dashboard\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
