"""What a PromQL expression asks for: the metrics it names and by which labels, with Grafana's own words filled in."""

import re
from collections.abc import Iterable

from shared.measuring import Measure

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_METRIC = re.compile(r"\b((?:overdracht|process)_\w+|up)\b(?:\s*\{([^}]*)\})?")
_MATCHER = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_BY = re.compile(r"\bby\s*\(([^)]*)\)")
_SUFFIXES = {"histogram": ("_bucket", "_sum", "_count")}
OF_TARGETS = {"job", "instance"}
"""Labels that Prometheus adds to what it scrapes."""
_GRAFANA = {
    "$__rate_interval": "5m",
    "$__range": "1d",
    "$service": ".*",
    "$imported": "false",
}


def plain(expression: str) -> str:
    """The expression as Prometheus gets it."""
    for word, value in _GRAFANA.items():
        expression = expression.replace(word, value)
    return expression


def metrics_of(expression: str) -> dict[str, set[str]]:
    """Name of a series -> labels it is chosen by. Text between quotes names nothing."""
    found: dict[str, set[str]] = {}
    for name, matchers in _METRIC.findall(_STRING.sub('""', expression)):
        found.setdefault(name, set()).update(_MATCHER.findall(matchers))
    return found


def grouped_by(expression: str) -> set[str]:
    """Labels that it groups by."""
    return {label.strip() for labels in _BY.findall(expression) for label in labels.split(",")}


def series_of(measures: Iterable[Measure]) -> dict[str, set[str]]:
    """Every series that these metrics give -> its labels."""
    return {
        f"{one.name}{suffix}": {"service", *one.labels, *(["le"] if suffix == "_bucket" else [])}
        for one in measures
        for suffix in _SUFFIXES.get(one.kind, ("",))
    }
