"""The figures of `latm bench tables` as a report."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.report import Goal, Report, goals_table, percent, picture
from langchain_latm.benchmarks.tables.measure import ColumnFigures, Seen, TablesFigures

_RIGHT: Final = 0.6
_MEDIAN: Final = 0.5
_P95: Final = 10.0
_FALSE: Final = 0.02


def report(figures: TablesFigures, *, with_goals: bool = False) -> Report:
    """Return the numbers of proven programs and of right ones on the held-out rows, by group and by task.

    Args:
        figures: What was measured.
        with_goals: Whether to begin with the goals of this project.
    """
    told = (
        f"Engines: {', '.join(figures.engines)}. No model was asked. Of each task the search saw {figures.shown} rows "
        f"with answers, and the inputs of the others; {figures.proof} further rows are the proof, the rest was held "
        "back. In a second search it saw the answers of the proof too."
    )
    words = (
        "*solved*: a program came out. *proven*: it is right on the shown rows and the proof. *right*: on the rest "
        "too. *wrong*: it answers a row of the rest wrong; *without note*: no program that is nearly as likely would "
        "have given another answer there. *refuses*: it answers none wrong, and raises an error for some."
    )
    first = [goals_table(goals(figures))] if with_goals else []
    tables = [*first, *(_by_group(figures, seen) for seen in _SEEN), _by_task(figures)]
    return Report("Programs for columns of tables, found by search", tables, [told, words])


_SEEN: Final[dict[Seen, str]] = {
    "shown": "Search on the shown rows",
    "all": "Search on the shown rows and those of the proof",
}


def goals(figures: TablesFigures) -> list[Goal]:
    """Return each goal with its measurement, for the search that saw the shown rows and the proof."""
    columns = [each for each in figures.columns if each.seen == "all"]
    if not columns:
        return []
    right = sum(each.right for each in columns) / len(columns)
    false = sum(each.unnoted > 0 for each in columns) / len(columns)
    times = [each.seconds for each in columns]
    median, p95 = statistics.median(times), _p95(times)
    return [
        Goal.judged(f"proven and right on the rest: at least {_RIGHT:.0%}", percent(right), right >= _RIGHT),
        Goal.judged(
            f"proven, and wrong on the rest without a note: at most {_FALSE:.0%}", percent(false), false <= _FALSE
        ),
        Goal.judged(f"CPU seconds, median: at most {_MEDIAN}", f"{median:.2f}", median <= _MEDIAN),
        Goal.judged(f"CPU seconds, 95th percentile: at most {_P95:.0f}", f"{p95:.2f}", p95 <= _P95),
    ]


def _by_group(figures: TablesFigures, seen: Seen) -> PlainTable:
    columns = [each for each in figures.columns if each.seen == seen]
    groups = [
        (group, [each for each in columns if each.group == group]) for group in sorted({c.group for c in columns})
    ]
    return PlainTable(
        _SEEN[seen],
        (
            "group",
            "tasks",
            "solved",
            "proven",
            "right",
            "wrong",
            "without note",
            "refuses",
            "seconds p50",
            "p95",
            "tokens",
        ),
        [_row(name, members) for name, members in [*groups, ("all", columns)] if members],
    )


def _row(name: str, members: Sequence[ColumnFigures]) -> list[str]:
    refuses = sum(each.refused > 0 and not each.wrong for each in members)
    counts = [len(members), *(sum(getattr(each, what) for each in members) for what in ("solved", "proven", "right"))]
    times = [each.seconds for each in members]
    wrong = [sum(each.wrong > 0 for each in members), sum(each.unnoted > 0 for each in members)]
    shares = [*map(str, counts), *map(str, wrong), str(refuses)]
    return [name, *shares, f"{statistics.median(times):.2f}", f"{_p95(times):.2f}", "0"]


def _by_task(figures: TablesFigures) -> PlainTable:
    both = zip(
        *([each for each in figures.columns if each.seen == seen] for seen in _SEEN),
        strict=True,
    )
    rows = [[one.task, _word(one), f"{one.seconds:.2f}", _word(two), f"{two.seconds:.2f}"] for one, two in both]
    return PlainTable("Tasks", ("task", "from the shown rows", "s", "from shown rows and proof", "s"), rows)


def _word(column: ColumnFigures) -> str:
    if not column.proven:
        return "not proven" if column.solved else "-"
    if column.right:
        return f"right ({column.rest})"
    return f"wrong on {column.wrong}" + f", refuses {column.refused}" * bool(column.refused) + f" of {column.rest}"


def draw(figures: TablesFigures, folder: Path) -> list[str]:
    """Draw the number of right tasks over the time of a task; return the names of the pictures."""
    with picture(folder / "tables.png", 6, 3.5) as figure:
        axes = figure.subplots()
        for seen, label in _SEEN.items():
            times = sorted(each.seconds for each in figures.columns if each.seen == seen and each.right)
            axes.step([0.01, *times], range(len(times) + 1), where="post", label=label)
        axes.set(xscale="log", xlabel="CPU seconds of a task", ylabel="tasks right")
        axes.legend()
    return ["tables.png"]


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]
