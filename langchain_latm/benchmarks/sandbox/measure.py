"""Measures the cost of isolation in time and memory, compared with callers without isolation."""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from operator import truediv
from typing import Any, Final

from langchain_latm.benchmarks.report import p99
from langchain_latm.benchmarks.sandbox.callers import Caller, NamedCaller, SandboxCaller, echo, json_echo, named_callers
from langchain_latm.benchmarks.sandbox.figures import CallerFigures, Growth, SandboxFigures
from langchain_latm.sandbox import Limits

CALLERS: Final = (1, 2, 8, 64)
"""Numbers of threads, and of asyncio tasks, that call at the same time."""
_ROUNDS: Final = 5
_TURNS: Final = 20
_LOOP: Final = 10_000
_LARGEST_BATCH: Final = 20_000
_WALL_SECONDS: Final = 0.1
_TOOLS_FOR_MEMORY: Final = 8


def bench_sandbox(
    *, seconds: float = 1.0, endurance: int = 0, progress: Callable[[str, int, int], None] = lambda *_: None
) -> SandboxFigures:
    """Measure every caller on this machine.

    Args:
        seconds: Approximate time for each figure.
        endurance: Extra calls of the process backend, to find leaks.
        progress: Gets the name of the next measurement, and how many of how many callers are done.

    Raises:
        SandboxError: A backend failed.
    """
    found = named_callers()
    total = len(found) + 1 + bool(endurance)

    def said(done: int, what: str, figure: str) -> None:
        progress(f"{what}: {figure}", done, total)

    figures = [_measure(caller, seconds, partial(said, done, caller.name)) for done, caller in enumerate(found)]
    process = next((caller for caller in found if caller.name == "process"), None)
    if process is None:
        return SandboxFigures(
            echo_us=None, json_echo_us=None, process_to_echo=None, process_to_json_echo=None, ways=figures
        )
    said(len(found), process.name, "against a bare echo")
    echoes = _against_echoes(process, seconds)
    growth = None
    if endurance:
        said(len(found) + 1, process.name, f"{endurance:,} calls")
        growth = _growth(process, endurance)
    return SandboxFigures(**echoes, ways=figures, growth=growth)


def _measure(caller: NamedCaller, seconds: float, progress: Callable[[str], None]) -> CallerFigures:
    progress("cold start")
    cold = [_cold(caller) for _ in range(_ROUNDS)]
    tasks = batch = new_tool = overshoot = None
    with caller.open() as call:
        call(0)
        progress("warm call")
        warm = _times(lambda: call(0), seconds)
        loop = _times(lambda: call(_LOOP), seconds)
        progress("concurrent callers")
        threads = {count: _threads(call, count, seconds) for count in CALLERS}
        if isinstance(call, SandboxCaller):
            tasks = {count: asyncio.run(_tasks(call, count, seconds)) for count in CALLERS}
            progress("new tool, batch, limits")
            numbers = itertools.count(1)
            new_tool = statistics.median(_times(lambda: call(0, next(numbers)), seconds / 2, least=10)) * 1e3
            batch = _batch(call, seconds)
            overshoot = _overshoot(call)
    progress("memory")
    return CallerFigures(
        name=caller.name,
        locked=caller.locked,
        cold_ms=statistics.median(cold) * 1e3,
        new_tool_ms=new_tool,
        warm_us=statistics.median(warm) * 1e6,
        warm_p99_us=p99(warm) * 1e6,
        loop_us=statistics.median(loop) * 1e6,
        loop_p99_us=p99(loop) * 1e6,
        threads=threads,
        tasks=tasks,
        batch=batch,
        overshoot_ms=overshoot,
        tool_mb=_memory(caller) if caller.keeps else None,
    )


def _cold(caller: NamedCaller) -> float:
    started = time.perf_counter()
    with caller.open() as call:
        call(0)
        return time.perf_counter() - started


def _times(call: Callable[[], Any], seconds: float, *, least: int = 20) -> list[float]:
    """Return the times of single calls, at least `least` of them, after a tenth of `seconds` for warming up."""
    clock = time.perf_counter
    taken: list[float] = []
    begin = clock() + seconds / 10
    end = begin + seconds
    while True:
        started = clock()
        call()
        now = clock()
        if started >= begin or not taken:
            taken.append(now - started)
        if now > end and len(taken) >= least:
            return taken


