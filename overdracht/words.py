"""The codes of the log in Dutch words, for who reads a time line or a table; a code without a word stays a code."""

from collections.abc import Mapping
from typing import Any

from overdracht.labels import ANSWERS, ARGUMENTS, ENDS, INSTRUMENTS

REASONS: dict[str, str] = {
    "person.health_physical": "Lichamelijke gezondheid",
    "person.health_mental": "Psychische gezondheid",
    "person.addiction": "Verslaving",
    "person.debts": "Schulden",
    "person.housing": "Huisvesting",
    "person.care_duties": "Zorgtaken",
    "person.childcare": "Kinderopvang",
    "person.language": "Taal",
    "person.skills": "Vaardigheden",
    "person.detention": "Detentie",
    "person.self_confidence": "Zelfvertrouwen",
    "person.motivation": "Motivatie",
    "person.no_show": "Niet verschenen",
    "person.unreachable": "Onbereikbaar",
    "fit.distance_larger_than_assessed": "Afstand groter dan ingeschat",
    "fit.job_ready_already": "Al klaar voor werk",
    "fit.wrong_trajectory": "Verkeerd traject",
    "fit.participation_first": "Eerst participatie",
    "fit.goal_not_shared": "Doel niet gedeeld",
    "information.incomplete": "Informatie onvolledig",
    "information.diagnosis_missing": "Diagnose ontbreekt",
    "information.not_warm": "Niet warm overgedragen",
    "provider.no_capacity": "Geen plaats",
    "provider.no_suitable_offer": "Geen passend aanbod",
    "provider.contract_ended": "Contract afgelopen",
    "provider.no_response": "Geen reactie",
    "law.benefit_ended": "Uitkering beëindigd",
    "law.moved": "Verhuisd",
    "law.other_authority": "Andere instantie bevoegd",
    "positive.work_found": "Werk gevonden",
    "positive.education_started": "Opleiding gestart",
    "other": "Anders",
}
FAMILIES = {
    "person": "inwoner",
    "fit": "passendheid",
    "information": "gemeente",
    "provider": "re-integratiebedrijf",
    "law": "buiten partijen",
    "positive": "buiten partijen",
    "other": "onbepaald",
}
SIDES = {
    "municipality": "gemeente",
    "provider": "re-integratiebedrijf",
    "citizen": "inwoner",
    "partner": "partner",
}
ROLES = {
    "caseworker": "klantmanager",
    "coach": "consulent",
    "citizen": "inwoner",
    "partner": "partner",
    "benefit_administration": "uitkeringsadministratie",
    "analyst": "analist",
    "operator": "beheerder",
    "privacy_officer": "functionaris gegevensbescherming",
    "system": "systeem",
}
SERVICES = {"intake": "aanvraag", "diagnosis": "diagnose", "referral": "overdracht", "outcome": "resultaat"}
WORDS = {
    **SIDES,
    **REASONS,
    **ARGUMENTS,
    **ANSWERS,
    **INSTRUMENTS,
    **ENDS,
    "new_applicant": "nieuwe aanvrager",
    "existing_recipient": "heeft al bijstand",
    "walk_in": "inloop",
    "appointment": "afspraak",
    "online": "online",
    "transferred": "overgenomen",
    "granted": "toegekend",
    "denied": "afgewezen",
    "not_taken_up": "niet benut",
    "work": "werk",
    "work_in_time": "werk op termijn",
    "participation": "participatie",
    "education": "opleiding",
    "moved": "verhuizing",
    "relationship": "relatie",
    "pension": "pensioen",
    "enforcement": "handhaving",
    "deceased": "overlijden",
    "other": "anders",
    "found_work": "werk gevonden",
    "reintegration": "re-integratie",
    "work_experience": "werkervaring",
    "care": "zorg",
    "paid_work": "betaald werk",
    "voluntary_work": "vrijwilligerswerk",
    "structured_day": "vaste dagbesteding",
    "none": "geen",
    "before_acceptance": "vóór aanvaarding",
    "before_start": "vóór de start",
    "after_start": "na de start",
    "met": "gesproken",
    "phone": "telefonisch",
    "no_show": "niet verschenen",
    "rediagnose": "opnieuw diagnose",
    "refer_again": "opnieuw doorverwijzen",
    "wait": "wachten",
    "supplement": "aanvullen",
    "close": "afsluiten",
    "assessment": "inschatting",
    "information": "informatie",
    "trajectory": "traject",
    "changed_circumstances": "gewijzigde omstandigheden",
    "citizen_choice": "keuze van de inwoner",
    "illness": "ziekte",
    "pregnancy_leave": "zwangerschapsverlof",
    "detention": "detentie",
    "holiday": "vakantie",
    "provider_closed": "bedrijf gesloten",
    "awaiting_other_help": "wacht op andere hulp",
    "light": "licht",
    "normal": "gewoon",
    "heavy": "zwaar",
    "caseworker": "klantmanager",
    "professional": "professional",
    "together": "samen",
    "agrees": "eens",
    "agrees_with_reserve": "eens met voorbehoud",
    "disagrees": "oneens",
    "strength": "kracht",
    "stable": "stabiel",
    "hindering": "belemmerend",
    "daytime": "dagbesteding",
    "finance": "geld",
    "housing": "wonen",
    "physical_health": "lichamelijke gezondheid",
    "mental_health": "psychische gezondheid",
    "language": "taal",
    "care_and_children": "zorg en kinderen",
    "social_network": "sociaal netwerk",
    "perceived_advantages": "ervaren voordelen",
    "social_norm": "sociale norm",
    "self_efficacy": "eigen effectiviteit",
    "skills": "vaardigheden",
    "self_regulation": "zelfregulatie",
    "barriers": "belemmeringen",
    "wijkteam": "sociaal wijkteam",
    "uwv": "UWV",
    "health": "zorgverlener",
    "debt_help": "schuldhulp",
    "completed": "afgemaakt",
    "permanent": "vast",
    "fixed": "tijdelijk",
    "agency": "uitzend",
    "trial": "proefplaatsing",
    "contract_ended": "contract afgelopen",
    "still_working": "werkt nog",
    "changed_job": "andere baan",
    "lost_job": "baan kwijt",
    "unreachable": "onbereikbaar",
    "receipt": "ontvangst",
    "response": "antwoord",
    "start": "eerste contact",
    "plan": "plan",
    "progress": "voortgang",
    "review": "beoordeling",
    "no_longer_needed": "niet meer nodig",
    "consent_withdrawn": "toestemming ingetrokken",
    "objection": "bezwaar",
    "unlawful": "onrechtmatig verwerkt",
    "legal_duty": "wettelijke plicht",
    "retention_passed": "bewaartermijn voorbij",
    "court_order": "bevel van de rechter",
    "authority_order": "bevel van de toezichthouder",
}
CLOCKS = {
    "decision": "beslissing op de aanvraag", "search": "zoekperiode", "diagnosis": "start van de diagnose",
    "consultation": "advies", "receipt": "ontvangst", "response": "antwoord", "start": "eerste contact",
    "plan": "plan", "progress": "bericht over voortgang", "review": "beoordeling van de terugmelding",
    "check": "tussentijdse meting", "follow_up": "opvolging",
}  # fmt: skip
"""What a term waits for."""
ACTIONS = CLOCKS | {
    "decide": "beslissen op de aanvraag", "search": "zelf werk zoeken", "supplement": "aanvullen",
    "close": "dossier sluiten", "diagnose": "diagnose maken", "start_diagnosis": "diagnose starten",
    "complete": "diagnose afronden", "complete_diagnosis": "diagnose afronden", "weigh": "argumenten wegen",
    "direction": "richting bepalen", "decide_direction": "richting bepalen", "second_look": "nog eens kijken",
    "consultation": "advies geven", "refer": "doorverwijzen", "receive": "ontvangst melden",
    "answer": "antwoord geven", "start": "eerste contact leggen", "progress": "voortgang melden",
    "review": "terugmelding beoordelen", "resume": "hervatten", "plan": "plan afspreken", "check": "doelen meten",
}  # fmt: skip
"""What is asked of who has the turn."""
WARNINGS = {
    "diagnosis_missing": "zonder diagnose doorverwezen",
    "diagnosis_stale": "diagnose verouderd",
    "pumping_round": "al twee keer of vaker teruggekomen",
    "consequence_differs": "ander vervolg dan bij de reden hoort",
    "consultation_missing": "grijs gebied, niemand geraadpleegd",
    "citizen_disagrees": "de inwoner is het er niet mee eens",
    "argument_unknown": "argument niet in het kader",
    "side_unusual": "argument voor een ongewone kant",
}
"""What went through with a warning."""
_SHOWN = {
    "kind": "", "channel": "", "decision": "", "direction": "", "to_organisation": "naar", "trajectory": "",
    "goal": "doel", "phase": "", "reason": "", "cause": "oorzaak", "next": "daarna", "proposed_next": "voorstel",
    "result": "", "life_area": "", "state": "", "argument": "", "side": "voor", "weight": "", "by": "door",
    "score": "score", "partner": "", "answer_code": "", "instrument": "", "perspective": "",
    "sustained_months": "maanden", "months": "maanden", "status": "", "hours_per_week": "uur per week",
    "contract": "", "first_contact": "", "first_contact_on": "eerste contact", "coach": "consulent",
    "due_on": "uiterlijk", "waiting_for": "wacht op", "until_on": "tot", "returns": "keer teruggemeld",
}  # fmt: skip
"""Fields that are shown, in this order, with the word before them."""


