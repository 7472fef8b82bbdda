"""Cuts a text into character n-grams inside word boundaries.

They need no list of words or stems, so they work for any script: inflected words share most of their n-grams, a
sentence without spaces counts as one word, and combining marks stay with their letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from math import log
from typing import Final

SHORTEST: Final = 2
LONGEST: Final = 4
_HEAD: Final = 400
_TAIL: Final = 200
"""Characters at the start and the end of a longer text that are compared: instructions stand there."""
_CACHED_WORD: Final = 32
_SIGN: Final = re.compile(r"([!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u205e\u3001-\u301f\uff01-\uff0f\uff1a-\uff20])")
_DIGITS: Final = re.compile(r"\d+")


def compared(text: str) -> str:
    """Return the part of a text that is compared: composed (NFC), case-folded, and shortened in the middle."""
    if len(text) > _HEAD + _TAIL:
        text = f"{text[:_HEAD]} {text[-_TAIL:]}"
    if not text.isascii():
        text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return text.casefold()


def grams_of(text: str) -> dict[str, float]:
    """Return the n-grams of a text, each with its damped frequency. All numbers count as the same."""
    counts: Counter[str] = Counter()
    for word in _SIGN.sub(r" \1 ", _DIGITS.sub("0", compared(text))).split():
        counts.update(_grams_of_short(word) if len(word) <= _CACHED_WORD else _grams_of_word(word))
    return {gram: 1.0 if count == 1 else 1.0 + log(count) for gram, count in counts.items()}


def _grams_of_word(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    length = len(padded)
    longest = min(LONGEST, length)
    return tuple(
        padded[start : start + size] for size in range(SHORTEST, longest + 1) for start in range(length - size + 1)
    )


_grams_of_short = lru_cache(maxsize=65_536)(_grams_of_word)
