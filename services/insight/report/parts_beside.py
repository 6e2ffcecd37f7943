"""The parts of the report on providers: beside each other, fairly and never ranked, and the early signals."""

from services.insight.measures.disclosing import Held, near, tens
from services.insight.measures.fairness import Provider
from services.insight.report.beside import compared, curves, hidden, told, watched
from services.insight.report.codes import Words, month_of
from services.insight.report.gather import Asked
from services.insight.report.lines import Line, Part, Table, Unit
from services.insight.report.words import PLACES
from services.insight.statistics.comparing import Compared

NO_RANK: Words = (
    "De bedrijven staan op volgorde van naam. Dit is geen ranglijst. Het getal is gecorrigeerd voor wie de mensen "
    "zijn: leeftijd, opleiding, taal, huishouden, tijd zonder werk en tijd sinds de aanvraag.",
    "Providers stand in the order of their names. This is no ranking. The number is corrected for who the people are: "
    "age, education, language, household, time without work and time since the application.",
)
GUARDS: dict[str, tuple[Words, Unit]] = {
    "declined": (("Geweigerd", "Declined"), "share"),
    "creaming": (("Zwaarte van wie geweigerd is, min de rest", "Risk of the declined, less the rest"), "score"),
    "parking": (("Zonder contact, 30 dagen of langer", "Without contact, 30 days or more"), "share"),
    "late_dumping": (
        ("Terug net na 90 dagen, tegen net ervoor", "Back just after 90 days, against just before"),
        "ratio",
    ),
    "other_reason": (("Reden 'anders'", "Reason 'other'"), "share"),
}
EVENNESS: Words = ("Verscheidenheid van redenen (0 tot 1)", "Evenness of reasons (0 to 1)")


def providers(asked: Asked) -> Part:
    """The funnel, the shrunk ratios, and the guards beside them."""
    title: Words = ("Re-integratiebedrijven naast elkaar", "Providers beside each other")
    found = compared(asked)
    if found is None:
        none: Words = (
            "Er zijn geen twee bedrijven met tien of meer mensen om naast elkaar te zetten.",
            "There are not two providers with ten people or more to stand beside each other.",
        )
        return Part("aanbieders", title, (none,))
    held = hidden(asked)
    known = {one.name: one for one in found.providers if held[one.name] is None}
    names = [(f"{number}. {name}", name) for number, name in enumerate(held, 1)]
    raw = tuple(_line(label, "ratio", known.get(name), held[name], asked) for label, name in names)
    shrunk = tuple(_line(label, "shrunk", known.get(name), held[name], asked) for label, name in names)
    sizes = tuple(one.expected for one in raw if one.expected is not None)
    tables = [
        Table("trechter", ("Teruggemeld, tegen wat te verwachten was", "Returned, against what was to be expected"),
              ("Bedrijf", "Provider"), raw, "funnel" if sizes else None, funnel=curves(found, sizes) if sizes else None,
              says=(FUNNEL,)),
        Table("krimp", ("Zelfde verhouding, zonder wat toeval kan zijn", "The same ratio, less what may be chance"),
              ("Bedrijf", "Provider"), shrunk, "intervals", mark=(1.0, ("1: als verwacht", "1: as expected"))),
        Table("bewaking", ("Wat naast dat getal hoort te staan", "What belongs beside that number"), ("Wat", "What"),
              tuple(line for label, name in names for line in _guards(label, known.get(name), held[name], asked))),
    ]  # fmt: skip
    return Part("aanbieders", title, (NO_RANK, GUARDED), tuple(tables))


FUNNEL: Words = (
    "1 is: zoveel terug als te verwachten. Hoe kleiner het bedrijf, hoe wijder de grenzen. Gestreept dichtbij: 95 van "
    "de 100 liggen erbinnen. Gestreept verder weg: 998 van de 1.000. Rondje: binnen de grenzen. Vierkant: ertussen. "
    "Ruit: erbuiten. Buiten de grenzen is aanleiding voor een gesprek, niet meer.",
    "1 means: as many back as expected. The smaller the provider the wider the limits. Inner dashes: 95 of 100 lie "
    "within. Outer dashes: 998 of 1,000. Round: within. Square: between. Diamond: outside, which is a reason to talk "
    "and no more.",
)
GUARDED: Words = (
    "Eén getal kan mooi lijken door wie er geweigerd wordt of blijft liggen. Daarom staan die cijfers ernaast.",
    "One number can be made to look good by who is declined or left waiting. So those figures stand beside it.",
)


