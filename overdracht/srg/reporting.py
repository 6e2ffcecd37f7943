"""The report beside a delivery: what is wrong, per rule and per row, and the share of code 60. Never a person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from overdracht.doors import Json
from overdracht.output import decimal, number
from overdracht.srg.checking import Finding
from overdracht.srg.model import Delivery
from overdracht.srg.receipts import Changes
from overdracht.srg.rules import RULES, Severity

_SHOWN = 25
_WORDS: dict[Severity, tuple[str, str]] = {
    "error": ("fout", "fouten"),
    "warning": ("waarschuwing", "waarschuwingen"),
    "note": ("opmerking", "opmerkingen"),
}


def report(
    told: Json, delivery: Delivery, found: Sequence[Finding], changed: Changes | None, left_out: list[Json], today: date
) -> Json:
    """Everything about a delivery but the rows themselves. `left_out`: what was wrong with rows not in the files."""
    names = {one.number: one.nl for one in delivery.fields}
    per_rule = Counter((one.rule, one.field) for one in found)
    severities = Counter[str](RULES[one.rule].severity for one in found)
    deadline = date.fromisoformat(told["deadline"])
    return {
        "municipality": delivery.municipality,
        "month": delivery.month,
        "basis": told["source"],
        "deadline": told["deadline"],
        "days_left": (deadline - today).days,
        "rows": len(delivery.records),
        "people": len({record.values["bsn"] for record in delivery.records if "bsn" in record.values}),
        "empty": not delivery.records,
        "left_out": left_out,
        "errors": severities["error"],
        "warnings": severities["warning"],
        "sendable": not severities["error"],
        "unknown": told["unknown"][-1],
        "history": told["unknown"],
        "changes": None if changed is None else {**asdict(changed), "any": changed.any},
        "rules": [
            {
                "rule": rule,
                "severity": RULES[rule].severity,
                "field": field,
                "field_nl": names[field],
                "count": count,
                "nl": RULES[rule].nl,
                "en": RULES[rule].en,
            }
            for (rule, field), count in sorted(per_rule.items(), key=lambda one: (-one[1], one[0]))
        ],
        "findings": [
            {"row": one.row, "field": one.field, "rule": one.rule, "severity": RULES[one.rule].severity}
            for one in found
        ],
        "log": told["log"],
    }


def as_text(said: Json) -> str:
    """The report in Dutch, for who reads it."""
    lines = [
        f"Statistiek Re-integratie door Gemeenten, {said['municipality']}, {said['month']}",
        f"Opgemaakt volgens {said['basis']}; de namen van elementen zijn van onszelf.",
        "",
        _size(said),
        _until(said),
        _verdict(said),
        *_changes(said),
        "",
        *_unknown(said),
    ]
    if said["rules"]:
        lines += ["", "Bevindingen", *map(_rule, said["rules"])]
        lines += ["", "Per rij (rij 0: de gegevens van de levering)", *_findings(said)]
    if said["left_out"]:
        lines += ["", "Weggelaten", *map(_left_out, said["left_out"])]
    return "\n".join(lines) + "\n"


def _size(said: Json) -> str:
    left = f"; {number(len(said['left_out']))} met fouten weggelaten" if said["left_out"] else ""
    if said["empty"]:
        return f"Lege levering: in deze maand had niemand een voorziening{left}."
    return f"{number(said['rows'])} voorzieningen van {number(said['people'])} mensen{left}."


def _until(said: Json) -> str:
    days = said["days_left"]
    count = f"{number(abs(days))} {'dag' if abs(days) == 1 else 'dagen'}"
    how = f"nog {count}" if days > 0 else f"{count} geleden" if days < 0 else "vandaag"
    return f"In te leveren tot en met {said['deadline']} (vier weken na de maand, artikel 3): {how}."


def _verdict(said: Json) -> str:
    counts = f"{_counted(said['errors'], 'error')}, {_counted(said['warnings'], 'warning')}"
    return f"{'Kan worden verzonden' if said['sendable'] else 'Kan zo niet worden verzonden'}: {counts}."


def _counted(count: int, severity: Severity) -> str:
    one, more = _WORDS[severity]
    return f"{number(count)} {one if count == 1 else more}"


def _changes(said: Json) -> list[str]:
    changed = said["changes"]
    if changed is None:
        return ["Deze maand is hier niet eerder geleverd."]
    if not changed["any"]:
        return [f"Niets veranderd sinds de vorige levering ({number(changed['same'])} voorzieningen gelijk)."]
    counts = ", ".join(
        f"{number(len(changed[name]))} {word}"
        for name, word in (("added", "erbij"), ("changed", "veranderd"), ("gone", "eraf"))
    )
    lines = [f"Sinds de vorige levering: {counts}, {number(changed['same'])} gelijk."]
    for name, word in (("added", "erbij"), ("changed", "veranderd"), ("gone", "eraf")):
        some = changed[name]
        if some:
            more = f" en {number(len(some) - _SHOWN)} andere" if len(some) > _SHOWN else ""
            lines.append(f"  {word}: {', '.join(some[:_SHOWN])}{more}")
    return lines


def _unknown(said: Json) -> list[str]:
    now = said["unknown"]
    lines = [
        "Uitbesteed en onbekend (code 60)",
        f"  {_of(now['unknown'], now['facilities'])} van alle voorzieningen; "
        f"{_of(now['unknown'], now['hand_offs'])} van de overdrachten",
    ]
    for one in now["by_provider"]:
        lines.append(f"  {one['provider']}: {_of(one['unknown'], one['hand_offs'])} van de overdrachten")
    lines.append("  per maand, van alle voorzieningen:")
    lines += [f"    {one['month']}: {_of(one['unknown'], one['facilities'])}" for one in said["history"]]
    return lines


def _of(some: int, all_: int) -> str:
    share = f" ({decimal(100 * some / all_)} %)" if all_ else ""
    return f"{number(some)} van {number(all_)}{share}"


def _rule(one: Json) -> str:
    word = _WORDS[one["severity"]][0]
    return f"  {number(one['count'])}x {word}, veld {one['field']} ({one['field_nl']}): {one['nl']}"


def _findings(said: Json) -> list[str]:
    """Row by row what is more than a note."""
    some = [one for one in said["findings"] if one["severity"] != "note"]
    return [f"  rij {one['row']}, veld {one['field']}: {RULES[one['rule']].nl}" for one in some] or ["  niets"]


def _left_out(one: Json) -> str:
    return f"  {one['registration']}: {' '.join(RULES[rule].nl for rule in one['rules'])}"