def core(code: str, known: Mapping[str, str] = REASONS) -> str:
    """The national code that a code stands for: itself, or the one that a municipality added it below."""
    at = code
    while at and at not in known:
        at = at.rpartition(".")[0]
    return at or code


def reason(code: str) -> str:
    """The Dutch name of a reason."""
    return word(code, REASONS)


def word(code: str, known: Mapping[str, str] = WORDS) -> str:
    """A code in Dutch; what a municipality added below another is told by that one, and its own name beside it."""
    at = core(code, known)
    label = known.get(at, at)
    return label if at == code else f"{label} ({code.rpartition('.')[2]})"


def family(code: str) -> str:
    """Whose side the reason lies on, in Dutch."""
    return FAMILIES.get(code.partition(".")[0], "onbepaald")


def reasons(data: dict[str, Any]) -> list[str]:
    """The codes of a return, the primary one first."""
    given = [one for one in data.get("reasons") or () if isinstance(one, dict) and "code" in one]
    return [one["code"] for one in sorted(given, key=lambda one: not one.get("primary"))]


def codes_of(data: dict[str, Any]) -> str:
    """The codes of a fact as they stand on the log."""
    found = reasons(data)
    found += [str(data[name]) for name in _SHOWN if _is_code(data.get(name))]
    return " ".join(found)


def in_words(data: dict[str, Any]) -> str:
    """The codes of a fact in Dutch words; sealed texts and ids are left out."""
    parts = [", ".join(reason(code) for code in reasons(data))]
    if data.get("warm") is not None:
        parts.append("warm" if data["warm"] else "koud")
    if data.get("agrees") is not None:
        parts.append("bevestigd" if data["agrees"] else "betwist")
    for name, before in _SHOWN.items():
        value = data.get(name)
        if _is_code(value):
            parts.append(f"{before} {word(str(value))}".strip())
    return ", ".join(filter(None, parts))


def _is_code(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= 60