def _line(label: str, which: str, one: Provider | None, why: Held | None, asked: Asked) -> Line:
    name: Words = (label, label)
    if why is not None or one is None or one.compared is None:
        return Line(name, "ratio", held=why or "small_number")
    found = one.compared
    ratio = found.ratio if which == "ratio" else found.shrunk
    values = (ratio.value, ratio.low, ratio.high)
    value, low, high = (near(each) for each in values) if asked.stepped else values
    n = tens(one.n) if asked.stepped else one.n
    if which != "ratio":
        return Line(name, "ratio", value, low, high, n, remark=_could_see(found))
    expected = float(tens(found.expected)) if asked.stepped else found.expected
    return Line(name, "ratio", value, low, high, n, remark=PLACES[found.place], expected=expected)


def _could_see(found: Compared) -> Words:
    """What the comparison could have seen of this provider."""
    above, below = (f"{one:.2f}" for one in (found.seen_above, found.seen_below))
    nl, en = f"te zien vanaf {above}".replace(".", ","), f"seen from {above}"
    if found.seen_below > 0:
        return f"{nl} of onder {below.replace('.', ',')}", f"{en} or below {below}"
    return nl, en


def _guards(label: str, one: Provider | None, why: Held | None, asked: Asked) -> tuple[Line, ...]:
    group: Words = (label, label)
    if why is not None or one is None:
        return (Line(("Alles", "All of it"), "share", held=why or "small_number", group=group),)
    lines = [told(asked, words, unit, one.guards[name], group=group) for name, (words, unit) in GUARDS.items()]
    even = one.guards["reason_evenness"]
    return (*lines, Line(EVENNESS, "ratio", near(even), group=group))


def early(asked: Asked) -> Part:
    """Whether more came back than expected, day by day."""
    held = hidden(asked)
    found = {one.provider: one for one in watched(asked)}
    lines = []
    for name, why in held.items():
        label, one = (name, name), found.get(name)
        if why is not None or one is None:
            lines.append(Line(label, "ratio", held=why or "small_number"))
            continue
        passed = sorted({day[:7] for day in one.alarms})
        now = one.now / one.threshold
        lines.append(Line(label, "ratio", near(now) if asked.stepped else now, remark=_passed(passed)))
    says: tuple[Words, ...] = (
        (
            "We wachten geen 90 dagen. Iedere dag tellen we of er meer mensen terugkomen dan verwacht. Wordt de grens "
            "(1) gepasseerd, dan is dat aanleiding voor een gesprek, niet meer.",
            "We do not wait for 90 days. Every day is counted whether more people come back than expected. Passing the "
            "limit (1) is a reason to talk, no more.",
        ),
        (
            "Bij een bedrijf waar niets verandert, gaat dit in vijf jaar met een kans van één op tien ten onrechte af.",
            "For a provider where nothing changes it goes off wrongly within five years with a chance of one in ten.",
        ),
    )
    caption: Words = ("Stand van het signaal, als deel van de grens", "Where the signal stands, as part of the limit")
    mark: tuple[float, Words] = (1.0, ("grens", "limit"))
    table = Table("signaal", caption, ("Bedrijf", "Provider"), tuple(lines), "bars", mark=mark)
    return Part("signalen", ("Vroege signalen", "Early signals"), says, (table,) if lines else ())


def _passed(months: list[str]) -> Words:
    if not months:
        return ("grens niet gepasseerd", "limit not passed")
    named = [month_of(one) for one in months]
    return (
        f"grens gepasseerd in {', '.join(nl for nl, _ in named)}",
        f"limit passed in {', '.join(en for _, en in named)}",
    )
