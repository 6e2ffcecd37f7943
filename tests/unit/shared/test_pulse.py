"""Ready or not, and past help or not: judged from what was seen and what was done since."""

import pytest
from aiokafka import TopicPartition

from shared.consuming import Progress
from shared.looking import EXIT_STUCK, Patience, judge
from shared.pulse import OK, Look, Pulse

MINE, OTHERS = TopicPartition("overdracht.intake", 0), TopicPartition("overdracht.intake", 1)
WELL = {"database": OK, "broker": OK, "consumer": OK, "relay": OK}


def a_process(**changes: object) -> Progress:
    """A process that was given its partition."""
    return Progress(**({"assigned": frozenset({MINE})} | changes))  # type: ignore[arg-type]


def seen(pulse: Pulse, progress: Progress, *looks: Look) -> dict[str, str]:
    """What is said after these looks, at the moment of the last one, with ten seconds of patience."""
    for look in looks:
        pulse.see(look, progress)
    return pulse.parts(looks[-1].at, 10, progress)


def test_a_process_with_all_it_needs_and_nothing_to_do_is_ready() -> None:
    assert seen(Pulse(True), a_process(), Look(0), Look(1_000)) == WELL


def test_before_the_first_look_and_when_looking_has_stopped_nothing_is_known() -> None:
    assert set(Pulse(True).parts(0, 10, a_process()).values()) == {"unknown"}
    pulse = Pulse(True)
    seen(pulse, a_process(), Look(0))
    assert set(pulse.parts(21, 10, a_process()).values()) == {"unknown"}


@pytest.mark.parametrize("code", ["away", "topic_missing"])
def test_who_is_away_is_named(code: str) -> None:
    assert seen(Pulse(True), a_process(), Look(0, broker=code))["broker"] == code
    assert seen(Pulse(True), a_process(), Look(0, database=code))["database"] == code


def test_a_consumer_that_was_given_nothing_yet_is_not_ready_and_who_listens_to_nobody_is() -> None:
    assert seen(Pulse(True), a_process(assigned=None), Look(0))["consumer"] == "not_assigned"
    assert seen(Pulse(False), a_process(assigned=None), Look(0))["consumer"] == OK


def test_more_processes_than_partitions_are_all_ready() -> None:
    assert seen(Pulse(True), a_process(assigned=frozenset()), Look(0, lags={MINE: 5}), Look(99, lags={MINE: 5})) == WELL


def test_a_consumer_with_work_that_does_nothing_is_stuck_after_its_time() -> None:
    pulse, progress = Pulse(True), a_process()
    assert seen(pulse, progress, Look(0, lags={MINE: 5}), Look(1, lags={MINE: 5}), Look(10, lags={MINE: 7})) == WELL
    assert seen(pulse, progress, Look(11, lags={MINE: 7}))["consumer"] == "stuck"
    progress.records += 1
    assert seen(pulse, progress, Look(12, lags={MINE: 6})) == WELL


def test_work_of_another_process_does_not_make_this_one_stuck() -> None:
    looks = [Look(at, lags={OTHERS: 5}) for at in (0, 1, 99)]
    assert seen(Pulse(True), a_process(), *looks) == WELL


def test_who_waits_for_the_database_is_not_stuck() -> None:
    waiting = a_process(trouble="OSError")
    assert seen(Pulse(True), waiting, *(Look(at, lags={MINE: 5}) for at in (0, 1, 99)))["consumer"] == OK


def test_a_broker_that_was_away_starts_the_count_anew() -> None:
    behind = {MINE: 5}
    pulse = Pulse(True)
    looks = [Look(0, lags=behind), Look(1, lags=behind), Look(9, broker="away"), Look(12, lags=behind)]
    assert seen(pulse, a_process(), *looks)["consumer"] == OK


def test_a_relay_with_unsent_events_that_does_not_move_is_stuck_and_one_that_moves_is_not() -> None:
    waiting = [Look(at, position=9, sent=3, oldest_unsent=at) for at in (0, 1, 10, 11)]
    assert seen(Pulse(True), a_process(), *waiting[:3])["relay"] == OK
    assert seen(Pulse(True), a_process(), *waiting)["relay"] == "stuck"
    moving = [Look(at, position=99, sent=at, oldest_unsent=60) for at in range(60)]
    assert seen(Pulse(True), a_process(), *moving)["relay"] == OK


PATIENCE = Patience(ready=10, exit=60)
BEHIND = {MINE: 5}


@pytest.mark.parametrize(
    ("last", "handled_meanwhile", "ends"),
    [
        (Look(62, lags={MINE: 9}), 0, [EXIT_STUCK]),
        (Look(59, lags={MINE: 9}), 0, []),
        (Look(62, lags={MINE: 9}), 1, []),
        (Look(62), 0, []),
        (Look(62, database="away", lags={MINE: 9}), 0, []),
        (Look(62, broker="away", lags={MINE: 9}), 0, []),
    ],
    ids=["work and nothing done", "not long enough", "work done", "no work", "no database", "no broker"],
)
def test_a_process_ends_when_it_has_work_and_all_it_needs_and_does_nothing(
    last: Look, handled_meanwhile: int, ends: list[int]
) -> None:
    pulse, progress, left = Pulse(True), a_process(), []
    for look in (Look(0, lags=BEHIND), Look(1, lags=BEHIND)):
        pulse.see(look, progress)
        judge(pulse, progress, PATIENCE, look.at, left.append)
    assert left == []
    progress.records += handled_meanwhile
    pulse.see(last, progress)
    judge(pulse, progress, PATIENCE, last.at, left.append)
    assert left == ends


def test_the_next_look_comes_soon_only_while_the_group_settles() -> None:
    pulse = Pulse(True)
    pulse.see(Look(0), a_process())
    assert judge(pulse, a_process(), PATIENCE, 0) == 1.0
    assert judge(pulse, a_process(assigned=None), PATIENCE, 0) == 0.2
    pulse.see(Look(0, broker="away"), a_process())
    assert judge(pulse, a_process(assigned=None), PATIENCE, 0) == 1.0
