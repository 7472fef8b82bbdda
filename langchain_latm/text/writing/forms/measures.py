"""Numbers with a unit or another short text around them: "80 km/h", "3.5 kg", "12 apples"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from langchain_latm.text.lexing.words import words
from langchain_latm.text.writing.form import AnswerForm, Column, Form
from langchain_latm.text.writing.numbers import Around, minus_at_number, number_writings, numbers_asked

_MOST_WORDS: Final = 3
"""Maximum number of words around a number: a longer text is a sentence, which may hold other values."""


class Measures(Form):
    """Writes a number with the words or signs that surround it in every answer.

    Forms of numbers with a known mark, such as money, come first.
    """

    name = "measures"
    rank = 58

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for the numbers."""
        return numbers_asked(column, _is_measure)

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the number with the text around it."""
        for writing in number_writings(column, minus_at_number):
            if _is_measure(writing.around):
                yield writing.code(texts=column.holds_texts)


def _is_measure(around: Around) -> bool:
    return any(map(str.strip, around)) and sum(len(words(text)) for text in around) <= _MOST_WORDS
