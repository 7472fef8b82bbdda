"""How the wording of a request differs from the fixed words of a parser."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from langchain_latm.text.lexing.words import compared_tokens

_GAP: Final = "\0"
_MOST_TOKENS: Final = 2_000
"""Tokens at each end of a request that are compared: the time grows with the square of the length."""


class Change(NamedTuple):
    """A difference in the fixed words.

    Attributes:
        before: The parser's words; empty if words were added.
        after: The words of the request in that place; empty if words were left out. Beside a gap, they include data.
    """

    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"added: {self.after!r}"
        return f"{self.before!r} became {self.after!r}" if self.after else f"left out: {self.before!r}"


def changes(literals: Sequence[str], request: str) -> tuple[Change, ...]:
    """Compare a request with the literals of a parser, word by word. Words that only fill a gap are data, not a change.

    If there is no change and the parser still does not read the request, its data has an unknown form.
    """
    fixed = [token for literal in literals for token in (_GAP, *compared_tokens(literal))][1:]
    words = _ends(compared_tokens(request))
    folded = [token.casefold() for token in words]
    matcher = SequenceMatcher(None, [token.casefold() for token in fixed], folded, autojunk=False)
    found: list[Change] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        before = [token for token in fixed[i:j] if token != _GAP]
        if kind != "equal" and (before or i == j):
            found.append(Change(" ".join(before), " ".join(words[k:m])))
    return tuple(found)


def nearest(questions: Sequence[str], request: str) -> str:
    """Return the example whose wording is most similar to that of a request."""
    words = _ends(compared_tokens(request.casefold()))

    def likeness(question: str) -> float:
        return SequenceMatcher(None, _ends(compared_tokens(question.casefold())), words, autojunk=False).ratio()

    return max(questions, key=likeness)


def _ends(tokens: list[str]) -> list[str]:
    return tokens if len(tokens) <= 2 * _MOST_TOKENS else [*tokens[:_MOST_TOKENS], *tokens[-_MOST_TOKENS:]]
