"""The figures of `latm bench dispatch` as tables, sentences and a picture, beside the goals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.dispatch import FIT_FROM, PAPER_TOOLS
from langchain_latm.benchmarks.dispatch_figures import DispatchFigures, SizeFigures

_FAST: Final = {1_000: 1.0, 100_000: 10.0}
"""The longest median of a decision in ms, by number of tools."""
_RIGHT: Final = 0.99
_WITHOUT_MODEL: Final = 0.9
_LINEAR: Final = 1.05
"""No two measurements give the same exponent: what is linear may come out as a little more."""
_SHOWN: Final = 8


def tables(figures: DispatchFigures) -> list[PlainTable]:
    """Return what was found, time and memory, the paper's setting where it was measured, and the goals."""
    found = [
        [
            f"{each.tools:,}",
            f"{each.real_tools:,}",
            _percent(each.real.reuse),
            _percent(each.real.none_fits),
            _percent(each.made_up.reuse),
            _percent(each.made_up.none_fits),
            f"{each.all.wrong_tool:,} of {each.all.requests:,}",
            _percent(each.all.by_words),
        ]
        for each in figures.sizes
    ]
    costs = [
        [
            f"{each.tools:,}",
            *map(_number, (each.p50_ms, each.p99_ms, each.opening_s, each.change_s)),
            *map(_number, (each.memory_mb, each.kb_per_tool, each.building_s)),
        ]
        for each in figures.sizes
    ]
    head = ("tools", "for real kinds", "real: found", "none fits", "made up: found", "none fits")
    cost_head = ("tools", "p50 ms", "p99 ms", "opening s", "after a change s", "memory MB", "KB a tool", "building s")
    shown = [
        PlainTable("What requests are told, without a model", (*head, "wrong tool", "no model asked"), found),
        PlainTable("Time of a decision, and memory", cost_head, costs),
    ]
    if figures.paper:
        rows = [[str(n), *map(_percent, _shares(each.found))] for n, each in enumerate(figures.paper, 1)]
        rows.append(["mean (lowest to highest)", *map(_spread, _columns(figures))])
        title = f"The paper's setting: {PAPER_TOOLS} tasks have a tool, {figures.examples} examples each"
        shown.append(PlainTable(title, ("split", "found", "none fits", "no model asked"), rows))
    return [*shown, PlainTable("Goals", ("goal", "measured", ""), goals(figures))]


def goals(figures: DispatchFigures) -> list[tuple[str, str, str]]:
    """Return each goal that was measured, with the figure and whether it is met."""
    rows = [
        (f"p50 at {size:,} tools <= {most:.0f} ms", f"{each.p50_ms:.2f} ms", _met(each.p50_ms <= most))
        for size, most in _FAST.items()
        for each in figures.sizes
        if each.tools == size
    ]
    for what, power in (("p50", figures.time_exponent), ("memory", figures.memory_exponent)):
        if power is not None:
            rows.append((f"{what} grows linearly or less", f"n^{power:.2f}", _met(power <= _LINEAR)))
    if figures.paper:
        seen, unseen, without = _columns(figures)
        for what, shares in (("a tool is found", seen), ("none fits", unseen)):
            mean = _mean(shares)
            rows.append((f"paper's setting, {what}: >= {_RIGHT:.0%}", _percent(mean), _met(mean >= _RIGHT)))
        told = f"paper's setting, no model asked: >= {_WITHOUT_MODEL:.0%}"
        rows.append((told, _percent(_mean(without)), _met(_mean(without) >= _WITHOUT_MODEL)))
    least = min((each.all for each in figures.sizes), key=lambda found: found.by_words)
    told = f"no model asked at any size: >= {_WITHOUT_MODEL:.0%}"
    with_tool = _percent(least.seen_by_words / least.seen if least.seen else None)
    return [*rows, (told, f"{least.by_words:.1%} ({with_tool} with a tool)", _met(least.by_words >= _WITHOUT_MODEL))]


