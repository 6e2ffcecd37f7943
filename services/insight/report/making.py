"""The report itself: every part in its order, quality of the work first and outcomes after all that."""

from datetime import date

from services.insight.measures.asking import Figures
from services.insight.measures.definitions import DEFINITIONS
from services.insight.measures.slicing import check
from services.insight.report.gather import Asked, Reader
from services.insight.report.lines import Part
from services.insight.report.page import page
from services.insight.report.parts_after import lost, reached, silent
from services.insight.report.parts_back import pumped, reasons, returned, warm
from services.insight.report.parts_beside import early, providers
from services.insight.report.parts_work import about, hand_offs, work

ORDER = (about, work, hand_offs, returned, reasons, pumped, warm, providers, lost, silent, reached, early)


def report(figures: Figures, municipality: str | None, month: date, audience: Reader) -> str:
    """The page of a municipality, or of all, as of the beginning of a month; the same figures give the same bytes.

    Raises SliceUnknown for a municipality that is not in the data.
    """
    asked = Asked(figures, municipality, month, audience)
    check(figures.frame, asked.within)
    return page(asked, gathered(asked), DEFINITIONS)


def gathered(asked: Asked) -> tuple[Part, ...]:
    """The parts, in the order of the page."""
    return tuple(part(asked) for part in ORDER)
