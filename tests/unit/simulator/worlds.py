"""Worlds that several tests look at, drawn once."""

from functools import cache

from tests.simulator.runs import simulate
from tests.simulator.settings import Reform, Settings
from tests.simulator.spells import Spells
from tests.simulator.world import World

ALIKE = Settings(people=60_000, referred_only=True, heterogeneity=False)
MIXED = Settings(people=60_000, referred_only=True)
REFORMED = Settings(
    seed=5, municipalities=60, companies=20, people=40_000, referred_only=True, reform=Reform(300, 700, share=0.7)
)
SMALL = Settings(seed=3, municipalities=3, companies=4, people=300, days=900, reform=Reform(200, 500))


@cache
def drawn(settings: Settings) -> tuple[World, Spells]:
    """The world and all its referrals."""
    return simulate(settings)
