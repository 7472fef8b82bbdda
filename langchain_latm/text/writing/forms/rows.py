"""Lists of lists with one row a line: a matrix, a board, a grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from langchain_latm.text.lexing.numbers import read_integer
from langchain_latm.text.writing.form import AnswerForm, Column, Form
from langchain_latm.text.writing.joints import joints

_BETWEEN_CELLS: Final = (", ", ",", "; ", "\t", " | ", " ")


class Rows(Form):
    """Writes a list of lists with one line for each inner list."""

    name = "rows"
    rank = 28
    offered = "before"

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for the rows if all cells are whole numbers, or single characters in rows of the same length."""
        lines = [text.splitlines() for text in column.answers]
        if not any(len(each) > 1 for each in lines):
            return None
        for between in _BETWEEN_CELLS:
            if any(between in line for each in lines for line in each):
                cells = [[line.strip().split(between) for line in each] for each in lines]
                numbers = [[[read_integer(cell) for cell in row] for row in each] for each in cells]
                if not any(None in row for each in numbers for row in each):
                    return AnswerForm("list[list[int]]", tuple(numbers))
                return AnswerForm("list[list[str]]", tuple(cells)) if _is_board(cells) else None
        return None

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the rows with each likely separator of cells."""
        values = column.values
        if not all(isinstance(value, list) and all(isinstance(row, list) for row in value) for value in values):
            return
        answers = [answer.splitlines() or [""] for answer in column.answers]
        first = [[str(cell) for cell in value[0]] if value else [] for value in values]
        for joint in joints(first, [each[0] for each in answers]):
            yield f"'\\n'.join({joint!r}.join(str(cell) for cell in row) for row in value)"


def _is_board(answers: Sequence[Sequence[Sequence[str]]]) -> bool:
    """Whether every cell is one character, and the rows of an answer have the same length."""
    single = all(len(cell) == 1 for rows in answers for row in rows for cell in row)
    return single and all(len({len(row) for row in rows}) == 1 for rows in answers)
