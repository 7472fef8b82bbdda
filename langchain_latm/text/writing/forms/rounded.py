"""Rounded numbers without zeros at the end, and whole numbers: "2.5" and "3", "13" for 12.5, "1,234"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from langchain_latm.text.writing.form import AnswerForm, Column, Form
from langchain_latm.text.writing.numbers import minus_at_number, number_writings, numbers_asked


class Rounded(Form):
    """Writes a number with at most as many decimals as the examples, or as a whole number.

    If an example has fewer decimals than its value, numbers are rounded: half up unless an example shows half even. If
    none has, all decimals are written; if all examples are whole, a number with decimals is an error.
    """

    name = "rounded"
    rank = 46

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for numbers if the answers have digits in groups."""
        grouped = any(re.search(r"[0-9][^\w][0-9]", answer) for answer in column.answers)
        return numbers_asked(column, lambda _: True) if grouped else None

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the rounded number."""
        for writing in number_writings(column, minus_at_number):
            if writing.decimals != "fixed" or not writing.places:
                yield writing.code(texts=column.holds_texts)
