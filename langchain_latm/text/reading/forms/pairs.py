"""A list of pairs: items with one mark between two sides, of which at least one is a list or a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_latm.text.lexing import lists
from langchain_latm.text.reading.forms._base import GapForm, Place, Stage
from langchain_latm.text.reading.forms._literals import type_of


class Pairs(GapForm):
    """A list of pairs with one mark each: `[["P", ["Q", "S"]], ["Q", ["S"]]]` for lines `P: Q, S` and `Q: S`."""

    name = "pairs"
    default_name = "pairs"
    annotation = "list"
    stage = Stage.LIST
    rank = 66
    has_pairs = True
    is_list = True
    takes_text = True
    text_form = "texts"

    def argument(self, place: Place, gaps: Sequence[str], request: str) -> list[list[Any]] | None:
        """Return the two sides of each item; None if an item has no mark or several, or a side is of another form."""
        del request
        items = lists.split(gaps[place.gaps[0]], place.separator)
        return None if place.pair is None else lists.each_of(place.pair.read, items)

    def read(self, text: str, separator: str = "") -> list[str] | None:
        """Return the items; their sides are known only with a mark."""
        return lists.split(text, separator)

    def annotate(self, values: Sequence[Any]) -> str:
        """Return a list of tuples of the types of both sides."""
        sides = zip(*(pair for pairs in values for pair in pairs), strict=True)
        return f"list[tuple[{', '.join(type_of(side) or 'list' for side in sides)}]]"
