"""A list of numbers in a gap."""

from __future__ import annotations

from langchain_latm.text.lexing import lists
from langchain_latm.text.lexing.numbers import read_number, without_plus
from langchain_latm.text.reading.forms._base import GapForm, Stage


class Numbers(GapForm):
    """A list of numbers in a gap."""

    name = "numbers"
    default_name = "numbers"
    annotation = "list[number]"
    stage = Stage.LIST
    rank = 20
    has_number_type = True
    is_list = True

    def read(self, text: str, separator: str = "") -> list[int | float] | None:
        """Read plain numbers."""
        return lists.each_of(lambda part: read_number(without_plus(part)), lists.split(text, separator))
