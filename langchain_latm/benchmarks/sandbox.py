"""`latm bench sandbox`: what the wall costs, in time and memory, beside ways of calling that have none."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict

from langchain_latm.benchmarks.sandbox_ways import SandboxCaller, Way, echo, ways
from langchain_latm.sandbox import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from langchain_latm.benchmarks.sandbox_ways import Caller

CALLERS: Final = (1, 2, 8, 64)
_ROUNDS: Final = 5
_LOOP: Final = 10_000
_BATCH: Final = 20_000
_OVERSHOOT_LIMIT: Final = 0.1
_TOOLS_FOR_MEMORY: Final = 8


class WayFigures(BaseModel):
    """What was measured of one way of calling. A figure that has no meaning there, or cannot be read, is None.

    Attributes:
        name: The way.
        locked: Whether it holds untrusted code.
        cold_ms: From nothing to the first answer, median of a few.
        new_tool_ms: The first call of a tool that it has not seen, median.
        warm_us: A trivial call, median.
        warm_p99_us: The same, the slowest of a hundred.
        loop_us: A call that adds up 10,000 numbers, median.
        loop_p99_us: The same, the slowest of a hundred.
        threads: Calls a second by number of threads that call one tool.
        tasks: Calls a second by number of asyncio tasks that call one tool.
        batch: Calls a second in one batch call.
        overshoot_ms: How long after the wall limit an endless call ended, median.
        tool_mb: Memory of its own (USS) that each further tool takes, where tools stay in memory.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    locked: bool
    cold_ms: float
    new_tool_ms: float | None
    warm_us: float
    warm_p99_us: float
    loop_us: float
    loop_p99_us: float
    threads: dict[int, float]
    tasks: dict[int, float] | None
    batch: float | None
    overshoot_ms: float | None
    tool_mb: float | None


class Growth(BaseModel):
    """What many calls of one tool leave behind, between the first tenth of them and the last.

    Attributes:
        calls: How many were made.
        host_mb: Memory (RSS) that the host gained.
        sandbox_mb: Memory of their own (USS) that the sandbox's processes gained; None where it cannot be read.
        descriptors: Open files and sockets that the host gained.
    """

    model_config = ConfigDict(frozen=True)

    calls: int
    host_mb: float
    sandbox_mb: float | None
    descriptors: int


class SandboxFigures(BaseModel):
    """The result of `latm bench sandbox`.

    Attributes:
        echo_us: A few bytes to another Python process over a socket pair and back, median: no call at all.
        process_to_echo: How many times that a trivial call of the process backend takes; the two were measured in
            turns, median of the rounds.
        ways: Every way that this machine can run.
        growth: What many calls of the process backend left behind; None when that was not measured.
    """

    model_config = ConfigDict(frozen=True)

    echo_us: float | None
    process_to_echo: float | None
    ways: list[WayFigures]
    growth: Growth | None = None


def bench_sandbox(
    *, seconds: float = 1.0, endurance: int = 0, progress: Callable[[str, str], None] = lambda *_: None
) -> SandboxFigures:
    """Measure every way of calling on this machine.

    Args:
        seconds: How long each single figure is measured, about.
        endurance: Calls of the process backend, beside all else, to see what so many leave behind.
        progress: Gets the way and the figure that is measured next.

    Raises:
        SandboxError: A backend failed under the measurement.
    """
    found = ways()
    figures = [_measure(way, seconds, lambda figure, way=way: progress(way.name, figure)) for way in found]  # type: ignore[misc]
    first = next((way for way in found if way.name == "process"), None)
    if first is None:
        return SandboxFigures(echo_us=None, process_to_echo=None, ways=figures)
    progress("process", "against a bare echo")
    echo_us, ratio = _against_echo(first, seconds)
    growth = None
    if endurance:
        progress("process", f"{endurance:,} calls")
        growth = _growth(first, endurance)
    return SandboxFigures(echo_us=echo_us, process_to_echo=ratio, ways=figures, growth=growth)


def _measure(way: Way, seconds: float, progress: Callable[[str], None]) -> WayFigures:
    progress("cold start")
    cold = [_cold(way) for _ in range(_ROUNDS)]
    with way.open() as call:
        call(0)
        progress("warm call")
        warm = _times(lambda: call(0), seconds)
        loop = _times(lambda: call(_LOOP), seconds)
        progress("concurrent callers")
        threads = {count: _threads(call, count, seconds) for count in CALLERS}
        sandbox = call.sandbox if isinstance(call, SandboxCaller) else None
        tasks = {count: asyncio.run(_tasks(call, count, seconds)) for count in CALLERS} if sandbox else None  # type: ignore[arg-type]
        batch = new_tool = overshoot = None
        if isinstance(call, SandboxCaller):
            progress("new tool, batch, limits")
            numbers = itertools.count(1)
            new_tool = statistics.median(_times(lambda: call(0, next(numbers)), seconds / 2, least=10)) * 1e3
            batch = _batch(call, seconds)
            overshoot = _overshoot(call)
    progress("memory")
    return WayFigures(
        name=way.name,
        locked=way.locked,
        cold_ms=statistics.median(cold) * 1e3,
        new_tool_ms=new_tool,
        warm_us=statistics.median(warm) * 1e6,
        warm_p99_us=_p99(warm) * 1e6,
        loop_us=statistics.median(loop) * 1e6,
        loop_p99_us=_p99(loop) * 1e6,
        threads=threads,
        tasks=tasks,
        batch=batch,
        overshoot_ms=overshoot,
        tool_mb=_memory(way) if way.keeps else None,
    )


