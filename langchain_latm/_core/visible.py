"""Untrusted text for display: characters that hide or reorder text are made visible.

The caller escapes it for HTML or markup.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_LINE_AND_JOINERS: Final = frozenset("\n\t\u200c\u200d")
"""Harmless though `str.isprintable` says no: line breaks, and the joiners of Persian letters and emoji."""


def visible(text: str) -> str:
    """Escape control characters, marks that change the direction of text, and lone surrogates."""
    text = text.replace("\r\n", "\n")
    if text.isprintable():
        return text
    return "".join(each if _is_plain(each) else each.encode("unicode_escape").decode() for each in text)


def _is_plain(character: str) -> bool:
    joins = character in _LINE_AND_JOINERS or unicodedata.category(character) == "Zs"
    return joins or character.isprintable()
