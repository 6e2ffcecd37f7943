"""Who leads rests until there is news, and stops when told to, also when news comes at that very moment."""

import asyncio

import pytest

from shared.leading import rest


async def test_news_ends_the_rest_and_so_does_the_time() -> None:
    news = asyncio.Event()
    await rest(news, 0.01)
    news.set()
    await asyncio.wait_for(rest(news, 60), 1)


@pytest.mark.parametrize("turns", range(6))
async def test_who_is_told_to_stop_when_news_comes_stops(turns: int) -> None:
    news = asyncio.Event()
    resting = asyncio.create_task(rest(news, 60))
    await asyncio.sleep(0.01)
    news.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    told = resting.cancel()
    [result] = await asyncio.gather(resting, return_exceptions=True)
    assert isinstance(result, asyncio.CancelledError) == told
