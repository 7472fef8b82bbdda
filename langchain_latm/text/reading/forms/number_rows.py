"""Rows of numbers, one a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from langchain_latm.text.lexing import lists
from langchain_latm.text.lexing.numbers import read_number
from langchain_latm.text.reading.forms._base import GapForm, Stage


class NumberRows(GapForm):
    """Rows of numbers, one a line."""

    name = "number_rows"
    default_name = "rows"
    annotation = "list[list[number]]"
    stage = Stage.LIST
    rank = 50
    has_number_type = True

    def read(self, text: str, separator: str = "") -> list[list[int | float]] | None:
        """Read the plain numbers of each line."""
        return lists.each_of(
            lambda line: lists.each_of(read_number, lists.split(line.strip(), separator)), text.split("\n")
        )

    def separators(self, column: Sequence[str], separator: str) -> Iterable[str]:
        """Return possible separators of the numbers of a line, if the items are lines."""
        del column
        return (",", "") if separator == "\n" else ()
