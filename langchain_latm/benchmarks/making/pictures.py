"""Pictures of `latm bench making|using|all`: success rates, and the cost of many requests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from langchain_latm.benchmarks.making.figures import MakingFigures
from langchain_latm.benchmarks.names import BASELINES, METHODS
from langchain_latm.benchmarks.report import picture

_COLORS: Final = {method: f"C{number}" for number, method in enumerate((*METHODS, *BASELINES))}
_COLUMNS: Final = 3
_REQUESTS: Final = (50, 5_000)
_BEYOND: Final = 1.5
"""Length of a curve as a multiple of its last break-even, within `_REQUESTS`."""


def draw(figures: MakingFigures, folder: Path) -> list[str]:
    """Write `success.png` and, if there is a way to answer a request, `tokens.png`; return their names."""
    named = [(m.task, m.method) for m in figures.methods] + [(b.task, b.method) for b in figures.baselines]
    tasks = list(dict.fromkeys(task for task, _ in named))
    with picture(folder / "success.png", 13, 1.5 + 0.6 * max(len(tasks), 3)) as success:
        solved, right = success.subplots(1, 2)
        shares = {(each.task, each.method): each.solved / each.runs for each in figures.methods}
        _bars(solved, tasks, shares, "Share of the runs that solve")
        known = {key: share for key in named if (share := figures.accuracy(*key)) is not None}
        _bars(right, tasks, known, "Share of the test that is right, where there is a tool")
    lines = {task: found for task in tasks if (found := _lines(figures, task))}
    if not lines:
        return ["success.png"]
    rows = -(-len(lines) // _COLUMNS)
    with picture(folder / "tokens.png", 5 * _COLUMNS, 3.6 * rows) as tokens:
        for number, (task, ways) in enumerate(lines.items(), 1):
            axes = tokens.add_subplot(rows, _COLUMNS, number)
            last = _requests(figures, task)
            for method, (making, use) in ways.items():
                axes.plot([0, last], [making, making + last * use], label=method, color=_COLORS.get(method))
            axes.set(title=task, xlabel="requests", ylabel="tokens, making included")
            axes.legend(fontsize="small")
    return ["success.png", "tokens.png"]


def _lines(figures: MakingFigures, task: str) -> dict[str, tuple[float, float]]:
    """Return by method the tokens before the first request and for each one; tools only if they solve the task."""
    tools = {
        each.method: (each.solved_tokens, each.use_tokens)
        for each in figures.methods
        if each.task == task and each.solved_tokens is not None and each.use_tokens is not None
    }
    return tools | {each.method: (0.0, each.test.tokens) for each in figures.baselines if each.task == task}


def _requests(figures: MakingFigures, task: str) -> int:
    """Return the length of the curves, somewhat beyond the break-even of the tools."""
    after = [n for each in figures.methods if each.task == task for n in each.break_even.values() if n is not None]
    least, most = _REQUESTS
    return min(most, max(least, round(_BEYOND * max(after, default=0))))


def _bars(axes: Any, tasks: Sequence[str], values: dict[tuple[str, str], float], title: str) -> None:
    methods = list(dict.fromkeys(method for _, method in values))
    height = 0.8 / max(len(methods), 1)
    for number, method in enumerate(methods):
        rows = [row for row, task in enumerate(tasks) if (task, method) in values]
        shift = (number - (len(methods) - 1) / 2) * height
        widths = [values[tasks[row], method] for row in rows]
        axes.barh([row + shift for row in rows], widths, height=height, label=method, color=_COLORS.get(method))
    axes.set(title=title, xlim=(0, 1), yticks=range(len(tasks)), yticklabels=tasks)
    axes.invert_yaxis()
    if methods:
        axes.legend(fontsize="small")
