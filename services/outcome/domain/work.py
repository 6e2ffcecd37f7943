"""Jobs, outcomes and follow-ups: what was reached stays reached, what is wrong is corrected beside it."""

from collections.abc import Sequence

from services.outcome import commands as c
from services.outcome import events as e
from services.outcome.domain.state import Job, Outcome, State, Status
from services.outcome.domain.steps import check_step, stated
from shared.facts import Happened, Said
from shared.refusals import Refused

JobCommand = c.StartJob | c.CorrectJobStarted | c.EndJob


def about_job(state: State, command: JobCommand, said: Said) -> list[Happened]:
    """A job starts once and ends once; both may be put right."""
    check_step("job", status_of(state, command.job_id), command)
    if isinstance(command, c.CorrectJobStarted) and command.started_at is not None and command.started_at > said.at:
        raise Refused("time_in_future", "data.started_at")
    return stated(command)


def status_of(state: State, job_id: str) -> Status:
    """Where a job is."""
    job = state.jobs.get(job_id)
    return job.status if job else "unknown"


def reach(state: State, command: c.ReachOutcome, said: Said) -> list[Happened]:
    """What lasted was reached before: an earlier outcome of that perspective, or for paid work a job."""
    if command.sustained_months > 0 and not _reached(state, command.perspective, said):
        raise Refused("outcome_not_before", "data.sustained_months", ["0"])
    return stated(command)


def _reached(state: State, perspective: str, said: Said) -> bool:
    worked = perspective == "paid_work" and any(job.started_at <= said.at for job in state.jobs.values())
    return worked or any(one.perspective == perspective and one.reached_at <= said.at for one in state.outcomes)


def correct_outcome(state: State, command: c.CorrectOutcomeReached) -> list[Happened]:
    """The outcome that is corrected must be there; the fact always says which one it was."""
    was = (command.was_perspective, command.was_sustained_months)
    known = [one for one in state.outcomes if (one.perspective, one.sustained_months) == was]
    chosen = _chosen(known, command)
    fields = command.model_dump() | {"reached_at": chosen.reached_at}
    return [Happened(e.OutcomeReachedCorrected(**fields))]


def _chosen(known: Sequence[Outcome], command: c.CorrectOutcomeReached) -> Outcome:
    if not known:
        raise Refused("outcome_unknown", "data.was_perspective")
    if command.reached_at is None:
        return max(known, key=lambda one: one.reached_at)
    for one in known:
        if one.reached_at == command.reached_at:
            return one
    raise Refused("outcome_unknown", "data.reached_at", [one.reached_at.isoformat() for one in known])


def follow_up(state: State, command: c.DoFollowUp, said: Said) -> list[Happened]:
    """Asked about a job; when none is named, about the one that waits for it, else the one that started last."""
    job_id = command.job_id or _followed(state, command.months, said)
    if job_id is not None or not _reached(state, "paid_work", said):
        check_step("job", status_of(state, job_id or ""), command)
    return [Happened(e.FollowUpDone(job_id=job_id, months=command.months, status=command.status))]


def _followed(state: State, months: int, said: Said) -> str | None:
    awaited = {one.about for one in state.clocks if one.name == "follow_up" and one.months == months}

    def order(job: Job) -> tuple[bool, float]:
        return job.job_id in awaited, job.started_at.timestamp()

    known = [job for job in state.jobs.values() if job.started_at <= said.at]
    return max(known, key=order).job_id if known else None
