"""Tokenises text into runs of one to three words, by which texts are compared."""

from __future__ import annotations

import unicodedata
from typing import Final, NamedTuple

from langchain_latm.text.lexing.words import FUNCTION_WORDS, compared_tokens, pieces

_LONGEST: Final = 3


class Runs(NamedTuple):
    """The informative runs of a text, and the single words among them.

    Attributes:
        weights: Each run with its number of words. All numbers are treated as equal.
        words: The runs of one word.
    """

    weights: dict[str, int]
    words: list[str]

    @classmethod
    def of(cls, text: str) -> Runs:
        """Find the runs of a text, except those that have only function words, numbers, signs and single letters."""
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        words = ["0" if word.isdigit() else word.lower() for token in compared_tokens(text) for word in pieces(token)]
        informative = [_is_informative(word) for word in words]
        weights = {word: 1 for word, is_kept in zip(words, informative, strict=True) if is_kept}
        alone = list(weights)
        for length in range(2, _LONGEST + 1):
            for start in range(len(words) - length + 1):
                if any(informative[start : start + length]):
                    weights[" ".join(words[start : start + length])] = length
        return cls(weights, alone)


def _is_informative(word: str) -> bool:
    """Whether a word is not a function word, a number, a sign or a single letter."""
    return len(word) > 1 and word[0].isalpha() and word not in FUNCTION_WORDS
