"""Numbers with a fixed number of decimals: "18.90", "1.234,50", "Total: 3.00"."""

from __future__ import annotations

from collections.abc import Iterator

from langchain_latm.text.writing.form import AnswerForm, Column, Form
from langchain_latm.text.writing.numbers import minus_at_number, number_writings, numbers_asked


class Decimals(Form):
    """Writes a number with as many decimals as all examples have, at least one.

    It overrules the plain text of the values: examples that all have two decimals ("71.96") show that 18.9 is "18.90".
    Further decimals are rounded half up unless an example shows half even. Digits are grouped only if an example shows
    groups, by three unless one shows Indian groups.
    """

    name = "decimals"
    rank = 44
    overrules_text = True

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for the numbers."""
        asked = numbers_asked(column, lambda _: True)
        return asked if asked and asked.annotation == "float" else None

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the number with its fixed decimals."""
        for writing in number_writings(column, minus_at_number):
            if writing.decimals == "fixed" and writing.places:
                yield writing.code(texts=column.holds_texts)
