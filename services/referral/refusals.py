"""The sentences of referral's refusals, Dutch first."""

from shared.refusals import Sentences

SENTENCES: Sentences = {
    "referral_unknown": (
        "Deze doorverwijzing is in dit dossier niet bekend.",
        "This referral is not known in this case.",
    ),
    "referral_exists": ("Deze doorverwijzing is er al.", "This referral exists already."),
    "previous_unknown": (
        "De eerdere doorverwijzing is in dit dossier niet bekend.",
        "The previous referral is not known in this case.",
    ),
    "already_referred": (
        "Er loopt al een doorverwijzing voor dit traject.",
        "There is an open referral for this trajectory already.",
    ),
    "case_closed": ("Dit dossier is gesloten.", "This case is closed."),
    "step_not_possible": (
        "Deze stap kan nu niet; mogelijk zijn alleen de genoemde stappen.",
        "This step is not possible now; only the steps named are.",
    ),
    "organisation_missing": (
        "Zeg voor welke organisatie u werkt.",
        "Say which organisation you work for.",
    ),
    "municipality_missing": (
        "Zeg voor welke gemeente u werkt: alleen de gemeente van het dossier mag dit.",
        "Say which municipality you work for: only the municipality of the case may do this.",
    ),
    "not_your_organisation": (
        "U geeft alleen plaatsen op voor uw eigen organisatie.",
        "You state places for your own organisation only.",
    ),
    "not_who_suspended": (
        "Alleen wie heeft opgeschort kan hervatten; de andere partij kan terugmelden of intrekken.",
        "Only who suspended can resume; the other party can return or withdraw.",
    ),
    "not_addressed": (
        "Alleen de organisatie waarnaar is verwezen mag antwoorden.",
        "Only the organisation addressed may answer.",
    ),
    "reason_missing": (
        "Een terugmelding heeft minstens één reden nodig.",
        "A return needs at least one reason.",
    ),
    "reason_unknown": (
        "Deze reden is niet bekend; kies er een uit de lijst.",
        "This reason is unknown; choose one.",
    ),
    "reason_general": (
        "Een algemene term is geen reden; kies wat er werkelijk speelt.",
        "A general term is no reason; choose what is really the matter.",
    ),
    "reason_twice": ("Dezelfde reden staat er twee keer.", "The same reason stands there twice."),
    "primary_not_one": (
        "Precies één reden is de belangrijkste.",
        "Exactly one reason is the primary one.",
    ),
    "narrative_too_short": (
        "Bij «anders» hoort een toelichting van minstens 40 tekens.",
        "With `other` goes a narrative of at least 40 characters.",
    ),
    "ground_forbidden": (
        "Deze grond mag niet meetellen en is geen reden; zwangerschapsverlof schort op.",
        "This ground may not count and is no reason; pregnancy leave suspends.",
    ),
    "lesson_missing": (
        "U kiest een ander vervolg dan bij de reden hoort; leg kort uit waarom.",
        "You choose another next step than the reason leads to; say briefly why.",
    ),
}
