"""Where reading goes on, when a topic is what it was, shorter, another one, or without its beginning."""

import pytest

from services.insight.lake.anchors import stand
from services.insight.lake.knowing import Standing
from services.insight.lake.names import Place

PLACE = Place("referral", 0)


def standing() -> Standing:
    """A hundred records were read; the last has sequence 300."""
    return Standing(PLACE, 0, 100, (99, 300), 300)


def test_a_topic_that_is_what_it_was_goes_on_after_what_was_read() -> None:
    one = standing()
    assert stand(one, one.anchor, 0, 250, 300) == "ok"
    assert (one.epoch, one.next, one.status) == (0, 100, "ok")


def test_a_partition_nothing_was_read_of_begins_at_its_beginning() -> None:
    one = Standing(PLACE)
    assert stand(one, None, 0, 0, None) == "ok"
    assert one.next == 0


@pytest.mark.parametrize("end", [0, 1, 99])
def test_a_topic_that_is_shorter_than_the_lake_is_read_from_its_beginning_in_a_new_epoch(end: int) -> None:
    one = standing()
    assert stand(one, one.anchor, 0, end, None) == "anew"
    assert (one.epoch, one.next, one.anchor) == (1, 0, None)
    assert one.status == "topic_shorter_than_lake"


def test_a_topic_that_was_filled_again_beyond_what_was_read_is_found_out_by_the_record_itself() -> None:
    one = standing()
    assert stand(one, one.anchor, 0, 5_000, 301) == "anew"
    assert (one.epoch, one.next) == (1, 0)


def test_a_record_of_before_the_last_look_tells_of_a_change_in_between() -> None:
    one = Standing(PLACE, 0, 180, (179, 500), 500)
    assert stand(one, (99, 300), 0, 200, 299) == "anew"


def test_the_status_is_well_again_when_the_topic_has_told_all_it_told_before() -> None:
    one = standing()
    one.begin_anew(0)
    one.reached = 299
    assert one.status == "topic_shorter_than_lake"
    one.reached = 300
    assert one.status == "ok"


def test_a_topic_wiped_twice_still_has_to_tell_all() -> None:
    one = standing()
    one.begin_anew(0)
    one.reached = 5
    one.begin_anew(0)
    assert (one.epoch, one.had, one.status) == (2, 300, "topic_shorter_than_lake")


def test_a_topic_that_was_wiped_before_a_record_of_it_was_read_begins_at_its_beginning() -> None:
    one = standing()
    one.begin_anew(40)
    assert stand(one, None, 0, 20, None) == "anew"
    assert (one.epoch, one.next) == (2, 0)


def test_records_that_are_gone_are_said_and_reading_goes_on_where_there_are_some() -> None:
    one = standing()
    assert stand(one, one.anchor, 150, 250, None) == "records_gone"
    assert (one.epoch, one.next) == (0, 150)


def test_a_topic_whose_beginning_was_removed_up_to_what_was_read_just_goes_on() -> None:
    one = standing()
    assert stand(one, one.anchor, 100, 250, None) == "ok"
    assert one.next == 100
