"""A trace goes on from the caller into the events; what is no trace is never repeated."""

import re

import pytest

from shared.tracing import continued, ids, new_trace

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


def test_the_callers_trace_goes_on_with_a_span_of_our_own() -> None:
    ours = continued(CALLER)
    assert ours.startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert ours.endswith("-00")
    assert "b7ad6b7169203331" not in ours
    assert continued(CALLER) != ours


def test_a_later_version_with_more_parts_is_read_as_the_version_we_know() -> None:
    assert continued(CALLER.replace("00-", "cc-", 1) + "-what-comes-later").startswith("00-0af7651916cd43dd8448eb211c8")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "Jan Jansen 123456782",
    ],
)
def test_what_is_no_trace_begins_a_new_one_and_is_in_no_log_line(wrong: str) -> None:
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", continued(wrong))
    assert ids(wrong) == {}


def test_a_log_line_names_trace_and_span() -> None:
    assert ids(CALLER) == {"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331"}
    assert set(ids(new_trace())) == {"trace_id", "span_id"}
