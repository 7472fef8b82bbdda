"""Decimal numbers as people write them: "1,234.50", "1.234,50", "1 234,5", "12,34,567".

The marks for groups of digits and for decimals differ between countries, and one text alone may be ambiguous ("1,234").
So the notation is derived from all texts of a column together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from langchain_latm.text.lexing.numbers import GROUP_MARKS

_POINTS: Final = (".", ",")
_NUMERAL: Final = re.compile(rf"(?<!\d)(?<![0-9][:/.,\u2013-])[0-9]+(?:[{GROUP_MARKS}][0-9]+)*(?![:/\u2013-]?[0-9])")
"""A number that is not a part of a time, a date, a fraction or a span."""


class Notation(NamedTuple):
    """A notation of numbers.

    Attributes:
        group: Mark between groups of digits; empty if there are no groups.
        point: Mark before the decimals; also set if no number has any.
        indian: Whether groups beyond the last three digits are of two ("12,34,567").
    """

    group: str
    point: str
    indian: bool = False

    def matches(self, numeral: str) -> bool:
        """Whether a number without a sign is in this notation."""
        return _pattern(self).fullmatch(numeral) is not None

    def read(self, numeral: str) -> Decimal:
        """Read a number that matches. Trailing zeros are kept."""
        bare = numeral.replace(self.group, "") if self.group else numeral
        return Decimal(bare.replace(self.point, "."))


@cache
def _pattern(notation: Notation) -> re.Pattern[str]:
    group = re.escape(notation.group)
    grouped = rf"(?:[0-9]{{1,2}}{group})?(?:[0-9]{{2}}{group})*[0-9]{{3}}" if notation.indian else ""
    grouped = grouped or rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})*"
    whole = rf"(?:[0-9]{{1,3}}|(?!0){grouped})" if group else "(?:0|[1-9][0-9]*)"
    return re.compile(rf"(?!0[0-9]){whole}(?:{re.escape(notation.point)}[0-9]+)?")


def notations(numerals: Sequence[str]) -> list[Notation]:
    """Return the notations that all numbers of a column match; of notations that read them alike, only one.

    A notation has groups only if a number shows them. Groups have three digits unless a number shows otherwise.
    """
    found: list[Notation] = []
    for group, point, indian in product(("", *GROUP_MARKS), _POINTS, (False, True)):
        notation = Notation(group, point, indian)
        if group == point or (indian and not group) or not all(map(notation.matches, numerals)):
            continue
        shows_groups = any(group in each for each in numerals) if group else True
        shows_point = any(point in each for each in numerals) or point == "." or (group == "." and point == ",")
        if shows_groups and shows_point and not (indian and notation._replace(indian=False) in found):
            found.append(notation)
    return found


def numerals_in(text: str) -> list[tuple[str, str, str]]:
    """Return, for each number in a text, the text before it, the number without its sign, and the text after it."""
    return [(text[: each.start()], each[0], text[each.end() :]) for each in _NUMERAL.finditer(text)]
