"""Finds slots that read only the numbers of questions, among any words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from langchain_latm.text.lexing.numbers import holds_terms, numbers_among_words
from langchain_latm.text.lexing.words import words
from langchain_latm.text.reading.gaps import Template, columns_of
from langchain_latm.text.reading.naming import with_names
from langchain_latm.text.reading.slot import Slot

MOST_SLOTS: Final = 6
"""Maximum number of parameters of a good view: about as many as a person would give a function."""
_LEAST_FOUND: Final = 2


def numeric_slots(template: Template, questions: Sequence[str]) -> Iterator[list[Slot]]:
    """Yield slots for the numbers if each question has several: one for each place, then one for all of them.

    If a minus stands between operands, their signs are read too, last: it may also be a dash.
    """
    columns = columns_of(template, questions)
    numbers = [[numbers_among_words(text) for text in column] for column in columns]
    if any(None in column for column in numbers):
        return
    counts = [[len(found or []) for found in column] for column in numbers]
    if any(sum(question) < _LEAST_FOUND for question in zip(*counts, strict=True)):
        return
    if all(set(column) in ({0}, {1}) for column in counts):
        # Gaps after the same word ("divided among 7 ... divided among 9") are one list.
        after: dict[str, list[int]] = {}
        for gap, column in enumerate(counts):
            if set(column) == {1}:
                after.setdefault(_last_word(template[gap]) or str(gap), []).append(gap)
        if any(len(gaps) > 1 for gaps in after.values()) and len(after) <= MOST_SLOTS:
            yield _slots_of_places(list(after.values()))
    gaps = tuple(range(len(columns)))
    yield [Slot(name="numbers", form="found", gaps=gaps)]
    if any(holds_terms(text) for column in columns for text in column):
        yield [Slot(name="terms", form="terms", gaps=gaps)]


def _slots_of_places(places: Sequence[Sequence[int]]) -> list[Slot]:
    forms = ["amounts" if len(gaps) > 1 else "amount" for gaps in places]
    slots = [Slot(name="value", form=form, gaps=tuple(gaps)) for form, gaps in zip(forms, places, strict=True)]
    return with_names(slots, [slot.reader.default_name for slot in slots])


def _last_word(literal: str) -> str | None:
    found = words(literal.lower(), 2)
    return found[-1] if found else None
