"""Rewrites data of a request in the style of the examples, without quotes and with their separator.

"Sort these words: 'pear'; 'fig'" has the same data as "Sort these words: pear, fig". Ambiguous data is kept, such
as "1,234", which may be a list of two numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from langchain_latm.text.lexing.numbers import holds_groups
from langchain_latm.text.lexing.words import UNSPACED

QUOTES: Final = "\"'\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u2018\u2019\u201a\u300c\u300d\u300e\u300f\uff02`"
_PAIRS: Final = frozenset(
    """
    "" '' `` \u201c\u201d \u201d\u201d \u201e\u201c \u201e\u201d \u00ab\u00bb \u00bb\u00ab \u2039\u203a \u203a\u2039
    \u2018\u2019 \u201a\u2018 \u300c\u300d \u300e\u300f \uff02\uff02
    """.split()  # noqa: SIM905 - a text of pairs reads best as one
)
_COMMAS: Final = ",\uff0c\u3001\u060c"
_SEPARATING: Final = ("\n", ";\uff1b\u061b", _COMMAS)
"""Signs that may separate items; a text uses one of these sorts."""
_JOINED_BY_COMMAS: Final = frozenset((", ", ",", "\u3001", "\u060c "))
_BULLET: Final = re.compile(r"(?:[-*\u2022]|\d{1,3}[.)])\s+")
_TOUCHING: Final = re.compile(
    rf"(?<={UNSPACED.pattern[:-1]})[ \u3000](?=\d)|(?<=\d)[ \u3000](?={UNSPACED.pattern[:-1]})"
)
"""Spaces between a number and a word of a script without spaces."""
_ENDED_LIST: Final = re.compile(rf"([^.\u3002\u0964]+[{_COMMAS}][^.\u3002\u0964]*\w)[.\u3002\u0964]")
"""Several items with a full stop after the last one only."""
_LEAST_ITEMS: Final = 3
"""Minimum number of items that commas show: two may be a sentence ("well, sure") or one number ("3,5")."""


class DataStyle(NamedTuple):
    """How the data in a gap is written in the examples.

    Attributes:
        separator: The separator of the items of a list (see `text.lexing.lists`); None for other data.
        is_values: Whether the gap is read as numbers, times or the like, and so holds no other words.
        is_measured: Whether each example, or item, had the same number of words, so that a longer text is rejected.
        is_prose: Whether the gap holds words that join others, as in sentences.
        has_ends: Whether the gap may hold full stops and other marks that end a sentence.
    """

    separator: str | None = None
    is_values: bool = False
    is_measured: bool = False
    is_prose: bool = True
    has_ends: bool = True

    @property
    def ends_before_sentences(self) -> bool:
        """Whether a sentence that follows the data is not part of it."""
        return self.is_values or (self.is_measured and not self.has_ends and not self.is_prose)


def in_style(text: str, style: DataStyle) -> str:
    """Return data in the style of the examples; unchanged if it is ambiguous."""
    bare = _unquoted(text)
    if style.separator is None:
        return bare
    bare = _TOUCHING.sub("", bare)
    if style.ends_before_sentences and (found := _ENDED_LIST.fullmatch(bare)):
        bare = found[1]
    if (items := _items(bare, style)) is None:
        return bare
    items = list(map(_unquoted, items))
    if style.separator in _JOINED_BY_COMMAS:
        return style.separator.join(items)
    if style.separator == "" and len(items) >= _LEAST_ITEMS and not any(re.search(r"\s", item) for item in items):
        return " ".join(items)
    return bare


def _items(text: str, style: DataStyle) -> list[str] | None:
    """Return the items of a list; None unless signs of exactly one sort separate them unambiguously."""
    found = [signs for signs in _SEPARATING if any(sign in text for sign in signs)]
    if len(found) != 1:
        return None
    (signs,) = found
    items = [item.strip() for item in re.split(f"[{signs}]", text.strip())]
    if signs == "\n" and all(map(_BULLET.match, items)):
        items = [_BULLET.sub("", item, count=1) for item in items]
    if not all(items) or len(items) < 2:  # noqa: PLR2004 - one has no separator
        return None
    if signs != _COMMAS:
        return items if style.is_values or style.is_measured else None
    return None if _may_be_numbers(text, items, style) else items


def _may_be_numbers(text: str, items: Sequence[str], style: DataStyle) -> bool:
    """Whether commas may be a part of numbers."""
    if re.search(r"\d,\d", text) is None:
        return False
    return not style.is_values or len(items) < _LEAST_ITEMS or holds_groups(text)


def _unquoted(text: str) -> str:
    """Return a text without the quotes around it, if it holds no others."""
    inside = text[1:-1].strip()
    if text[:1] + text[-1:] in _PAIRS and inside and not any(quote in inside for quote in QUOTES):
        return inside
    return text
