"""The parts of the report on coming back: how many, why, how often, and after which kind of hand-off."""

from services.insight.measures.definitions import HEADLINE
from services.insight.report.codes import Words, month_of, reason, side
from services.insight.report.gather import Asked
from services.insight.report.lines import Line, Part, Table, divided, line
from services.insight.report.words import headline

GOAL_OTHER = 0.05
"""The share of `other` is to stay below this."""


def returned(asked: Asked) -> Part:
    """Returned within 90 days: the headline and what stands beside it, and month by month of sending."""
    whole = line(
        ("Eerste doorverwijzing, vanaf verzenden", "First referral, from sending"), "share", asked.ask(HEADLINE)
    )
    beside: tuple[tuple[str, Words], ...] = (
        ("returned_within_90_days_of_acceptance", ("Eerste doorverwijzing, vanaf aanvaarden", "From acceptance")),
        (
            "returned_within_90_days_any_referral",
            ("Alle doorverwijzingen, vanaf verzenden", "Any referral, from sending"),
        ),
        ("returned_within_90_days_lately", ("Alle, naar de laatste 30 dagen", "Any, by the last 30 days")),
        ("declined_within_90_days", ("Geweigerd door het re-integratiebedrijf", "Declined by the provider")),
    )
    lines = (whole, *(line(label, "share", asked.ask(measure)) for measure, label in beside))
    months = tuple(line(month_of(name), "share", asked.ask(HEADLINE, month=name)) for name in asked.months())
    says: tuple[Words, ...] = (
        headline(whole),
        (
            "Naast elkaar staan twee klokken: vanaf verzenden en vanaf aanvaarden. Daaronder staat hoe vaak er "
            "geweigerd wordt: wie snel weigert, heeft minder terugmeldingen. Werk vinden is geen terugmelding.",
            "Two clocks stand beside each other: from sending and from acceptance. Below is how often people are "
            "declined: who declines soon has fewer returns. Finding work is no return.",
        ),
    )
    cohorts = Table(
        "per-maand",
        ("Teruggemeld binnen 90 dagen, per maand van verzenden", "Returned within 90 days, by month of sending"),
        ("Verzonden in", "Sent in"),
        months,
        "intervals",
        mark=None if whole.value is None else (whole.value, ("alle maanden", "all months")),
        says=(
            (
                "Open rondje: deze mensen zijn nog geen 90 dagen gevolgd. Het getal kan nog veel hoger worden.",
                "Open round: these people were not followed for 90 days yet. The number may still grow a lot.",
            ),
        ),
    )
    head = Table(
        "terugmeldingen", ("Teruggemeld binnen 90 dagen", "Returned within 90 days"), ("Wat", "What"), lines,
        "intervals")  # fmt: skip
    return Part("terug", ("Terug binnen 90 dagen", "Back within 90 days"), says, (head, cohorts))


def reasons(asked: Asked) -> Part:
    """Why people came back, whose side it was, and how the reasons are used."""
    whole: Words = ("Alle terugmeldingen", "All returns")
    given = divided(asked.ask("primary_return_reasons"), "count", reason, whole)
    sides = divided(asked.ask("return_sides"), "count", side, whole)
    use = (line(("Reden 'anders'", "Reason 'other'"), "share", asked.ask("other_reason_share")),)
    more: tuple[Line, ...] = (
        line(("Door de gemeente betwist", "Disputed by the municipality"), "share", asked.ask("disputed_returns")),
        line(("Verscheidenheid (100: alle redenen even vaak)", "Evenness (100: all as often)"), "share",
             asked.ask("reason_evenness")),
    )  # fmt: skip
    says: tuple[Words, ...] = (
        (
            "Bij iedere terugmelding geeft het re-integratiebedrijf een hoofdreden. Een aantal zegt niet wie er "
            "schuld heeft.",
            "With every return the provider gives a primary reason. A count does not say who is to blame.",
        ),
        (
            "Het doel is dat 'anders' onder de 5 procent blijft. Staat bijna alles onder één reden, dan zegt de reden "
            "niets meer: dat ziet u aan de verscheidenheid.",
            "The goal is that 'other' stays below 5 per cent. When nearly all has one reason the reason says nothing "
            "any more: the evenness shows that.",
        ),
    )
    tables = (
        Table("redenen-tabel", ("Terugmeldingen naar hoofdreden", "Returns by primary reason"), ("Reden", "Reason"),
              given, "bars"),
        Table("kanten", ("Bij welke kant de reden ligt", "On which side the reason lies"), ("Kant", "Side"), sides,
              "bars"),
        Table("gebruik", ("Hoe vaak de reden 'anders' is", "How often the reason is 'other'"), ("Wat", "What"), use,
              "intervals", mark=(GOAL_OTHER, ("doel: onder 5 %", "goal: below 5 %"))),
        Table("gebruik-meer", ("Betwist, en hoe verscheiden", "Disputed, and how varied"), ("Wat", "What"), more,
              "intervals"),
    )  # fmt: skip
    return Part("redenen", ("Waarom mensen terugkomen", "Why people come back"), says, tables)


def pumped(asked: Asked) -> Part:
    """Who goes back and forth."""
    often, mean = asked.ask("cases_with_two_or_more_returns"), asked.ask("pumping_round_index")
    twice = line(("Twee of meer keer teruggemeld", "Returned twice or more"), "share", often, share=True)
    yearly: Words = ("Terugmeldingen per persoon in het eerste jaar", "Returns per person in the first year")
    index = line(yearly, "per person", mean)
    says: tuple[Words, ...] = (
        (
            "Rondpompen is: iemand gaat steeds heen en weer tussen gemeente en re-integratiebedrijf.",
            "Pumping round means: somebody goes back and forth between municipality and provider.",
        ),
    )
    tables = (
        Table("rond", ("Mensen die rondgepompt worden", "People pumped round"), ("Wat", "What"), (twice,), "intervals"),
        Table("rondpompindex", ("Hoe vaak iemand terugkomt", "How often somebody comes back"), ("Wat", "What"),
              (index,), "intervals"),
    )  # fmt: skip
    return Part("rondpompen", ("Rondpompen", "Pumping round"), says, tables)


def warm(asked: Asked) -> Part:
    """Warm against cold hand-offs."""
    names: tuple[tuple[str, Words], ...] = (
        ("yes", ("Warm overgedragen", "Warm")),
        ("no", ("Koud overgedragen", "Cold")),
    )
    lines = tuple(line(label, "share", asked.ask(HEADLINE, warm=name)) for name, label in names)
    step = line(("Warm min koud", "Warm less cold"), "difference", asked.ask("warm_against_cold"))
    says: tuple[Words, ...] = (
        (
            "Warm is: inwoner, klantmanager en consulent spreken elkaar bij de overdracht. Wie warm is overgedragen, "
            "is niet geloot. Het verschil kan dus ook aan de mensen liggen.",
            "Warm means: citizen, caseworker and coach meet at the hand-off. Who was handed over warmly was not drawn "
            "by lot, so the difference may lie in the people as well.",
        ),
    )
    tables = (
        Table("warm-koud", ("Terug na warm en na koud", "Back after warm and after cold"), ("Overdracht", "Hand-off"),
              lines, "intervals"),
        Table("warm-verschil", ("Het verschil in terugmeldingen", "The difference in returns"), ("Wat", "What"),
              (step,), "intervals"),
    )  # fmt: skip
    return Part("warm", ("Warme en koude overdracht", "Warm and cold hand-offs"), says, tables)
