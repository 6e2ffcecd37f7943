"""The result of an import in words."""

from overdracht.doors import Json
from overdracht.importing.scanning import Scan
from overdracht.output import decimal, number, out, say, table


def broken(found: Scan) -> tuple[str, str]:
    """Where a file breaks off, in both languages."""
    last = len(found.routes) - found.ending.partial
    half_nl = f"; van regel {last + 1} is er maar een deel" if found.ending.partial else ""
    half_en = f"; of line {last + 1} there is only a part" if found.ending.partial else ""
    nl, en = {
        "cut off": ("Het gzip-bestand breekt af", "the gzip file breaks off"),
        "damaged": ("Het gzip-bestand is beschadigd", "the gzip file is damaged"),
    }.get(found.ending.broken, ("Achter de gzip staat iets anders", "something else follows the gzip"))
    return (
        f"{nl} na regel {number(last)}{half_nl}. Alles tot daar wordt ingelezen.",
        f"{en} after line {last:,}{half_en}. Everything up to there is imported",
    )


def tell(result: Json) -> None:
    """The result as a small table on stdout, and what to do next."""
    rows = table("", "", right=("",))
    rows.show_header = False
    for label, key in (
        ("Regels", "lines"),
        ("Aanvaard" if "dry_run" not in result else "Kan erin", "accepted"),
        ("Al bekend", "duplicates"),
        ("Afgewezen", "rejected"),
        ("Wachten op hun dossier", "waiting"),
        ("Niet verwerkt (dode brieven)", "dead"),
    ):
        if key in ("waiting", "dead") and not result.get(key):
            continue
        rows.add_row(label, number(result[key]))
    if result.get("seconds"):
        rows.add_row("Seconden", decimal(result["seconds"]))
        rows.add_row("Feiten per seconde", number(round(result["facts_per_second"])))
    out.print(rows)
    _next(result)


def _next(result: Json) -> None:
    if result["rejects_file"]:
        out.print(f"Afgewezen regels, met reden: {result['rejects_file']}", soft_wrap=True)
    if result["truncated"]:
        out.print("Het bestand is niet heel: wat er niet in stond is niet ingelezen.")
    if result.get("waiting") or result.get("dead"):
        say("Bekijk ze met: overdracht letters list", "look at them with: overdracht letters list")
