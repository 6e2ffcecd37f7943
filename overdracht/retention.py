"""`overdracht retention`: how long what is kept, what is due, and a list of cases erased by two people at once."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from overdracht.doors import Away, Json, Problem, get, opened
from overdracht.erasing_many import approved, asked, dry
from overdracht.output import FINDINGS, OK, USAGE, Stop, number, out, run_command, table, write_json
from overdracht.patience import gone
from overdracht.product import DEFAULT_DATA, Data, reach
from overdracht.speaking import Subject, Yes, named

Municipality = Annotated[str | None, typer.Option(help="CBS code, such as GM0546; without it all.")]
Rule = Annotated[str | None, typer.Option(help="Only this rule: provided, denied, not_taken_up or broken_off.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]
_UNITS = {"Y": "jaar", "M": "maanden", "W": "weken", "D": "dagen"}


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(help="How long what is kept, and erasing what is due (two people).", no_args_is_help=True)
    app.add_typer(group, name="retention")

    @group.command("show")
    def show(data: Data = DEFAULT_DATA, municipality: Municipality = None, as_json: AsJson = False) -> None:
        """Show how long what is kept, what says so, and how many cases are due."""

        async def work() -> int:
            async with opened(reach(data)) as doors:
                found = await get(doors["intake"], "/v1/retention", municipality=municipality)
            if as_json:
                write_json(found)
            else:
                _tell_rules(found)
            return OK

        run_command(_in_sentences(work))

    @group.command("run")
    def run(
        data: Data = DEFAULT_DATA,
        municipality: Municipality = None,
        rule: Rule = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Say which cases are due; ask nothing.")] = False,
        approve: Annotated[bool, typer.Option("--approve", help="Approve the list that another asked.")] = False,
        run_id: Annotated[str | None, typer.Option("--run", help="Only the list with this number.")] = None,
        subject: Subject = None,
        yes: Yes = False,
        as_json: AsJson = False,
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    ) -> None:
        """Ask to erase every case whose term has passed; with --approve another person erases that list."""

        async def work() -> int:
            product = reach(data)
            if dry_run:
                result = await dry(product, municipality, rule)
            elif approve:
                result = await approved(product, municipality, run_id, named(subject), yes, quiet)
            else:
                result = await asked(product, municipality, rule, named(subject), yes, quiet)
            if as_json:
                write_json(result)
            else:
                _tell(result)
            return FINDINGS if result["refused"] else OK

        run_command(_in_sentences(work), ("Dezelfde opdracht gaat verder.", "The same command goes on."))


def _in_sentences(work: Callable[[], Coroutine[Any, Any, int]]) -> Callable[[], Coroutine[Any, Any, int]]:
    """The work, with what goes wrong as a sentence."""

    async def told() -> int:
        try:
            return await work()
        except Away as away:
            raise gone(str(away), 0) from None
        except Problem as no:
            raise Stop(str(no.body.get("nl", no.code)), str(no.body.get("en", no.code)), USAGE) from None

    return told


def _tell_rules(found: Json) -> None:
    rows = table("Wat", "Bewaren", "Bron", "Daarna", "Nu te wissen", right=("Nu te wissen",))
    for rule in found["cases"]:
        rows.add_row(f"dossier: {rule['nl']}", _term(rule["keep"]), rule["legal_source"], "wissen", number(rule["due"]))
    log = found["readings"]
    rows.add_row(log["nl"], _term(log["keep"]), log["legal_source"], "verwijderen", "")
    out.print(rows)
    for place, terms in (found.get("own") or {}).items():
        out.print(f"{place}: {', '.join(f'{result} {_term(keep)}' for result, keep in terms.items())}", soft_wrap=True)
    out.print(f"Een verzoek om te wissen vervalt na {found['approval_days']} dagen zonder goedkeuring.", soft_wrap=True)


def _term(keep: str) -> str:
    return f"{keep[1:-1]} {_UNITS[keep[-1]]}"


def _tell(result: Json) -> None:
    if not result["cases"] and not result["refused"]:
        out.print("Er is niets te doen.")
        return
    rows = table("Regel", "Dossiers", right=("Dossiers",))
    for rule, count in result["rules"].items():
        rows.add_row(rule, number(count))
    out.print(rows)
    for case_id in result["cases"] if result["step"] == "dry-run" else ():
        out.print(case_id)
    done, left = number(result["done"]), sum(result["refused"].values())
    if result["step"] == "asked":
        out.print(f"Gevraagd: {done}. Er is nog niets gewist; iemand anders keurt de lijst goed met", soft_wrap=True)
        out.print(f"  overdracht retention run --approve --run {result['run_id']} --subject …", soft_wrap=True)
    elif result["step"] == "approved":
        out.print(f"Gewist: {done} dossiers.")
    for code, count in result["refused"].items():
        out.print(f"Niet gelukt: {number(count)} ({code}).", soft_wrap=True)
    if left:
        out.print("Dezelfde opdracht nog eens gaat verder met wat er over is.")
