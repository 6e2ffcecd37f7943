"""The example year, read straight from its file: the figures are those that the file's own truth names."""

from datetime import datetime
from typing import Any

import numpy as np
import pytest

from services.insight.statistics import counters
from services.insight.statistics.durations import as_one, quantile, quantile_of_ended
from services.insight.statistics.estimate import Ints
from services.insight.statistics.incidence import DAY, Spells, estimate, returned
from services.insight.statistics.recurrence import People, rounds_per_person, several_returns
from tests.builders import TRUTH, leiden

ENDS = {"referral_returned": 1, "trajectory_completed": 2, "referral_withdrawn": 3, "referral_declined": 4}
AS_OF = datetime.fromisoformat(TRUTH["as_of"])
Referrals = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def referrals() -> Referrals:
    """Every referral with its dossier, when it was sent and accepted, and how it ended."""
    found: Referrals = {}
    for line in leiden():
        at, number = datetime.fromisoformat(line["at"]), line["data"].get("referral")
        if line["fact"] == "referral_sent":
            found[number] = {"dossier": line["dossier"], "sent": at}
        elif line["fact"] == "referral_accepted":
            found[number]["accepted"] = at
        elif line["fact"] in ENDS:
            found[number]["ended"], found[number]["cause"] = at, ENDS[line["fact"]]
    return found


def firsts(referrals: Referrals) -> Referrals:
    """The first referral of each dossier."""
    order = sorted(referrals, key=lambda number: referrals[number]["sent"], reverse=True)
    return {number: referrals[number] for number in {referrals[one]["dossier"]: one for one in order}.values()}


def lasted(referrals: Referrals) -> Spells:
    """From sent to the end, or to the last moment of the file, in seconds."""
    spent = [(one.get("ended", AS_OF) - one["sent"]).total_seconds() for one in referrals.values()]
    return Spells(np.array(spent), np.array([one.get("cause", 0) for one in referrals.values()]))


def waited(referrals: Referrals) -> Spells:
    """From sent to accepted (1), to an end without that (2), or to the last moment of the file."""
    rows = [
        (one["accepted"], 1) if "accepted" in one else (one["ended"], 2) if "ended" in one else (AS_OF, 0)
        for one in referrals.values()
    ]
    spent = [(at - one["sent"]).total_seconds() for (at, _), one in zip(rows, referrals.values(), strict=True)]
    return Spells(np.array(spent), np.array([how for _, how in rows]))


def test_the_share_of_first_referrals_back_within_three_months(referrals: Referrals) -> None:
    found = returned(lasted(firsts(referrals)))
    true = TRUTH["first_referral_returned_within_90_days_aalen_johansen"]["all"]
    assert found.value == pytest.approx(true, abs=1e-6)
    assert found.n == TRUTH["first_referrals"]["all"]
    assert found.complete


def test_the_share_of_all_referrals_back_within_three_months(referrals: Referrals) -> None:
    found = returned(lasted(referrals))
    assert found.value == pytest.approx(TRUTH["any_referral_returned_within_90_days_aalen_johansen"], abs=1e-6)
    assert found.n == TRUTH["referrals"]


def test_by_the_calendar_it_is_nearly_the_same(referrals: Referrals) -> None:
    first = firsts(referrals)
    sent = np.array([one["sent"].toordinal() for one in first.values()])
    ended = np.array([one.get("ended", AS_OF).toordinal() for one in first.values()])
    cells = counters.counted(sent, ended - sent, lasted(first).causes)
    found = estimate(counters.table(cells, AS_OF.toordinal()))
    assert found.value == pytest.approx(returned(lasted(first)).value, abs=0.001)


def test_the_middle_wait_for_an_acceptance_and_that_of_all_that_wait(referrals: Referrals) -> None:
    plain, all_sent = quantile_of_ended(waited(referrals)), quantile(waited(referrals))
    assert plain.value / DAY == pytest.approx(TRUTH["median_days_sent_to_accepted_among_accepted"], abs=5e-5)
    assert plain.n == TRUTH["facts"]["referral_accepted"]
    # Half of all that were sent were accepted only later, for some never are; half had some answer as soon.
    assert all_sent.value / DAY == pytest.approx(6.55, abs=0.005)
    assert quantile(as_one(waited(referrals))).value / DAY == pytest.approx(5.766, abs=0.005)


def people(referrals: Referrals) -> People:
    """The dossiers with a referral, followed from the first one on to the end of the file; and their returns."""
    begun = {one["dossier"]: one["sent"] for one in firsts(referrals).values()}
    place = {dossier: number for number, dossier in enumerate(begun)}
    back = [one for one in referrals.values() if one.get("cause") == 1]
    return People(
        until=np.array([(AS_OF - at).total_seconds() for at in begun.values()]),
        left=np.zeros(len(begun), bool),
        who=np.array([place[one["dossier"]] for one in back], np.int64),
        at=np.array([(one["ended"] - begun[one["dossier"]]).total_seconds() for one in back]),
    )


def test_the_rounds_of_the_year(referrals: Referrals) -> None:
    everyone = people(referrals)
    found = rounds_per_person(everyone, 270 * DAY)
    assert len(several_returns(everyone)) == TRUTH["dossiers_with_two_or_more_returns"]
    assert len(everyone.who) == TRUTH["facts"]["referral_returned"]
    assert found.low < found.value < found.high
    # More than the share that ever came back, for some came back more than once.
    assert found.value > returned(lasted(firsts(referrals)), 270 * DAY).value


def test_shuffled_lines_give_the_same_figure_to_the_bit(referrals: Referrals) -> None:
    spells = lasted(referrals)
    order: Ints = np.random.default_rng(1).permutation(len(spells))
    assert returned(spells.of(order)) == returned(spells)
