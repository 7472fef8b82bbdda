"""Forms whose items are cut into parts, in the way that a slot says."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

from langchain_latm.text.lexing import lists
from langchain_latm.text.reading.forms._base import GapForm, ItemPattern, Place, Stage


class CutItems(GapForm):
    """A list of items, each cut into parts."""

    annotation = "list"
    stage = Stage.LIST
    is_list = True
    takes_text = True
    text_form = "texts"

    @staticmethod
    @abstractmethod
    def pattern(place: Place) -> ItemPattern | None:
        """Return how a place cuts its items; None if it does not say."""

    def argument(self, place: Place, gaps: Sequence[str], request: str) -> list[list[Any]] | None:
        """Return the parts of each item; None if an item has another pattern."""
        del request
        pattern, items = self.pattern(place), self.read(gaps[place.gaps[0]], place.separator)
        return None if pattern is None else lists.each_of(pattern.read, items)

    def read(self, text: str, separator: str = "") -> list[str] | None:
        """Return the items; their parts are known only with a pattern."""
        return lists.split(text, separator)
