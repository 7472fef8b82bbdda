"""Searches for a program for each task, and tries it on the held-out rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args

from langchain_latm.benchmarks.report import Figures
from langchain_latm.benchmarks.tables.tasks import TableTask, read_tasks
from langchain_latm.making.synthesis.differing import differing
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.search import synthesise

TRIED: Final = 8
"""Maximum number of programs tried on the proof, as in a making."""

Seen = Literal["shown", "all"]
"""Whether the search sees only the answers of the shown rows, or those of the proof too."""


SEEN: Final[tuple[Seen, ...]] = get_args(Seen)


class ColumnFigures(Figures):
    """The result of a search for one task.

    Attributes:
        task: The task.
        group: Its group.
        seen: The answers that the search saw.
        solved: Whether a program was found.
        proven: Whether a program is right on the shown rows and the proof.
        rest: Number of held-out rows.
        wrong: Held-out rows that the proven program answers wrongly.
        unnoted: Wrong rows on which no program of similar likelihood gives another answer; for the other wrong rows, a
            person would have been asked.
        refused: Held-out rows on which it raises an error.
        seconds: CPU time.
        cost: The proven program's cost.
        source: Its source.
    """

    task: str
    group: str
    seen: Seen
    solved: bool
    proven: bool
    rest: int
    wrong: int = 0
    unnoted: int = 0
    refused: int = 0
    seconds: float = 0.0
    cost: float | None = None
    source: str = ""

    @property
    def right(self) -> bool:
        """Whether the program is proven, and right on all held-out rows."""
        return self.proven and not self.wrong and not self.refused


class TablesFigures(Figures):
    """The result of `latm bench tables`."""

    engines: tuple[str, ...]
    shown: int
    proof: int
    columns: tuple[ColumnFigures, ...]


def bench_tables(
    data: Path,
    *,
    engines: Sequence[str],
    shown: int = 3,
    proof: int = 3,
    seconds: float = 10.0,
    progress: Callable[[str, int, int], None] | None = None,
) -> TablesFigures:
    """Search for a program for each task of a folder. No model is asked, so it takes no tokens.

    Args:
        data: The folder, as `read_tasks` takes it.
        engines: Engines of the search.
        shown: Examples that the search sees.
        proof: Further examples that prove a program. In a second search it sees these too.
        seconds: Longest time of a search.
        progress: Called with a message, the tasks done and all tasks.

    Raises:
        TaskError: A file of the folder is not a task.
    """
    tasks = read_tasks(data)
    columns: list[ColumnFigures] = []
    for done, task in enumerate(tasks):
        if progress is not None:
            progress(f"{task.group}: {task.name}" if done else "searching for programs", done, len(tasks))
        for seen in SEEN:
            given = shown if seen == "shown" else shown + proof
            columns.append(_measured(task, seen, given=given, known=shown + proof, engines=engines, seconds=seconds))
    return TablesFigures(engines=tuple(engines), shown=shown, proof=proof, columns=tuple(columns))


def _measured(
    task: TableTask, seen: Seen, *, given: int, known: int, engines: Sequence[str], seconds: float
) -> ColumnFigures:
    started = time.process_time()
    problem = Problem(task.rows[:given], tuple(row for row, _ in task.rows[given:]))
    programs = synthesise(problem, seconds=seconds, engines=engines)
    proven = next((each for each in programs[:TRIED] if _right(each, task.rows[:known])), None)
    spent = time.process_time() - started
    rest = task.rows[known:]
    base = ColumnFigures(
        task=task.name,
        group=task.group,
        seen=seen,
        solved=bool(programs),
        proven=proven is not None,
        rest=len(rest),
        seconds=spent,
    )
    if proven is None:
        return base
    outcomes = [_outcome(proven, row, answer) for row, answer in rest]
    wrong = [row for (row, _), outcome in zip(rest, outcomes, strict=True) if outcome == "wrong"]
    noted = sum(bool(differing(programs, [row])) for row in wrong)
    found = {"wrong": len(wrong), "unnoted": len(wrong) - noted, "refused": outcomes.count("refused")}
    return base.model_copy(update={**found, "cost": proven.cost, "source": proven.source})


def _right(program: Program, rows: Sequence[tuple[dict[str, Any], Any]]) -> bool:
    return all(_outcome(program, row, answer) == "right" for row, answer in rows)


def _outcome(program: Program, row: dict[str, Any], answer: Any) -> Literal["right", "wrong", "refused"]:
    try:
        value = program.run(row)
    except ValueError:
        return "refused"
    return "right" if type(value) is type(answer) and value == answer else "wrong"
