"""The text of a gap."""

from __future__ import annotations

from langchain_latm.text.reading.forms._base import GapForm, Stage


class Text(GapForm):
    """The text of a gap, if there is any."""

    name = "text"
    default_name = "text"
    annotation = "str"
    stage = Stage.TEXT
    takes_text = True

    def read(self, text: str, separator: str = "") -> str | None:
        """Return the text; None if there is none."""
        del separator
        return text or None
