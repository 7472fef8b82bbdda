"""Decides whether the cells of a text column are numbers, or texts of digits such as identifiers and codes.

A column has numbers only if each cell, solved or not, is a plain number whose text can be restored from the number: no
leading zeros, no plus sign, and the same number of decimals in each cell or no superfluous zero. Whole numbers of ten
or more digits, and those that all have the same length of five or more digits, are identifiers. A number that is kept
as text is harmless, since a function can convert it; reading `007` as a number would lose the zeros.
"""

from __future__ import annotations

import re
from typing import Any, Final

_PLAIN: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.([0-9]{1,15}))?")
_LONGEST_AMOUNT: Final = 9
_SHORTEST_CODE: Final = 5


class ColumnType:
    """Inspects the cells of a column one by one, and then converts them."""

    def __init__(self) -> None:
        self._plain = True
        self._canonical = True
        self._decimals: set[int] = set()
        self._lengths: set[int] = set()
        self._blank = self._texts = False

    def look(self, cell: Any) -> None:
        """Inspect a cell."""
        if cell is None or cell == "":
            self._blank = True
        elif not isinstance(cell, str):
            self._plain = False
        else:
            self._texts = True
            self._look_at_text(cell)

    def _look_at_text(self, cell: str) -> None:
        if not self._plain:
            return
        found = _PLAIN.fullmatch(cell)
        if found is None or cell == "-0":
            self._plain = False
            return
        decimals = len(found[1] or "")
        self._decimals.add(decimals)
        if decimals:
            self._canonical &= repr(float(cell)) == cell
        elif len(self._lengths) <= 1:
            self._lengths.add(len(cell.lstrip("-")))
        if not decimals and len(cell.lstrip("-")) > _LONGEST_AMOUNT:
            self._plain = False

    @property
    def is_numeric(self) -> bool:
        """Whether each text is a number."""
        if not self._plain or not self._texts:
            return False
        if self._decimals == {0}:
            return not (len(self._lengths) == 1 and min(self._lengths) >= _SHORTEST_CODE)
        return self._canonical or len(self._decimals) == 1

    def value(self, cell: Any) -> Any:
        """Return a cell as a JSON value: a number, the text, or None for a blank cell of a column without texts."""
        if cell is None or cell == "":
            return "" if self._texts and not self.is_numeric else None
        if isinstance(cell, str) and self.is_numeric:
            return float(cell) if self._decimals != {0} else int(cell)
        return cell


def answer_is_number(texts: list[str]) -> bool:
    """Whether answers are numbers, whose texts are exactly those that Python writes for them."""
    if not texts:
        return False
    column = ColumnType()
    for text in texts:
        column.look(text)
    return column.is_numeric and all(text == str(column.value(text)) for text in texts)
