"""The figures of `latm bench dispatch` as a report and as a picture, with the goals."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.dispatch.bench import FIT_FROM, PAPER_TOOLS
from langchain_latm.benchmarks.dispatch.figures import DispatchFigures, Found
from langchain_latm.benchmarks.report import Goal, Report, Spread, goals_table, percent, picture, three_digits

_MOST_MS: Final = {1_000: 1.0, 100_000: 10.0}
"""Goal: the median time of a decision, by number of tools."""
_RIGHT: Final = 0.99
_WITHOUT_MODEL: Final = 0.9
_LINEAR: Final = 1.05
"""Goal: growth. Exponents vary from run to run, so a little more than 1 counts as linear."""
_SHOWN: Final = 8


def report(figures: DispatchFigures) -> Report:
    """Return the report: found tools, time and memory, the paper's setting if it was measured, and the goals."""
    sizes, tools = figures.sizes, ("tools", lambda size: f"{size.tools:,}")
    tables = [
        PlainTable.of(
            "What the dispatcher finds without a model",
            sizes,
            tools,
            ("for real kinds", lambda size: f"{size.real_tools:,}"),
            ("real: found", lambda size: percent(size.real.reuse)),
            ("none fits", lambda size: percent(size.real.none_fits)),
            ("made up: found", lambda size: percent(size.made_up.reuse)),
            ("none fits", lambda size: percent(size.made_up.none_fits)),
            ("found: not judged", lambda size: percent(size.all.unjudged)),
            ("wrong tool", lambda size: f"{size.all.wrong_tool:,} of {size.all.requests:,}"),
            ("of these silent", lambda size: f"{size.all.wrong_silent:,}"),
            ("no model asked", lambda size: percent(size.all.by_words)),
        ),
        PlainTable.of(
            "Time of a decision, and memory",
            sizes,
            tools,
            ("p50 ms", lambda size: three_digits(size.p50_ms)),
            ("p99 ms", lambda size: three_digits(size.p99_ms)),
            ("CPU p50 ms", lambda size: three_digits(size.cpu_p50_ms)),
            ("opening s", lambda size: three_digits(size.opening_s)),
            ("after a change s", lambda size: three_digits(size.change_s)),
            ("memory MB", lambda size: three_digits(size.memory_mb)),
            ("KB per tool", lambda size: three_digits(size.kb_per_tool)),
            ("building s", lambda size: three_digits(size.building_s)),
        ),
    ]
    if figures.paper:
        title = f"The paper's setting: {PAPER_TOOLS} tasks have a tool, {figures.examples} examples each"
        rows = [[str(n), *map(percent, _shares(each.found))] for n, each in enumerate(figures.paper, 1)]
        rows.append(["mean (lowest to highest)", *(f"{Spread.of(shares):.1%}" for shares in _paper_shares(figures))])
        tables.append(PlainTable(title, ("split", "found", "none fits", "no model asked"), rows))
    tables.append(goals_table(list(goals(figures))))
    return Report("What the dispatcher finds, and what that costs", tables, list(_sentences(figures)))


def goals(figures: DispatchFigures) -> Iterator[Goal]:
    """Yield each goal that was measured."""
    for tools, most in _MOST_MS.items():
        for size in figures.sizes:
            if size.tools == tools:
                yield Goal.judged(
                    f"p50 at {tools:,} tools <= {most:.0f} ms", f"{size.p50_ms:.2f} ms", size.p50_ms <= most
                )
    for what, power in (("p50", figures.time_exponent), ("memory", figures.memory_exponent)):
        if power is not None:
            yield Goal.judged(f"{what} grows linearly or less", f"n^{power:.2f}", power <= _LINEAR)
    if figures.paper:
        named = (("a tool is found", _RIGHT), ("none fits", _RIGHT), ("no model asked", _WITHOUT_MODEL))
        for (what, least), shares in zip(named, _paper_shares(figures), strict=True):
            mean = statistics.fmean(shares)
            yield Goal.judged(f"paper's setting, {what}: >= {least:.0%}", percent(mean), mean >= least)
    worst = min((size.all for size in figures.sizes), key=lambda found: found.by_words)
    with_tool = percent(worst.seen_by_words / worst.seen if worst.seen else None)
    yield Goal.judged(
        f"no model asked at any size: >= {_WITHOUT_MODEL:.0%}",
        f"{worst.by_words:.1%} ({with_tool} with a tool)",
        worst.by_words >= _WITHOUT_MODEL,
    )


