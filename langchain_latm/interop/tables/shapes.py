"""Chooses rows that differ in shape, which show a maker more cases than similar rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

_DIGIT: Final = re.compile(r"\d")
_WORDS: Final = (
    (re.compile(r"[^\W\d_]*[a-zà-öø-ÿ][^\W\d_]*"), "a"),  # a word with lower-case letters
    (re.compile(r"[^\W\d_a]+"), "A"),
    (re.compile(r"\s+"), " "),
)
_RUNS: Final = ((re.compile(r"\d+"), "9"), *_WORDS)
_LOOKED_AT: Final = 200
"""Number of characters of a cell that determine its shape."""


def features(values: Mapping[str, Any]) -> frozenset[str]:
    """Return features of a row that do not depend on its meaning.

    For each cell: whether it is missing, its sign, its length, its kinds of characters, and the order of these.
    """
    return frozenset(f"{name}:{each}" for name, value in values.items() for each in _cell(value))


def _cell(value: Any) -> Iterable[str]:
    if value is None or value == "":
        yield "missing"
        return
    if isinstance(value, bool):
        yield str(value)
        return
    if isinstance(value, int | float):
        yield "negative" if value < 0 else "zero" if value == 0 else "positive"
        yield "whole" if float(value).is_integer() else "fraction"
        yield f"digits {len(str(abs(int(value))))}"
        return
    text = str(value)[:_LOOKED_AT]
    yield f"length {len(text).bit_length()}"
    yield f"words {min(len(text.split()), 6)}"
    if text.startswith(("-", "+", "(")):
        yield "sign"
    if not text.isascii():
        yield "beyond ASCII"
    if text != text.strip():
        yield "space around"
    yield f"first {text[0] if not text[0].isalnum() else _shape(text[0])}"
    yield f"shape {_shape(text)}"
    yield f"digits {_shape(_DIGIT.sub('9', text), _WORDS)}"  # a day of one or of two digits may be different cases


def _shape(text: str, runs: Sequence[tuple[re.Pattern[str], str]] = _RUNS) -> str:
    for pattern, sign in runs:
        text = pattern.sub(sign, text)
    return text


def most_different(rows: Sequence[frozenset[str]], count: int) -> list[int]:
    """Return the places of rows that together cover as many features as possible, common ones first.

    Each step takes the row with the most frequent features that are not covered yet (a greedy weighted cover). The
    first of several equal rows is taken.

    Args:
        rows: The features of each row.
        count: Number of rows; all if there are fewer.
    """
    weights = Counter(feature for row in rows for feature in row)
    shown: set[str] = set()
    chosen: list[int] = []
    left = list(range(len(rows)))
    while left and len(chosen) < count:
        best = max(left, key=lambda place: (sum(weights[each] for each in rows[place] - shown), -place))
        if chosen and rows[best] <= shown:
            shown = set()  # everything is covered once: start again
            continue
        chosen.append(best)
        left.remove(best)
        shown |= rows[best]
    return chosen
