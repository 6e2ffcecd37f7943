"""The codes of the log in words, Dutch and English; a municipality's own code is read as the national one above it."""

Words = tuple[str, str]
"""Dutch, English."""
REASONS: dict[str, Words] = {
    "person.health_physical": ("Lichamelijke gezondheid", "Physical health"),
    "person.health_mental": ("Psychische gezondheid", "Mental health"),
    "person.addiction": ("Verslaving", "Addiction"),
    "person.debts": ("Schulden", "Debts"),
    "person.housing": ("Huisvesting", "Housing"),
    "person.care_duties": ("Zorgtaken", "Care duties"),
    "person.childcare": ("Kinderopvang", "Childcare"),
    "person.language": ("Taal", "Language"),
    "person.skills": ("Vaardigheden", "Skills"),
    "person.detention": ("Detentie", "Detention"),
    "person.self_confidence": ("Zelfvertrouwen", "Self-confidence"),
    "person.motivation": ("Motivatie", "Motivation"),
    "person.no_show": ("Niet verschenen", "No show"),
    "person.unreachable": ("Onbereikbaar", "Unreachable"),
    "fit.distance_larger_than_assessed": ("Afstand groter dan ingeschat", "Distance larger than assessed"),
    "fit.job_ready_already": ("Al klaar voor werk", "Job ready already"),
    "fit.wrong_trajectory": ("Verkeerd traject", "Wrong trajectory"),
    "fit.participation_first": ("Eerst participatie", "Participation first"),
    "fit.goal_not_shared": ("Doel niet gedeeld", "Goal not shared"),
    "information.incomplete": ("Informatie onvolledig", "Information incomplete"),
    "information.diagnosis_missing": ("Diagnose ontbreekt", "Diagnosis missing"),
    "information.not_warm": ("Niet warm overgedragen", "Not handed over warmly"),
    "provider.no_capacity": ("Geen plaats", "No capacity"),
    "provider.no_suitable_offer": ("Geen passend aanbod", "No suitable offer"),
    "provider.contract_ended": ("Contract afgelopen", "Contract ended"),
    "provider.no_response": ("Geen reactie", "No response"),
    "law.benefit_ended": ("Uitkering beëindigd", "Benefit ended"),
    "law.moved": ("Verhuisd", "Moved"),
    "law.other_authority": ("Andere instantie bevoegd", "Other authority"),
    "positive.work_found": ("Werk gevonden", "Work found"),
    "positive.education_started": ("Opleiding gestart", "Education started"),
    "other": ("Anders", "Other"),
}
SIDES: dict[str, Words] = {
    "citizen": ("Inwoner", "Citizen"),
    "municipality": ("Gemeente", "Municipality"),
    "provider": ("Re-integratiebedrijf", "Provider"),
    "fit": ("Of het traject paste", "Whether the trajectory fitted"),
    "outside": ("Buiten de partijen", "Outside the parties"),
}
PERSPECTIVES: dict[str, Words] = {
    "paid_work": ("Betaald werk", "Paid work"),
    "education": ("Opleiding", "Education"),
    "voluntary_work": ("Vrijwilligerswerk", "Voluntary work"),
    "structured_day": ("Vaste dagbesteding", "A structured day"),
}
_MONTHS = (
    ("januari", "January"), ("februari", "February"), ("maart", "March"), ("april", "April"), ("mei", "May"),
    ("juni", "June"), ("juli", "July"), ("augustus", "August"), ("september", "September"), ("oktober", "October"),
    ("november", "November"), ("december", "December"),
)  # fmt: skip


def reason(code: str) -> Words:
    """The name of a reason. What stands below a national reason is named by that, and by its own last part."""
    known = code
    while known and known not in REASONS:
        known = known.rpartition(".")[0]
    if not known:
        return code, code
    nl, en = REASONS[known]
    own = "" if known == code else f" ({code.rpartition('.')[2]})"
    return nl + own, en + own


def side(code: str) -> Words:
    """The name of a side."""
    return SIDES.get(code, (code, code))


def perspective(code: str) -> Words:
    """The name of a perspective."""
    return PERSPECTIVES.get(code, (code, code))


def month(year: int, number: int) -> Words:
    """`december 2016`."""
    nl, en = _MONTHS[number - 1]
    return f"{nl} {year}", f"{en} {year}"


def month_of(said: str) -> Words:
    """The words of `2016-12`."""
    year, _, number = said.partition("-")
    return month(int(year), int(number))
