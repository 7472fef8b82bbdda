"""Foreign text for the eyes of a person: what hides or reorders it is made visible.

Escaping is the part of whoever writes it into HTML or markup.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_LINE_AND_JOINERS: Final = frozenset("\n\t\u200c\u200d")
"""Not printable by Python's account, and yet no disguise: lines, and what joins letters of Persian, or emoji."""


def visible(text: str) -> str:
    """Write control characters, marks that turn the direction of text, and halves of characters as escapes."""
    text = text.replace("\r\n", "\n")
    if text.isprintable():
        return text
    return "".join(each if _is_plain(each) else each.encode("unicode_escape").decode() for each in text)


def _is_plain(character: str) -> bool:
    joins = character in _LINE_AND_JOINERS or unicodedata.category(character) == "Zs"
    return joins or character.isprintable()
