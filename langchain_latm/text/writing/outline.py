"""The outline of an answer: how it is written, without what it says.

One user's answer may be private, and may hold instructions: neither belongs in the prompt of another user's request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from langchain_latm.text.writing.forms.truth_labels import OPPOSITES

_MOST_CHARACTERS: Final = 80
_MARKS: Final = frozenset(" \n.,:;!?/\\|+-*=<>()[]{}'\"_%&#$\u20ac\u00a3\u00a5\u00b0")
_PART: Final = re.compile(r"[^\W\d_]+|\d+|.", re.DOTALL)


def outline(answer: str) -> str:
    """Return an answer with each word as `abc`, `Abc` or `ABC` and each digit as 9; labels such as "yes" stay.

    Of other characters, only usual marks stay. It has at most 80 characters.
    """
    text = answer.strip()[:_MOST_CHARACTERS]
    return "".join(map(_drawn, _PART.findall(text)))[:_MOST_CHARACTERS]


def outlines(answers: Iterable[str]) -> tuple[str, ...]:
    """Return the outline of each answer, each once, without those of answers that are too long to show a form."""
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
