"""The one number among the words of each of several gaps."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_latm.text.lexing.numbers import numbers_among_words
from langchain_latm.text.reading.forms._base import GapsForm


class Amounts(GapsForm):
    """The one number among the words of each of several gaps."""

    name = "amounts"
    default_name = "numbers"
    annotation = "list[number]"
    has_number_type = True
    takes_text = True

    def read(self, texts: Sequence[str]) -> list[int | float] | None:
        """Read a number off each gap; None if a gap has several, or one is ambiguous."""
        numbers = [numbers_among_words(text) for text in texts]
        read = [each[0] for each in numbers if each and len(each) == 1]
        return read if len(read) == len(texts) else None
