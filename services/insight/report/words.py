"""Words and sentences of the report that stand in more than one place: plain Dutch first, English beside it."""

from services.insight.report import numbers
from services.insight.report.codes import Words
from services.insight.report.lines import Line

HELD: dict[str, Words] = {
    "small_number": ("achtergehouden: minder dan tien", "held back: fewer than ten"),
    "would_show_a_small_number": (
        "achtergehouden: hieruit is een klein aantal af te leiden",
        "held back: a small number could be worked out from it",
    ),
    "all_or_none": ("achtergehouden: iedereen of niemand", "held back: everybody or nobody"),
    "too_few_to_publish": ("achtergehouden: minder dan honderd", "held back: fewer than a hundred"),
}
WHY: dict[str, Words] = {
    "small_number": (
        "Het gaat om minder dan tien mensen. Dan kan iemand herkend worden.",
        "It is about fewer than ten people. Somebody might be recognised.",
    ),
    "would_show_a_small_number": (
        "Met dit getal kunt u een ander, klein getal uitrekenen.",
        "With this number another, small number could be worked out.",
    ),
    "all_or_none": (
        "Het geldt voor iedereen of voor niemand. Dan weet u het van iedere persoon.",
        "It holds for everybody or for nobody. Then it is known of each person.",
    ),
    "too_few_to_publish": (
        "Wat we openbaar maken gaat over honderd mensen of meer.",
        "What is made public is about a hundred people or more.",
    ),
}
NOT_SO_LONG: Words = ("nog niet zo lang gevolgd", "not followed that long yet")
PLACES: dict[str, Words] = {
    "within": ("binnen de grenzen", "within the limits"),
    "between": ("tussen de grenzen", "between the limits"),
    "outside": ("buiten de grenzen: aanleiding voor een gesprek", "outside the limits: a reason to talk"),
}
VERDICTS: dict[str, Words] = {
    "lower": (
        "Er kwamen minder mensen terug dan in het half jaar daarvoor. Waarom, zegt dit getal niet.",
        "Fewer people came back than in the half year before. The number does not say why.",
    ),
    "higher": (
        "Er kwamen meer mensen terug dan in het half jaar daarvoor. Waarom, zegt dit getal niet.",
        "More people came back than in the half year before. The number does not say why.",
    ),
    "cannot_be_known": (
        "Of er iets veranderd is, kunnen we uit deze cijfers niet weten.",
        "Whether anything changed cannot be known from these figures.",
    ),
    "too_few": (
        "Het zijn te weinig mensen om twee halve jaren te vergelijken.",
        "There are too few people to compare two half years.",
    ),
}
AUDIENCES: dict[str, Words] = {
    "partner": (
        "Dit verslag is voor de gemeente en de re-integratiebedrijven. Zij zien dezelfde cijfers.",
        "This report is for the municipality and the providers. Both see the same figures.",
    ),
    "public": (
        "Dit verslag is openbaar. Aantallen zijn afgerond op tien, percentages op hele.",
        "This report is public. Counts are rounded to ten, percentages to whole ones.",
    ),
}


def seen_from(smallest: float | None) -> Words:
    """What difference could have been seen at all."""
    if smallest is None:
        return ("Hoe groot een verschil moet zijn om het te zien, weten we niet.", "No difference could be seen.")
    said = numbers.plain(smallest, "difference")
    return (
        f"Een verschil van {said} procentpunt of meer zouden we in vier van de vijf gevallen zien. Een kleiner "
        "verschil kan er zijn zonder dat we het zien.",
        f"A difference of {numbers.english(said)} percentage points or more would be seen four times out of five. "
        "A smaller one may be there unseen.",
    )


def headline(line: Line) -> Words:
    """The share that came back, in a sentence."""
    if line.value is None:
        why = HELD.get(line.held or "", ("niet bekend", "not known"))
        return (f"Hoeveel mensen terugkomen: {why[0]}.", f"How many people come back: {why[1]}.")
    many = round(100 * line.value)
    low, high = (numbers.plain(one, "share") if one is not None else "?" for one in (line.low, line.high))
    return (
        f"Van elke 100 mensen die voor het eerst zijn doorverwezen, zijn er binnen 90 dagen ongeveer {many} terug. "
        f"Helemaal zeker is dat niet: het ligt tussen {low} en {high} van de 100.",
        f"Of every 100 people referred for the first time about {many} are back within 90 days. That is not quite "
        f"certain: it lies between {numbers.english(low)} and {numbers.english(high)} of 100.",
    )