def _cold(way: Way) -> float:
    started = time.perf_counter()
    with way.open() as call:
        call(0)
        return time.perf_counter() - started


def _times(call: Callable[[], Any], seconds: float, *, least: int = 20) -> list[float]:
    """Return how long single calls took, after a tenth of the time for warming up."""
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


def _p99(taken: Sequence[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.99)]


def _threads(call: Caller, count: int, seconds: float) -> float:
    """Return calls a second of `count` threads that call one after the other."""
    done = [0] * count
    start, stop = threading.Barrier(count + 1), threading.Event()

    def work(index: int) -> None:
        start.wait()
        while not stop.is_set():
            call(0)
            done[index] += 1

    threads = [threading.Thread(target=work, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - began)


async def _tasks(call: SandboxCaller, count: int, seconds: float) -> float:
    """Return calls a second of `count` tasks of one event loop."""
    done = 0
    began = time.perf_counter()
    end = began + seconds

    async def work() -> None:
        nonlocal done
        while time.perf_counter() < end:
            await call.sandbox.acall(call.tool(0), {"n": 0})
            done += 1

    await asyncio.gather(*(work() for _ in range(count)))
    return done / (time.perf_counter() - began)


def _batch(call: SandboxCaller, seconds: float) -> float:
    size = 100
    while True:  # as many as the time allows: a backend may take a millisecond for each
        sets = [{"n": 0}] * size
        started = time.perf_counter()
        call.sandbox.batch(call.tool(0), sets)
        taken = time.perf_counter() - started
        if taken > seconds / 4 or size >= _BATCH:
            return size / taken
        size *= 4


def _overshoot(call: SandboxCaller) -> float:
    limits = Limits(wall_seconds=_OVERSHOOT_LIMIT)
    taken = [call.sandbox.call(call.tool(0), {"n": 10**12}, limits=limits).seconds for _ in range(_ROUNDS)]
    return (statistics.median(taken) - _OVERSHOOT_LIMIT) * 1e3


def _memory(way: Way) -> float | None:
    """Return the memory in MB that each further tool takes, over all processes that the way started."""
    with way.open() as call:
        call(0)
        before = _own_memory()
        for number in range(1, _TOOLS_FOR_MEMORY + 1):
            call(0, number)
        after = _own_memory()
    return None if before is None or after is None else (after - before) / _TOOLS_FOR_MEMORY / 1e6


def _own_memory() -> int | None:
    """Return the memory (USS, bytes) of all processes below this one; None where it cannot be read.

    A locked process does not show its memory to an ordinary user.
    """
    import psutil  # noqa: PLC0415 - of the extra `bench`

    try:
        return sum(int(process.memory_full_info().uss) for process in psutil.Process().children(recursive=True))
    except psutil.Error:
        return None


def _growth(way: Way, calls: int) -> Growth:
    """Return what `calls` calls leave behind, once the first tenth of them has warmed everything up."""
    import psutil  # noqa: PLC0415 - of the extra `bench`

    host = psutil.Process()
    with way.open() as call:
        for _ in range(calls // 10):
            call(0)
        memory, own, descriptors = host.memory_info().rss, _own_memory(), host.num_fds()
        for _ in range(calls - calls // 10):
            call(0)
        now = _own_memory()
        return Growth(
            calls=calls,
            host_mb=(host.memory_info().rss - memory) / 1e6,
            sandbox_mb=None if own is None or now is None else (now - own) / 1e6,
            descriptors=host.num_fds() - descriptors,
        )


def _against_echo(way: Way, seconds: float) -> tuple[float, float]:
    """Return the median echo in µs, and how many echoes a trivial call takes; measured in turns."""
    echoes, ratios = [], []
    with way.open() as call, echo() as bare:
        for _ in range(_ROUNDS):
            one = statistics.median(_times(lambda: bare(0), seconds / 2))
            ratios.append(statistics.median(_times(lambda: call(0), seconds / 2)) / one)
            echoes.append(one)
    return statistics.median(echoes) * 1e6, statistics.median(ratios)
