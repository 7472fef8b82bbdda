"""A whole number alone in a gap."""

from __future__ import annotations

from langchain_latm.text.lexing.numbers import read_integer
from langchain_latm.text.reading.forms._base import GapForm, Stage


class Integer(GapForm):
    """A whole number alone in a gap."""

    name = "integer"
    default_name = "number"
    annotation = "int"
    stage = Stage.VALUE
    rank = 10

    def read(self, text: str, separator: str = "") -> int | None:
        """Read a plain integer."""
        del separator
        return read_integer(text)
