"""Finds the tools whose request parser reads a request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from unicodedata import normalize

from langchain_latm.text.reading.parser import RequestParser

_WORD: Final = re.compile(r"\w+")
_MOST_TRIED: Final = 200
"""Parsers that are tried for one request, to bound its time."""
_LEAST_LETTERS: Final = 8
"""A parser with fewer fixed letters may read a request of any kind."""
_LETTERS_OF_AN_IDEOGRAPH: Final = 3


class ParserIndex:
    """The request parsers of many tools, each found by its rarest fixed word. Not thread-safe."""

    def __init__(self) -> None:
        self._parsers: dict[str, str | RequestParser] = {}
        self._words: dict[str, str] = {}
        self._holders: dict[str, set[str]] = {}

    def put(self, name: str, parser: str | None) -> None:
        """Add a tool's parser, given as JSON; or replace it. None removes it."""
        self.remove(name)
        if parser is None:
            return
        known = RequestParser.model_validate_json(parser)  # kept as JSON until it is used, which takes less memory
        words = _fixed_words(known.literals)
        if sum(map(_letters, words)) < _LEAST_LETTERS or not known.is_distinctive:
            return
        rarest = min(words, key=lambda word: (len(self._holders.get(word, ())), -len(word), word))
        self._parsers[name], self._words[name] = parser, rarest
        self._holders.setdefault(rarest, set()).add(name)

    def remove(self, name: str) -> None:
        """Forget a tool's parser, if it has one."""
        if name in self._parsers:
            del self._parsers[name]
            word = self._words.pop(name)
            self._holders[word].discard(name)
            if not self._holders[word]:
                del self._holders[word]

    def readers(self, request: str) -> list[str]:
        """Return the tools whose parser reads a request, by name."""
        return sorted(self.readings(request))

    def readings(self, request: str) -> dict[str, dict[str, Any]]:
        """Return the arguments that parsers read off a request, by the name of the tool."""
        if not self._parsers:
            return {}
        known = [holders for word in _words(request) if (holders := self._holders.get(word))]
        tried = [name for holders in sorted(known, key=len) for name in sorted(holders)][:_MOST_TRIED]
        parsed = ((name, self._parser(name).parse(request)) for name in tried)
        return {name: arguments for name, arguments in parsed if arguments is not None}

    def reads(self, name: str, request: str) -> bool:
        """Whether a tool's parser reads a request, which may differ in form (`RequestParser.read`)."""
        return name in self._parsers and self._parser(name).read(request) is not None

    def _parser(self, name: str) -> RequestParser:
        parser = self._parsers[name]
        if isinstance(parser, str):
            self._parsers[name] = parser = RequestParser.model_validate_json(parser)
        return parser


def _fixed_words(literals: Sequence[str]) -> list[str]:
    """Return the whole words that every request contains that the parser reads."""
    words: list[str] = []
    for number, literal in enumerate(literals):
        found = list(_WORD.finditer(literal))
        if found and number > 0 and found[0].start() == 0:  # a gap before it may end in the same word
            found = found[1:]
        if found and number < len(literals) - 1 and found[-1].end() == len(literal):
            found = found[:-1]
        words += [each.group() for each in found]
    return words


def _words(request: str) -> set[str]:
    """Return the words of a request, composed and decomposed (Unicode); a combining mark ends a word."""
    found = set(_WORD.findall(request))
    if not request.isascii():
        found |= {*_WORD.findall(normalize("NFC", request)), *_WORD.findall(normalize("NFD", request))}
    return found


def _letters(word: str) -> int:
    """Return the number of letters; one of a script without spaces counts as several."""
    return sum(1 if letter < "\u2e80" else _LETTERS_OF_AN_IDEOGRAPH for letter in word)
