"""A list of rows: items that are cut into cells by the same words and signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_latm.text.lexing import lists
from langchain_latm.text.reading.forms._base import Place
from langchain_latm.text.reading.forms._cut_items import CutItems
from langchain_latm.text.reading.row_pattern import RowPattern


class Rows(CutItems):
    """A list of rows of one pattern: `[[3, "pear"], [2, "red fig"]]` for `3 x pear, 2 x red fig`."""

    name = "rows"
    default_name = "rows"
    rank = 65
    has_rows = True

    @staticmethod
    def pattern(place: Place) -> RowPattern | None:
        """Return the words and signs between the cells."""
        return place.row

    def row_of(self, column: Sequence[str], separator: str) -> RowPattern | None:
        """Return the pattern of all items of a column; None if there is none."""
        split = [lists.split(text, separator) for text in column]
        return None if None in split else RowPattern.of([item for items in split for item in items or []])

    def annotate(self, values: Sequence[Any]) -> str:
        """Return a list of lists if all cells have one type, else a list of tuples."""
        cells = zip(*(row for rows in values for row in rows), strict=True)
        types = ["str" if str in found else "float" if float in found else "int" for found in map(_types, cells)]
        return f"list[list[{types[0]}]]" if len(set(types)) == 1 else f"list[tuple[{', '.join(types)}]]"


def _types(cells: Sequence[Any]) -> set[type]:
    return set(map(type, cells))
