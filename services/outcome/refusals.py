"""The sentences of outcome's refusals, Dutch first."""

from shared.refusals import Sentences

SENTENCES: Sentences = {
    "case_closed": (
        "Dit dossier is gesloten; een plan of inzet kan niet meer, nazorg en verbeteringen wel.",
        "This case is closed; no plan or intervention is possible any more, follow-up and corrections are.",
    ),
    "organisation_missing": (
        "Zeg voor welke organisatie u werkt.",
        "Say which organisation you work for.",
    ),
    "not_addressed": (
        "Alleen een organisatie waarnaar in dit dossier is verwezen mag dit vastleggen.",
        "Only an organisation that this case was referred to may record this.",
    ),
    "plan_unknown": ("Dit plan is in dit dossier niet bekend.", "This plan is not known in this case."),
    "plan_exists": ("Dit plan is er al.", "This plan exists already."),
    "goal_missing": ("Een plan heeft minstens één doel nodig.", "A plan needs at least one goal."),
    "goal_exists": ("Dit doel is er al.", "This goal exists already."),
    "goal_unknown": ("Dit doel is in dit dossier niet bekend.", "This goal is not known in this case."),
    "words_missing": (
        "Een doel staat er in de woorden van de inwoner zelf.",
        "A goal is stated in the citizen's own words.",
    ),
    "check_before_plan": (
        "Het controlemoment kan niet vóór de dag van het plan liggen.",
        "The check cannot lie before the day of the plan.",
    ),
    "referral_unknown": (
        "Deze doorverwijzing is in dit dossier niet bekend.",
        "This referral is not known in this case.",
    ),
    "cause_missing": (
        "Zeg welke meting of terugmelding de aanleiding is.",
        "Say which measurement or return is the cause.",
    ),
    "cause_not_one": ("Noem precies één aanleiding.", "Name exactly one cause."),
    "cause_unknown": (
        "Deze meting of terugmelding is in dit dossier niet bekend.",
        "This measurement or return is not known in this case.",
    ),
    "not_your_side": (
        "Een inwoner legt alleen de eigen meting vast.",
        "A citizen records the own measurement only.",
    ),
    "measurement_unknown": (
        "Er is geen meting die hiermee verbeterd kan worden.",
        "There is no measurement that this could correct.",
    ),
    "intervention_unknown": (
        "Deze inzet is in dit dossier niet bekend.",
        "This intervention is not known in this case.",
    ),
    "intervention_exists": ("Deze inzet is er al.", "This intervention exists already."),
    "intervention_over": ("Deze inzet is al beëindigd.", "This intervention has ended already."),
    "job_unknown": ("Dit werk is in dit dossier niet bekend.", "This job is not known in this case."),
    "job_exists": ("Dit werk is er al.", "This job exists already."),
    "job_over": ("Dit werk is al beëindigd.", "This job has ended already."),
    "outcome_not_before": (
        "Wat niet eerder bereikt is, kan niet hebben standgehouden: leg eerst vast dat het bereikt is.",
        "What was not reached before cannot have lasted: first record that it was reached.",
    ),
    "outcome_unknown": (
        "Er is geen uitkomst die hiermee verbeterd kan worden.",
        "There is no outcome that this could correct.",
    ),
}
