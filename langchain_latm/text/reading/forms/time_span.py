"""Two clock times with a dash or `to` between them."""

from __future__ import annotations

from langchain_latm.text.lexing.times import Span, read_span
from langchain_latm.text.reading.forms._base import Stage, TimeForm


class TimeSpan(TimeForm):
    """Two clock times with a dash or `to` between them."""

    name = "time_span"
    default_name = "times"
    annotation = "list[number]"
    stage = Stage.VALUE
    rank = 60
    text_form = "text"

    def read(self, text: str, separator: str = "") -> Span | None:
        """Read two times in minutes since midnight."""
        del separator
        return read_span(text)
