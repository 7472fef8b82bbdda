"""Near duplicates of requests: a request that is repeated with other punctuation or with one more word.

They are more similar to each other than to other requests of their kind, so they would form their own group, and each
would count as an example of the kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_MARKS: Final = (
    ".,;:!?\u2026\"'`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb\u00bf\u00a1"
    "\u3002\u3001\uff0c\uff1b\uff1a\uff01\uff1f\u061f\u060c\u061b\u0964"
)
"""Punctuation of sentences and quotations. Other signs, such as operators and brackets, may be data."""
_MOST_TOKENS: Final = 100
"""Longer requests are compared for equality only: the time of the full comparison grows with the square."""

_Tokens = tuple[str, ...]


class NearDuplicates:
    """Finds for each request the first one that it nearly repeats.

    Two requests are near duplicates if they differ only in white space, case and punctuation around words, or if one
    has one more token. Requests are compared only with first ones: "a b c" does not repeat "a" because "a b" does.
    """

    def __init__(self) -> None:
        self._firsts: dict[_Tokens, str] = {}
        self._shortened: dict[_Tokens, str] = {}

    def add(self, key: str, question: str) -> str:
        """Return the key of the first request that this one nearly repeats; its own if there is none."""
        first = self.find(question)
        if first is not None:
            return first
        tokens = _tokens_of(question)
        self._firsts[tokens] = key
        for shorter in _without_one(tokens):
            self._shortened.setdefault(shorter, key)
        return key

    def find(self, question: str) -> str | None:
        """Return the key of the first request that this one nearly repeats; None if there is none."""
        tokens = _tokens_of(question)
        if tokens in self._firsts:
            return self._firsts[tokens]
        longer = (self._firsts[each] for each in _without_one(tokens) if each in self._firsts)
        return self._shortened.get(tokens) or next(longer, None)


def _tokens_of(question: str) -> _Tokens:
    return tuple(filter(None, (token.strip(_MARKS) for token in question.casefold().split())))


def _without_one(tokens: _Tokens) -> Iterator[_Tokens]:
    if 1 < len(tokens) <= _MOST_TOKENS:
        yield from (tokens[:i] + tokens[i + 1 :] for i in range(len(tokens)))
