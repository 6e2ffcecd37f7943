"""The sentences of intake's refusals, Dutch first."""

from shared.refusals import Sentences

SENTENCES: Sentences = {
    "bsn_invalid": (
        "Dit burgerservicenummer kan niet bestaan; controleer het.",
        "This citizen service number cannot exist; check it.",
    ),
    "municipality_unknown": (
        "Deze gemeentecode staat niet op de lijst van het CBS.",
        "This municipality code is not on the list of Statistics Netherlands.",
    ),
    "municipality_ended": (
        "Deze gemeente bestond op de dag van ontvangst niet meer.",
        "This municipality no longer existed on the day of receipt.",
    ),
    "date_in_future": ("Deze datum ligt in de toekomst.", "This date lies in the future."),
    "age_band_differs": (
        "De leeftijdsklasse past niet bij de geboortedatum.",
        "The age band does not go with the date of birth.",
    ),
    "application_open": (
        "Deze persoon heeft in deze gemeente al een lopende aanvraag van deze soort.",
        "This person has an open application of this kind in this municipality already.",
    ),
    "step_not_possible": (
        "Deze stap kan nu niet; mogelijk zijn alleen de genoemde stappen.",
        "This step is not possible now; only the steps named are.",
    ),
    "case_closed": ("Dit dossier is gesloten.", "This case is closed."),
    "decision_exists": (
        "Er is al anders beslist; een besluit wordt niet overschreven.",
        "It was decided otherwise already; a decision is not overwritten.",
    ),
    "search_period_runs": (
        "De zoekperiode loopt nog; toekennen kan pas daarna.",
        "The search period still runs; granting is possible only after it.",
    ),
    "search_period_exists": ("Er is al een zoekperiode.", "There is a search period already."),
    "search_period_none": ("Er loopt geen zoekperiode.", "No search period runs."),
    "supplement_open": (
        "Er is al om een aanvulling gevraagd.",
        "A supplement has been requested already.",
    ),
    "supplement_not_requested": (
        "Er is niet om een aanvulling gevraagd.",
        "No supplement was requested.",
    ),
    "until_before_start": (
        "De laatste dag ligt voor het begin.",
        "The last day lies before the beginning.",
    ),
    "benefit_not_granted": (
        "Er is geen toegekende uitkering die kan eindigen.",
        "There is no granted benefit that can end.",
    ),
    "benefit_ended_already": (
        "De uitkering is al beëindigd, met een andere reden of datum.",
        "The benefit has ended already, for another reason or on another date.",
    ),
    "earlier_unknown": (
        "Het eerdere dossier is in deze gemeente niet bekend.",
        "The earlier case is not known in this municipality.",
    ),
    "earlier_began_later": (
        "Dat dossier begon later dan dit; voeg dit dossier daar toe.",
        "That case began later than this one; join this case from there.",
    ),
    "joined_already": (
        "Dit dossier is al met een eerder dossier samengevoegd.",
        "This case has been joined with an earlier one already.",
    ),
    "persons_differ": (
        "De dossiers horen bij verschillende burgerservicenummers.",
        "The cases belong to different citizen service numbers.",
    ),
    "case_running": (
        "Dit dossier loopt nog; dan mag wissen alleen om een van de genoemde redenen.",
        "This case still runs; then it may be erased only for one of the reasons named.",
    ),
    "retention_runs": (
        "De bewaartermijn van dit dossier is nog niet voorbij; de regel staat erbij.",
        "This case must still be kept; the rule is named.",
    ),
    "erasure_open": (
        "Er loopt al een verzoek om dit dossier te wissen.",
        "A request to erase this case is open already.",
    ),
    "erasure_not_requested": (
        "Er is niet gevraagd om dit dossier te wissen.",
        "Nobody asked to erase this case.",
    ),
    "erasure_lapsed": (
        "Het verzoek om te wissen is vervallen: het is niet op tijd goedgekeurd. Vraag het opnieuw.",
        "The request to erase has lapsed: nobody approved in time. Ask again.",
    ),
    "erasure_not_history": (
        "Wissen kan niet als geschiedenis worden ingevoerd: er zijn nu twee mensen voor nodig.",
        "An erasure cannot come in as history: it takes two people of today.",
    ),
    "same_person": (
        "Wie vraagt om te wissen kan het niet zelf goedkeuren; laat een ander kijken.",
        "Who asks for the erasure cannot approve it; let another person look.",
    ),
    "person_erased": (
        "Dit dossier is gewist: om wie het ging is voorgoed weg.",
        "This case was erased: whom it was about is gone for good.",
    ),
    "person_unknown": (
        "Van dit dossier is niet bekend om wie het gaat.",
        "Of this case it is not known whom it is about.",
    ),
    "vault_shut": (
        "De kluis gaat pas open als is nagegaan wat is vernietigd; probeer het zo weer.",
        "The vault opens only when it was looked up what was destroyed; try again in a moment.",
    ),
    "reading_not_logged": (
        "Het logboek van inzage kan niet worden geschreven; daarom is niets gelezen.",
        "The log of readings cannot be written; so nothing was read.",
    ),
    "texts_invalid": (
        "Geef texts als een lijst van hooguit 500 verzegelde teksten.",
        "Give texts as a list of at most 500 sealed texts.",
    ),
}
