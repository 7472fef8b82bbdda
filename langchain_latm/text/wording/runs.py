"""Tokenises text into runs of one to three words, by which texts are compared."""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

from langchain_latm.text.lexing.words import FUNCTION_WORDS, compared_tokens, pieces

_LONGEST: Final = 3


class Runs(NamedTuple):
    """The telling runs of a text, and the words among them.

    Attributes:
        weights: Each run with the number of its words. All numbers count as the same.
        words: The runs of one word.
    """

    weights: dict[str, int]
    words: list[str]

    @classmethod
    def of(cls, text: str) -> Runs:
        """Find the runs of a text, without those of function words, numbers, signs and single letters alone."""
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        words = ["0" if word.isdigit() else word.lower() for token in compared_tokens(text) for word in pieces(token)]
        telling = [says_something(word) for word in words]
        weights = {word: 1 for word, tells in zip(words, telling, strict=True) if tells}
        alone = list(weights)
        for length in range(2, _LONGEST + 1):
            for start in range(len(words) - length + 1):
                if any(telling[start : start + length]):
                    weights[" ".join(words[start : start + length])] = length
        return cls(weights, alone)


def says_something(word: str) -> bool:
    """Whether a word is more than a function word, a number, a sign or a single letter."""
    return len(word) > 1 and word[0].isalpha() and word not in FUNCTION_WORDS