def _sentences(figures: DispatchFigures) -> Iterator[str]:
    sources = " and ".join(f"{count} from {name}" for name, count in figures.real_kinds.items() if count)
    yield f"Real kinds of request: {sources or 'none'}. Half of them have no tool. The other tools are made up."
    if not figures.real_kinds.get("reasoning-gym"):
        yield "reasoning-gym is not installed (pip install reasoning-gym): its kinds are left out."
    if not figures.paper:
        yield "The paper's setting is left out: --data names no folder with its six tasks of BIG-bench."
    powers = {
        "the median time of a decision": figures.time_exponent,
        "memory": figures.memory_exponent,
        "opening": figures.opening_exponent,
    }
    grown = ", ".join(f"{what} with the power {power:.2f}" for what, power in powers.items() if power is not None)
    if grown:
        yield f"Growth with the number of tools, from {FIT_FROM:,} on: {grown}; 1 is linear, 0 is constant."
    yield (
        "A request that is not worded like the examples of its tool is judged before the tool answers; a wrong tool is "
        "silent where it is worded like them."
    )
    largest = figures.sizes[-1]
    if largest.mistaken:
        most = ", ".join(f"{pair} ({count})" for pair, count in list(largest.mistaken.items())[:_SHOWN])
        yield f"Real requests that got a wrong tool at {largest.tools:,} tools: {most}."


def draw(figures: DispatchFigures, folder: Path) -> list[str]:
    """Write `dispatch.png`, and return its name: time of a decision, memory and what is found, by number of tools."""
    sizes = figures.sizes
    with picture(folder / "dispatch.png", 15, 4.5) as figure:
        times, memory, found = figure.subplots(1, 3)
        _lines(times, figures, {"p50": [each.p50_ms for each in sizes], "p99": [each.p99_ms for each in sizes]})
        times.scatter(list(_MOST_MS), list(_MOST_MS.values()), marker="v", color="black", label="goal for p50")
        times.set(yscale="log", ylabel="ms", title="Time of a decision")
        opening = [each.opening_s for each in sizes]
        _lines(memory, figures, {"MB": [each.memory_mb for each in sizes], "opening, s": opening})
        memory.set(yscale="log", title="Memory, and opening")
        for kinds in ("real", "made_up"):
            of_them: list[Found] = [getattr(each, kinds) for each in sizes]
            label = kinds.replace("_", " ")
            _lines(found, figures, {f"{label}, tool found": [each.reuse for each in of_them]})
            _lines(found, figures, {f"{label}, none fits": [each.none_fits for each in of_them]})
        found.set(title="Share of the requests with the right answer")
        for axes in (times, memory, found):
            axes.set(xscale="log", xlabel="tools")
            axes.legend(fontsize="small")
    return ["dispatch.png"]


def _lines(axes: Any, figures: DispatchFigures, lines: dict[str, Sequence[float | None]]) -> None:
    for label, values in lines.items():
        known = [(each.tools, value) for each, value in zip(figures.sizes, values, strict=True) if value is not None]
        axes.plot([x for x, _ in known], [y for _, y in known], marker="o", label=label)


def _shares(found: Found) -> tuple[float, float, float]:
    return found.reuse or 0.0, found.none_fits or 0.0, found.by_words


def _paper_shares(figures: DispatchFigures) -> list[tuple[float, ...]]:
    """Return the shares of the paper's setting over the splits: tools found, none fits, no model asked."""
    return list(zip(*(_shares(each.found) for each in figures.paper), strict=True))
