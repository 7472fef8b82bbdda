"""Splits a text into character n-grams inside word boundaries.

N-grams need no list of words or stems, so they work for any script: inflected words share most of their n-grams, a
sentence without spaces counts as one word, and combining marks stay with their letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import chain
from math import log
from typing import Final, NamedTuple

_SHORTEST: Final = 2
_LONGEST: Final = 4
_HEAD: Final = 400
_TAIL: Final = 200
"""Characters at the start and the end of a longer text that are compared: they hold the instructions."""
_CACHED_WORD: Final = 32
_CACHED_WORDS: Final = 16_384
_SIGN: Final = re.compile(r"([!-/:-@\[-`{-~\u00a1-\u00bf\u2010-\u205e\u3001-\u301f\uff01-\uff0f\uff1a-\uff20])")
_DIGITS: Final = re.compile(r"\d+")


def compared(text: str) -> str:
    """Return the part of a text that is compared: composed (NFC), case-folded, and shortened in the middle."""
    text = shortened(text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return text.casefold()


def shortened(text: str) -> str:
    """Return a text, a long one without its middle."""
    return f"{text[:_HEAD]} {text[-_TAIL:]}" if len(text) > _HEAD + _TAIL else text


class Grams(NamedTuple):
    """The n-grams of a text. All numbers are treated as equal.

    Attributes:
        often: Each n-gram with its damped frequency.
        keys: Hashes, valid in this process, of the longest n-grams and of whole shorter words: few texts share one.
    """

    often: dict[str, float]
    keys: set[int]

    @classmethod
    def of(cls, text: str) -> Grams:
        """Find the n-grams of a text."""
        words = _SIGN.sub(r" \1 ", _DIGITS.sub("0", compared(text))).split()
        cut = [_grams_of_short(word) if len(word) <= _CACHED_WORD else _grams_of_word(word) for word in words]
        counts = Counter(chain.from_iterable([grams for grams, _ in cut]))
        often = {gram: 1.0 if count == 1 else 1.0 + log(count) for gram, count in counts.items()}
        return cls(often, set(chain.from_iterable([keys for _, keys in cut])))


def _grams_of_word(word: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the n-grams of a word, and the hashes of the longest ones."""
    padded = f" {word} "
    length = len(padded)
    longest = min(_LONGEST, length)
    grams = [
        padded[start : start + size] for size in range(_SHORTEST, longest + 1) for start in range(length - size + 1)
    ]
    return tuple(grams), tuple(hash(gram) for gram in grams if len(gram) == longest)


_grams_of_short = lru_cache(maxsize=_CACHED_WORDS)(_grams_of_word)
