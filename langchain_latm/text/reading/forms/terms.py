"""The terms of sums and equations in some gaps."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_latm.text.lexing.numbers import terms_among_words
from langchain_latm.text.reading.forms._base import GapsForm


class Terms(GapsForm):
    """All numbers in some gaps with the signs of their terms: `[5, -9, 4]` for `5 - 9 + 4`, `[3, -7]` for `3*x - 7`."""

    name = "terms"
    default_name = "terms"
    annotation = "list[number]"
    has_number_type = True
    says_all = False
    takes_text = True

    def read(self, texts: Sequence[str]) -> list[int | float] | None:
        """Read all numbers; None if there are none, or one is ambiguous."""
        terms = [terms_among_words(text) for text in texts]
        return None if None in terms else [each for found in terms for each in found or []] or None
