"""The one table and the one JSON file that a run leaves."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from tests.bench.figures import PARTS
from tests.bench.history import ROOT

LATEST = ROOT / "bench-results" / "latest.json"
FIGURED = ("doors", "rights", "readings", "insight")
"""Parts whose results hold times under `times` and figures with their aims under `figures`."""
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
    lines = [*_rates(result), *_times(result.get("latency")), *_uses(result)]
    for name in FIGURED:
        part = result.get(name, {})
        for times in part.get("times", []):
            lines += _times(times)
        lines += _figures(name, part.get("figures", []))
    return "\n".join([*lines, *_notes(result)])


_TITLES = {
    "bare": "bare pipeline",
    "bare_enveloped": "bare pipeline, full envelope",
    "product_import": "product: import, last answer",
    "product_end_to_end": "product: all handled (settled)",
}


def _rates(result: Json) -> list[str]:
    medians = summary(result)
    if not medians:
        return []
    lines = [f"{'facts a second':<34}{'median':>8}{'of bare':>9}{'of env.':>9}   runs"]
    for name, title in _TITLES.items():
        if name not in medians:
            continue
        shares = [medians.get(f"{name}_of_{ceiling}") for ceiling in ("bare", "bare_enveloped")]
        shown = "".join(f"{share:>9.1%}" if share is not None else f"{'':>9}" for share in shares)
        runs = ", ".join(f"{rate:,.0f}" for rate in result["rates"][name])
        lines.append(f"{title:<34}{medians[name]:>8,}{shown}   {runs}")
    return lines


def _times(measured: Json | None) -> list[str]:
    """Quantiles of times by what was asked."""
    if not measured:
        return []
    lines = ["", f"{measured['title']:<56}{''.join(f'{part:>8}' for part in PARTS)}   ms"]
    for name, found in measured["times"].items():
        if found["n"]:
            values = "".join(f"{found[f'{part}_ms']:>8.1f}" for part in PARTS)
            lines.append(f"{name:<56}{values}   n={found['n']}")
    return lines


def _figures(part: str, figures: list[Json]) -> list[str]:
    """Figures beside the aims they are held to."""
    if not figures:
        return []
    lines = ["", f"{part:<66}{'measured':>14} {'':<14}{'aim':>12}"]
    for one in figures:
        aim = "" if one["aim"] is None else f"{'≤' if one['kind'] == 'most' else '≥'} {_short(one['aim'])}"
        met = {None: "", True: "   met", False: "   MISSED"}[one["met"]]
        lines.append(f"{one['what']:<66}{_short(one['value']):>14} {one['unit']:<14}{aim:>12}{met}")
    return lines


def _short(value: float) -> str:
    """Large numbers whole, small ones to three digits."""
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


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
