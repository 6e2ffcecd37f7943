"""A caller's trace can be followed from the request to the event and on; the answer says nothing of it."""

from tests.integration.world import World, sent_line
from tests.unit.shared.told import opening

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


async def test_a_request_with_a_trace_leads_to_events_of_that_trace_with_our_own_span(world: World) -> None:
    await world.tell(opening())
    await world.settled()
    headers = {"Content-Type": "application/x-ndjson", "traceparent": f"00-{TRACE}-{SPAN}-01"}
    answer = await world.doors.post("/v1/facts?imported=true", content=sent_line(), headers=headers)
    assert answer.status_code == 200
    assert TRACE not in answer.text + str(answer.headers)
    await world.settled()
    [record] = await world.topic("overdracht.referral")
    version, trace, span, flags = dict(record.headers)["ce_traceparent"].decode().split("-")
    assert (version, trace, flags) == ("00", TRACE, "01")
    assert span != SPAN
