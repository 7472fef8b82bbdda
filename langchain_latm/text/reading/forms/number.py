"""A number alone in a gap."""

from __future__ import annotations

from langchain_latm.text.lexing.numbers import read_number, without_plus
from langchain_latm.text.reading.forms._base import GapForm, Stage


class Number(GapForm):
    """A number alone in a gap."""

    name = "number"
    default_name = "number"
    annotation = "number"
    stage = Stage.VALUE
    rank = 20
    has_number_type = True

    def read(self, text: str, separator: str = "") -> int | float | None:
        """Read a plain number."""
        del separator
        return read_number(without_plus(text))
