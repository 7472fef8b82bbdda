"""Any value with a fixed text around it: "(B)", "3 apples"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from langchain_latm.text.writing.form import Column, Form

_LEAST_DIFFERENT: Final = 2
"""Minimum number of different values that separate them from the text around them."""


class Surrounded(Form):
    """Writes the plain text of a value with the text that surrounds it in every answer."""

    name = "surrounded"
    rank = 90

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the value in the text that all answers share."""
        texts = [str(value) for value in column.values]
        rows = list(zip(texts, column.answers, strict=True))
        if len(set(texts)) < _LEAST_DIFFERENT or not all(text and text in answer for text, answer in rows):
            return
        around = {(a[: a.find(t)], a[a.find(t) + len(t) :]) for t, a in rows}
        if len(around) == 1:
            ((before, after),) = around
            yield f"{before!r} + str(value) + {after!r}"
