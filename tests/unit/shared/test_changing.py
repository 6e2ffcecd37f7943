"""A state is never changed: the next one is made from it, as the standard library would, only sooner."""

import dataclasses
import importlib
from dataclasses import dataclass, field

import pytest

from shared.changing import replace


@dataclass(frozen=True)
class Loaf:
    """Something frozen."""

    flour: str
    grams: int = 800
    seeds: tuple[str, ...] = field(default=())


def test_the_next_state_is_what_the_standard_library_makes() -> None:
    loaf = Loaf("rye", seeds=("sesame",))
    assert replace(loaf, grams=400) == dataclasses.replace(loaf, grams=400) == Loaf("rye", 400, ("sesame",))
    assert loaf == Loaf("rye", 800, ("sesame",))


def test_a_part_that_is_not_there_is_refused() -> None:
    with pytest.raises(TypeError, match="crust"):
        replace(Loaf("rye"), crust="thick")  # type: ignore[call-arg]


@pytest.mark.parametrize("service", ["intake", "diagnosis", "referral", "outcome"])
def test_no_state_that_changes_has_slots(service: str) -> None:
    state = importlib.import_module(f"services.{service}.domain.state")
    kinds = [one for one in vars(state).values() if getattr(one, "__module__", "") == state.__name__]
    kinds = [one for one in kinds if isinstance(one, type) and dataclasses.is_dataclass(one)]
    assert kinds
    assert not [one for one in kinds if "__slots__" in vars(one)]
