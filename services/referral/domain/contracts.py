"""Which terms hold for a referral: what the contract with the organisation says, for this trajectory or for all."""

from collections.abc import Mapping

from services.referral.codes import USUAL, Terms

Contracts = Mapping[tuple[str, str], Terms]
"""(organisation, trajectory) -> terms; under an empty trajectory what holds for all others of that organisation."""


def terms_of(contracts: Contracts, organisation: str, trajectory: str) -> Terms:
    """The terms a referral is sent under."""
    return contracts.get((organisation, trajectory)) or contracts.get((organisation, "")) or USUAL
