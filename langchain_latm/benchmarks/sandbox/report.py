"""The figures of `latm bench sandbox` as a report and as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.report import Report, picture, three_digits
from langchain_latm.benchmarks.sandbox.figures import SandboxFigures


def report(figures: SandboxFigures) -> Report:
    """Return the cost of a start, the time of a call, and the calls per second of threads and of tasks."""
    name = ("way", lambda way: way.name)
    ways = figures.ways
    callers = sorted({count for way in ways for count in way.threads})
    counts = list(map(str, callers))
    tables = [
        PlainTable.of(
            "Start, end, memory",
            ways,
            name,
            ("isolated", lambda way: "yes" if way.locked else "no"),
            ("cold start ms", lambda way: three_digits(way.cold_ms)),
            ("new tool ms", lambda way: three_digits(way.new_tool_ms)),
            ("after time limit ms", lambda way: three_digits(way.overshoot_ms)),
            ("MB per tool", lambda way: three_digits(way.tool_mb)),
        ),
        PlainTable.of(
            "One warm call, µs",
            ways,
            name,
            ("trivial p50", lambda way: three_digits(way.warm_us)),
            ("p99", lambda way: three_digits(way.warm_p99_us)),
            ("10k loop p50", lambda way: three_digits(way.loop_us)),
            ("p99", lambda way: three_digits(way.loop_p99_us)),
        ),
        PlainTable(
            "Trivial calls of one tool per second, by number of threads",
            ("way", *counts),
            [[way.name, *(_rate(way.threads[count]) for count in callers)] for way in ways],
        ),
        PlainTable(
            "Trivial calls per second, by number of asyncio tasks, and in one batch call",
            ("way", *counts, "batch"),
            [[w.name, *(_rate(w.tasks[count]) for count in callers), _rate(w.batch)] for w in ways if w.tasks],
        ),
    ]
    return Report("What the sandbox costs", tables, list(_sentences(figures)))


def _sentences(figures: SandboxFigures) -> Iterator[str]:
    if figures.process_to_echo is not None:
        yield (
            f"Sending a few bytes to another Python process and back takes {figures.echo_us:.0f} µs here, and "
            f"{figures.json_echo_us:.0f} µs as JSON in frames that both ends read and write; a trivial call of the "
            f"process backend takes {figures.process_to_echo:.1f} and {figures.process_to_json_echo:.1f} times as long "
            "(measured in turns, each with its process on one processor)."
        )
    if (growth := figures.growth) is not None:
        private = "unknown" if growth.sandbox_mb is None else f"{growth.sandbox_mb:.1f} MB"
        yield (
            f"During {growth.calls:,} calls of one tool, after a warm-up with the first tenth, the host gained "
            f"{growth.host_mb:.1f} MB and {growth.descriptors} descriptors; the sandbox's processes gained {private}."
        )


def draw(figures: SandboxFigures, folder: Path) -> list[str]:
    """Write `sandbox.png`, and return its name: the time of one call, and the calls per second by number of callers."""
    ways, places = figures.ways, range(len(figures.ways))
    with picture(folder / "sandbox.png", 13, 4.5) as figure:
        times, rates = figure.subplots(1, 2)
        bars = times.barh(places, [way.warm_us for way in ways], color=[f"C{n}" for n in places])
        times.bar_label(bars, [f" {three_digits(way.warm_us)} µs" for way in ways], fontsize="small")
        times.set_yticks(places, [way.name + ("" if way.locked else " (not isolated)") for way in ways])
        times.invert_yaxis()
        times.set(xscale="log", xlabel="µs", title="One trivial call, median")
        times.margins(x=0.2)
        for way in ways:
            line = "-" if way.locked else "--"
            rates.plot(list(way.threads), list(way.threads.values()), marker="o", label=way.name, linestyle=line)
        rates.set(xscale="log", yscale="log", xlabel="threads that call", ylabel="calls per second")
        callers = list(ways[0].threads)
        rates.set_xticks(callers, map(str, callers))
        rates.minorticks_off()
        rates.set_title("Calls per second, one tool (dashed: not isolated)")
        figure.legend(*rates.get_legend_handles_labels(), loc="outside right center", fontsize="small")
    return ["sandbox.png"]


def _rate(value: float | None) -> str:
    """Format calls per second, with `k` for thousands and `M` for millions."""
    if value is None:
        return "-"
    if value >= 1e6:  # noqa: PLR2004 - a million
        return f"{value / 1e6:,.1f}M"
    return f"{value / 1e3:,.0f}k" if value >= 1e4 else f"{value:,.0f}"  # noqa: PLR2004 - four digits are readable
