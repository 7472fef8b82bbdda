"""Separators between the items of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_USUAL: Final = (" ", ", ", ",", "", "\n", "; ", " - ", " | ", " -> ")


def joints(parts: Sequence[Sequence[str]], answers: Sequence[str]) -> list[str]:
    """Return likely separators: first those between the first two parts of an answer, then usual ones."""
    seen: list[str] = []
    for each, answer in zip(parts, answers, strict=True):
        if len(each) > 1 and answer.startswith(each[0]):
            end = answer.find(each[1], len(each[0]))
            seen += [answer[len(each[0]) : end]] if end > 0 else []
    return list(dict.fromkeys([*seen, *_USUAL]))
