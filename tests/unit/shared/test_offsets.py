"""A consumer that lets its own cancellation out does not end who stops it; a real cancellation does."""

import asyncio

import pytest

from shared.offsets import stopped


class Client:
    """The connection."""

    def __init__(self) -> None:
        self.closed = False

    async def close(self) -> None:
        self.closed = True


class Consumer:
    """A consumer whose stopping lets a cancellation out that was meant for a fetch, or takes its time."""

    def __init__(self, resting: bool = True) -> None:
        self._client = Client()
        self.resting = resting

    async def stop(self) -> None:
        if self.resting:
            raise asyncio.CancelledError
        await asyncio.sleep(60)


async def test_who_stops_a_consumer_goes_on_when_nobody_cancelled_it() -> None:
    consumer = Consumer()
    await stopped(consumer)
    assert consumer._client.closed


async def test_who_is_cancelled_while_stopping_a_consumer_is_cancelled() -> None:
    consumer = Consumer(resting=False)
    task = asyncio.create_task(stopped(consumer))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert consumer._client.closed
