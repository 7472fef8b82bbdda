"""A list of whole numbers in a gap."""

from __future__ import annotations

from langchain_latm.text.lexing import lists
from langchain_latm.text.lexing.numbers import read_integer, without_plus
from langchain_latm.text.reading.forms._base import GapForm, Stage


class Integers(GapForm):
    """A list of whole numbers in a gap."""

    name = "integers"
    default_name = "numbers"
    annotation = "list[int]"
    stage = Stage.LIST
    rank = 10
    is_list = True

    def read(self, text: str, separator: str = "") -> list[int] | None:
        """Read plain integers."""
        return lists.each_of(lambda part: read_integer(without_plus(part)), lists.split(text, separator))
