"""A task from a table, in which a function computes one column from others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from langchain_latm._core.amounts import counted
from langchain_latm._core.plain_names import plain_name
from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.cells import json_text
from langchain_latm.interop.tables.shapes import features, most_different
from langchain_latm.interop.tables.solved_rows import Rows, SolvedRow, read_rows
from langchain_latm.interop.tables.table import Table
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import AnswerCheck, ExactCheck
from langchain_latm.tools.inputs import as_arguments, text_parameters
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Example, Task, VerificationReport, first_error, inputs_text, shorten

MAX_PROOF: Final = 2_000
"""Solved rows on which each function is tried during a making. The tool is then tried on all others."""
_CHOSEN_AMONG: Final = 5_000
_MORE_PROOF: Final = 500
_MORE_SHOWN: Final = 3
"""Number of rows on which a proven function was wrong that are shown, as many as a task shows by default."""


@dataclass(frozen=True)
class TableTask:
    """A task, with the rows of its examples in the table.

    Attributes:
        task: The task.
        rows: The rows of the table.
        rest: Solved rows outside of the task, on which the tool must be right too.
    """

    task: Task
    rows: Rows
    rest: tuple[SolvedRow, ...]

    def wrong_rows(self, report: VerificationReport) -> list[str]:
        """Describe the rows on which a function was wrong, with their numbers."""
        numbers = {inputs_text(row.example.inputs or {}): row.number for row in self.rows.solved}
        return [
            _wrong(numbers.get(case.question, 0), case.question, case.expected, case.value, case.error)
            for case in report.cases
            if not case.passed
        ]

    def wrong_rest(self, tool: MadeTool, sandbox: Sandbox) -> list[tuple[SolvedRow, str]]:
        """Try a tool on the solved rows outside of its proof; return those on which it is wrong, with a description."""
        texts = text_parameters(tool.parameters)
        inputs = [row.example.inputs or {} for row in self.rest]
        sets = [as_arguments(each, tool.inputs or {}, texts) for each in inputs]
        found = []
        for row, result in zip(self.rest, sandbox.batch(tool.tool_source, sets), strict=True):
            failure = result.failure
            if failure is not None or not self.task.check.matches(result.value, row.example.answer):
                reason = None if failure is None else f"{failure.kind.value}: {failure.message}"
                said = _wrong(row.number, row.example.text, row.example.answer, result.value, reason)
                found.append((row, said))
        return found

    def with_proof(self, rows: Sequence[SolvedRow]) -> TableTask:
        """Return the task with further rows in its proof, some of which the maker sees.

        Args:
            rows: Some of `rest`.
        """
        examples = [row.example for row in rows[:_MORE_PROOF]]
        shown = set(_chosen(examples, min(_MORE_SHOWN, len(examples))))
        task = self.task.model_copy(
            update={
                "demonstrations": (*self.task.demonstrations, *(examples[place] for place in sorted(shown))),
                "further": (
                    *self.task.further,
                    *(each for place, each in enumerate(examples) if place not in shown),
                ),
            }
        )
        moved = {row.number for row in rows[:_MORE_PROOF]}
        return TableTask(task, self.rows, tuple(row for row in self.rest if row.number not in moved))


def load_table_task(
    table: Table,
    inputs: Sequence[str],
    answer: str,
    *,
    name: str | None = None,
    demonstrations: int = 3,
    validation: int = 3,
    description: str | None = None,
    check: AnswerCheck | str = ExactCheck(),  # noqa: B008 - frozen
    blank_is_answer: bool = False,
    progress: Callable[[int], object] | None = None,
) -> TableTask:
    """Create a task from a table in which some rows have an answer.

    The maker is shown rows that differ in shape; all other solved rows are the proof. Different functions are compared
    on the rows without an answer.

    Args:
        table: The table.
        inputs: The columns that the function gets.
        answer: The column that it computes. A blank cell is not an answer.
        name: Name of the tool. Default: that of the column.
        demonstrations: Rows that the maker sees.
        validation: Minimum number of rows that it never sees.
        description: One sentence about the computation.
        check: How answers are compared.
        blank_is_answer: Whether a blank cell is the answer that the cell stays blank.
        progress: Gets the number of rows that were read.

    Raises:
        TableError: A column is missing, too few rows have an answer, or rows contradict each other.

    Example:
        ```python
        from langchain_latm.interop.tables.formats import open_table
        from langchain_latm.interop.tables.table_task import load_table_task

        found = load_table_task(open_table("people.csv"), ["signup"], "iso")
        print(found.task.demonstrations)
        ```
    """
    compared: Any = TypeAdapter(AnswerCheck).validate_python(check).model_copy(update={"values": True})
    rows = read_rows(table, inputs, answer, check=compared, blank_is_answer=blank_is_answer, progress=progress)
    needed = demonstrations + validation
    if len(rows.solved) < needed:
        same = f" ({rows.repeated:,} more are the same as one of them)" if rows.repeated else ""
        raise TableError(
            f"{table.name}: {counted(len(rows.solved), 'different row')} with an answer in {answer!r}{same}; "
            f"{needed} are needed, {demonstrations} to show and {validation} for the proof: fill in "
            f"{needed - len(rows.solved)} more"
        )
    examples = [row.example for row in rows.solved]
    shown = _chosen(examples[:_CHOSEN_AMONG], demonstrations)
    chosen = set(shown)
    others = [place for place in range(len(examples)) if place not in chosen]
    spread = _spread(others, MAX_PROOF)
    tried = set(spread)
    try:
        task = Task(
            name=name or plain_name(answer) or "column",
            demonstrations=tuple(examples[place] for place in shown),
            validation=tuple(examples[place] for place in spread[:validation]),
            further=tuple(examples[place] for place in spread[validation:]),
            rows=tuple(rows.unsolved),
            description=description,
            check=compared,
        )
    except ValidationError as error:
        raise TableError(f"{table.name}: {first_error(error)}") from error
    return TableTask(task, rows, tuple(rows.solved[place] for place in others if place not in tried))


def _chosen(examples: Sequence[Example], count: int) -> list[int]:
    return most_different([features({**(each.inputs or {}), "": each.answer}) for each in examples], count)


def _spread(places: Sequence[int], most: int) -> list[int]:
    """Return at most this many evenly spread places."""
    if len(places) <= most:
        return list(places)
    return [places[number * len(places) // most] for number in range(most)]


def _wrong(number: int, inputs: str, expected: Any, value: Any, error: str | None) -> str:
    got = f"failed ({shorten(error, 80)})" if error is not None else f"gave {shorten(json_text(value), 60)}"
    return f"row {number:,}: {shorten(inputs, 80)} {got}, the table has {shorten(json_text(expected), 60)}"
