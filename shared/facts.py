"""What a fact and a command are made of: models that forbid what they do not know, and who said it when."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.personal import Code
from shared.refusals import Refused
from shared.sealing import text_paths

TYPE_PREFIX = "nl.overdrachten."
Role = Literal["caseworker", "coach", "citizen", "partner", "benefit_administration", "operator", "system"]
Municipality = Annotated[str, Field(pattern=r"^GM\d{4}$")]


class Closed(BaseModel):
    """A part of a fact or command; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Actor(Closed):
    """Who states a fact: a role and a professional's pseudonym, or `citizen`, or `system`."""

    role: Role
    id: Code


class Speaker(Actor):
    """The actor of a command; for whom the actor works decides what the actor may do."""

    organisation: Code | None = None
    municipality: Municipality | None = None


SYSTEM = Actor(role="system", id="system")


class Common(Closed):
    """What every fact on the log says besides its own fields."""

    case_id: str | None = Field(None, description="The case; absent in facts that are about no citizen.")
    municipality: Municipality | None = Field(None, description="CBS code of the municipality of the case.")
    occurred_at: AwareDatetime = Field(description="When it happened; when it was recorded is the envelope's time.")
    actor: Actor
    late: bool = Field(False, description="It happened earlier than facts already known of this case.")
    implied: bool = Field(False, description="Nobody said this; another fact implies it.")
    imported: bool = Field(False, description="It came in as history.")
    warnings: list[str] = Field([], description="Codes of what was warned about, and went through.")
    unknown: list[str] = Field([], description="Fields that history could not tell.")


class Fact(Closed):
    """A fact's own fields. The class name is its name: `BreadSold` is `bread_sold`, version 1."""

    name: ClassVar[str]
    type: ClassVar[str]
    version: ClassVar[int] = 1
    hand_off: ClassVar[bool] = False
    about_a_case: ClassVar[bool] = True
    texts: ClassVar[tuple[tuple[str, ...], ...]] = ()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        cls.type = f"{TYPE_PREFIX}{cls.name}.v{cls.version}"
        cls.texts = text_paths(cls.model_json_schema())


class Command(Closed):
    """A wish to record a fact. `by`: the roles that may; `asked`: what must be said today, if unknown in history."""

    fact: ClassVar[str]
    name: ClassVar[str]
    by: ClassVar[frozenset[str]] = frozenset()
    asked: ClassVar[tuple[str, ...]] = ()
    stream: ClassVar[str | None] = None
    """The field whose value is what the fact is about, when it is about no case."""
    titles: ClassVar[tuple[str, str]] = ("", "")
    opens: ClassVar[bool] = False
    """Whether a case begins with it: then there is none yet that the caller could see."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


@dataclass(frozen=True, slots=True)
class Said:
    """The circumstances of a fact or command: who, when it happened, when we heard it, and whether as history."""

    at: datetime
    now: datetime
    actor: Actor
    municipality: str
    imported: bool = False
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """What `decide` answers: a fact, with what has to be said about it.

    `refuses`: the fact records that the command was refused; who gave it gets that refusal for an answer.
    """

    fact: Fact
    implied: bool = False
    warnings: tuple[str, ...] = ()
    at: datetime | None = None
    actor: Actor | None = None
    unknown: tuple[str, ...] = field(default=())
    refuses: Refused | None = None
