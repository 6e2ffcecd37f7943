"""How a case's state is kept."""

from services.intake.domain.state import State
from shared.states import codec

dump, load = codec(State)
