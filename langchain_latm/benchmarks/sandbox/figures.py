"""The values that `latm bench sandbox` measures."""

from __future__ import annotations

from langchain_latm.benchmarks.report import Figures


class WayFigures(Figures):
    """Figures of one way to call a function; None where a figure does not apply or cannot be read.

    Attributes:
        name: The way.
        locked: Whether it isolates untrusted code.
        cold_ms: From nothing to the first answer, median.
        new_tool_ms: First call of a tool it has not seen, median.
        warm_us: A trivial call, median.
        warm_p99_us: A trivial call, 99th percentile.
        loop_us: A call that adds up 10,000 numbers, median.
        loop_p99_us: A call that adds up 10,000 numbers, 99th percentile.
        threads: Calls per second by number of threads that call one tool.
        tasks: Calls per second by number of asyncio tasks that call one tool.
        batch: Calls per second in one batch call.
        overshoot_ms: How long an endless call ran beyond its wall limit, median.
        tool_mb: Private memory (USS) that each further tool takes, where tools stay in memory.
    """

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


class Growth(Figures):
    """What many calls of one tool leave behind, after a warm-up with the first tenth of them.

    Attributes:
        calls: Number of calls.
        host_mb: Memory (RSS) that the host gained.
        sandbox_mb: Private memory (USS) that the sandbox's processes gained; None where it cannot be read.
        descriptors: Open files and sockets that the host gained.
    """

    calls: int
    host_mb: float
    sandbox_mb: float | None
    descriptors: int


class SandboxFigures(Figures):
    """The result of `latm bench sandbox`.

    Attributes:
        echo_us: A few bytes to another Python process and back, without a call: median.
        process_to_echo: Time of a trivial call of the process backend in echoes; both measured in turns, median.
        ways: Every way that this machine can run.
        growth: What many calls of the process backend left behind; None when that was not measured.
    """

    echo_us: float | None
    process_to_echo: float | None
    ways: list[WayFigures]
    growth: Growth | None = None
