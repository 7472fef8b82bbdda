"""Patterns of items that are rows: cells between the same words and signs, as in "pear: 3 kg, fig: 2 kg".

Words that all items hold, and what stands between words and numbers, are the literals of a pattern. Numbers, and runs
of other words, are its cells: two texts in "Ann beats Tom" and "Eve beats Bob", a number and a text in "3 x pear" and
"2 x red fig". Only tokens are compared, so that the language does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from langchain_latm.text.lexing.numbers import PLAIN_NUMBER, holds_groups, read_number, without_plus
from langchain_latm.text.lexing.words import MARKS, UNSPACED

CellType = Literal["str", "int", "float"]

_LEAST_ITEMS: Final = 6
"""Minimum number of different items, of all questions, that show a pattern."""
_LEAST_CELLS: Final = 2
_MOST_CELLS: Final = 8
_LONGEST: Final = 200
"""Maximum length of an item; a longer one is prose."""
_MOMENT: Final = r"\d{1,2}:\d\d(?::\d\d)?|\d{1,4}(?P<mark>[-./])\d{1,2}(?P=mark)\d{1,4}"
"""A clock time, or a date in numbers."""
_UNSPACED: Final = UNSPACED.pattern.removesuffix("+")
_SPACED: Final = rf"(?!{_UNSPACED})[\w{MARKS}'\u2019]"
_ATOM: Final = re.compile(
    rf"(?P<moment>(?:{_MOMENT})(?!{_SPACED}))"
    rf"|(?P<number>(?:(?<![\w)\]])|(?<={_UNSPACED}))(?:\+(?=\d))?{PLAIN_NUMBER}(?!\.?{_SPACED}))"
    rf"|(?P<word>(?:{_UNSPACED})+|(?:{_SPACED})+)"
)
_MAY_SEPARATE: Final = re.compile(
    r"[\s,;:=/|<>~\u3001\u060c\u061b\uff0c\uff1a\uff1b\u00d7-]|[\u2010-\u2015\u2190-\u21ff]"
)
"""Signs that may stand between two cells. Others, such as "@" or "^", belong to an address, an amount or a formula."""

_DECIMAL_COMMA: Final = re.compile(r"[^\d,]*\d+,\d+[^\d,]*")
"""An item with one number that may have a decimal comma."""


class RowPattern(BaseModel):
    """How the items of a list are cut into cells.

    Attributes:
        literals: The texts before, between and after the cells; the first and the last one may be empty.
        types: The type of each cell.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    literals: Annotated[tuple[str, ...], Field(min_length=_LEAST_CELLS + 1, max_length=_MOST_CELLS + 1)]
    types: tuple[CellType, ...]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if len(self.types) != len(self.literals) - 1:
            raise ValueError(f"types: {len(self.types)} types for {len(self.literals) - 1} cells")
        return self

    @classmethod
    def of(cls, items: Sequence[str]) -> Self | None:
        """Return the pattern of all items; None if there is none, or there are too few items."""
        items = list(dict.fromkeys(items))
        if len(items) < _LEAST_ITEMS or max(map(len, items)) > _LONGEST:
            return None
        constant = set.intersection(*map(_words, items))
        cut = [_cut(item, constant) for item in items]
        literals = cut[0][1]
        if any(other != literals for _, other in cut) or not all(map(_MAY_SEPARATE.search, literals[1:-1])):
            return None
        if any(map(holds_groups, items)) or all(map(_DECIMAL_COMMA.fullmatch, items)):
            return None
        columns = list(zip(*(cells for cells, _ in cut), strict=True))
        if not _LEAST_CELLS <= len(columns) <= _MOST_CELLS:
            return None
        return cls(literals=literals, types=tuple(map(_type_of, columns)))

    def read(self, item: str) -> list[Any] | None:
        """Return the cells of an item; None if it has another pattern."""
        cells, literals = _cut(item, self._constant)
        if literals != self.literals:
            return None
        typed = [_typed(cell, each) for cell, each in zip(cells, self.types, strict=True)]
        return None if any(each is None for each in typed) else typed

    @cached_property
    def _constant(self) -> set[str]:
        return set().union(*map(_words, self.literals))


def _words(text: str) -> set[str]:
    return {found[0] for found in _ATOM.finditer(text) if found["word"]}


def _cut(item: str, constant: AbstractSet[str]) -> tuple[list[str], tuple[str, ...]]:
    """Cut an item into its cells and the literals around them. Words with one space between them are one cell."""
    cells: list[str] = []
    literals = [""]
    end, after_word = 0, False
    for found in _ATOM.finditer(item):
        literals[-1] += item[end : found.start()]
        end = found.end()
        if found[0] in constant:
            literals[-1] += found[0]
            continue
        if found["word"] and after_word and literals[-1] == " ":
            cells[-1] += f" {found[0]}"
            literals[-1] = ""
        else:
            cells.append(found[0])
            literals.append("")
        after_word = bool(found["word"])
    literals[-1] += item[end:]
    return cells, tuple(literals)


def _type_of(column: Sequence[str]) -> CellType:
    numbers = [read_number(without_plus(cell)) for cell in column]
    if any(number is None for number in numbers):
        return "str"
    return "float" if any(isinstance(number, float) for number in numbers) else "int"


def _typed(cell: str, cell_type: CellType) -> str | int | float | None:
    if cell_type == "str":
        return cell
    number = read_number(without_plus(cell))
    if number is None or cell_type == "float":
        return None if number is None else float(number)
    return number if isinstance(number, int) else None
