"""The weighing: arguments of the framework, never a ground that must not count; warnings, never a proposal."""

from collections import Counter
from datetime import datetime

from services.diagnosis.codes import DIRECTIONS, GROUNDS, OWN_MOTIVATION, ground_of
from services.diagnosis.commands import DecideDirection, WeighArgument
from services.diagnosis.domain.library import Framework, Library
from services.diagnosis.domain.state import Diagnosis, State, Weighed
from services.diagnosis.events import ArgumentRefused, ArgumentWeighed, DirectionDecided
from shared.facts import SYSTEM, Happened, Said
from shared.refusals import Refused


def refused_ground(command: WeighArgument, said: Said) -> list[Happened]:
    """The refusal as a fact, with the ground only, when the argument is one that must not count; else nothing.

    In history it is no fact of ours: the line goes to the rejects. Raises Refused then.
    """
    ground = ground_of(command.argument)
    if ground is None:
        return []
    if said.imported:
        raise Refused("ground_forbidden", "data.argument")
    fact = ArgumentRefused(ground=ground, explanation=GROUNDS[ground].explanation)
    return [Happened(fact, warnings=("ground_refused",), actor=SYSTEM)]


def weighed(state: State, command: WeighArgument, said: Said, library: Library) -> list[Happened]:
    """The argument as it counts. What history weighed with a framework we do not know is let be. Raises Refused."""
    if not said.imported and not (command.evidence or "").strip():
        raise Refused("evidence_missing", "data.evidence")
    framework = framework_of(state, command.framework_version, said, library)
    argument = framework.arguments.get(command.argument) if framework else None
    if argument is None and not said.imported:
        raise Refused("argument_unknown", "data.argument", sorted(framework.arguments if framework else ()))
    fact = ArgumentWeighed(
        argument=command.argument,
        side=command.side,
        weight=command.weight,
        factor=command.factor or (argument.factor if argument else None),
        by=command.by_whom,
        evidence=command.evidence,
        framework_version=_version(framework, command.framework_version, said),
    )
    unusual = argument is not None and command.side not in argument.sides
    warnings = (("argument_unknown",) if argument is None else ()) + (("side_unusual",) if unusual else ())
    unknown = tuple(name for name in ("factor", "evidence") if getattr(fact, name) is None)
    return [Happened(fact, warnings=warnings, unknown=unknown)]


def framework_of(state: State, version: str | None, said: Said, library: Library) -> Framework | None:
    """The framework that is weighed with. None: history's, and not known here. Raises Refused."""
    framework = library.framework(state.municipality, version)
    if framework is None and not said.imported:
        raise Refused("framework_unknown", "data.framework_version", library.versions(state.municipality))
    return framework


def _version(framework: Framework | None, given: str | None, said: Said) -> str | None:
    """The version on the log: what was said; today's when nothing was said today. History's is not guessed."""
    if said.imported:
        return given
    return framework.version if framework else given


def decided(
    state: State, diagnosis: Diagnosis, command: DecideDirection, said: Said, library: Library
) -> list[Happened]:
    """The direction as a person decided it. Raises Refused."""
    if not motivation_weighed(diagnosis):
        raise Refused("own_motivation_missing", "fact", ["argument_weighed"])
    if not said.imported and not (command.motivation or "").strip():
        raise Refused("motivation_missing", "data.motivation")
    if not said.imported and command.shared is not None and not command.shared.options_discussed:
        raise Refused("options_missing", "data.shared.options_discussed", list(DIRECTIONS))
    framework = framework_of(state, command.framework_version, said, library)
    fact = DirectionDecided(
        direction=command.direction,
        framework_version=_version(framework, command.framework_version, said),
        motivation=command.motivation,
        principles=command.principles,
        shared=command.shared,
    )
    unknown = tuple(name for name in (*command.asked, "framework_version") if getattr(fact, name) is None)
    return [Happened(fact, warnings=_warnings(state, diagnosis, command, said), unknown=unknown)]


def _warnings(state: State, diagnosis: Diagnosis, command: DecideDirection, said: Said) -> tuple[str, ...]:
    found = []
    if grey(diagnosis.arguments) and not consulted(state, diagnosis, said.at):
        found.append("consultation_missing")
    if command.shared is not None and command.shared.citizen_view == "disagrees":
        found.append("citizen_disagrees")
    return tuple(found)


def grey(arguments: tuple[Weighed, ...]) -> bool:
    """The grey area: arguments on more than one side, and no side with more than one heavy argument."""
    heavy = Counter(one.side for one in arguments if one.weight == "heavy")
    return len({one.side for one in arguments}) > 1 and all(times <= 1 for times in heavy.values())


def consulted(state: State, diagnosis: Diagnosis, at: datetime) -> bool:
    """Whether a partner had its say in this diagnosis by then: answered, or did not answer in time."""
    asked = [one for one in state.consultations.values() if one.diagnosis_id == diagnosis.diagnosis_id]
    return any((one.answered_at is not None and one.answered_at <= at) or one.clock.due_at <= at for one in asked)


def motivation_weighed(diagnosis: Diagnosis) -> bool:
    """Whether the citizen's own motivation was weighed, by the core argument or one below it."""
    return any(one.argument.partition(".")[0] == OWN_MOTIVATION for one in diagnosis.arguments)