def sentences(figures: DispatchFigures) -> list[str]:
    """Return where the requests come from, how time and memory grow, and what was left out."""
    sources = " and ".join(f"{count} from {name}" for name, count in figures.real_kinds.items() if count)
    told = [f"Real kinds of request: {sources or 'none'}. Half of them have no tool. The other tools are made up."]
    if not figures.real_kinds.get("reasoning-gym"):
        told.append("reasoning-gym is not installed (pip install reasoning-gym): its kinds are left out.")
    if not figures.paper:
        told.append("The paper's setting is left out: --data names no folder with its six tasks of BIG-bench.")
    grown = [
        f"{what} with the power {power:.2f}"
        for what, power in (
            ("the median time of a decision", figures.time_exponent),
            ("memory", figures.memory_exponent),
            ("opening", figures.opening_exponent),
        )
        if power is not None
    ]
    if grown:
        told.append(
            f"With the number of tools, from {FIT_FROM:,} on, grow: {', '.join(grown)}; 1 is linear, 0 does not grow."
        )
    mistaken = figures.sizes[-1].mistaken
    if mistaken:
        most = ", ".join(f"{pair} ({count})" for pair, count in list(mistaken.items())[:_SHOWN])
        told.append(f"Real requests that were told a wrong tool at {figures.sizes[-1].tools:,} tools: {most}.")
    return told


def markdown(figures: DispatchFigures) -> str:
    """Return the tables and sentences as a Markdown page."""
    shown = [f"## {table.title}\n\n{table.markdown}" for table in tables(figures)]
    return "\n\n".join(["# What the dispatcher finds, and what that costs", *sentences(figures), *shown]) + "\n"


def draw(figures: DispatchFigures, path: Path) -> None:
    """Write a picture: time of a decision, memory, and what is found, each by number of tools.

    Raises:
        ImportError: matplotlib, of the extra `bench`, is missing.
        OSError: The file cannot be written.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - of the extra `bench`, and slow to load

    figure = Figure(figsize=(15, 4.5), layout="constrained")
    times, memory, found = figure.subplots(1, 3)
    sizes = figures.sizes
    _lines(times, sizes, {"p50": [each.p50_ms for each in sizes], "p99": [each.p99_ms for each in sizes]})
    times.scatter(list(_FAST), list(_FAST.values()), marker="v", color="black", label="goal for p50")
    times.set(yscale="log", ylabel="ms", title="Time of a decision")
    _lines(memory, sizes, {"MB": [each.memory_mb for each in sizes], "opening, s": [each.opening_s for each in sizes]})
    memory.set(yscale="log", title="Memory, and opening")
    _lines(
        found,
        sizes,
        {
            "real, tool found": [each.real.reuse for each in sizes],
            "real, none fits": [each.real.none_fits for each in sizes],
            "made up, tool found": [each.made_up.reuse for each in sizes],
            "made up, none fits": [each.made_up.none_fits for each in sizes],
        },
    )
    found.set(title="Part of the requests that is told right")
    for axes in (times, memory, found):
        axes.set(xscale="log", xlabel="tools")
        axes.legend(fontsize="small")
    figure.savefig(path, dpi=120)


def _lines(
    axes: Any, sizes: Sequence[SizeFigures], lines: dict[str, list[float | None]] | dict[str, list[float]]
) -> None:
    for label, values in lines.items():
        known = [(each.tools, value) for each, value in zip(sizes, values, strict=True) if value is not None]
        axes.plot([x for x, _ in known], [y for _, y in known], marker="o", label=label)


def _shares(found: Any) -> tuple[float, float, float]:
    return found.reuse or 0.0, found.none_fits or 0.0, found.by_words


def _columns(figures: DispatchFigures) -> list[list[float]]:
    """Return by column what each split of the paper's setting gave."""
    return [list(column) for column in zip(*(_shares(each.found) for each in figures.paper), strict=True)]


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares)


def _spread(shares: Sequence[float]) -> str:
    return f"{_percent(_mean(shares))} ({_percent(min(shares))} to {_percent(max(shares))})"


def _met(met: bool) -> str:
    return "met" if met else "missed"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _number(value: float) -> str:
    """Return about three digits of it."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"  # noqa: PLR2004
