"""Whole numbers as Python prints them: "3", "-40"."""

from __future__ import annotations

from langchain_latm.text.lexing.numbers import read_integer
from langchain_latm.text.writing.form import AnswerForm, Column, Form


class Integers(Form):
    """Asks for an int. Its plain text is the answer, so no code is needed."""

    name = "integers"
    rank = 5
    offered = "before"

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for an int if all answers are whole numbers of at most 18 digits."""
        numbers = tuple(map(read_integer, column.answers))
        return None if None in numbers else AnswerForm("int", numbers)
