"""Literals and gaps: the constant texts of the requests of a kind, and the parts between them that change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal
from unicodedata import is_normalized, normalize

_NORMALIZATIONS: Final[tuple[Literal["NFC", "NFD"], ...]] = ("NFC", "NFD")
Template = tuple[str, ...]
"""The literals in order, with a gap between every two. The first and the last one may be empty."""


def normalized_alike(questions: Sequence[str]) -> list[str]:
    """Return questions unchanged or, if some are composed and others decomposed (Unicode), all composed."""
    if any(all(is_normalized(form, each) for each in questions) for form in _NORMALIZATIONS):
        return [*questions]
    return [normalize("NFC", each) for each in questions]


def places_in(literals: Template, request: str) -> list[tuple[int, int]] | None:
    """Return where the gaps begin and end in a request without white space around it; None if a literal is missing.

    Each literal is matched at its first occurrence after the one before.
    """
    first, last = literals[0].lstrip(), literals[-1].rstrip()
    if not request.startswith(first) or not request.endswith(last):
        return None
    position, end = len(first), len(request) - len(last)
    places: list[tuple[int, int]] = []
    for literal in literals[1:-1]:
        found = request.find(literal, position, end)
        if found < 0:
            return None
        places.append((position, found))
        position = found + len(literal)
    return [*places, (position, end)] if position <= end else None


def gaps_in(literals: Template, request: str) -> list[str] | None:
    """Return the texts of the gaps; None if a literal is missing.

    White space around the request and around each gap is ignored.
    """
    text = request.strip()
    places = places_in(literals, text)
    return None if places is None else [text[start:end].strip() for start, end in places]


def columns_of(literals: Template, questions: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the texts of each gap, by question. All questions must hold all literals."""
    return list(zip(*(gaps_in(literals, question) or [] for question in questions), strict=True))
