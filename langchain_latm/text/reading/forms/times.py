"""A list of clock times in a gap."""

from __future__ import annotations

from langchain_latm.text.lexing import lists
from langchain_latm.text.lexing.times import read_time
from langchain_latm.text.reading.forms._base import Stage, TimeForm


class Times(TimeForm):
    """A list of clock times in a gap."""

    name = "times"
    default_name = "times"
    annotation = "list[number]"
    stage = Stage.LIST
    rank = 30
    text_form = "texts"

    def read(self, text: str, separator: str = "") -> list[int] | None:
        """Read times in minutes since midnight."""
        return lists.each_of(read_time, lists.split(text, separator))
