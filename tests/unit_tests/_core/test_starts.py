"""Tasks that are started at once begin in turn."""

from __future__ import annotations

import asyncio

from langchain_latm._core.starts import start_in_turn


async def test_one_begins_in_a_round_of_the_loop_and_in_order() -> None:
    """A task that is cancelled while it waits does not block the others."""
    rounds = 0
    begun: list[tuple[int, int]] = []

    async def count() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    async def begin(number: int) -> None:
        await start_in_turn()
        begun.append((rounds, number))

    counting = asyncio.create_task(count())
    tasks = [asyncio.create_task(begin(number)) for number in range(50)]
    await asyncio.sleep(0)
    tasks[7].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    counting.cancel()
    assert [number for _, number in begun] == [number for number in range(50) if number != 7]
    assert len({each for each, _ in begun}) == 49


def test_each_event_loop_has_its_own_turn() -> None:
    for _ in range(2):
        asyncio.run(asyncio.wait_for(_several(), 60))


async def _several() -> None:
    await asyncio.gather(*[start_in_turn() for _ in range(5)])
