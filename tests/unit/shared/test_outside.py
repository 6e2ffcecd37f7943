"""Systems outside: whom the settings name, and what becomes of a command that came on a topic."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.making.doors import NOWHERE
from shared.envelope import Unusable
from shared.ledger.model import Answer, Case, Item, Letter, Work
from shared.ledger.settle import settle
from shared.outside import MOST_BYTES, foreign
from shared.settings import Settings
from tests.builders import NOON, said
from tests.unit.referral.given import accept, send
from tests.unit.shared.told import CASE, LEDGER, opening, settled, statuses


@pytest.mark.parametrize(
    "named", ["", "urn:nld:oin:1=GM0546", "urn:nld:oin:1:systeem:a-b.c=GM0546, urn:nld:kvknr:2=GM0001"]
)
def test_sources_are_named_by_urn_and_municipality(named: str) -> None:
    assert Settings.model_validate(NOWHERE.model_dump() | {"outside_sources": named}).outside_sources == named


@pytest.mark.parametrize(
    "named", ["x", "urn:nld:oin:1", "urn:nld:oin:1=Leiden", "urn:nld:oin:1=GM0546;", "=GM0546", ","]
)
def test_sources_that_are_not_so_named_stop_the_service_without_being_repeated(named: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        Settings.model_validate(NOWHERE.model_dump() | {"outside_sources": named})
    [error] = wrong.value.errors(include_input=False)
    assert error["loc"] == ("outside_sources",)


def test_an_event_is_no_larger_than_the_profile_lets_it_be() -> None:
    headers = [(f"ce_{name}", b"1.0") for name in ("specversion", "id", "source", "type")]
    assert foreign(b" " * MOST_BYTES, headers).source == "1.0"
    with pytest.raises(Unusable, match="too_large"):
        foreign(b" " * (MOST_BYTES + 1), headers)
    with pytest.raises(Unusable, match="attribute_invalid"):
        foreign(b"", [*headers[:3], ("ce_type", b"\xff")])


def command(body: Any, number: str, role: str = "caseworker", **changes: Any) -> Item:
    """A command that came on a topic, under a source's own number."""
    circumstances = said(NOON, role, organisation="org-rw" if role == "coach" else None)
    item = Item("command", "number", number, CASE, body.fact, body, circumstances, number, "trace")
    item.content, item.letter = {"says": body.fact}, Letter("outside", 1, 7, None, (), None, parks=False)
    return replace(item, **changes)


def handled(items: list[Item], known: Work | None = None) -> tuple[list[Answer], Work]:
    """What becomes of them; of a case that is there."""
    before = known or settled([opening()])[1]
    work = Work(cases={CASE: before.cases.get(CASE, Case(CASE))}, known=dict(before.known))
    return settle(LEDGER, work, items), work


def test_what_is_refused_for_good_is_a_dead_letter_that_holds_up_nobody() -> None:
    answers, work = handled([command(accept(), "n1", "coach"), command(send(), "n2")])
    assert statuses(answers) == ["dead", "accepted"]
    [(_, letter)] = work.letters
    assert (letter.status, letter.parks, letter.topic, letter.offset) == ("dead", False, "outside", 7)
    assert letter.reason == "referral_unknown"
    assert (letter.key, letter.headers, letter.value) == (None, (), None)


def test_what_cannot_be_read_is_a_dead_letter_with_that_reason() -> None:
    answers, work = handled([command(send(), "", fault="body_invalid:x", case_id="")])
    assert statuses(answers) == ["dead"]
    assert [letter.reason for _, letter in work.letters] == ["body_invalid:x"]
    assert work.inbox == []


def test_a_fault_of_ours_is_a_dead_letter_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise KeyError("x")

    rules = replace(LEDGER.rules, decide=broken)
    _, work = handled([])
    assert statuses(settle(replace(LEDGER, rules=rules), work, [command(send(), "n1")])) == ["dead"]
    assert [letter.reason for _, letter in work.letters] == ["internal_error"]


def test_a_number_is_looked_at_again_also_within_a_batch() -> None:
    first, other = command(send(), "n1"), command(send(), "n1", content={"says": "x", "more": "y"})
    answers, work = handled([first, command(send(), "n1"), other])
    assert statuses(answers) == ["accepted", "duplicate", "dead"]
    assert [letter.reason for _, letter in work.letters] == ["number_reused:more,says"]
    assert [item.id for item in work.inbox] == ["n1"]
    answers, later = handled([command(send(), "n1"), other], work)
    assert statuses(answers) == ["duplicate", "dead"]
    assert later.inbox == []


def test_a_letter_that_was_handled_is_done_with() -> None:
    kept = Letter("outside", 1, 7, None, (), None, position=12, parks=False)
    answers, work = handled([command(send(), "n1", letter=kept)])
    assert statuses(answers) == ["accepted"]
    assert work.put_back == [12]
    answers, again = handled([command(send(), "n1", letter=replace(kept, status="dead"))], work)
    assert statuses(answers) == ["duplicate"]
    assert again.put_back == [12]
