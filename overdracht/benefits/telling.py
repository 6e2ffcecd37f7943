"""The result of sending a benefit system's file in words."""

from overdracht.doors import Json
from overdracht.output import decimal, number, out, table


def tell(result: Json) -> None:
    """The result as a small table on stdout, and what it means."""
    dry = "dry_run" in result
    rows = table("", "", right=("",))
    rows.show_header = False
    for label, key in (
        ("Rijen", "lines"),
        ("Kan erin" if dry else "Vastgelegd", "accepted"),
        ("Al bekend", "duplicates"),
        ("Overgeslagen (niet voor ons)", "skipped"),
        ("Afgewezen", "rejected"),
    ):
        if key == "skipped" and not result[key]:
            continue
        rows.add_row(label, number(result[key]))
    rows.add_row("Seconden", decimal(result["seconds"]))
    out.print(rows)
    for code, count in result["codes"].items():
        out.print(f"  {code}: {number(count)}")
    if dry:
        out.print("Proef: er is niets geschreven; de regels van de dienst zelf zijn niet gevraagd.")
    elif not result["changed"]:
        out.print("Er is niets veranderd: wat erin kon, was al bekend.")
    if result["rejects_file"]:
        out.print(f"Afgewezen rijen, met kolom en reden: {result['rejects_file']}", soft_wrap=True)
