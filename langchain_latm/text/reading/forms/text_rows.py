"""A grid of short texts, one row a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from langchain_latm.text.lexing import lists
from langchain_latm.text.reading.forms._base import GapForm, Stage

_CELL: Final = re.compile(r"[^\s()\[\]{}\"',;]{1,3}")
"""A short cell: a letter, a sign, "_", a small number."""


class TextRows(GapForm):
    """Rows of texts, one a line."""

    name = "text_rows"
    default_name = "rows"
    annotation = "list[list[str]]"
    stage = Stage.LIST
    rank = 60
    takes_text = True
    text_form = "text"

    def read(self, text: str, separator: str = "") -> list[list[str]] | None:
        """Split each line."""
        return lists.each_of(lambda line: lists.split(line.strip(), separator), text.split("\n"))

    def separators(self, column: Sequence[str], separator: str) -> Iterable[str]:
        """Return white space if all texts are grids of short cells."""
        if separator != "\n":
            return ()
        grids = [[line.split() for line in text.split("\n")] for text in column]
        square = all(len({len(line) for line in grid}) == 1 for grid in grids)
        short = all(_CELL.fullmatch(cell) for grid in grids for line in grid for cell in line)
        return ("",) if square and short and any(len(grid[0]) > 1 for grid in grids) else ()
