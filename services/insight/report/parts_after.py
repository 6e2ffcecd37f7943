"""The last figures of the report: time lost, silences, and only then what was reached and whether it lasted."""

from services.insight.report.codes import Words, perspective, side
from services.insight.report.gather import Asked
from services.insight.report.lines import Part, Table, divided, line


def lost(asked: Asked) -> Part:
    """Three months without a step."""
    waiting = line(
        ("Na drie maanden nog geen stap", "No step after three months"),
        "share",
        asked.ask("no_step_within_three_months"),
    )
    says: tuple[Words, ...] = (
        (
            "Een stap is een diagnose, een richting, een start, een plan of werk. De grens is drie maanden.",
            "A step is a diagnosis, a direction, a start, a plan or work. Three months without one is the limit.",
        ),
    )
    table = Table("zonder-stap", ("Aanvragen zonder stap", "Applications without a step"), ("Wat", "What"), (waiting,),
                  "intervals")  # fmt: skip
    return Part("tijd", ("Verloren tijd", "Time lost"), says, (table,))


def silent(asked: Asked) -> Part:
    """How often nothing was heard in time, by who was waited for."""
    found = asked.ask("silences_per_referral")
    lines = divided(found, "count", side, ("Alle kanten", "All sides"))
    says: tuple[Words, ...] = (
        (
            "Een stilte is: op tijd is er niets gehoord van wie aan zet was. In ingelezen historie zijn geen termijnen "
            "bewaakt; daar staan dus geen stiltes in.",
            "A silence is: nothing was heard in time from who had the turn. In history that was read in no terms were "
            "kept, so there are no silences in it.",
        ),
    )
    table = Table("stilte", ("Stiltes, naar op wie gewacht werd", "Silences, by who was waited for"),
                  ("Gewacht op", "Waited for"), lines, "bars")  # fmt: skip
    return Part("stiltes", ("Stiltes", "Silences"), says, (table,))


def reached(asked: Asked) -> Part:
    """What was reached, by perspective, and whether work lasted."""
    whole: Words = ("Alle resultaten", "All outcomes")
    outcomes = divided(asked.ask("outcomes_by_perspective"), "count", perspective, whole)
    lasts = tuple(
        line((f"Na {nl} maanden nog aan het werk", f"Still in work after {en} months"), "share", asked.ask(measure))
        for nl, en, measure in (
            ("drie", "three", "sustained_3_months"),
            ("zes", "six", "sustained_6_months"),
            ("twaalf", "twelve", "sustained_12_months"),
        )
    )
    says: tuple[Words, ...] = (
        (
            "Werk, opleiding, vrijwilligerswerk en een vaste dagbesteding zijn alle vier een resultaat.",
            "Work, education, voluntary work and a structured day are all four an outcome.",
        ),
        (
            "Hoeveel mensen werk vinden, hangt af van wie zij zijn en van het werk dat er in de streek is. Daarvoor "
            "zijn deze aantallen niet gecorrigeerd. Vergelijk ze dus niet met een andere gemeente.",
            "How many people find work depends on who they are and on the work there is in the region. These counts "
            "are not corrected for that. So do not compare them with another municipality.",
        ),
    )
    tables = (
        Table("resultaten", ("Wat is bereikt, naar perspectief", "What was reached, by perspective"),
              ("Perspectief", "Perspective"), outcomes, "bars"),
        Table("blijvend", ("Werk dat blijft", "Work that lasts"), ("Hoe lang", "How long"), lasts, "intervals"),
    )  # fmt: skip
    return Part("uitkomsten", ("Wat er bereikt is", "What was reached"), says, tables)
