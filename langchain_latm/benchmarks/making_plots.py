"""Pictures of `latm bench making|using|all`: what succeeds, and what many requests cost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from langchain_latm.benchmarks.making_figures import MakingFigures
from langchain_latm.benchmarks.making_goals import OURS, PAPERS
from langchain_latm.benchmarks.names import BASELINES

_COLORS: Final = {method: f"C{number}" for number, method in enumerate((OURS, PAPERS, *BASELINES))}
_ACROSS: Final = 3
_LEAST_REQUESTS: Final = 50
_MOST_REQUESTS: Final = 5_000
_BEYOND: Final = 1.5
"""A curve goes on for so many times the requests of its last break-even."""


def draw(figures: MakingFigures, folder: Path) -> list[str]:
    """Write `success.png`, and `tokens.png` where there is a way to answer a request; return their names.

    Raises:
        ImportError: matplotlib, of the extra `bench`, is missing.
        OSError: A file cannot be written.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - of the extra `bench`, and slow to load

    named = [each.task for each in figures.methods] + [each.task for each in figures.baselines]
    tasks = list(dict.fromkeys(named))
    success = Figure(figsize=(13, 1.5 + 0.6 * max(len(tasks), 3)), layout="constrained")
    solved, right = success.subplots(1, 2)
    _bars(
        solved, tasks, {(m.task, m.method): m.solved / m.runs for m in figures.methods}, "Part of the runs that solve"
    )
    _bars(right, tasks, _accuracies(figures), "Part of the test that is right, where there is a tool")
    success.savefig(folder / "success.png", dpi=120)
    lines = {task: _lines(figures, task) for task in tasks}
    drawn = [task for task in tasks if lines[task]]
    if not drawn:
        return ["success.png"]
    down = -(-len(drawn) // _ACROSS)
    tokens = Figure(figsize=(5 * _ACROSS, 3.6 * down), layout="constrained")
    places = tokens.subplots(down, _ACROSS, squeeze=False).flat
    for place, task in zip(places, [*drawn, *[""] * (down * _ACROSS - len(drawn))], strict=True):
        if not task:
            place.set_axis_off()
            continue
        last = _requests(figures, task)
        for label, (making, use) in lines[task].items():
            place.plot([0, last], [making, making + last * use], label=label, color=_COLORS.get(label))
        place.set(title=task, xlabel="requests", ylabel="tokens, making included")
        place.legend(fontsize="small")
    tokens.savefig(folder / "tokens.png", dpi=120)
    return ["success.png", "tokens.png"]


def _accuracies(figures: MakingFigures) -> dict[tuple[str, str], float]:
    tools = {(each.task, each.method): each.accuracy.mean for each in figures.methods if each.accuracy}
    return tools | {(each.task, each.method): each.test.accuracy for each in figures.baselines}


def _lines(figures: MakingFigures, task: str) -> dict[str, tuple[float, float]]:
    """Return by method what it takes at first and for each request; tools only where they solve the task."""
    tools = {
        each.method: (each.solved_tokens, each.use_tokens)
        for each in figures.methods
        if each.task == task and each.solved_tokens is not None and each.use_tokens is not None
    }
    return tools | {each.method: (0.0, each.test.tokens) for each in figures.baselines if each.task == task}


def _requests(figures: MakingFigures, task: str) -> int:
    """Return how many requests a curve is drawn for: beyond where the tools have paid for themselves."""
    after = [n for each in figures.methods if each.task == task for n in each.break_even.values() if n is not None]
    return min(_MOST_REQUESTS, max(_LEAST_REQUESTS, round(_BEYOND * max(after, default=0))))


def _bars(axes: Any, tasks: Sequence[str], values: dict[tuple[str, str], float], title: str) -> None:
    methods = list(dict.fromkeys(method for _, method in values))
    thick = 0.8 / max(len(methods), 1)
    for number, method in enumerate(methods):
        rows = [row for row, task in enumerate(tasks) if (task, method) in values]
        middle = (number - (len(methods) - 1) / 2) * thick
        widths = [values[tasks[row], method] for row in rows]
        axes.barh([row + middle for row in rows], widths, height=thick, label=method, color=_COLORS.get(method))
    axes.set(title=title, xlim=(0, 1), yticks=range(len(tasks)), yticklabels=tasks)
    axes.invert_yaxis()
    if methods:
        axes.legend(fontsize="small")
