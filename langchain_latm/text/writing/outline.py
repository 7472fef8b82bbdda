"""The outline of an answer: its form without its content.

A user's answer may be private, or hold instructions to a model. Neither may reach the prompt of another user's request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from langchain_latm.text.lexing.truth import OPPOSITES

_MOST_CHARACTERS: Final = 80
_MARKS: Final = frozenset(" \n.,:;!?/\\|+-*=<>()[]{}'\"_%&#$\u20ac\u00a3\u00a5\u00b0")
_PART: Final = re.compile(r"[^\W\d_]+|\d+|.", re.DOTALL)


def outline(answer: str) -> str:
    """Return an answer with each word as `abc`, `Abc` or `ABC` and each digit as 9. Labels such as "yes" are kept.

    Of other characters, only usual marks are kept. The outline has at most 80 characters.
    """
    text = answer.strip()[:_MOST_CHARACTERS]
    return "".join(map(_drawn, _PART.findall(text)))[:_MOST_CHARACTERS]


def outlines(answers: Iterable[str]) -> tuple[str, ...]:
    """Return the distinct outlines of answers. Answers that are too long to show a form are left out."""
    short = (answer for answer in answers if len(answer.strip()) <= _MOST_CHARACTERS)
    return tuple(dict.fromkeys(filter(None, map(outline, short))))


def _drawn(part: str) -> str:
    if part.casefold() in OPPOSITES or part in _MARKS:
        return part
    if part[0].isdecimal():
        return "9" * len(part)
    if part.isalpha():
        return "ABC" if part.isupper() and len(part) > 1 else "Abc" if part[0].isupper() else "abc"
    return ""
