"""Chooses how to read a gap, by its texts in all questions of a kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from langchain_latm.text.lexing.lists import SEPARATORS, mark_before, split
from langchain_latm.text.lexing.numbers import may_have_plus
from langchain_latm.text.lexing.quotes import between_quotes
from langchain_latm.text.lexing.times import speaks_of_hours
from langchain_latm.text.reading.forms import GapForm, Stage, forms, gap_forms
from langchain_latm.text.reading.gaps import Template, columns_of
from langchain_latm.text.reading.naming import named
from langchain_latm.text.reading.slot import PairPattern, Slot, mark_of, read_slot

_LEAST_PAIRS: Final = 6
"""Minimum number of different items, of all questions, that show a mark."""
_MOST_WORDS: Final = 3
"""Maximum number of words in a text that may be the only item of a list."""


def typed_slots(template: Template, questions: Sequence[str]) -> list[Slot]:
    """Return one parameter for each gap, of the narrowest type that fits all questions.

    Times are in hours if the questions mention hours and all times are whole quarters of an hour.
    """
    columns = columns_of(template, questions)
    slots = named(template, [slot_of(i, column) for i, column in enumerate(columns)])
    if any(map(speaks_of_hours, template)):
        hourly = [_with_floats(slot) if slot.reader.has_times else slot for slot in slots]
        return hourly if all(map(_fits, hourly, columns)) else slots
    return slots


def slot_of(gap: int, column: Sequence[str]) -> Slot:
    """Return the narrowest slot that reads every text of a gap.

    Args:
        gap: Number of the gap.
        column: The text in the gap, by question.
    """
    # A constant text of several words, such as a date, may not be a list.
    stages = (Stage.VALUE, *([Stage.LIST] if len(set(column)) > 1 else []), Stage.TEXT)
    plain = Slot(name="value", form="text", gaps=(gap,))
    return next((slot for slot in _slots(gap, column, stages) if _fits(slot, column)), plain)


def slots_of(gap: int, column: Sequence[str]) -> list[Slot]:
    """Return the possible slots of a gap, the narrowest first. Some may read none of the texts."""
    return list(_slots(gap, column, tuple(Stage)))


def _slots(gap: int, column: Sequence[str], stages: Sequence[Stage]) -> Iterator[Slot]:
    for stage in stages:
        for separator in _separators(column) if stage == Stage.LIST else ("",):
            for form in gap_forms(stage):
                for each in form.separators(column, separator):
                    row = form.row_of(column, each)
                    pair = pair_of(column, each) if form.has_pairs else None
                    if (form.has_rows and row is None) or (form.has_pairs and pair is None):
                        continue
                    slot = Slot(name="value", form=form.name, gaps=(gap,), separator=each, row=row, pair=pair)
                    yield slot  # numbers as they are written, then as floats alone
                    if form.has_number_type:
                        yield _with_floats(slot)


def pair_of(column: Sequence[str], separator: str) -> PairPattern | None:
    """Return how the items of lists are cut at the only mark of each; None if they have none.

    Args:
        column: The list of each question.
        separator: The separator of the items.
    """
    items = list(dict.fromkeys(item for text in column for item in split(text, separator) or []))
    mark = mark_of(items) if len(items) >= _LEAST_PAIRS else None
    if mark is None:
        return None
    columns = list(zip(*([text.strip() for text in item.split(mark)] for item in items), strict=True))
    first, second = map(_side, columns)
    return None if first.pair or second.pair else PairPattern(mark=mark, sides=(first, second))


def _side(column: Sequence[str]) -> Slot:
    """Return how a side is read: as any value, but not as a list of words."""
    slot = slot_of(0, column)
    return (
        Slot(name="value", form="text", gaps=(0,))
        if (slot.form, slot.separator) == ("texts", "")
        else _with_type(slot, column)
    )


def _with_type(slot: Slot, column: Sequence[str]) -> Slot:
    values = [read_slot(slot, [text], text) for text in column]
    return slot.model_copy(update={"number_type": slot.reader.number_type(values)})


def _with_floats(slot: Slot) -> Slot:
    return slot.model_copy(update={"number_type": "float"})


def _fits(slot: Slot, column: Sequence[str]) -> bool:
    form = forms()[slot.form]
    if not isinstance(form, GapForm) or not (form.takes_text or may_have_plus(column)):
        return False
    return form.fits(column, slot.separator, slot.number_type)


def _separators(column: Sequence[str]) -> Iterator[str]:
    """Yield possible separators of a list, the most specific first."""
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
