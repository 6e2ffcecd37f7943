"""Contracts: other terms for an organisation or trajectory, checked at the start, kept with the referral."""

from datetime import date
from pathlib import Path

import pytest

from services.referral import app, store
from services.referral.codes import USUAL, Terms
from services.referral.domain.contracts import terms_of
from services.referral.domain.decide import decide
from services.referral.domain.evolve import evolve
from services.referral.domain.state import State
from shared.ledger.clocks import LookAtTerms
from shared.settings import Settings
from tests.builders import DAY, NOON, said
from tests.unit.referral.given import PROVIDER, REFERRAL, a_case, accept, after, coach, give_back, names, send, start

LONG = Terms(receipt=4, response=12, start=20, plan=30, progress=90, review=15)
CONTRACTS = {(PROVIDER, "education"): LONG, (PROVIDER, ""): Terms(progress=60), ("org-other", "care"): Terms(plan=5)}


def sent_under(trajectory: str = "education") -> State:
    command = send(trajectory=trajectory)
    [one] = decide(a_case(), command, said(NOON), CONTRACTS)
    return evolve(a_case(), one.fact, said(NOON))


def overdue(state: State, days: int) -> list[str]:
    return names(decide(state, LookAtTerms(), said(NOON + days * DAY, "system")))


def test_what_holds_is_of_the_trajectory_else_of_the_organisation_else_what_is_usual() -> None:
    assert terms_of(CONTRACTS, PROVIDER, "education") == LONG
    assert terms_of(CONTRACTS, PROVIDER, "care") == Terms(progress=60)
    assert terms_of(CONTRACTS, "org-other", "education") == USUAL == Terms(2, 10, 15, 20, 42, 10)


def test_a_referral_gets_the_terms_of_its_contract_and_the_log_says_so() -> None:
    [one] = decide(a_case(), send(trajectory="education"), said(NOON), CONTRACTS)
    assert one.fact.terms == LONG  # type: ignore[attr-defined]
    assert one.fact.respond_by == date(2026, 3, 18)  # type: ignore[attr-defined]
    assert one.fact.start_by == date(2026, 4, 17)  # type: ignore[attr-defined]


def test_what_is_usual_is_not_said() -> None:
    [one] = decide(a_case(), send(to_organisation="org-new"), said(NOON), CONTRACTS)
    assert one.fact.terms is None  # type: ignore[attr-defined]
    assert evolve(a_case(), one.fact, said(NOON)).attempts[REFERRAL].terms == USUAL


def test_what_the_caseworker_agrees_goes_before_the_contract() -> None:
    agreed = date(2026, 3, 4)
    [one] = decide(a_case(), send(trajectory="education", respond_by=agreed), said(NOON), CONTRACTS)
    assert one.fact.respond_by == agreed  # type: ignore[attr-defined]


def test_every_term_runs_as_long_as_the_contract_says() -> None:
    sent = sent_under()
    assert (overdue(sent, 4), overdue(sent, 5)) == ([], ["receipt_overdue"])
    started = after(sent, (accept(), coach(NOON + DAY)), (start(), coach(NOON + 3 * DAY)))
    assert (overdue(started, 49), overdue(started, 50)) == ([], ["plan_overdue"])
    assert (overdue(started, 93), overdue(started, 94)) == (["plan_overdue"], ["plan_overdue", "progress_silent"])
    back = after(started, (give_back(), coach(NOON + 7 * DAY)))
    assert (overdue(back, 28), overdue(back, 29)) == ([], ["review_overdue"])


def test_a_contract_that_changes_later_changes_no_referral_that_runs() -> None:
    state = sent_under()
    assert state.attempts[REFERRAL].terms == LONG
    started = after(state, (accept(), coach(NOON + DAY)), (start(), coach(NOON + 3 * DAY)))
    assert [one.due_on for one in started.attempts[REFERRAL].clocks] == [date(2026, 4, 20), date(2026, 6, 3)]


def test_the_file_beside_the_service_is_as_it_must_be() -> None:
    assert store.contracts() == {}


def written(folder: Path, text: str) -> str:
    path = folder / "contracts.yaml"
    path.write_text(text)
    return str(path)


def test_a_municipality_writes_its_contracts_in_a_file(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "contracts:\n"
        "- {organisation: org-rw, terms: {progress: 60}}\n"
        "- {organisation: org-rw, trajectory: care, terms: {plan: 5}}\n",
    )
    assert store.contracts(file) == {("org-rw", ""): Terms(progress=60), ("org-rw", "care"): Terms(plan=5)}


def test_the_service_decides_by_the_contracts_of_its_settings(tmp_path: Path) -> None:
    file = written(tmp_path, "contracts: [{organisation: org-rw, terms: {progress: 60}}]")
    one = app.service(
        Settings(
            port=1,
            database_url="postgresql://nobody@localhost/nowhere",
            kafka_bootstrap_servers="localhost:1",
            id_key="00" * 32,
            signing_key="00" * 32,
            auth_issuer="https://issuer.example",
            auth_jwks_url="https://issuer.example/jwks",
            contracts_file=file,
        )
    )
    [sent] = one.ledger.rules.decide(a_case(), send(), said(NOON))
    assert sent.fact.terms == Terms(progress=60)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "contracts: [{organisation: org-rw, terms: {progress: 0}}]",
        "contracts: [{organisation: org-rw, terms: {porgress: 60}}]",
        "contracts: [{organisation: org-rw, trajectory: flying, terms: {plan: 5}}]",
        "contracts: [{organisation: org-rw}]",
        "contracts: [{organisation: a, terms: {plan: 5}}, {organisation: a, terms: {plan: 6}}]",
        "contracts: [",
        "",
    ],
)
def test_a_file_that_is_not_right_is_named_at_the_start(text: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"contracts\.yaml"):
        store.contracts(written(tmp_path, text))


def test_a_file_that_is_not_there_is_named_at_the_start() -> None:
    with pytest.raises(ValueError, match=r"nowhere\.yaml"):
        store.contracts("nowhere.yaml")
