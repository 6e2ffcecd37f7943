"""The worlds that estimators are to be held to, and how many of each: chosen so that well-known errors are seen.

With other seeds the same holds; these are fixed so that a gate that is passed today is passed tomorrow.
"""

from tests.simulator.settings import Reform, Settings, Shock

YOUNG = Settings(seed=100, municipalities=60, companies=40, people=4_000, referred_only=True, days=270)
"""Nine months of referrals, a third of them younger than 90 days: who forgets jobs or open referrals is far off."""
YOUNG_WORLDS = 26
"""Of 40 companies each: more than a thousand intervals."""

SORTED = Settings(
    seed=300, municipalities=30, companies=30, people=30_000, referred_only=True, misreferred=1.0, sorting=0.9
)
"""Companies from which people come back serve places far from work: case mix learnt without keeping companies apart is
off, and so is a comparison without case mix. Misreferral changes nothing here, for no register knows of it."""
SORTED_WORLDS = 40

WATCHED = Settings(seed=500, municipalities=1, companies=1, people=3_652, referred_only=True)
"""One company, two referrals a day, five years, nothing changes."""
WATCHED_WORLDS = 30

REFORMED = Settings(
    seed=700,
    municipalities=80,
    companies=20,
    people=25_000,
    referred_only=True,
    reform=Reform(300, 700, share=0.7, effect=-0.3),
    shock=Shock(500, 600, arrivals=1.0, jobs=0.8),
)
"""A reform that comes place after place to seven in ten, while jobs come more easily everywhere: before and after
differ for two reasons."""
REFORMED_WORLDS = 3
