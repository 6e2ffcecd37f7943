"""The sentences of diagnosis' refusals, Dutch first."""

from services.diagnosis.codes import GROUNDS
from shared.refusals import Sentences


def _why(ground: str) -> tuple[str, str]:
    return GROUNDS[ground].nl, GROUNDS[ground].en


SENTENCES: Sentences = {
    "case_closed": ("Dit dossier is gesloten.", "This case is closed."),
    "case_not_open_for_diagnosis": (
        "Dit dossier staat niet open voor diagnose: er is op dat moment geen toegekende uitkering.",
        "This case is not open for diagnosis: there is no benefit granted at that moment.",
    ),
    "step_not_possible": (
        "Deze stap kan nu niet; mogelijk zijn alleen de genoemde stappen.",
        "This step is not possible now; only the steps named are.",
    ),
    "due_in_past": (
        "De dag waarop de diagnose uiterlijk start ligt in het verleden.",
        "The day by which the diagnosis starts lies in the past.",
    ),
    "instrument_unknown": (
        "Dit instrument of deze versie is niet bekend; kies er een uit de lijst.",
        "This instrument or version is unknown; choose one.",
    ),
    "diagnosis_exists": ("Deze diagnose is er al.", "This diagnosis exists already."),
    "diagnosis_unknown": (
        "Deze diagnose is in dit dossier niet de lopende diagnose.",
        "This is not the running diagnosis of this case.",
    ),
    "factor_missing": (
        "Bij elke factor hoort een antwoord van iemand; de genoemde ontbreken.",
        "Every factor needs an answer by someone; those named are missing.",
    ),
    "factor_twice": (
        "Dezelfde factor staat er twee keer van dezelfde bron.",
        "The same factor stands there twice from the same source.",
    ),
    "item_unknown": (
        "Deze vraag hoort niet bij dit instrument.",
        "This item does not belong to this instrument.",
    ),
    "answer_out_of_scale": (
        "Dit antwoord valt buiten de schaal van het instrument.",
        "This answer is outside the instrument's scale.",
    ),
    "own_view_missing": (
        "De eigen kijk van de inwoner ontbreekt: breng samen minstens één leefgebied in kaart.",
        "The citizen's own view is missing: map at least one life area together.",
    ),
    "consultation_exists": ("Deze adviesvraag is er al.", "This consultation exists already."),
    "consultation_unknown": (
        "Deze adviesvraag is in dit dossier niet bekend.",
        "This consultation is not known in this case.",
    ),
    "already_answered": ("Dit advies is al gegeven.", "This consultation is answered already."),
    "partner_differs": (
        "Het advies is aan een ander gevraagd.",
        "Another partner was asked.",
    ),
    "answer_unknown": (
        "Dit antwoord is niet bekend; kies er een uit de lijst.",
        "This answer is unknown; choose one.",
    ),
    "argument_unknown": (
        "Dit argument staat niet in het afwegingskader; kies er een uit de lijst.",
        "This argument is not in the framework; choose one.",
    ),
    "framework_unknown": (
        "Deze versie van het afwegingskader is voor deze gemeente niet bekend.",
        "This version of the framework is not known for this municipality.",
    ),
    "ground_forbidden": (
        "Deze grond mag niet meetellen; het argument is niet vastgelegd.",
        "This ground may not count; the argument was not recorded.",
    ),
    "evidence_missing": (
        "Zeg waarop het argument rust.",
        "Say what the argument rests on.",
    ),
    "diagnosis_missing": (
        "Een richting volgt op een afgeronde diagnose.",
        "A direction follows a completed diagnosis.",
    ),
    "own_motivation_missing": (
        "De eigen motivatie van de inwoner is niet gewogen; zonder die is de afweging niet compleet.",
        "The citizen's own motivation was not weighed; without it the weighing is incomplete.",
    ),
    "motivation_missing": (
        "Leg in eigen woorden uit waarom deze richting.",
        "Say in your own words why this direction.",
    ),
    "options_missing": (
        "Noem minstens één mogelijkheid die samen is besproken.",
        "Name at least one option that was discussed together.",
    ),
    "direction_missing": (
        "Er is nog geen richting bepaald.",
        "No direction was decided yet.",
    ),
    "ground_employer_resistance": _why("employer_resistance"),
    "ground_age": _why("age"),
    "ground_pregnancy": _why("pregnancy"),
    "ground_gender": _why("gender"),
    "ground_nationality": _why("nationality"),
    "ground_neighbourhood": _why("neighbourhood"),
    "ground_children": _why("children"),
    "ground_appearance": _why("appearance"),
}
