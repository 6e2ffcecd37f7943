"""The first parts of the report: what it is and how sure, the quality of the work, hand-offs and waits."""

from services.insight.measures.definitions import HEADLINE
from services.insight.report import words
from services.insight.report.codes import Words, month, side
from services.insight.report.gather import Asked
from services.insight.report.halves import halves
from services.insight.report.lines import Line, Part, Table, divided, line

READING: Words = (
    "In de grafieken is een rondje het getal. De streep laat zien waar het getal met 95 procent zekerheid ligt. Een "
    "open rondje: deze mensen zijn nog niet zo lang gevolgd, het getal kan nog veel veranderen. Naast iedere grafiek "
    "staat een tabel.",
    "In the plots a round is the number, and the line where it lies with 95 per cent certainty. An open round: these "
    "people were not followed that long yet; the number may still change a lot. Beside each plot stands a table.",
)


def about(asked: Asked) -> Part:
    """What this report is, for which month, how sure it is and what it could have seen."""
    nl, en = month(asked.month.year, asked.month.month)
    found = halves(asked)
    says: list[Words] = [
        (
            f"Dit is de stand op 1 {nl}: alles wat daarvoor gebeurd is en in het log staat, telt mee. Ook wie nog "
            "onderweg is, telt mee.",
            f"This is how things stood on 1 {en}: everything that happened before and is in the log counts. Who is "
            "still under way counts too.",
        ),
        words.AUDIENCES[asked.audience],
        (
            "Eerst leest u hoe het werk gedaan is. Pas daarna wat eruit kwam. Goed werk kan weinig uitstroom geven, "
            "en slecht werk veel.",
            "First comes how the work was done, only then what came of it. Good work can give little outflow, and "
            "bad work much.",
        ),
        words.headline(line(("", ""), "share", asked.ask(HEADLINE))),
        words.seen_from(found.detectable),
        words.VERDICTS[found.verdict],
        READING,
        (
            "Getallen staan er zoals we ze in Nederland schrijven: 1.345,6.",
            "Numbers are written the Dutch way: 1.345,6 is one thousand three hundred forty-five point six.",
        ),
    ]
    halved = Table(
        "halve-jaren",
        ("Teruggemeld binnen 90 dagen: twee halve jaren", "Returned within 90 days: two half years"),
        ("Verzonden", "Sent"),
        (found.before, found.after),
        "intervals",
    )
    step = Table("verschil", ("Het verschil", "The difference"), ("Wat", "What"), (found.difference,), "intervals")
    return Part("over", ("Over dit verslag", "About this report"), tuple(says), (halved, step))


def work(asked: Asked) -> Part:
    """How the work was done: before any outflow."""
    shares: tuple[tuple[str, Words, bool], ...] = (
        (
            "diagnosed_before_first_referral",
            ("Diagnose vóór de eerste doorverwijzing", "Diagnosed before referral"),
            True,
        ),
        ("argued_directions", ("Richting met gewogen argumenten", "Direction with weighed arguments"), False),
        ("shared_directions", ("Richting samen met de inwoner gekozen", "Direction decided together"), False),
        ("interim_measurement", ("Binnen drie maanden samen gemeten", "Measured together in three months"), False),
        ("reflection", ("Na afloop een les vastgelegd", "A lesson recorded afterwards"), False),
        (
            "diagnosis_coverage",
            ("Bijstand: diagnose in de laatste drie jaar", "On benefit: diagnosed in three years"),
            False,
        ),
    )
    lines = tuple(line(label, "share", asked.ask(measure), share=count) for measure, label, count in shares)
    table = Table(
        "kwaliteit", ("Hoe het werk gedaan is", "How the work was done"), ("Wat", "What"), lines, "intervals"
    )  # fmt: skip
    says: tuple[Words, ...] = (
        (
            "Deze cijfers gaan over het werk zelf. Is er eerst een diagnose? Is de keuze met argumenten gemaakt, en "
            "samen met de inwoner? Is er onderweg gemeten, en na afloop geleerd?",
            "These figures are about the work itself. Was there a diagnosis first? Was the choice argued, and made "
            "together with the citizen? Was there a measurement on the way, and a lesson afterwards?",
        ),
    )
    return Part("werk", ("De kwaliteit van het werk", "The quality of the work"), says, (table,))


def hand_offs(asked: Asked) -> Part:
    """How long each step took, and whose turn it was."""
    waits: tuple[tuple[str, Words], ...] = (
        ("days_sent_to_received", ("Van verzonden tot ontvangen", "From sent to received")),
        ("days_sent_to_accepted", ("Van verzonden tot aanvaard", "From sent to accepted")),
        (
            "median_days_sent_to_accepted",
            ("Van verzonden tot aanvaard, alleen wie aanvaard is", "Of those accepted alone"),
        ),
        ("days_accepted_to_started", ("Van aanvaard tot gestart", "From accepted to started")),
        ("days_returned_to_reviewed", ("Van terugmelding tot beoordeling", "From return to review")),
    )
    took = tuple(line(label, "days", asked.ask(measure)) for measure, label in waits)
    whole: Words = ("Alle kanten", "All sides")
    turns = divided(asked.ask("waiting_days_by_side"), "days", side, whole)
    counts: tuple[Line, ...] = (
        line(("Doorverwijzingen", "Referrals"), "count", asked.ask("referrals")),
        line(
            ("Nu zonder contact, 30 dagen of langer", "Without contact now, 30 days or more"),
            "share",
            asked.ask("parked"),
        ),
    )
    tables = (
        Table("aantallen", ("Hoeveel overdrachten", "How many hand-offs"), ("Wat", "What"), counts),
        Table(
            "wachten", ("Hoe lang de helft wacht, in dagen", "How long one half waits, in days"), ("Stap", "Step"),
            took, "intervals"),
        Table(
            "beurten", ("Hoeveel dagen iedere kant aan zet is, gemiddeld per doorverwijzing",
                        "Days each side has the turn, average per referral"), ("Kant", "Side"), turns, "bars",
        ),
    )  # fmt: skip
    says: tuple[Words, ...] = (
        (
            "Wie nog wacht, telt mee. Zo kan een wachttijd niet korter lijken doordat iemand nog geen antwoord heeft.",
            "Who still waits counts. So a wait cannot look shorter because somebody has no answer yet.",
        ),
    )
    return Part("overdracht", ("Overdracht en wachten", "Hand-offs and waits"), says, tables)
