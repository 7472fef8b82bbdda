"""The sentences of a gap."""

from __future__ import annotations

from typing import Final

from langchain_latm.text.lexing.sentences import sentences
from langchain_latm.text.reading.forms._base import GapForm, Stage

_LEAST: Final = 3
"""Minimum number of sentences; fewer are one text."""


class Sentences(GapForm):
    """The sentences of a gap that holds several, each without the full stop at its end."""

    name = "sentences"
    default_name = "sentences"
    annotation = "list[str]"
    stage = Stage.VALUE
    rank = 90
    takes_text = True
    is_list = True
    text_form = "text"

    def read(self, text: str, separator: str = "") -> list[str] | None:
        """Return the sentences; None if there are too few."""
        del separator
        found = sentences(text)
        return found if len(found) >= _LEAST else None