def _threads(call: Caller, count: int, seconds: float) -> float:
    """Return the calls per second of `count` threads, each of which calls again and again."""
    clock = time.perf_counter
    began = clock()
    end = began + seconds

    def work(_number: int) -> int:
        done = 0
        while clock() < end:
            call(0)
            done += 1
        return done

    with ThreadPoolExecutor(count) as pool:
        done = sum(pool.map(work, range(count)))
    return done / (clock() - began)


async def _tasks(call: SandboxCaller, count: int, seconds: float) -> float:
    """Return the calls per second of `count` tasks of one event loop."""
    began = time.perf_counter()

    async def work() -> int:
        done = 0
        while time.perf_counter() < began + seconds:
            await call.sandbox.acall(call.tool(0), {"n": 0})
            done += 1
        return done

    done = sum(await asyncio.gather(*(work() for _ in range(count))))
    return done / (time.perf_counter() - began)


def _batch(call: SandboxCaller, seconds: float) -> float:
    """Return the calls per second in a batch as large as the time allows; a call may take a millisecond."""
    size = 100
    while True:
        started = time.perf_counter()
        call.sandbox.batch(call.tool(0), [{"n": 0}] * size)
        taken = time.perf_counter() - started
        if taken > seconds / 4 or size >= _LARGEST_BATCH:
            return size / taken
        size *= 4


def _overshoot(call: SandboxCaller) -> float:
    limits = Limits(wall_seconds=_WALL_SECONDS)
    taken = [call.sandbox.call(call.tool(0), {"n": 10**12}, limits=limits).seconds for _ in range(_ROUNDS)]
    return (statistics.median(taken) - _WALL_SECONDS) * 1e3


def _memory(caller: NamedCaller) -> float | None:
    """Return the private memory in MB that each further tool takes, in all processes that the caller started."""
    with caller.open() as call:
        call(0)
        before = _private_memory()
        for number in range(1, _TOOLS_FOR_MEMORY + 1):
            call(0, number)
        after = _private_memory()
    return None if before is None or after is None else (after - before) / _TOOLS_FOR_MEMORY / 1e6


def _private_memory() -> int | None:
    """Return the private memory (USS, bytes) of all child processes; None if it cannot be read.

    An ordinary user cannot read the memory of a locked process.
    """
    import psutil  # noqa: PLC0415 - of the extra `bench`

    try:
        return sum(int(process.memory_full_info().uss) for process in psutil.Process().children(recursive=True))
    except psutil.Error:
        return None


def _growth(caller: NamedCaller, calls: int) -> Growth:
    """Return the resources that calls leave behind, after the first tenth of them as warm-up."""
    import psutil  # noqa: PLC0415 - of the extra `bench`

    host = psutil.Process()
    with caller.open() as call:
        for _ in range(calls // 10):
            call(0)
        memory, private, descriptors = host.memory_info().rss, _private_memory(), host.num_fds()
        for _ in range(calls - calls // 10):
            call(0)
        now = _private_memory()
        return Growth(
            calls=calls,
            host_mb=(host.memory_info().rss - memory) / 1e6,
            sandbox_mb=None if private is None or now is None else (now - private) / 1e6,
            descriptors=host.num_fds() - descriptors,
        )


def _against_echoes(caller: NamedCaller, seconds: float) -> dict[str, float]:
    """Return the median of both echoes in µs, and a trivial call's time as a multiple of each.

    Measured in short turns.
    """
    taken: dict[str, list[float]] = {"call": [], "echo": [], "json_echo": []}
    with _one_processor(), caller.open() as call, echo() as bare, json_echo() as framed:
        for _ in range(_TURNS):
            for name, each in zip(taken, (call, bare, framed), strict=True):
                taken[name].append(statistics.median(_times(partial(each, 0), seconds / _TURNS)))
    figures = {f"{name}_us": statistics.median(taken[name]) * 1e6 for name in ("echo", "json_echo")}
    for name in ("echo", "json_echo"):
        figures[f"process_to_{name}"] = statistics.median(map(truediv, taken["call"], taken[name]))
    return figures


@contextmanager
def _one_processor() -> Iterator[None]:
    """Keep this thread, and the processes that it starts, on one processor.

    Waking a process on another processor takes twice the time of the whole call, and the scheduler places each pair of
    processes differently: without pinning, a call took 2.0 to 5.6 bare echoes.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
