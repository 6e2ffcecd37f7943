"""The direction: decided by people on what was weighed by then; warned about where that is thin, never proposed."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from services.diagnosis.codes import DIRECTIONS, OWN_MOTIVATION, ground_of
from services.diagnosis.commands import DecideDirection
from services.diagnosis.domain.library import Library
from services.diagnosis.domain.state import Diagnosis, State, Weighed
from services.diagnosis.domain.weighing import framework_of, version_of
from services.diagnosis.events import DirectionDecided
from shared.facts import Happened, Said
from shared.refusals import Refused


def decided(
    state: State, diagnosis: Diagnosis, command: DecideDirection, said: Said, library: Library
) -> list[Happened]:
    """The direction as a person decided it. Raises Refused."""
    arguments = standing(diagnosis.arguments, said.at)
    if not motivation_weighed(arguments):
        raise Refused("own_motivation_missing", "fact", ["argument_weighed"])
    _check_said(command, said)
    framework = framework_of(state, command.framework_version, said, library)
    fact = DirectionDecided(
        direction=command.direction,
        framework_version=version_of(framework, command.framework_version, said),
        motivation=command.motivation,
        principles=command.principles,
        shared=command.shared,
    )
    unknown = tuple(name for name in (*command.asked, "framework_version") if getattr(fact, name) is None)
    return [Happened(fact, warnings=_warnings(state, diagnosis, arguments, command, said), unknown=unknown)]


def _warnings(
    state: State, diagnosis: Diagnosis, arguments: Sequence[Weighed], command: DecideDirection, said: Said
) -> tuple[str, ...]:
    found = []
    if grey(arguments) and not consulted(state, diagnosis, said.at):
        found.append("consultation_missing")
    if command.shared is not None and command.shared.citizen_view == "disagrees":
        found.append("citizen_disagrees")
    return tuple(found)


def _check_said(command: DecideDirection, said: Said) -> None:
    """A motivation, what was discussed, and no ground that must not count, in whatever list it is put."""
    options = command.shared.options_discussed if command.shared is not None else None
    for field, codes in (("data.principles", command.principles), ("data.shared.options_discussed", options)):
        if any(ground_of(code) is not None for code in codes or ()):
            raise Refused("ground_forbidden", field)
    if said.imported:
        return
    if not (command.motivation or "").strip():
        raise Refused("motivation_missing", "data.motivation")
    if options is not None and not options:
        raise Refused("options_missing", "data.shared.options_discussed", list(DIRECTIONS))


def standing(arguments: Sequence[Weighed], at: datetime | None = None) -> tuple[Weighed, ...]:
    """What counts (by then): who weighs an argument again changes their mind, and does not say it twice."""
    last: dict[tuple[str, str], Weighed] = {}
    for one in arguments:
        key = (one.argument, one.by)
        if (at is None or one.at <= at) and (key not in last or last[key].at <= one.at):
            last.pop(key, None)
            last[key] = one
    return tuple(last.values())


def grey(arguments: Sequence[Weighed]) -> bool:
    """The grey area: arguments on more than one side, and no side with more than one heavy argument."""
    heavy = Counter(one.side for one in arguments if one.weight == "heavy")
    return len({one.side for one in arguments}) > 1 and all(times <= 1 for times in heavy.values())


def consulted(state: State, diagnosis: Diagnosis, at: datetime) -> bool:
    """Whether a partner had its say in this diagnosis by then: answered, or did not answer in time."""
    asked = [one for one in state.consultations.values() if one.diagnosis_id == diagnosis.diagnosis_id]
    return any((one.answered_at is not None and one.answered_at <= at) or one.clock.due_at <= at for one in asked)


def motivation_weighed(arguments: Sequence[Weighed]) -> bool:
    """Whether the citizen's own motivation is among them, by the core argument or one below it."""
    return any(one.argument.partition(".")[0] == OWN_MOTIVATION for one in arguments)
