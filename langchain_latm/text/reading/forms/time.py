"""A time of the 24 hour clock alone in a gap."""

from __future__ import annotations

from langchain_latm.text.lexing.times import read_time
from langchain_latm.text.reading.forms._base import Stage, TimeForm


class Time(TimeForm):
    """A time of the 24 hour clock alone in a gap."""

    name = "time"
    default_name = "time"
    annotation = "number"
    stage = Stage.VALUE
    rank = 50
    text_form = "text"

    def read(self, text: str, separator: str = "") -> int | None:
        """Read a time in minutes since midnight."""
        del separator
        return read_time(text)
