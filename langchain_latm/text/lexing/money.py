"""Marks of currencies: "$", "US$", "EUR", "kr", "z\u0142"."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CODE: Final = r"[A-Z]{3}"
_WORDS: Final = frozenset(
    (
        *(
            "kr",
            "kr.",
            "z\u0142",
            "K\u010d",
            "Ft",
            "lei",
            "Fr",
            "Fr.",
            "Rs",
            "Rs.",
            "Rp",
            "RM",
            "TL",
            "KM",
            "kn",
            "din.",
        ),
        *("euro", "euros", "Euro", "dollars", "pounds", "yen", "cents"),
    )
)
"""Marks without a currency symbol, as listed by CLDR, and common names."""
_MARK: Final = re.compile(
    rf"(?P<mark>(?:[A-Za-z]{{1,3}}\.?)?[^\w\s.,;:!?()\[\]\"'+-](?:[A-Za-z]{{1,3}})?|{_CODE}|"
    + "|".join(map(re.escape, sorted(_WORDS, key=len, reverse=True)))
    + ")"
)
_BEFORE: Final = re.compile(rf"(?:^|(?<=[^\w.])){_MARK.pattern}(?P<space>\s?)$")
_AFTER: Final = re.compile(rf"^(?P<space>\s?){_MARK.pattern}(?=$|[^\w])")


def mark_before(text: str) -> tuple[str, str, str] | None:
    """Split a text that ends with a currency's mark into the text before it, the mark, and the space after it."""
    found = _BEFORE.search(text)
    if found is None or not _is_currency(found["mark"]):
        return None
    return text[: found.start()], found["mark"], found["space"]


def has_mark_after(text: str) -> bool:
    """Whether a text begins with a currency's mark, after one space or none."""
    found = _AFTER.match(text)
    return found is not None and _is_currency(found["mark"])


def _is_currency(mark: str) -> bool:
    if mark in _WORDS or re.fullmatch(_CODE, mark):
        return True
    return any(unicodedata.category(character) == "Sc" for character in mark)
