"""The values that `latm bench sandbox` measures."""

from __future__ import annotations

from langchain_latm.benchmarks.report import Figures


class CallerFigures(Figures):
    """Figures of one caller; None if a figure does not apply or cannot be read."""

    name: str
    locked: bool  # whether it isolates untrusted code
    cold_ms: float  # from the start to the first answer, median
    new_tool_ms: float | None  # first call of a tool it has not seen, median
    warm_us: float  # a trivial call, median
    warm_p99_us: float  # a trivial call, 99th percentile
    loop_us: float  # a call that adds up 10,000 numbers, median
    loop_p99_us: float  # a call that adds up 10,000 numbers, 99th percentile
    threads: dict[int, float]  # calls per second by number of threads that call one tool
    tasks: dict[int, float] | None  # calls per second by number of asyncio tasks that call one tool
    batch: float | None  # calls per second in one batch call
    overshoot_ms: float | None  # how long an endless call ran beyond its wall limit, median
    tool_mb: float | None  # private memory (USS) of each further tool, if tools stay in memory


class Growth(Figures):
    """Resources that many calls of one tool leave behind, after a warm-up with the first tenth of them."""

    calls: int
    host_mb: float  # memory (RSS) that the host gained
    sandbox_mb: float | None  # private memory (USS) that the sandbox's processes gained; None if it cannot be read
    descriptors: int  # open files and sockets that the host gained


class SandboxFigures(Figures):
    """The result of `latm bench sandbox`."""

    echo_us: float | None  # a few bytes to another Python process and back, without a call: median
    json_echo_us: float | None  # the same in frames of JSON that both ends read and write: median
    # Time of a trivial call of the process backend in echoes of each kind; measured in turns on one processor, median.
    process_to_echo: float | None
    process_to_json_echo: float | None
    ways: list[CallerFigures]
    growth: Growth | None = None  # resources that many calls of the process backend left behind; None if not measured
