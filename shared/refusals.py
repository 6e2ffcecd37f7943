"""A refusal: the answer "no" with a code, a field and what would have been possible; never a crash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Sentences = Mapping[str, tuple[str, str]]
"""Code -> (Dutch sentence, English sentence)."""


@dataclass
class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """A rule says no. `field` names the place in the input, `possible` what is allowed there.

    `early`: no for now; what it waits for may still come.
    """

    code: str
    field: str | None = None
    possible: Sequence[str] | None = None
    early: bool = False

    def __str__(self) -> str:
        return self.code


GENERAL: Sentences = {
    "case_unknown": (
        "Deze dienst kent dit dossier (nog) niet.",
        "This service does not know this case (yet).",
    ),
    "case_erased": (
        "Dit dossier is gewist: de sleutel is vernietigd, en teksten worden niet meer aangenomen.",
        "This case was erased: its key is destroyed, and no text is taken any more.",
    ),
    "case_exists": ("Dit dossier bestaat al.", "This case exists already."),
    "fact_unknown": ("Dit feit bestaat niet in deze dienst.", "This service has no such fact."),
    "field_missing": ("Dit veld is verplicht.", "This field is required."),
    "field_unknown": ("Dit veld bestaat niet.", "This field does not exist."),
    "field_twice": ("Dit veld staat er twee keer in.", "This field is given twice."),
    "field_invalid": ("De waarde van dit veld is niet geldig.", "The value of this field is not valid."),
    "text_too_long": (
        "Deze tekst is te lang; hoogstens 8.000 tekens.",
        "This text is too long; 8,000 characters at most.",
    ),
    "not_json": ("Deze regel is geen geldige JSON.", "This line is not valid JSON."),
    "not_an_object": ("Deze regel is geen JSON-object.", "This line is not a JSON object."),
    "time_invalid": (
        "Het tijdstip moet een datum met tijd en tijdzone zijn (ISO 8601).",
        "The time must be a date with time and offset (ISO 8601).",
    ),
    "time_in_future": ("Het tijdstip ligt in de toekomst.", "The time lies in the future."),
    "actor_not_allowed": (
        "Deze rol mag dit feit niet vaststellen.",
        "This role may not state this fact.",
    ),
    "number_reused": (
        "Dit nummer is al eerder gemeld, met een andere inhoud; zie welke velden.",
        "This number was reported before, with other content; see which fields.",
    ),
    "differs": (
        "Dit veld zegt iets anders dan eerder onder dit nummer.",
        "This field says something else than before under this number.",
    ),
    "version_stale": (
        "Dit dossier is intussen veranderd; haal het opnieuw op en beslis dan.",
        "This case has changed meanwhile; get it anew and decide then.",
    ),
    "actor_not_yours": (
        "De actor is een ander dan wie het toegangsbewijs noemt.",
        "The actor is another than the token names.",
    ),
    "role_not_allowed": (
        "Uw rol mag dit niet; mogelijk is het voor de rollen die erbij staan.",
        "Your role may not do this; the roles that may are named.",
    ),
    "claim_missing": (
        "Het toegangsbewijs zegt niet voor welke gemeente of organisatie u werkt.",
        "The token does not say for which municipality or organisation you work.",
    ),
    "out_of_sight": (
        "Dit valt buiten wat u mag zien.",
        "This is outside what you may see.",
    ),
    "other_municipality": (
        "Dit dossier hoort bij een andere gemeente.",
        "This case belongs to another municipality.",
    ),
    "person_number_in_field": (
        "Dit veld bevat een getal dat een burgerservicenummer kan zijn; dat hoort hier niet.",
        "This field holds a number that may be a citizen service number; it does not belong here.",
    ),
    "internal_error": (
        "Er ging iets mis bij ons; er is niets vastgelegd. De beheerder ziet dit in het logboek.",
        "Something went wrong on our side; nothing was recorded. Operations see this in the log.",
    ),
}
"""What any service may answer; each service adds its own sentences."""
