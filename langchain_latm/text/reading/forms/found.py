"""All numbers in some gaps."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_latm.text.lexing.numbers import numbers_among_words
from langchain_latm.text.reading.forms._base import GapsForm


class Found(GapsForm):
    """All numbers in some gaps, among any words."""

    name = "found"
    default_name = "numbers"
    annotation = "list[number]"
    has_number_type = True
    says_all = False
    takes_text = True

    def read(self, texts: Sequence[str]) -> list[int | float] | None:
        """Read all numbers; None if there are none, or one is ambiguous."""
        numbers = [numbers_among_words(text) for text in texts]
        return None if None in numbers else [each for found in numbers for each in found or []] or None
