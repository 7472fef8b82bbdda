"""Literals and gaps: what stands in every request of a kind, and what changes between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal
from unicodedata import is_normalized, normalize

_FORMS: Final[tuple[Literal["NFC", "NFD"], ...]] = ("NFC", "NFD")
Template = tuple[str, ...]
"""The literals, in order; between two neighbours is a gap. The first and the last one may be empty."""


def in_one_form(questions: Sequence[str]) -> list[str]:
    """Return questions as they are or, if some are composed and others decomposed (Unicode), all of them composed."""
    if any(all(is_normalized(form, each) for each in questions) for form in _FORMS):
        return [*questions]
    return [normalize("NFC", each) for each in questions]


def places_in(literals: Template, request: str) -> list[tuple[int, int]] | None:
    """Return where the gaps begin and end in a request without white space around it; None if a literal is missing.

    Each literal is taken at the first place where it stands.
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
    """Return what stands between the literals, each at the first place where it stands; None if one does not.

    White space around the request and around each gap does not count.
    """
    text = request.strip()
    places = places_in(literals, text)
    return None if places is None else [text[start:end].strip() for start, end in places]


def columns_of(literals: Template, questions: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what stands in each gap, by question. All literals must stand in all questions."""
    return list(zip(*(gaps_in(literals, question) or [] for question in questions), strict=True))
