"""In order, once, nothing lost: what becomes of events and commands before anything is written."""

from dataclasses import replace

import pytest

from services.referral import commands as c
from services.referral import store
from shared.ledger.model import Item
from shared.ledger.settle import settle
from tests.builders import NOON, said
from tests.unit.referral.given import accept, give_back, send
from tests.unit.shared.told import CASE, LEDGER, READ, again, opening, settled, statuses, told


def command(body: c.Command, role: str = "caseworker", key: str = "k1", **changes: object) -> Item:
    circumstances = said(NOON, role, organisation="org-rw" if role == "coach" else None)
    item = Item("command", "line", key, CASE, body.fact, body, circumstances, key, "trace")
    return replace(item, **changes)  # type: ignore[arg-type]


def test_an_event_told_twice_counts_once() -> None:
    first = opening()
    answers, work = settled([first, again(first)])
    assert statuses(answers) == ["accepted", "duplicate"]
    assert work.cases[CASE].heard == {"intake": 1}


def test_an_event_that_comes_before_its_case_waits_and_is_taken_up_when_the_case_comes() -> None:
    early = told("diagnosis_completed", 1, by="diagnosis")
    answers, work = settled([early, opening()])
    assert statuses(answers) == ["waiting", "accepted"]
    assert work.cases[CASE].heard == {"intake": 1, "diagnosis": 1}
    assert work.letters == []


def test_an_event_whose_case_does_not_come_is_kept() -> None:
    answers, work = settled([told("diagnosis_completed", 1, by="diagnosis")])
    assert [answer.code for answer in answers] == ["case_unknown"]
    assert [(kept.status, kept.reason) for _, kept in work.letters] == [("waiting", "case_unknown")]


def test_a_missing_event_holds_up_the_later_ones_of_its_case_only() -> None:
    other = "00000000-0000-8000-8000-0000000000aa"
    answers, work = settled([opening(), told("benefit_decided", 3), opening(other)])
    assert statuses(answers) == ["accepted", "waiting", "accepted"]
    assert work.cases[CASE].heard == {"intake": 1}
    answers, work = settled([told("benefit_decided", 2)], work.cases | {})
    assert work.cases[CASE].heard == {"intake": 3}


def test_a_broken_event_parks_its_case_and_later_ones_queue_behind_it() -> None:
    broken = told("application_received", 1)
    broken.fault = "body_invalid"
    answers, work = settled([broken, told("benefit_decided", 2), opening("00000000-0000-8000-8000-0000000000aa")])
    assert statuses(answers) == ["dead", "waiting", "accepted"]
    assert {kept.reason: kept.status for _, kept in work.letters} == {"body_invalid": "dead", "behind": "waiting"}


def test_a_type_nobody_here_knows_is_kept_and_holds_nobody_up() -> None:
    answers, work = settled([opening(), told("never_heard_of", 2), told("case_closed", 3)])
    assert statuses(answers) == ["accepted", "dead", "accepted"]
    assert [(kept.reason, kept.parks) for _, kept in work.letters] == [("type_unknown", False)]


def test_a_dead_letter_put_back_is_taken_up_with_all_that_waited_behind_it() -> None:
    _, work = settled([opening()])
    behind = told("case_closed", 3)
    assert behind.letter is not None
    behind.letter.position, behind.letter.reason = 12, "behind"
    work.cases[CASE].waiting = [behind]
    mended = told("benefit_decided", 2)
    assert mended.letter is not None
    mended.letter.position, mended.letter.status = 11, "dead"
    answers, after = settled([mended], work.cases)
    assert statuses(answers) == ["ignored"]
    assert after.put_back == [11, 12]
    assert after.cases[CASE].heard == {"intake": 3}


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ({"ce_id": b"no-uuid"}, "attribute_invalid"),
        ({"ce_caseversion": b"0"}, "attribute_invalid"),
        ({"ce_source": b"urn:somebody"}, "source_unknown"),
        ({"ce_type": b"com.example.thing"}, "type_unknown"),
    ],
)
def test_an_envelope_that_cannot_be_relied_on_is_a_dead_letter(damage: dict[str, bytes], code: str) -> None:
    raw = opening().letter
    assert raw is not None
    raw.headers = [(name, damage.get(name, value)) for name, value in raw.headers]
    answers, _ = settled([READ(raw)])
    assert [(answer.status, answer.code) for answer in answers] == [("dead", code)]


def test_a_line_given_twice_counts_once_and_a_retried_request_gets_the_same_answer() -> None:
    _, opened = settled([opening()])
    first, twice = command(send()), command(send())
    answers, work = settled([first, twice], opened.cases)
    assert statuses(answers) == ["accepted", "duplicate"]
    known = {("line", "k1"): ("request-1", None)}
    work.known = known
    retried = settle(LEDGER, work, [command(send(), request="request-1"), command(send(), request="request-1")])
    assert statuses(retried) == ["accepted", "duplicate"]
    assert statuses(settle(LEDGER, work, [command(send(), request="request-2")])) == ["duplicate"]


def test_a_refused_command_leaves_no_trace() -> None:
    _, opened = settled([opening()])
    before = opened.cases[CASE].state
    answers, work = settled([command(give_back(code="general"), "coach")], opened.cases)
    assert [(answer.status, answer.code) for answer in answers] == [("rejected", "referral_unknown")]
    assert (work.events, work.inbox, work.cases[CASE].state) == ([], [], before)


def test_a_role_that_may_not_is_refused() -> None:
    _, opened = settled([opening()])
    answers, _ = settled([command(accept(), "citizen")], opened.cases)
    assert [answer.code for answer in answers] == ["actor_not_allowed"]


def test_a_command_about_another_municipalitys_case_is_refused() -> None:
    _, opened = settled([opening()])
    other = command(send())
    other.said = replace(other.said, municipality="GM0344")
    answers, _ = settled([other], opened.cases)
    assert [answer.code for answer in answers] == ["other_municipality"]


def test_what_is_still_to_happen_cannot_be_stated() -> None:
    _, opened = settled([opening()])
    soon = command(send())
    soon.said = replace(soon.said, now=NOON.replace(year=2025))
    answers, _ = settled([soon], opened.cases)
    assert [answer.code for answer in answers] == ["time_in_future"]


def test_every_fact_names_its_cause_and_follows_the_one_before_it() -> None:
    _, opened = settled([opening()])
    _, work = settled([command(send()), command(accept(), "coach", "k2")], opened.cases)
    events = [one.event for one in work.events]
    assert [event.caseversion for event in events] == [1, 2, 3]
    assert [event.causationid for event in events] == ["k1", "k2", "k2"]
    assert len({event.casehash for event in events}) == 3


def test_no_text_reaches_the_ledger_or_the_state() -> None:
    _, opened = settled([opening()])
    planted = "Jan Jansen heeft schulden en wil eerst rust, dat is alles."
    items = [command(send()), command(give_back(narrative=planted), "coach", "k2")]
    _, work = settled(items, opened.cases)
    written = b"".join(one.event.data for one in work.events) + store.dump(work.cases[CASE].state)
    assert b"Jansen" not in written
    assert b"hpke1." in written


def test_a_fact_that_happened_earlier_than_what_is_known_is_marked_late() -> None:
    _, opened = settled([opening()])
    late = command(accept(), "coach", "k2")
    late.said = replace(late.said, at=NOON.replace(hour=9))
    _, work = settled([command(send()), late], opened.cases)
    assert [b'"late":true' in one.event.data for one in work.events] == [False, True, True]
