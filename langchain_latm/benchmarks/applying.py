"""Measures `latm apply` on a file of one column, with a breakdown of its time."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.report import Figures, Report, picture, three_digits
from langchain_latm.exceptions import SandboxError
from langchain_latm.interop.tables.apply import apply_tool, prepare
from langchain_latm.interop.tables.formats import open_table
from langchain_latm.interop.tables.outputs import open_output
from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Provenance, VerificationReport

_SOURCE: Final = '''
def iso(day: str) -> str:
    """Write a date as year-month-day."""
    day, month, year = day.split(".")
    return f"{year}-{int(month):02d}-{int(day):02d}"
'''
_KILOBYTE: Final = 1024
_IN_PYTHON: Final = 100_000


class ApplyFigures(Figures):
    """The result of `latm bench apply`. On a shared machine, CPU time is the reliable figure."""

    rows: int
    rows_per_second: float  # wall-clock time, without the first pass that counts the rows
    count_seconds: float  # reading the table once to count and check its rows
    host_us: float  # CPU time of this process for each row
    sandbox_us: float  # CPU time of the tool's process for each row
    plain_us: float  # CPU time of the same function in a loop of plain Python, for each row
    memory_mb: float  # largest memory (RSS) of this process


def bench_apply(
    sandbox: Callable[[], Any], *, rows: int = 1_000_000, progress: Callable[[str, int, int], object] = lambda *_: None
) -> ApplyFigures:
    """Apply a tool to a CSV file of one column of dates, all of them made up.

    Args:
        sandbox: Opens the sandbox, as a context manager.
        rows: Rows of the file.
        progress: Gets the current step, the rows that are finished, and all rows.

    Raises:
        SandboxError: The sandbox failed, or a row has no answer.
        LATMError: The folder for temporary files cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="latm-bench-") as folder:
        path = Path(folder) / "days.csv"
        _write(path, rows, lambda done: progress("writing a table", done, rows))
        table = open_table(path, wanted=("day",))
        started = time.perf_counter()
        progress("counting its rows", 0, rows)
        table.count(lambda done: progress("counting its rows", done, rows))
        counted = time.perf_counter() - started
        children = _children()
        with sandbox() as opened:
            tool = _tool(opened)
            how, added = prepare(tool, table, [], "iso")
            output = open_output(Path(folder) / "done.csv", table, added, {})
            progress("applying a tool", 0, rows)
            started, host = time.perf_counter(), time.process_time()
            applied = apply_tool(
                table, output, opened, how, progress=lambda done: progress("applying a tool", done, rows)
            )
            output.finish()
            seconds, host = time.perf_counter() - started, time.process_time() - host
            inside = _children() - children  # closed properly, since a killed process has no CPU account
    if applied.refused:
        raise SandboxError(f"{applied.refused:,} of {rows:,} rows have no answer: {applied.listed[0][1]}")
    return ApplyFigures(
        rows=rows,
        rows_per_second=rows / seconds,
        count_seconds=counted,
        host_us=host / rows * 1e6,
        sandbox_us=inside / rows * 1e6,
        plain_us=_plain_us(),
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTE,
    )


def report(figures: ApplyFigures) -> Report:
    """Return the figures as a table."""
    table = PlainTable(
        f"A tool on {figures.rows:,} rows of CSV",
        ("rows per second", "host µs a row", "sandbox µs a row", "plain Python µs a row", "counting s", "memory MB"),
        [
            [
                f"{figures.rows_per_second:,.0f}",
                three_digits(figures.host_us),
                three_digits(figures.sandbox_us),
                three_digits(figures.plain_us),
                three_digits(figures.count_seconds),
                three_digits(figures.memory_mb),
            ]
        ],
    )
    sentence = (
        "Rows per second are on the clock, and count only on an idle machine; the times for a row are CPU time. Host "
        "and sandbox work at the same time, on two cores."
    )
    return Report("What applying a tool to a table costs", [table], [sentence])


def draw(figures: ApplyFigures, folder: Path) -> list[str]:
    """Write `apply.png`, and return its name: CPU time for each row."""
    parts = {"plain Python": figures.plain_us, "host": figures.host_us, "sandbox": figures.sandbox_us}
    with picture(folder / "apply.png", 6, 2.5) as figure:
        axes = figure.subplots()
        bars = axes.barh(list(parts), list(parts.values()))
        axes.bar_label(bars, [f" {three_digits(each)} µs" for each in parts.values()], fontsize="small")
        axes.margins(x=0.2)
        axes.set(xlabel="µs of CPU time a row", title=f"A tool on {figures.rows:,} rows of CSV")
    return ["apply.png"]


def _days(count: int) -> list[str]:
    draw_day = random.Random(0)  # noqa: S311 - no secrets
    day = draw_day.randint
    return [f"{day(1, 28)}.{day(1, 12)}.{day(1900, 2099)}" for _ in range(count)]


def _write(path: Path, rows: int, progress: Callable[[int], object]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("day\n")
        for begin in range(0, rows, _IN_PYTHON):
            progress(begin)
            file.write("\n".join(_days(min(_IN_PYTHON, rows - begin))) + "\n")


def _tool(sandbox: Sandbox) -> MadeTool:
    described = sandbox.check(ToolSource(source=_SOURCE, entry="iso")).value
    return MadeTool(
        name="iso",
        source=_SOURCE,
        entry="iso",
        worked_examples=(),
        inputs={"day": "day"},
        read_by=("inputs",),
        report=VerificationReport(cases=()),
        provenance=Provenance(
            maker_model="",
            user_model="",
            attempts=1,
            candidates=1,
            usage={},
            seconds=0,
            created_at="",
            versions={},
        ),
        **described,
    )


def _plain_us() -> float:
    """Return the CPU time of the function's work in plain Python."""
    days = _days(_IN_PYTHON)
    started = time.process_time()
    for text in days:
        day, month, year = text.split(".")
        f"{year}-{int(month):02d}-{int(day):02d}"
    return (time.process_time() - started) / len(days) * 1e6


def _children() -> float:
    """Return the CPU time of all running child processes."""
    import psutil  # noqa: PLC0415 - an extra

    used = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has ended
            times = process.cpu_times()
            used += times.user + times.system
    return used
