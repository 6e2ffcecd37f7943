"""What a service hears of others: small tolerant models of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Heard(BaseModel):
    """What a consumer reads of another service's fact: only what it needs, the rest is let be."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Circumstances(Heard):
    """What every fact says of itself."""

    class Who(Heard):
        """The actor; a role this service does not know is read as `system`."""

        role: str
        id: str

    municipality: str = ""
    occurred_at: AwareDatetime
    actor: Who
    imported: bool = False


@dataclass(frozen=True)
class Hearing:
    """What a service hears: per fact the model it reads, the facts it lets pass, and those about no case."""

    learns: Mapping[str, type[Heard]]
    passes: frozenset[str]
    about_no_case: frozenset[str] = frozenset()
