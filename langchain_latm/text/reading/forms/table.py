"""A table drawn with bars."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from langchain_latm.text.reading.forms._base import GapForm, Stage

_LINE: Final = re.compile(r"[\s|+:=\u2500-\u257f-]+")
_RULE: Final = re.compile(r"[-=\u2500-\u257f]{3}")
"""A part of a line between rows, as in "| --- | --- |" and "+---+---+"."""
_BAR: Final = re.compile(r"[|\u2502\u2503\u2551]")


class Table(GapForm):
    """The rows of a table that is drawn with bars, without the lines between them; a cell may be empty."""

    name = "table"
    default_name = "rows"
    annotation = "list[list[str]]"
    stage = Stage.LIST
    rank = 67
    takes_text = True
    text_form = "text"

    def read(self, text: str, separator: str = "") -> list[list[str]] | None:
        """Return the cells of each row; None unless all rows have as many."""
        del separator
        lines = [line.strip() for line in text.split("\n") if not (_LINE.fullmatch(line) and _RULE.search(line))]
        if not lines or not all(_BAR.search(line) for line in lines):
            return None
        framed = all(_BAR.match(line[0]) and _BAR.match(line[-1]) and len(line) > 1 for line in lines)
        rows = [[cell.strip() for cell in _BAR.split(line[1:-1] if framed else line)] for line in lines]
        return rows if len(set(map(len, rows))) == 1 and (framed or len(rows[0]) > 1) else None

    def separators(self, column: Sequence[str], separator: str) -> Iterable[str]:
        """Return one separator, if the items are lines."""
        del column
        return ("",) if separator == "\n" else ()
