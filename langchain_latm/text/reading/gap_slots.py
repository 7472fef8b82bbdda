"""What a gap may be read as, judged by what stands in it in all questions of a kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from langchain_latm.text.lexing.lists import SEPARATORS, mark_before
from langchain_latm.text.lexing.quotes import between_quotes
from langchain_latm.text.reading.argument_forms import Form
from langchain_latm.text.reading.parser import Slot, read_slot

_MOST_WORDS: Final = 3
"""Words in a text that may be the only item of a list."""
_CELL: Final = re.compile(r"[^\s()\[\]{}\"',;]{1,3}")
"""A cell of a grid that is no number: a letter, a sign, "_"."""


def slot_of(gap: int, column: Sequence[str]) -> Slot:
    """Return the narrowest slot that reads every text of a gap.

    Args:
        gap: Its number.
        column: What stands in it, by question.
    """
    fitting = (slot for slot in slots_of(gap, column) if slot.form != "amount")
    plain = Slot(name="value", form="text", gaps=(gap,))
    return next((slot for slot in fitting if _reads(slot, column)), plain)


def slots_of(gap: int, column: Sequence[str]) -> list[Slot]:
    """Return what a gap may be read as, the narrowest first. Some may read none of the texts."""
    return list(_slots(gap, column))


def _slots(gap: int, column: Sequence[str]) -> Iterator[Slot]:
    yield _slot(gap, "integer")
    yield from _numbers(gap, "number")
    yield from _numbers(gap, "json")
    yield from _numbers(gap, "python")
    yield from _numbers(gap, "time")
    yield from _numbers(gap, "time_span")
    for separator in _separators(column):
        yield _slot(gap, "integers", separator)
        yield from _numbers(gap, "numbers", separator)
        yield from _numbers(gap, "times", separator)
        yield from _numbers(gap, "time_spans", separator)
        if separator == "\n":
            yield from _rows(gap, column)
        yield _slot(gap, "texts", separator)
    yield _slot(gap, "text")
    yield from _numbers(gap, "amount")


def _slot(gap: int, form: Form, separator: str = "") -> Slot:
    return Slot(name="value", form=form, gaps=(gap,), separator=separator)


def _numbers(gap: int, form: Form, separator: str = "") -> Iterator[Slot]:
    """Yield a form whose numbers are as they are written, and the same with floats alone."""
    slot = _slot(gap, form, separator)
    yield slot
    yield slot.model_copy(update={"number_type": "float"})


def _reads(slot: Slot, column: Sequence[str]) -> bool:
    return all(read_slot(slot, [*[""] * slot.gaps[0], text], text) is not None for text in column)


def _separators(column: Sequence[str]) -> Iterator[str]:
    """Yield what may stand between the parts of a list, the most telling first."""
    marks = {mark_before(text) for text in column}
    mark = marks.pop() if len(marks) == 1 else None
    if mark is not None and any("\n" in text for text in column):
        yield mark
    quotations = [quotation for text in column for quotation in between_quotes(text)]
    if quotations and all(text[:1] == text[-1:] == quotations[0][0] for text in column):
        yield quotations[0]
    lines = any("\n" in text for text in column)
    spaced = any(", " in text for text in column)
    for separator in ("\n",) if lines else SEPARATORS:
        if separator == "," and spaced:
            continue
        holding = [separator in text if separator else len(text.split()) > 1 for text in column]
        alone = [text for text, holds in zip(column, holding, strict=True) if not holds]
        if sum(holding) * 2 >= len(column) or (
            any(holding) and all(len(text.split()) <= _MOST_WORDS for text in alone)
        ):
            yield separator


def _rows(gap: int, column: Sequence[str]) -> Iterator[Slot]:
    for separator in (",", ""):
        yield from _numbers(gap, "number_rows", separator)
    cells = [[line.split() for line in text.split("\n")] for text in column]
    square = all(len({len(line) for line in grid}) == 1 for grid in cells)
    short = all(_CELL.fullmatch(cell) for grid in cells for line in grid for cell in line)
    if square and short and any(len(grid[0]) > 1 for grid in cells):
        yield _slot(gap, "text_rows")
