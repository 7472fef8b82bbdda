"""The one number among the words of a gap."""

from __future__ import annotations

from langchain_latm.text.lexing.numbers import numbers_among_words
from langchain_latm.text.reading.forms._base import GapForm, Stage


class Amount(GapForm):
    """The one number among the words of a gap, as in `12 litres`."""

    name = "amount"
    default_name = "number"
    annotation = "number"
    stage = Stage.EVIDENCE
    takes_text = True
    has_number_type = True

    def read(self, text: str, separator: str = "") -> int | float | None:
        """Read the number; None if there are several, or one is ambiguous."""
        del separator
        numbers = numbers_among_words(text)
        return numbers[0] if numbers and len(numbers) == 1 else None
