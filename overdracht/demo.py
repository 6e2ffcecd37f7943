"""What the product shows, with the year of history of the example: imported before one's eyes, then told."""

from pathlib import Path

from rich.text import Text

from overdracht import topics
from overdracht.doors import Door, Json, get, insight, opened
from overdracht.importing import import_file
from overdracht.importing.command import Asked
from overdracht.importing.telling import tell as tell_import
from overdracht.journey import fetched, shown
from overdracht.log import read
from overdracht.measures import value_of
from overdracht.output import number, out, say, table
from overdracht.product import Product, reach
from overdracht.returns import counted
from overdracht.returns import tell as tell_returns
from overdracht.running.catching_up import caught_up

EXAMPLE = Path(__file__).parent.parent / "examples" / "leiden-2016.jsonl.gz"
_HAND_OFFS = {
    "referral_sent": "verzonden",
    "referral_received": "ontvangen",
    "referral_accepted": "aanvaard",
    "trajectory_started": "gestart",
    "referral_declined": "afgewezen",
    "referral_returned": "teruggemeld",
    "return_reviewed": "terugmelding beoordeeld",
    "referral_withdrawn": "ingetrokken",
    "trajectory_completed": "afgerond",
}


_FIGURES = (
    "returned_within_90_days",
    "returned_within_90_days_any_referral",
    "median_days_sent_to_accepted",
    "days_returned_to_reviewed",
    "other_reason_share",
)


async def show(data: Path, patience: float = 300.0) -> int:
    """Imports the example into the running product and shows what can be seen. The exit code."""
    product = reach(data)
    _title("Een jaar geschiedenis gaat erin: 2.000 dossiers van Leiden, 2016 (verzonnen mensen)")
    tell_import(await import_file(Asked(EXAMPLE, data, data / "leiden-2016.rejects.jsonl", patience, quiet=False)))
    kinds, pumped = await _seen(product)
    _title("De overdrachten")
    _tell_hand_offs(kinds)
    _title("Waarom mensen terugkwamen")
    tell_returns(await counted(product))
    _title("De cijfers, met hun onzekerheid, per 1 januari 2017")
    async with insight(product) as door:
        await _tell_figures(door, patience)
    if pumped:
        _title("Eén dossier dat is rondgepompt")
        async with opened(product) as doors:
            out.print(shown(await fetched(doors, pumped)))
    _next(pumped)
    return 0


async def _tell_figures(door: Door, patience: float) -> None:
    """A few figures, as both parties see them, when insight has them; a sentence when that takes too long."""
    if not await caught_up(door, patience):
        say("De cijfers worden nog berekend; zie straks `overdracht measures`.", "figures are still being made")
        return
    rows = table("Cijfer", "Waarde", "Van", "Tot", "n", right=("Waarde", "Van", "Tot", "n"))
    for measure in _FIGURES:
        one = await get(door, f"/v1/measures/{measure}/figure", asOf="2017-01-01T00:00:00Z", municipality="GM0546")
        said = (value_of(one[field], one["unit"]) for field in ("value", "low", "high"))
        rows.add_row(one["definition"]["nl"], *said, number(one["n"] or 0))
    out.print(rows)


async def _seen(product: Product) -> tuple[Json, str | None]:
    """How many hand-offs there are of each kind, and a case with two returns."""
    kinds: Json = dict.fromkeys(_HAND_OFFS, 0)
    returns: dict[str, int] = {}
    async with topics.opened(product.bootstrap_servers, [topics.topic_of("referral")]) as consumer:
        async for records in topics.to_the_end(consumer):
            for event in filter(None, map(read, records)):
                if event.fact in kinds:
                    kinds[event.fact] += 1
                if event.fact == "referral_returned":
                    returns[event.subject] = returns.get(event.subject, 0) + 1
    return kinds, min((case for case, count in returns.items() if count == 2), default=None)


def _title(text: str) -> None:
    out.print()
    out.print(Text(text, style="bold underline"))


def _tell_hand_offs(kinds: Json) -> None:
    rows = table("Overdracht", "Aantal", right=("Aantal",))
    for fact, word in _HAND_OFFS.items():
        rows.add_row(word, number(kinds[fact]))
    out.print(rows)


def _next(case: str | None) -> None:
    _title("Probeer verder")
    for command, what in (
        ("overdracht returns", "de redenen, geteld uit het log"),
        (f"overdracht case {case or 'GM0546/L-000002'}", "de hele weg van één dossier"),
        ("overdracht measures list", "alle cijfers, en hoe elk wordt geteld"),
        ("overdracht measures report --municipality GM0546 --month 2016-12 --out verslag.html", "het maandverslag"),
        ("overdracht log tail -n 20", "de laatste feiten"),
        ("overdracht log tail --follow", "meekijken"),
        ("overdracht log verify", "bewijzen dat het log heel en onveranderd is"),
        ("overdracht letters list", "wat wacht of niet verwerkt kon worden"),
    ):
        out.print(f"  {command:<52} {what}", soft_wrap=True)
