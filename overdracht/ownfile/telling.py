"""A person's own file in plain Dutch (B1): what it says, in parts, before it is a page or a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from overdracht.doors import Json
from overdracht.words import ROLES, SERVICES, in_words
from shared.worktime import AMSTERDAM

_PERSON = {
    "bsn": "Burgerservicenummer",
    "family_name": "Achternaam",
    "name_prefix": "Tussenvoegsel",
    "given_names": "Voornamen",
    "birth_date": "Geboortedatum",
    "address": "Adres",
    "phone": "Telefoon",
    "email": "E-mail",
}
_TEXTS = {
    "own_words": "Uw eigen woorden",
    "answers": "Uw antwoorden",
    "narrative": "Toelichting",
    "explanation": "Toelichting",
    "motivation": "Motivatie",
    "argument": "Argument",
    "evidence": "Waarop het rust",
    "ground": "Reden van bezwaar",
    "lesson": "Wat wij leerden",
    "words": "Doel in uw woorden",
}
_RESULTS = {
    "provided": "u kreeg hulp of een uitkering, en die is geëindigd",
    "denied": "uw aanvraag is afgewezen",
    "not_taken_up": "u maakte geen gebruik van de uitkering",
    "broken_off": "uw aanvraag stopte voordat er een besluit was",
}


@dataclass(frozen=True)
class Part:
    """A part of the file: a title in both languages, some sentences, and a table when there is something to list."""

    nl: str
    en: str
    sentences: Sequence[str]
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def parts_of(file: Json) -> list[Part]:
    """The whole file, part by part."""
    found = [_opening(file)]
    for number, case in enumerate(file["cases"], 1):
        many = f" (dossier {number} van {len(file['cases'])})" if len(file["cases"]) > 1 else ""
        found += [_who(case, many), _happened(case, many), _got(case, many), _read(case, file["activities"], many)]
        found.append(_kept(case, many))
    return [*found, _rights()]


def _opening(file: Json) -> Part:
    sentences = [
        "In dit overzicht staat wat wij over u hebben vastgelegd.",
        "U ziet ook wie uw gegevens las, wie ze kreeg en hoe lang wij ze bewaren.",
        f"Gemeente: {file['municipality']}. Gemaakt op {_moment(file['made_at'])}.",
    ]
    return Part("Uw gegevens bij de gemeente", "Your data held by the municipality", sentences)


def _who(case: Json, many: str) -> Part:
    if case["erased_at"]:
        said = f"Dit dossier is gewist op {_moment(case['erased_at'])}. Wie u bent staat er niet meer in."
        return Part(f"Wie u bent{many}", "Who you are", [said, f"Dossier: {case['case_id']}."])
    held = {"bsn": case["bsn"], **case["person"]}
    rows = [(_PERSON.get(name, name), str(value)) for name, value in held.items() if value]
    none = ["Wij weten niet wie u bent: er is geen naam of nummer vastgelegd."] if not rows else []
    return Part(
        f"Wie u bent{many}", "Who you are", [f"Dossier: {case['case_id']}.", *none], ("Gegeven", "Wat wij weten"), rows
    )


def _happened(case: Json, many: str) -> Part:
    rows = [_fact(line) for line in case["facts"]]
    sentences = ["Dit is er in uw dossier gebeurd, in de volgorde van de tijd. Ook de teksten staan erbij."]
    return Part(
        f"Wat er is gebeurd{many}", "What happened", sentences, ("Wanneer", "Wat", "Wie", "Wat erbij staat"), rows
    )


def _fact(line: Json) -> tuple[str, str, str, str]:
    data = line["data"]
    said = [in_words(data)] if in_words(data) else []
    said += [f"{_TEXTS.get(one['field'], one['field'])}: {one['text']}" for one in line["texts"]]
    role = line["actor"]["role"]
    where = SERVICES.get(line["service"], line["service"])
    who = f"{ROLES.get(role, role)} {line['actor']['id']}" if role not in ("citizen", "system") else ROLES[role]
    return _moment(line["occurred_at"]), f"{line['title_nl']} ({where})", who, "\n".join(said)


def _got(case: Json, many: str) -> Part:
    rows = [(one["organisation"], "ja" if one["party"] else "nee", one["pseudonym"]) for one in case["organisations"]]
    none = "Er is geen organisatie buiten de gemeente bij betrokken."
    some = "Deze organisaties zijn of waren betrokken. Zij kennen u onder een eigen code, nooit onder uw nummer."
    heads = ("Organisatie", "Gevraagd voor u", "Hoe u daar heet")
    return Part(f"Wie uw gegevens kreeg{many}", "Who received your data", [some if rows else none], heads, rows)


def _read(case: Json, activities: Json, many: str) -> Part:
    rows = []
    for line in case["readings"]:
        audit = line["audit"]
        activity = activities.get(audit["activity"], {"nl": audit["activity"], "purpose_nl": ""})
        role = "+".join(ROLES.get(one, one) for one in audit["role"].split("+"))
        whom = f" voor {audit['organisation']}" if audit["organisation"] else ""
        when = _moment(_iso(line["start_time"]))
        rows.append((when, activity["nl"], f"{role} {audit['reader']}{whom}", activity["purpose_nl"]))
    sentences = [
        "Elke keer dat iemand uw gegevens las of vastlegde, staat hier." if rows else "Niemand las uw gegevens."
    ]
    return Part(
        f"Wie uw gegevens las{many}", "Who read your data", sentences, ("Wanneer", "Wat", "Wie", "Waarom"), rows
    )


def _kept(case: Json, many: str) -> Part:
    term = case["retention"]
    if case["erased_at"]:
        sentences = ["Dit dossier is al gewist. Alleen wat er gebeurde en wanneer is nog bekend, zonder wie u bent."]
    elif term["until_on"] is None:
        sentences = ["Uw dossier loopt nog. De tijd van bewaren begint als het klaar is."]
    else:
        sentences = [
            f"Wij bewaren dit tot en met {_day(term['until_on'])}.",
            f"Waarom: {_RESULTS.get(term['result'], term['result'])} ({term['legal_source']}).",
            "Daarna maken wij uw naam, uw nummer en alle teksten voorgoed onleesbaar.",
        ]
    return Part(f"Hoe lang wij dit bewaren{many}", "How long this is kept", sentences)


def _rights() -> Part:
    sentences = [
        "Klopt er iets niet? Dan kunt u vragen om het te verbeteren.",
        "U kunt ook vragen om gegevens te wissen, of om ze voorlopig niet te gebruiken.",
        "Bent u het niet eens met wat wij doen? Dan kunt u een klacht indienen bij de Autoriteit Persoonsgegevens.",
    ]
    return Part("Wat u kunt doen", "What you can do", sentences)


def _iso(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()


def _moment(iso: str) -> str:
    here = datetime.fromisoformat(iso).astimezone(AMSTERDAM)
    return here.strftime("%d-%m-%Y %H:%M")


def _day(iso: str) -> str:
    year, month, day = iso[:10].split("-")
    return f"{day}-{month}-{year}"
