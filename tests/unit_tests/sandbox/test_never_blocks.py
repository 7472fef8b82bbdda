"""No call of the process sandbox blocks an event loop: neither its sockets, nor the start and the end of processes."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time

import pytest
from blockbuster import BlockingError

from langchain_latm.sandbox import FailureKind, Limits, ProcessSandbox, ToolSource
from tests.unit_tests.never_blocks import never_blocks

PLUS = ToolSource(source="def plus(n: int) -> int:\n    return n + 1", entry="plus")
LONG = ToolSource(source="def long(text: str) -> str:\n    return text * 2", entry="long")
NEVER = ToolSource(source="def never() -> int:\n    while True: pass", entry="never")


async def test_the_check_fails_where_an_event_loop_waits() -> None:
    with never_blocks(), pytest.raises(BlockingError):
        time.sleep(0.001)  # noqa: ASYNC251 - what the check is for


async def test_calls_never_block(sandbox: ProcessSandbox) -> None:
    """First and later calls, batches, descriptions, large arguments, and a child that is ended."""
    with never_blocks():
        assert (await sandbox.acheck(PLUS)).ok
        assert [(await sandbox.acall(PLUS, {"n": n})).value for n in range(3)] == [1, 2, 3]
        several = await asyncio.gather(*[sandbox.acall(PLUS, {"n": n}, tenant=f"t{n % 5}") for n in range(50)])
        assert [each.value for each in several] == list(range(1, 51))
        assert [each.value for each in await sandbox.abatch(PLUS, [{"n": n} for n in range(5)])] == [1, 2, 3, 4, 5]
        large = "x" * 300_000  # more than the socket holds
        assert (await sandbox.acall(LONG, {"text": large})).value == large * 2
        failed = (await sandbox.acall(NEVER, {}, limits=Limits(wall_seconds=0.05))).failure
        assert failed is not None
        assert failed.kind is FailureKind.WALL


async def test_a_cancelled_call_is_cleaned_up_without_blocking(sandbox: ProcessSandbox) -> None:
    with never_blocks():
        task = asyncio.create_task(sandbox.acall(NEVER, {}))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        del task
        gc.collect()
        assert (await sandbox.acall(PLUS, {"n": 1})).value == 2


async def test_threads_and_tasks_may_share_a_child() -> None:
    """A child that served one serves the other, in whichever order, each with its own time limit."""
    with ProcessSandbox(children_per_tool=1) as sandbox:
        sleep = ToolSource(
            source="import time\ndef nap(s: float) -> float:\n    time.sleep(s)\n    return s", entry="nap"
        )
        for _ in range(2):
            assert sandbox.call(sleep, {"s": 0.0}).ok
            assert (await sandbox.acall(sleep, {"s": 0.0})).ok
        for seconds, limits in ((0.0, Limits(wall_seconds=60)), (60.0, Limits(wall_seconds=0.05))):
            results = [
                await sandbox.acall(sleep, {"s": seconds}, limits=limits),
                await asyncio.to_thread(sandbox.call, sleep, {"s": seconds}, limits=limits),
                await sandbox.acall(sleep, {"s": seconds}, limits=limits),
            ]
            assert [each.ok for each in results] == [seconds == 0.0] * 3, results


@pytest.mark.slow
async def test_a_lost_zygote_is_replaced_without_blocking() -> None:
    with ProcessSandbox() as sandbox:
        assert sandbox.call(PLUS, {"n": 1}).value == 2
        pool = sandbox._started
        assert pool is not None
        os.killpg(pool.zygote.process.pid, signal.SIGKILL)
        with never_blocks():
            assert (await sandbox.acall(PLUS, {"n": 2})).value == 3
