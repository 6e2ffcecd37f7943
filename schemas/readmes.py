"""The tables in READMEs and runbook, made from the code: `python -m schemas.readmes` writes, `--check` compares."""

import re
import sys
from collections.abc import Callable, Iterable

from schemas.sources import INSIGHT, ROOT, SERVICES, meaning, part
from shared.measuring import Measure
from shared.metrics import DELIVERY
from shared.refusals import GENERAL


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    names = list(heads)
    lines = [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def states(service: str) -> str:
    """What may follow what."""
    following: dict[str, list[str]] = {}
    for (status, fact), after in part(service, "domain.state").NEXT.items():
        following.setdefault(str(status), []).append(f"{fact} → {after}")
    return table(("state", "what may follow"), ((status, "<br>".join(steps)) for status, steps in following.items()))


def commands(service: str) -> str:
    """What it can be told, by whom."""
    found = part(service, "commands").COMMANDS.values()
    rows = ((f"`{one.name}`", one.titles[0], ", ".join(sorted(one.by)), f"`{one.fact}`") for one in found)
    return table(("command", "Nederlands", "who may", "states"), rows)


def facts(service: str) -> str:
    """What it publishes."""
    events = part(service, "events")
    rows = (
        (f"`{name}`", events.TITLES[name][0], "hand-off" if fact.hand_off else "", meaning(fact))
        for name, fact in events.FACTS.items()
    )
    return table(("fact", "Nederlands", "", "meaning"), rows)


def heard(service: str) -> str:
    """What it hears of others."""
    hearing = part(service, "hearing")
    if not hearing.LISTENS_TO:
        return "Nothing: it listens to no other service."
    rows = ((f"`{name}`", meaning(model)) for name, model in hearing.HEARING.learns.items())
    return f"Topics: {', '.join(f'`overdracht.{one}`' for one in hearing.LISTENS_TO)}.\n\n" + table(
        ("fact", "learnt"), rows
    )


def refusals(service: str) -> str:
    """Its refusals; those that every service has stand in shared/refusals.py."""
    rows = ((f"`{code}`", dutch, english) for code, (dutch, english) in part(service, "refusals").SENTENCES.items())
    return (
        table(("code", "Nederlands", "English"), rows)
        + f"\n\nAnd, as everywhere: {', '.join(f'`{c}`' for c in GENERAL)}."
    )


def metrics(service: str) -> str:
    """What it measures of its own; delivery metrics, which every service has, stand in the runbook."""
    own = part(service, "metrics")
    return measured(own.OWN if service == INSIGHT else own.MEASURED.measures)


def delivery(_nobody: str) -> str:
    """What every service measures, and when it is the time to look."""
    return measured(DELIVERY)


def measured(measures: Iterable[Measure]) -> str:
    """Metrics, each with what it means and by what it is split."""
    rows = ((f"`{one.name}`", one.kind, ", ".join(f"`{label}`" for label in one.labels), one.help) for one in measures)
    return table(("metric", "kind", "by", "meaning"), rows)


PARTS: dict[str, Callable[[str], str]] = {
    "states": states,
    "commands": commands,
    "facts": facts,
    "heard": heard,
    "refusals": refusals,
    "metrics": metrics,
    "delivery": delivery,
}


def filled(service: str, text: str) -> str:
    """The README with every marked part made anew. Raises KeyError for a marker nobody fills."""

    def fill(found: "re.Match[str]") -> str:
        name = found["name"]
        return f"<!-- generated:{name} -->\n{PARTS[name](service)}\n<!-- /generated:{name} -->"

    return re.sub(r"<!-- generated:(?P<name>\w+) -->.*?<!-- /generated:(?P=name) -->", fill, text, flags=re.DOTALL)


def main() -> int:
    """Writes the READMEs, or with --check says which are not up to date."""
    stale = []
    places = {ROOT / "services" / service / "README.md": service for service in (*SERVICES, INSIGHT)}
    for readme, service in (places | {ROOT / "deploy" / "RUNBOOK.md": ""}).items():
        before = readme.read_text()
        after = filled(service, before)
        if before != after:
            stale.append(str(readme.relative_to(ROOT)))
            if "--check" not in sys.argv:
                readme.write_text(after)
    for name in stale:
        sys.stderr.write(f"{name}: {'not up to date; run make schemas' if '--check' in sys.argv else 'written'}\n")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
