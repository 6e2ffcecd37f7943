"""The one table and the one JSON file that a run leaves."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from tests.bench.history import ROOT

LATEST = ROOT / "bench-results" / "latest.json"
Json = dict[str, Any]


def machine() -> Json:
    """What it ran on: figures of different machines, or minutes, are not to be compared."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def percentiles(values: Iterable[float]) -> Json:
    """Of times in seconds: p50, p99 and max in milliseconds, and how many there were."""
    ordered = sorted(values)
    if not ordered:
        return {"n": 0}
    return {
        "n": len(ordered),
        "p50_ms": round(_at(ordered, 0.50) * 1000, 1),
        "p99_ms": round(_at(ordered, 0.99) * 1000, 1),
        "max_ms": round(ordered[-1] * 1000, 1),
    }


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def write(result: Json, path: Path = LATEST) -> None:
    """Keep the run as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2))


def summary(result: Json) -> Json:
    """Medians over the runs, and the product as a share of the bare pipeline of the same run of the bench."""
    found: Json = {}
    for name in ("bare", "bare_enveloped", "product_import", "product_end_to_end"):
        rates = result["rates"].get(name, [])
        if rates:
            found[name] = round(median(rates))
    for ceiling in ("bare", "bare_enveloped"):
        for name in ("product_import", "product_end_to_end"):
            if ceiling in found and name in found:
                found[f"{name}_of_{ceiling}"] = round(found[name] / found[ceiling], 3)
    return found


def table(result: Json) -> str:
    """The run as a person reads it."""
    lines = [*_rates(result), *_latency(result.get("latency")), *_uses(result), *_notes(result)]
    return "\n".join(lines)


_TITLES = {
    "bare": "bare pipeline",
    "bare_enveloped": "bare pipeline, full envelope",
    "product_import": "product: import, last answer",
    "product_end_to_end": "product: all handled (settled)",
}


def _rates(result: Json) -> list[str]:
    medians = summary(result)
    lines = [f"{'facts a second':<34}{'median':>8}{'of bare':>9}{'of env.':>9}   runs"]
    for name, title in _TITLES.items():
        if name not in medians:
            continue
        shares = [medians.get(f"{name}_of_{ceiling}") for ceiling in ("bare", "bare_enveloped")]
        shown = "".join(f"{share:>9.1%}" if share is not None else f"{'':>9}" for share in shares)
        runs = ", ".join(f"{rate:,.0f}" for rate in result["rates"][name])
        lines.append(f"{title:<34}{medians[name]:>8,}{shown}   {runs}")
    return lines


def _latency(latency: Json | None) -> list[str]:
    if not latency:
        return []
    lines = ["", f"{latency['title']:<46}{'p50':>8}{'p99':>8}{'max':>8}   ms"]
    for name, found in latency["times"].items():
        if found["n"]:
            values = "".join(f"{found[f'{part}_ms']:>8.1f}" for part in ("p50", "p99", "max"))
            lines.append(f"{name:<46}{values}   n={found['n']}")
    return lines


def _uses(result: Json) -> list[str]:
    lines = []
    for name, uses in result.get("usage", {}).items():
        lines += ["", f"{name + ': processes':<34}{'CPU s':>8}{'peak MB':>9}   per run: {len(uses)} (medians)"]
        kinds = sorted({kind for use in uses for kind in use["cpu_seconds"] | use["peak_mb"]})
        for kind in kinds:
            spent = median(use["cpu_seconds"].get(kind, 0.0) for use in uses)
            memory = median(use["peak_mb"].get(kind, 0.0) for use in uses)
            lines.append(f"  {kind:<32}{spent:>8.2f}{memory:>9.0f}")
        total = median(sum(use["cpu_seconds"].values()) for use in uses)
        known = [use["together_mb"] for use in uses if use["together_mb"] is not None]
        memory_text = f"{median(known):>9.0f}" if known else "   no PSS"
        lines.append(f"  {'together':<32}{total:>8.2f}{memory_text}")
    return lines


def _notes(result: Json) -> list[str]:
    notes = result.get("notes", [])
    return ["", *(f"- {note}" for note in notes)] if notes else []
