"""What may be wrong with a delivery: per rule how bad it is, and a Dutch and an English sentence."""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]
"""error: cannot be sent like this; warning: somebody should look; note: for who wants to know."""


class Rule(NamedTuple):
    """A rule that a value, a record or the whole breaks."""

    severity: Severity
    nl: str
    en: str


RULES: dict[str, Rule] = {
    "person_unknown": Rule(
        "error",
        "De kluis kent bij deze voorziening geen persoon, of u mag die niet zien.",
        "The vault knows no person for this facility, or you may not see that person.",
    ),
    "missing": Rule("error", "Dit gegeven ontbreekt.", "This is missing."),
    "malformed": Rule("error", "Dit is niet geschreven zoals bijlage 2 voorschrijft.", "Not in the form of the law."),
    "too_long": Rule("error", "Dit is langer dan bijlage 2 toestaat.", "This is longer than the law allows."),
    "diacritics": Rule("error", "Hier staan tekens die niet mogen, zoals é.", "It holds signs that may not be there."),
    "code_unknown": Rule("error", "Deze code staat niet in bijlage 2.", "The law has no such code."),
    "no_date": Rule("error", "Deze dag bestaat niet.", "There is no such day."),
    "eleven_test": Rule("error", "Dit nummer doorstaat de elfproef niet.", "It does not pass the eleven test."),
    "person_differs": Rule(
        "error",
        "Bij hetzelfde burgerservicenummer staat elders een andere geboortedatum of een ander geslacht.",
        "Elsewhere the same person has another date of birth or sex.",
    ),
    "born_after_begin": Rule(
        "error", "De voorziening begon vóór de geboortedatum.", "The facility began before the date of birth."
    ),
    "registration_twice": Rule(
        "error", "Dit registratienummer komt twee keer voor.", "Two facilities have this number."
    ),
    "end_before_begin": Rule("error", "De einddatum ligt vóór de begindatum.", "It ends before it begins."),
    "begin_after_month": Rule("error", "De begindatum ligt na de maand.", "It begins after the month."),
    "end_after_month": Rule("error", "De einddatum ligt na de maand.", "It ends after the month."),
    "end_before_month": Rule("error", "De voorziening was al voorbij voor de maand.", "It was over before the month."),
    "wage_value_elsewhere": Rule(
        "error", "Loonwaarde hoort niet bij dit type voorziening.", "This type has no wage value."
    ),
    "wage_value_missing": Rule(
        "warning",
        "Bij deze loonkostensubsidie is geen loonwaarde bekend; vul die aan.",
        "This wage cost subsidy has no wage value; supplement it.",
    ),
    "end_reason_missing": Rule(
        "error", "Bij de einddatum ontbreekt de reden van beëindiging.", "It ended, for no reason that is told."
    ),
    "end_reason_without_end": Rule(
        "error", "Er is een reden van beëindiging maar geen einddatum.", "A reason of ending without an end."
    ),
    "end_reason_elsewhere": Rule(
        "error", "Reden van beëindiging hoort niet bij dit type.", "This type has no reason of ending."
    ),
    "likely_double": Rule(
        "warning",
        "Dezelfde persoon heeft een voorziening van hetzelfde type met dezelfde begindatum.",
        "The same person has another facility of this type that began on the same day.",
    ),
    "unclassified": Rule(
        "warning",
        "Niet nader in te delen (98): dit instrument staat niet in de vertaaltabel.",
        "Not to be classified (98): the mapping does not name this instrument.",
    ),
    "outsourced_unknown": Rule(
        "note",
        "Uitbesteed en onbekend (60): de aanbieder heeft nog niet gemeld wat er gebeurt.",
        "Outsourced and unknown (60): the provider has not told what is done.",
    ),
}
