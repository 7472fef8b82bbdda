"""Percentages: "12.5 %", "12.5%", "12,5 Prozent"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from langchain_latm.text.writing.form import AnswerForm, Column, Form
from langchain_latm.text.writing.numbers import Around, minus_at_number, number_writings, numbers_asked

_AFTER: Final = re.compile(r"\s?(?:%|(?:percent|per cent|pct\.?|Prozent|pour cent|por ciento|per cento|procent)\b)")
_BEFORE: Final = re.compile(r"%\s?[-\u2212]?$")
"""As in Turkish and Basque."""


class Percent(Form):
    """Writes a number, or a fraction of 1, as a percentage.

    The examples show which of the two the values are: 12.5 or 0.125. Percentages have as many decimals as all examples
    or, if these differ, as many as needed. They are rounded half up unless an example shows half even.
    """

    name = "percent"
    rank = 42

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for the numbers before the signs."""
        return numbers_asked(column, _is_percent)

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the percentage with fixed decimals, then with as many as needed."""
        for writing in number_writings(column, _negated, shifts=(0, 2)):
            if _is_percent(writing.around):
                yield writing.code(texts=column.holds_texts)


def _is_percent(around: Around) -> bool:
    return _AFTER.match(around.after) is not None or _BEFORE.search(around.before) is not None


def _negated(around: Around) -> Around | None:
    before = _BEFORE.search(around.before)
    if before is None:
        return minus_at_number(around)
    outside = minus_at_number(Around(around.before[: before.start()], around.after))
    return outside and Around(outside.before + before[0], around.after)
