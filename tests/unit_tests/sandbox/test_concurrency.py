"""Many callers at once: threads, tasks, several event loops, one sandbox."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from langchain_latm.exceptions import SandboxClosedError
from langchain_latm.sandbox import FailureKind, Limits, ProcessSandbox, ToolSource


def plus(number: int) -> ToolSource:
    return ToolSource(source=f"def plus(n: int) -> int:\n    return n + {number}", entry="plus")


SLEEP = ToolSource(
    source="import os, time\ndef nap(seconds: float) -> int:\n    time.sleep(seconds)\n    return os.getpid()",
    entry="nap",
)


@pytest.mark.slow
def test_threads_over_more_tools_than_children() -> None:
    with ProcessSandbox(max_children=4) as sandbox, ThreadPoolExecutor(8) as threads:
        results = threads.map(lambda n: sandbox.call(plus(n % 7), {"n": n}).value, range(210))
        assert list(results) == [n + n % 7 for n in range(210)]


@pytest.mark.slow
async def test_ten_thousand_tasks_over_two_hundred_tools() -> None:
    with ProcessSandbox() as sandbox:
        results = await asyncio.gather(*[sandbox.acall(plus(n % 200), {"n": n}) for n in range(10_000)])
        assert [result.value for result in results] == [n + n % 200 for n in range(10_000)]


@pytest.mark.slow
def test_tasks_and_threads_of_several_loops(sandbox: ProcessSandbox) -> None:
    async def many(start: int) -> list[int]:
        results = await asyncio.gather(*[sandbox.acall(plus(1), {"n": n}) for n in range(start, start + 200)])
        return [result.value for result in results]

    with ThreadPoolExecutor(6) as threads:
        loops = [threads.submit(asyncio.run, many(start)) for start in (0, 1_000, 2_000)]
        calls = [threads.submit(sandbox.call, plus(1), {"n": n}) for n in range(200)]
        assert [loop.result() for loop in loops] == [list(range(s + 1, s + 201)) for s in (0, 1_000, 2_000)]
        assert [call.result().value for call in calls] == list(range(1, 201))


async def test_event_loop_is_not_blocked(sandbox: ProcessSandbox) -> None:
    """A task ticks on while others wait for a slow tool; no thread is started for them."""
    threads = threading.active_count()
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await sandbox.acall(SLEEP, {"seconds": 0.3})
    ticking.cancel()
    assert ticks > 2
    assert threading.active_count() == threads


@pytest.mark.slow
async def test_async_forms(sandbox: ProcessSandbox) -> None:
    described, results = await asyncio.gather(
        sandbox.acheck(plus(1)), sandbox.abatch(plus(1), [{"n": n} for n in range(20_000)])
    )
    assert described.value["parameters"]["required"] == ["n"]
    assert [result.value for result in results] == list(range(1, 20_001))
    text = "x" * 1_000_000
    echo = ToolSource(source="def f(x: str) -> str:\n    return x", entry="f")
    assert (await sandbox.acall(echo, {"x": text}, limits=Limits(wall_seconds=20))).value == text
    slow = await sandbox.acall(SLEEP, {"seconds": 60}, limits=Limits(wall_seconds=0.2))
    assert slow.failure is not None
    assert slow.failure.kind is FailureKind.WALL


async def test_cancelled_call_ends_its_child() -> None:
    """The place of a cancelled call, waiting or under way, is free again."""
    with ProcessSandbox(max_children=1) as single:
        running = asyncio.create_task(single.acall(SLEEP, {"seconds": 60}, limits=Limits(wall_seconds=60)))
        await asyncio.sleep(0.1)
        waiting = [asyncio.create_task(single.acall(plus(n), {"n": 1})) for n in range(3)]
        await asyncio.sleep(0.05)
        waiting[0].cancel()
        running.cancel()
        results = await asyncio.gather(running, *waiting, return_exceptions=True)
        assert [isinstance(result, asyncio.CancelledError) for result in results] == [True, True, False, False]
        assert (await single.acall(plus(5), {"n": 1})).value == 6


@pytest.mark.slow
async def test_each_task_has_its_own_time_limit() -> None:
    """The nearest comes last to the event loop, and the call that ends by itself lies between."""
    with ProcessSandbox(children_per_tool=3) as sandbox:
        await asyncio.gather(*[sandbox.acall(SLEEP, {"seconds": 0.01}) for _ in range(3)])
        calls = [(9, 0.6), (0.3, 0.5), (9, 0.1)]
        results = await asyncio.gather(
            *[sandbox.acall(SLEEP, {"seconds": s}, limits=Limits(wall_seconds=wall)) for s, wall in calls]
        )
        kinds = [result.failure.kind if result.failure else None for result in results]
        assert kinds == [FailureKind.WALL, None, FailureKind.WALL]
        assert results[2].seconds < results[1].seconds < results[0].seconds


def test_one_tool_for_two_callers_at_once() -> None:
    """Neither waits for the other: there are two processes."""
    with ProcessSandbox(children_per_tool=2) as sandbox, ThreadPoolExecutor(2) as threads:
        pids = set(threads.map(lambda _: sandbox.call(SLEEP, {"seconds": 1.0}).value, range(2)))
        assert len(pids) == 2


@pytest.mark.slow
def test_slow_tool_does_not_starve_others() -> None:
    """One place, two tools, many callers of each: both get on."""
    with ProcessSandbox(max_children=1) as sandbox, ThreadPoolExecutor(8) as threads:
        calls = [threads.submit(sandbox.call, plus(n % 2), {"n": n}) for n in range(400)]
        assert [call.result(timeout=60).value for call in calls] == [n + n % 2 for n in range(400)]


def test_failure_next_door_does_no_harm(sandbox: ProcessSandbox) -> None:
    crash = ToolSource(source="import os\ndef f():\n    os._exit(1)", entry="f")
    with ThreadPoolExecutor(4) as threads:
        calls = [
            threads.submit(sandbox.call, *((crash, {}) if n % 4 == 0 else (plus(1), {"n": n}))) for n in range(200)
        ]
        for n, call in enumerate(calls):
            result = call.result()
            if n % 4:
                assert result.value == n + 1
            else:
                assert result.failure is not None
                assert result.failure.kind is FailureKind.CRASH


@pytest.mark.slow
def test_zygote_killed_under_load() -> None:
    """Every call is answered; the calls under way are repeated."""
    with ProcessSandbox() as sandbox, ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(sandbox.call, plus(n % 3), {"n": n}) for n in range(1_000)]
        time.sleep(0.02)
        assert sandbox._started is not None
        os.kill(sandbox._started.zygote.process.pid, signal.SIGKILL)
        assert [call.result(timeout=60).value for call in calls] == [n + n % 3 for n in range(1_000)]


@pytest.mark.slow
async def test_zygote_killed_under_tasks() -> None:
    with ProcessSandbox() as sandbox:
        tasks = [asyncio.create_task(sandbox.acall(plus(n % 3), {"n": n})) for n in range(300)]
        await asyncio.sleep(0.01)
        assert sandbox._started is not None
        os.kill(sandbox._started.zygote.process.pid, signal.SIGKILL)
        assert [result.value for result in await asyncio.gather(*tasks)] == [n + n % 3 for n in range(300)]


def test_close_ends_calls_under_way() -> None:
    """Running and waiting callers get the error at once."""
    sandbox = ProcessSandbox(max_children=1)
    with ThreadPoolExecutor(3) as threads:
        calls = [
            threads.submit(sandbox.call, SLEEP, {"seconds": 60}, limits=Limits(wall_seconds=60 + n)) for n in range(3)
        ]
        time.sleep(0.2)
        sandbox.close()
        for call in calls:
            with pytest.raises(SandboxClosedError):
                call.result(timeout=60)
