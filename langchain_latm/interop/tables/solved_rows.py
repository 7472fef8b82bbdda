"""The rows of a table as solved examples and rows without an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.cells import is_blank, json_text, json_value
from langchain_latm.interop.tables.column_types import ColumnType, answer_is_number
from langchain_latm.interop.tables.columns import find_column
from langchain_latm.interop.tables.csv_table import CsvTable
from langchain_latm.interop.tables.shapes import features
from langchain_latm.interop.tables.table import Table
from langchain_latm.interop.tables.workbook import CellError
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.text.json_values import json_key
from langchain_latm.types import Example, Inputs, first_error, shorten

MAX_SOLVED: Final = 100_000
"""Maximum number of different solved rows, which are kept in memory."""
MAX_UNSOLVED: Final = 1_000
"""Maximum number of rows without an answer on which functions are compared."""
_LOOKED_AT: Final = 20_000
_SHOWN: Final = 5


@dataclass(frozen=True)
class SolvedRow:
    """An example, and the number of its row."""

    number: int
    example: Example


@dataclass(frozen=True)
class Rows:
    """The rows of a table for a task.

    Attributes:
        solved: Rows with an answer, each once.
        repeated: How many rows were repetitions.
        unsolved: Inputs of rows without an answer, those of a new shape first.
        blank: How many rows have no answer.
        skipped: How many rows contain the error of a formula.
    """

    solved: list[SolvedRow]
    repeated: int
    unsolved: list[Inputs]
    blank: int
    skipped: int


def read_rows(
    table: Table,
    inputs: Sequence[str],
    answer: str,
    *,
    check: AnswerCheck,
    blank_is_answer: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Rows:
    """Read the rows of a table for a task.

    Args:
        table: The table.
        inputs: The columns that the function gets.
        answer: The column of answers; a blank cell is not an answer.
        check: Determines whether the answers to equal rows contradict each other.
        blank_is_answer: Whether a blank cell is the answer that the cell stays blank.
        progress: Gets the number of rows after each chunk.

    Raises:
        TableError: A column is missing, rows contradict each other, or a row cannot be used.
    """
    places = [find_column(table.name, table.columns, name, asked="--from") for name in inputs]
    place = find_column(table.name, table.columns, answer, asked="--to")
    if place in places or len(set(places)) < len(places):
        raise TableError(f"{table.name}: a column is given twice with --from and --to")
    names = [table.columns[each] for each in places]
    types = [ColumnType() for _ in places]
    solved: list[_Read] = []
    unsolved = _Sample(names)
    blank = skipped = read = 0
    for chunk in table.chunks():
        read += len(chunk.rows)
        for at, row in enumerate(chunk.rows):
            cells = [row[each] for each in places]
            given = row[place]
            if at in chunk.odd or isinstance(given, CellError) or any(isinstance(each, CellError) for each in cells):
                skipped += 1
                continue
            for kind, cell in zip(types, cells, strict=True):
                kind.look(cell)
            if blank_is_answer or not is_blank(given):
                solved.append(_Read(chunk.numbers[at], cells, "" if is_blank(given) else given))
                if len(solved) > MAX_SOLVED:
                    raise TableError(
                        f"{table.name}: more than {MAX_SOLVED:,} rows have an answer: take a part of the file"
                    )
            else:
                blank += 1
                unsolved.look(cells)
        if progress is not None:
            progress(read)

    def as_inputs(cells: Sequence[Any]) -> Inputs:
        pairs = zip(names, types, cells, strict=True)
        return {name: json_value(kind.value(cell)) for name, kind, cell in pairs}

    numeric = isinstance(table, CsvTable) and answer_is_number([each.answer.strip() for each in solved])
    examples = [(each.number, as_inputs(each.cells), _answer(each.answer, numeric=numeric)) for each in solved]
    once, repeated = _distinct(table, names, examples, check)
    known = {json_key(each.example.inputs) for each in once}
    fresh = {json_key(row): row for row in map(as_inputs, unsolved.rows)}
    return Rows(once, repeated, [row for key, row in fresh.items() if key not in known], blank, skipped)


class _Read(NamedTuple):
    number: int
    cells: list[Any]
    answer: Any


class _Sample:
    """A sample of rows: the first one of each shape, and some others."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._left = _LOOKED_AT
        self._shapes: set[frozenset[str]] = set()
        self._new: list[list[Any]] = []
        self._others: list[list[Any]] = []

    def look(self, cells: list[Any]) -> None:
        """Add a row, unless enough were seen."""
        if not self._left:
            return
        self._left -= 1
        shape = features(dict(zip(self._names, cells, strict=True)))
        if shape not in self._shapes and len(self._new) < MAX_UNSOLVED:
            self._shapes.add(shape)
            self._new.append(cells)
        elif len(self._others) < MAX_UNSOLVED:
            self._others.append(cells)

    @property
    def rows(self) -> list[list[Any]]:
        """The kept rows, those of a new shape first."""
        return [*self._new, *self._others][:MAX_UNSOLVED]


def _answer(given: Any, *, numeric: bool) -> Any:
    """Return an answer as a JSON value, without white space around a text."""
    if not isinstance(given, str):
        return json_value(given)
    text = given.strip()
    return (float(text) if "." in text else int(text)) if numeric else text


def _distinct(
    table: Table, names: Sequence[str], rows: Sequence[tuple[int, Inputs, Any]], check: AnswerCheck
) -> tuple[list[SolvedRow], int]:
    """Return the rows without repetitions, and the number of repetitions.

    Raises:
        TableError: Rows with the same inputs have different answers, or a row cannot be an example.
    """
    first: dict[str, SolvedRow] = {}
    against: list[str] = []
    for number, inputs, answer in rows:
        key = json_key(inputs)
        known = first.get(key)
        if known is None:
            try:
                first[key] = SolvedRow(number, Example(inputs=inputs, answer=answer))
            except ValidationError as error:
                raise TableError(f"{table.name}: row {number}: {first_error(error)}") from error
        elif not check.matches(answer, known.example.answer):
            was, now = shorten(json_text(known.example.answer), 40), shorten(json_text(answer), 40)
            against.append(f"row {known.number} says {was}, row {number} says {now}")
    if against:
        more = f"; {len(against) - _SHOWN:,} more such rows" if len(against) > _SHOWN else ""
        raise TableError(
            f"{table.name}: rows with the same {' and '.join(map(repr, names))} contradict each other: "
            f"{'; '.join(against[:_SHOWN])}{more}. Correct them, or name with --from what makes the difference"
        )
    return list(first.values()), len(rows) - len(first)
