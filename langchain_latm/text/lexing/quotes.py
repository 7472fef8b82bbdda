"""Quoted texts: straight quotes around parts, as in `"a", "b"`."""

from __future__ import annotations

import re
from typing import Final

_SEPARATOR: Final = re.compile(r"([\"'])[^\"']*\1")
_BETWEEN: Final = re.compile(r"([\"'])\s*[,;]?\s*\1")


def is_quote_separator(separator: str) -> bool:
    """Whether a separator begins and ends with the same quote, and so joins quoted parts."""
    return _SEPARATOR.fullmatch(separator) is not None


def between_quotes(text: str) -> list[str]:
    """Return each separator of two quotations, with their quotes: white space, one comma or semicolon."""
    return [found[0] for found in _BETWEEN.finditer(text)]


def split_quoted(text: str, separator: str) -> list[str] | None:
    """Return the quoted parts; None if one is empty, is not quoted, or holds a quote.

    Args:
        text: All parts, with their quotes.
        separator: The quote, the text between two quotations, and the quote.
    """
    quote = separator[0]
    if len(text) < 2 or not text[0] == text[-1] == quote:  # noqa: PLR2004 - one at each end
        return None
    parts = text[1:-1].split(separator)
    return parts if all(parts) and not any(quote in part for part in parts) else None
