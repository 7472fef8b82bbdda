"""The figures of `latm bench sandbox` as tables and as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.sandbox import CALLERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from langchain_latm.benchmarks.sandbox import SandboxFigures, WayFigures


def tables(figures: SandboxFigures) -> list[PlainTable]:
    """Return what starting costs, the time of one call, and the calls in a second of threads and of tasks."""
    ways = figures.ways
    starts = [
        [
            way.name,
            "yes" if way.locked else "no",
            _number(way.cold_ms),
            _number(way.new_tool_ms),
            _number(way.overshoot_ms),
            _number(way.tool_mb),
        ]
        for way in ways
    ]
    calls = [[way.name, *map(_number, (way.warm_us, way.warm_p99_us, way.loop_us, way.loop_p99_us))] for way in ways]
    threads = [[way.name, *_counts(way.threads)] for way in ways]
    tasks = [[way.name, *_counts(way.tasks), _rate(way.batch)] for way in ways if way.tasks]
    callers = [str(count) for count in CALLERS]
    return [
        PlainTable(
            "Starting, ending, memory",
            ("way", "wall", "cold start ms", "new tool ms", "after time limit ms", "MB a tool"),
            starts,
        ),
        PlainTable("One warm call, µs", ("way", "trivial p50", "p99", "10k loop p50", "p99"), calls),
        PlainTable("Trivial calls of one tool a second, by number of threads", ("way", *callers), threads),
        PlainTable("... by number of asyncio tasks, and in one batch call", ("way", *callers, "batch"), tasks),
    ]


def sentences(figures: SandboxFigures) -> list[str]:
    """Return how the process backend stands beside a bare echo, and what many calls of it leave behind."""
    told = []
    if figures.process_to_echo is not None and figures.echo_us is not None:
        told.append(
            f"A few bytes to another Python process and back take {figures.echo_us:.0f} µs here; a trivial call of "
            f"the process backend takes {figures.process_to_echo:.1f} times that (measured in turns)."
        )
    if figures.growth is not None:
        growth = figures.growth
        own = "unknown" if growth.sandbox_mb is None else f"{growth.sandbox_mb:.1f} MB"
        told.append(
            f"In {growth.calls:,} calls of one tool, the first tenth apart, the host grew by {growth.host_mb:.1f} MB "
            f"and {growth.descriptors} descriptors, the sandbox's processes by {own}."
        )
    return told


def markdown(figures: SandboxFigures) -> str:
    """Return the tables and sentences as a Markdown page."""
    shown = [f"## {table.title}\n\n{table.markdown}" for table in tables(figures)]
    return "\n\n".join(["# What the sandbox costs", *sentences(figures), *shown]) + "\n"


def draw(figures: SandboxFigures, path: Path) -> None:
    """Write a picture: the time of one call, and how calls a second grow with the callers.

    Raises:
        ImportError: matplotlib, of the extra `bench`, is missing.
        OSError: The file cannot be written.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - of the extra `bench`, and slow to load

    figure = Figure(figsize=(13, 4.5), layout="constrained")
    times, rates = figure.subplots(1, 2)
    _draw_times(times, figures.ways)
    for way in figures.ways:
        rates.plot(list(way.threads), list(way.threads.values()), marker="o", label=way.name, **_style(way))
    rates.set(xscale="log", yscale="log", xlabel="threads that call", ylabel="calls a second")
    rates.set_xticks(CALLERS, [str(count) for count in CALLERS])
    rates.minorticks_off()
    rates.set_title("Calls a second, one tool (dashed: no wall)")
    figure.legend(*rates.get_legend_handles_labels(), loc="outside right center", fontsize="small")
    figure.savefig(path, dpi=120)


def _draw_times(axes: Any, ways: Sequence[WayFigures]) -> None:
    places = range(len(ways))
    axes.barh(places, [way.warm_us for way in ways], color=[f"C{n}" for n in places])
    for place, way in zip(places, ways, strict=True):
        axes.text(way.warm_us, place, f" {_number(way.warm_us)} µs", va="center", fontsize="small")
    axes.set_yticks(places, [way.name + ("" if way.locked else " (no wall)") for way in ways])
    axes.invert_yaxis()
    axes.set(xscale="log", xlabel="µs")
    axes.set_title("One trivial call, median")
    axes.margins(x=0.2)


def _style(way: WayFigures) -> dict[str, Any]:
    return {"linestyle": "-" if way.locked else "--"}


def _counts(found: dict[int, float]) -> list[str]:
    return [_rate(found[count]) for count in CALLERS]


def _rate(value: float | None) -> str:
    """Return a number of calls, with `k` for thousands and `M` for millions."""
    if value is None:
        return "-"
    for size, sign in ((1e6, "M"), (1e4, "k")):
        if value >= size:
            return f"{value / (1e3 if sign == 'k' else size):,.{1 if sign == 'M' else 0}f}{sign}"
    return f"{value:,.0f}"


def _number(value: float | None) -> str:
    """Return about three digits of it."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"  # noqa: PLR2004
