"""How long many simultaneous requests block an event loop."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from typing import Any

import pytest

from langchain_latm import LATM, ToolLibrary
from langchain_latm.loop import parts
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools import arguments_model
from langchain_latm.tools.gate.gate import check_source
from langchain_latm.tools.user import create_tool_user
from tests.unit_tests.loop_world import KINDS, World, loop, stream

SORT = KINDS["sort"]
MOST_SECONDS = 0.02


@pytest.mark.slow
async def test_two_hundred_parsed_requests_at_once_pause_the_loop_briefly(
    world: World, taught: ToolLibrary, sandbox: Sandbox
) -> None:
    """CPU time of the loop's thread between two turns of a task, which other processes do not lengthen.

    It was 350 ms when all requests began in one round of the loop, and 110 ms in the first burst when the loop's thread
    checked the tool and built the model of its arguments. Without Python's own pauses: a full garbage collection takes
    100 ms once LangChain is imported.
    """
    check_source.cache_clear()
    arguments_model._cached_record.cache_clear()
    latm = loop(world, taught, sandbox, refresh_seconds=1.0)
    gc.disable()
    try:
        worst = [await _worst_pause(latm, stream(["sort"], 200, seed)) for seed in range(3)]
    finally:
        gc.enable()
    assert max(worst) < MOST_SECONDS, worst
    assert world.answered == []


async def test_a_tool_is_checked_beside_the_loop(
    world: World, taught: ToolLibrary, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the first request for it takes, such as the model of its arguments, lets others go on."""
    threads = []

    def create(*arguments: Any, **more: Any) -> Any:
        threads.append(threading.current_thread())
        return create_tool_user(*arguments, **more)

    monkeypatch.setattr(parts, "create_tool_user", create)
    (request,) = stream(["sort"], 1)
    answer = await loop(world, taught, sandbox).ainvoke(request)
    assert answer.tool_use is not None
    assert len(threads) == 1
    assert threads[0] is not threading.current_thread()


async def _worst_pause(latm: LATM, requests: list[str]) -> float:
    pauses: list[float] = []

    async def probe() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            pauses.append(time.thread_time() - before)

    probing = asyncio.create_task(probe())
    answers = await asyncio.gather(*map(latm.ainvoke, requests))
    probing.cancel()
    assert [each.text for each in answers] == [*map(SORT.answer, requests)]
    return max(pauses)
