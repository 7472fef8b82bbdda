"""A list of pairs: items with one mark between two sides, of which at least one is a list or a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_latm.text.reading.forms._base import ItemPattern, Place
from langchain_latm.text.reading.forms._cut_items import CutItems
from langchain_latm.text.reading.forms._literals import type_of


class Pairs(CutItems):
    """A list of pairs with one mark each: `[["P", ["Q", "S"]], ["Q", ["S"]]]` for lines `P: Q, S` and `Q: S`."""

    name = "pairs"
    default_name = "pairs"
    rank = 66
    has_pairs = True

    @staticmethod
    def pattern(place: Place) -> ItemPattern | None:
        """Return the mark and the two sides."""
        return place.pair

    def annotate(self, values: Sequence[Any]) -> str:
        """Return a list of tuples of the types of both sides."""
        sides = zip(*(pair for pairs in values for pair in pairs), strict=True)
        return f"list[tuple[{', '.join(type_of(side) or 'list' for side in sides)}]]"
