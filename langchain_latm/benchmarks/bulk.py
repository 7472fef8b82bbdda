"""Measures the time of many requests and rows, and reports it (`latm bench bulk`)."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from langchain_core.runnables import RunnableLambda

from langchain_latm import create_latm, create_tool_user, open_tool_library
from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.report import Figures, Report
from langchain_latm.benchmarks.sorting import (
    OPENING,
    BulkFigures,
    no_model,
    sorted_words,
    sorting_requests,
    sorting_tool,
)
from langchain_latm.benchmarks.workers import WORKER_WAYS, bench_workers
from langchain_latm.interop.bulk import BatchTool
from langchain_latm.sandbox.base import Sandbox

_BATCH: Final = 1_000
_HEAVY_STEPS: Final = 4_000
_OWN_WAYS: Final = 5
_RAY_WAYS: Final = 2


class AllBulkFigures(Figures):
    """The result of `latm bench bulk`."""

    ways: list[BulkFigures]


def bench_bulk(
    sandbox: Sandbox,
    rows: int,
    *,
    ray: bool,
    progress: Callable[[str, int, int], object] = lambda *_: None,
    workers: int = 0,
    address: str | None = None,
) -> AllBulkFigures:
    """Measure each way on the same requests.

    Args:
        sandbox: Where the tool runs.
        rows: How many requests.
        ray: Whether to compare a function of much CPU time in one process and on a local Ray cluster.
        progress: Gets the name of the next measurement, and how many of how many are done.
        workers: How many processes also answer the requests that share a library; 0 for none.
        address: File or URL of that library; by default a temporary file.

    Raises:
        RuntimeError: A way gave a wrong answer.
        ToolLibraryError: The library cannot be used.
    """
    ways: list[BulkFigures] = []
    total = _OWN_WAYS + (len(WORKER_WAYS) if workers else 0) + (_RAY_WAYS if ray else 0)
    requests = sorting_requests(rows)
    expected = [*map(sorted_words, requests)]

    def measure(name: str, compute: Callable[[], Sequence[Any]]) -> None:
        progress(f"measuring {name}", len(ways), total)
        began, cpu = time.perf_counter(), time.process_time()
        values = compute()
        way = BulkFigures(
            name=name, rows=rows, seconds=time.perf_counter() - began, cpu_seconds=time.process_time() - cpu
        )
        if list(values) != expected:
            raise RuntimeError(f"{name}: a row is wrong or missing")
        ways.append(way)

    tool = sorting_tool()
    sets = [{"words": request.removeprefix(OPENING).split()} for request in requests]
    sandbox.batch(tool.tool_source, sets[:1])  # starts the tool's process
    measure("Python, not isolated", lambda: [" ".join(sorted(each["words"])) for each in sets])
    measure("sandbox.batch", lambda: [each.value for each in sandbox.batch(tool.tool_source, sets)])
    measure("MadeTool.map", lambda: list(tool.map(requests, sandbox=sandbox)))
    user = create_tool_user(tool, sandbox=sandbox)
    measure("create_tool_user, batch", lambda: [each.text for each in user.batch(requests)])
    with tempfile.TemporaryDirectory() as folder, open_tool_library(Path(folder) / "tools.sqlite") as library:
        library.add(tool)
        with create_latm(RunnableLambda(no_model), library=library, sandbox=sandbox, parser_checks=0) as latm:
            latm.batch(requests[:2])
            measure("create_latm, batch", lambda: [each.text for each in latm.batch(requests)])
    if workers:
        begun = len(ways)
        ways += bench_workers(
            address, rows, workers=workers, progress=lambda name, done: progress(name, begun + done, total)
        )
    if ray:
        _measure_ray(requests, measure)
    return AllBulkFigures(ways=ways)


def _measure_ray(requests: Sequence[str], measure: Callable[[str, Callable[[], Sequence[Any]]], None]) -> None:
    import ray  # noqa: PLC0415 - of an extra

    function = BatchTool(sorting_tool(steps=_HEAVY_STEPS), to="value", errors="raise")
    batches = [list(requests[start : start + _BATCH]) for start in range(0, len(requests), _BATCH)]
    function(requests[:1])
    measure("much CPU, one process", lambda: [value for batch in batches for value in function(batch)])
    workers = min(2, os.cpu_count() or 1)
    ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, configure_logging=False)
    try:
        ray.data.DataContext.get_current().enable_progress_bars = False
        rows = [{"row": row, "question": request} for row, request in enumerate(requests)]
        data = ray.data.from_items(rows, override_num_blocks=4 * workers)

        def compute() -> Sequence[Any]:
            found = data.map_batches(function, batch_size=_BATCH).take_all()
            return [each["value"] for each in sorted(found, key=lambda each: each["row"])]

        data.map_batches(function, batch_size=_BATCH).take(workers)  # starts the workers
        measure(f"much CPU, Ray with {workers} workers", compute)
    finally:
        ray.shutdown()


def report(figures: AllBulkFigures) -> Report:
    """Return the rates as a table."""
    table = PlainTable.of(
        "Rows per second",
        figures.ways,
        ("way", lambda way: way.name),
        ("rows", lambda way: f"{way.rows:,}"),
        ("rows/s", lambda way: f"{way.rate:,.0f}"),
        ("CPU µs a row", lambda way: f"{way.cpu_seconds / way.rows * 1e6:,.1f}"),
    )
    about = "CPU is that of the processes that ask; sandboxes, a database and Ray's workers compute besides them."
    return Report("What bulk takes", [table], [about])
