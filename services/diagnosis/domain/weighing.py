"""The weighing: arguments of the framework, never a ground that must not count."""

from services.diagnosis.codes import GROUNDS, ground_of
from services.diagnosis.commands import WeighArgument
from services.diagnosis.domain.library import Framework, Library
from services.diagnosis.domain.state import State
from services.diagnosis.events import ArgumentRefused, ArgumentWeighed
from shared.facts import SYSTEM, Happened, Said
from shared.refusals import Refused


def refused_ground(command: WeighArgument, said: Said) -> list[Happened]:
    """The refusal as a fact, with the ground only, when the argument is one that must not count; else nothing.

    Who wanted to weigh it gets the explanation for an answer.

    In history it is no fact of ours: the line goes to the rejects. Raises Refused then.
    """
    ground = ground_of(command.argument)
    if ground is None:
        return []
    if said.imported:
        raise Refused("ground_forbidden", "data.argument")
    why = GROUNDS[ground].explanation
    fact = ArgumentRefused(ground=ground, explanation=why)
    return [Happened(fact, actor=SYSTEM, refuses=Refused(code=why, field="data.argument"))]


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
        framework_version=version_of(framework, command.framework_version, said),
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


def version_of(framework: Framework | None, given: str | None, said: Said) -> str | None:
    """The version on the log: what was said; today's when nothing was said today. History's is not guessed."""
    if said.imported:
        return given
    return framework.version if framework else given
