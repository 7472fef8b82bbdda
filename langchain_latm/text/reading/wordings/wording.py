"""The wordings of a kind of request, and how values are read off them.

A wording is the words of a request with a place for each value. Each place has a role, so "{a} km in {b} hours" and
"{b} hours for {a} km" give the same arguments. A request in none of the known wordings is not read, even if all of its
words are known: "how many miles are 5 km" has the words of "how many km are 5 miles".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from langchain_latm.text.reading.wordings.tokens import TEXT, Token, is_typo, tokens_of

Span = tuple[int, int]
"""Where a value begins and ends in a request."""

_MOST_WORDS: Final = 60
"""Maximum number of words in a text."""
_MOST_TYPOS: Final = 2


class Wording(BaseModel):
    """One wording.

    Attributes:
        words: The words and signs in lower case, and None for each value.
        roles: The role of each value, by its place in the wording.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str | None, ...]
    roles: tuple[Annotated[int, Field(ge=0, strict=True)], ...]

    def shown(self, names: Sequence[str]) -> str:
        """Return the wording for display, with the name of each role in its place."""
        roles = iter(self.roles)
        return " ".join(names[next(roles)] if word is None else word for word in self.words)


class Wordings(BaseModel):
    """All known wordings of a kind.

    Attributes:
        sorts: The sort of value of each role.
        wordings: The wordings.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sorts: Annotated[tuple[str, ...], Field(min_length=1)]
    wordings: Annotated[tuple[Wording, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        roles = list(range(len(self.sorts)))
        for each in self.wordings:
            if sorted(each.roles) != roles or each.words.count(None) != len(roles):
                raise ValueError(f"wordings: {each.words} has not one place for each of {len(roles)} roles")
        return self

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(word for each in self.wordings for word in each.words if word is not None)

    def __copy__(self) -> Self:
        """Copy without the cached property, since `model_copy` may change the wordings."""
        copied = super().__copy__()
        copied.__dict__.pop("_known", None)
        return copied

    def places(self, request: str) -> list[Span] | None:
        """Return where the value of each role stands; None if the wording is unknown or ambiguous."""
        tokens = tokens_of(request)
        if not tokens:
            return None
        exact = {tuple(found) for each in self.wordings for found in self._matches(each, tokens, typos=0)}
        found = exact or {
            tuple(found) for each in self.wordings for found in self._matches(each, tokens, typos=_MOST_TYPOS)
        }
        return list(found.pop()) if len(found) == 1 else None

    def share_of_single(self, questions: Sequence[str]) -> float:
        """Return the share of questions, among those that are read, whose wording no other one has.

        About so many later requests have a wording that is not known yet (Good-Turing estimate).
        """
        read = [tokens for question in questions if (tokens := tokens_of(question)) and self.places(question)]
        counts = [sum(any(self._matches(each, tokens, _MOST_TYPOS)) for tokens in read) for each in self.wordings]
        return counts.count(1) / max(len(read), 1)

    def gaps(self, request: str) -> list[str] | None:
        """Return the text of each role's value; None as for `places`."""
        places = self.places(request)
        return None if places is None else [request[start:end] for start, end in places]

    def _matches(self, wording: Wording, tokens: Sequence[Token], typos: int) -> Iterator[list[Span]]:
        """Yield at most two different readings of a request in a wording."""
        sorts = [self.sorts[role] for role in wording.roles]
        if TEXT not in sorts and len(tokens) != len(wording.words):
            return
        for spans in islice(self._aligned(wording.words, sorts, tokens, typos), 2):
            by_role = dict(zip(wording.roles, spans, strict=True))
            yield [by_role[role] for role in range(len(self.sorts))]

    def _aligned(
        self, words: Sequence[str | None], sorts: Sequence[str], tokens: Sequence[Token], typos: int
    ) -> Iterator[list[Span]]:
        """Yield the spans of the values for each way to read tokens as a wording."""
        if not words or len(tokens) < len(words):
            if not words and not tokens:
                yield []
            return
        first, rest = words[0], words[1:]
        if first is None:
            for token, left in self._values(sorts[0], len(rest), tokens):
                yield from ([token, *spans] for spans in self._aligned(rest, sorts[1:], left, typos))
        elif (found := self._typos(tokens[0], first)) is not None and found <= typos:
            yield from self._aligned(rest, sorts, tokens[1:], typos - found)

    @staticmethod
    def _values(sort: str, following: int, tokens: Sequence[Token]) -> Iterator[tuple[Span, Sequence[Token]]]:
        """Yield the spans of values that tokens may begin with, and the tokens after each.

        Args:
            sort: The sort of value.
            following: Minimum number of tokens that follow.
            tokens: The tokens.
        """
        if tokens[0].sort == sort:
            yield (tokens[0].start, tokens[0].end), tokens[1:]
        elif sort == TEXT:
            for count in range(1, min(_MOST_WORDS, len(tokens) - following) + 1):
                if tokens[count - 1].sort == TEXT:
                    return
                yield (tokens[0].start, tokens[count - 1].end), tokens[count:]

    def _typos(self, token: Token, word: str) -> int | None:
        """Return the number of typos, 0 or 1, with which a token is a fixed word; None if it is another."""
        if token.text == word:
            return 0
        return 1 if token.sort is None and token.text not in self._known and is_typo(token.text, word) else None
