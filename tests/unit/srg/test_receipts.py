"""Receipts: what changed since a delivery is told without keeping the rows, or anybody in them."""

from dataclasses import replace

import orjson
import pytest

from overdracht.srg.model import Record
from overdracht.srg.receipts import Changes, ReceiptUnusable, changes, receipt
from tests.unit.srg.given import BSNS, VALUES, delivery, record

A, B, C = (record(registration=name * 15, begin=f"2016050{place}") for place, name in enumerate("BCD", 2))


def between(before: list[Record], after: list[Record]) -> Changes:
    return changes(receipt(delivery(*before)), receipt(delivery(*after)))


def test_the_same_delivery_has_no_changes() -> None:
    found = between([A, B], [B, A])
    assert found == Changes((), (), (), 2)
    assert not found.any


def test_what_came_what_changed_and_what_went_is_told_by_number() -> None:
    changed = replace(B, values={**B.values, "type": "40"})
    found = between([A, B], [changed, C])
    assert found == Changes((C.registration,), (B.registration,), (A.registration,), 0)
    assert found.any


def test_a_corrected_person_is_a_change_told_by_the_mark() -> None:
    assert between([A], [replace(A, mark="other")]).changed == (A.registration,)


def test_a_receipt_holds_no_value_of_a_row_and_nobody() -> None:
    kept = receipt(delivery(A)).decode()
    assert BSNS[0] not in kept
    others = [value for name, value in A.values.items() if name != "registration" and len(value) > 3]
    assert len(others) > 3
    assert [value for value in others if value in kept] == []
    assert list(orjson.loads(kept)["rows"]) == [A.registration]


def test_the_person_is_not_in_the_hash_at_all_so_nobody_can_be_guessed_from_it() -> None:
    other = replace(A, values={**A.values, "bsn": BSNS[1], "birth_date": "19800101", "sex": "1"})
    assert receipt(delivery(other)) == receipt(delivery(A))
    assert set(VALUES) > {"bsn", "birth_date", "sex"}


def test_an_empty_delivery_has_a_receipt_too() -> None:
    empty = receipt(replace(delivery(), records=()))
    assert changes(empty, receipt(delivery(A))).added == (A.registration,)
    assert changes(receipt(delivery(A)), empty).gone == (A.registration,)


@pytest.mark.parametrize(
    "kept", [b"", b"[]", b"{}", b'{"form": 1}', b'{"form":1,"municipality":"GM0546","month":"2016-05","rows":[]}']
)
def test_what_is_no_receipt_is_not_compared_with(kept: bytes) -> None:
    with pytest.raises(ReceiptUnusable):
        changes(kept, receipt(delivery(A)))


def test_a_receipt_of_another_month_is_not_compared_with() -> None:
    with pytest.raises(ReceiptUnusable):
        changes(receipt(delivery(A, of="2016-04")), receipt(delivery(A)))
