"""A list of spans of clock times in a gap."""

from __future__ import annotations

from langchain_latm.text.lexing import lists
from langchain_latm.text.lexing.times import Span, read_span
from langchain_latm.text.reading.forms._base import Stage, TimeForm


class TimeSpans(TimeForm):
    """A list of spans of clock times in a gap."""

    name = "time_spans"
    default_name = "times"
    annotation = "list[list[number]]"
    stage = Stage.LIST
    rank = 40
    text_form = "texts"

    def read(self, text: str, separator: str = "") -> list[Span] | None:
        """Read two times each, in minutes since midnight."""
        return lists.each_of(read_span, lists.split(text, separator))
