"""What intake hears of the others: nothing. Its cases begin here, and rest on nobody's facts."""

from shared.hearing import Hearing

HEARING = Hearing(learns={}, passes=frozenset())
LISTENS_TO: tuple[str, ...] = ()
RESTS_ON: tuple[str, ...] = ()
