"""A list of texts in a gap."""

from __future__ import annotations

from langchain_latm.text.lexing import lists
from langchain_latm.text.reading.forms._base import GapForm, Stage


class Texts(GapForm):
    """A list of texts in a gap."""

    name = "texts"
    default_name = "items"
    annotation = "list[str]"
    stage = Stage.LIST
    rank = 70
    is_list = True
    takes_text = True
    text_form = "text"

    def read(self, text: str, separator: str = "") -> list[str] | None:
        """Split the text."""
        return lists.split(text, separator)
