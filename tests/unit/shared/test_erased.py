"""Once the key of a case is gone nobody takes a text for it any more; codes go on, so that figures stay whole."""

import orjson
import pytest

from shared.ledger.lines import read_line
from shared.ledger.model import Case, Item
from shared.sealing import KeyGone, new_key, seal, seal_in_place
from shared.tracing import processor_of
from tests.builders import NOON
from tests.contract.test_schemas import LANGUAGE
from tests.integration.world import line, sent_line
from tests.unit.shared.told import CASE, again, opening, settled, statuses, told


def said(raw: bytes) -> Item:
    """A line of today."""
    return read_line(LANGUAGE, raw, NOON, False, "", None)


def test_a_text_needs_a_key_and_no_text_needs_none() -> None:
    with pytest.raises(KeyGone):
        seal("Zij zoekt rust.", "", CASE)
    with pytest.raises(KeyGone):
        seal_in_place({"narrative": "Zij zoekt rust."}, (("narrative",),), "", CASE)
    data = {"narrative": None, "code": "x"}
    seal_in_place(data, (("narrative",),), "", CASE)
    assert data == {"narrative": None, "code": "x"}
    assert seal("Zij zoekt rust.", new_key()[1], CASE).startswith("hpke1.")


def test_a_command_with_a_text_on_an_erased_case_is_refused_and_one_with_codes_alone_goes_on() -> None:
    cases: dict[str, Case] = {}
    settled([opening(), told("case_key_destroyed", 2, reason="court_order", legal_source="UAVG:35")], cases)
    coach = {"actor": {"role": "coach", "id": "coach-1", "organisation": "org-rw"}, "at": NOON.isoformat()}
    sent = orjson.loads(sent_line()) | {"at": NOON.isoformat()}
    received = orjson.loads(line("referral_received", {"referral": "R-1"})) | coach
    data = {"referral": "R-1", "reason": "provider.no_capacity", "explanation": "Zij zoekt rust."}
    declined = orjson.loads(line("referral_declined", data)) | coach
    answers = [settled([said(raw)], cases)[0][0] for raw in map(orjson.dumps, (sent, declined, received))]
    assert [(one.status, one.code, one.field) for one in answers] == [
        ("accepted", "", None),
        ("rejected", "case_erased", "data"),
        ("accepted", "", None),
    ]
    assert cases[CASE].version == 2


def test_what_was_erased_stays_so_when_the_case_is_told_again() -> None:
    cases: dict[str, Case] = {}
    gone = told("case_key_destroyed", 2, reason="court_order", legal_source="UAVG:35")
    answers, _ = settled([opening(), gone, again(opening()), again(gone)], cases)
    assert statuses(answers) == ["accepted", "accepted", "duplicate", "duplicate"]
    assert cases[CASE].state.key == ""


@pytest.mark.parametrize(
    ("baggage", "found"),
    [
        (
            "dpl.core.foreign_operation.processor=https%3A%2F%2Fbasis.example%2Fregister",
            "https://basis.example/register",
        ),
        ("a=1, dpl.core.foreign_operation.processor = https://x.example/r;p=1 ,b=2", "https://x.example/r"),
        ("", None),
        ("a=1", None),
        ("dpl.core.foreign_operation.processor=Zwaluwenburg", None),
        ("dpl.core.foreign_operation.processor=https://x.example/123456782", None),
        ("dpl.core.foreign_operation.processor=https://x.example/" + "a" * 300, None),
    ],
)
def test_the_application_that_calls_is_known_by_the_address_of_its_register(baggage: str, found: str | None) -> None:
    assert processor_of(baggage) == found
