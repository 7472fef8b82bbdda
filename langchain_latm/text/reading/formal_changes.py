"""Requests that differ from a parser's wording in form alone: in the case of fixed words, white space, marks, courtesy.

"Hello! sort  these words : pear fig" asks for what "Sort these words: pear fig" asks. Such a request is put back into
the words of the parser, which then reads it as any other. Whatever else differs, a word more or less or another one,
may ask for something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Final

from langchain_latm.text.lexing.words import FUNCTION_WORDS, MARKS, WORD
from langchain_latm.text.reading.courtesy import courtesies_in
from langchain_latm.text.reading.gaps import Template

_PIECE: Final = re.compile(rf"{WORD.pattern}|\d+|\s+|[^\w\s]|_")
_ALIKE: Final = (
    ":\uff1a\ufe55",
    ",\uff0c\u060c",
    ";\uff1b\u061b",
    "?\uff1f\u061f",
    "!\uff01",
    "(\uff08",
    ")\uff09",
    "'\u2018\u2019",
    '"\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d',
    "-\u2010\u2011\u2012\u2013\u2014",
)
_CLASS_OF: Final = {sign: f"[{re.escape(signs)}]" for signs in _ALIKE for sign in signs}
_ENDINGS: Final = ".!?\u2026\u3002\uff01\uff1f\u061f\u0964\u06d4"
_OPENINGS: Final = "\u00bf\u00a1"
_QUOTES: Final = "\"'\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019\u300c\u300d`"
_SPACE: Final = r"\s{1,9}"
_ANY_SPACE: Final = r"\s{0,9}"
_MOST_ATTEMPTS: Final = 6
_LEAST_LETTERS: Final = 3
"""In shorter words the case may tell: "Mb" and "MB"."""
_QUOTED: Final = re.compile(rf"[{_QUOTES}][^{_QUOTES}]+[{_QUOTES}]")
_TOUCHES_NO_GAP_BEFORE: Final = re.compile(r"\s+\w")
_TOUCHES_NO_GAP_AFTER: Final = re.compile(r"\w\s+\Z")


class FormalChanges:
    """Undoes formal changes of requests.

    Args:
        literals: The parser's.
        strict: Whether each gap takes nothing but numbers, times or the like, so that no other word is a part of it.
    """

    def __init__(self, literals: Template, strict: Sequence[bool]) -> None:
        self._literals = literals
        self._strict = strict
        first, *between, last = literals
        self._bare = (_without_all(first.lstrip()), *between, _without_all(last.rstrip()))

    def undone(self, request: str) -> Iterator[str]:
        """Yield a request in the parser's words, without courtesy or with some of it; nothing if more differs."""
        if not any(map(WORD.search, self._bare)):
            return
        for text, removed in islice(_without_courtesy(request.strip()), _MOST_ATTEMPTS):
            places = self._places(text)
            if places is not None and all(self._is_beside_gaps(place, places, len(text)) for place in removed):
                gaps = [text[start:end].strip() for start, end in places]
                pairs = zip(self._literals, [*gaps, ""], strict=True)
                yield "".join(part for pair in pairs for part in pair)

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        last = len(self._bare) - 1
        return [
            re.compile(_pattern(literal, first=i == 0, last=i == last, strict=self._strict[-1]), re.IGNORECASE)
            for i, literal in enumerate(self._bare)
        ]

    def _places(self, text: str) -> list[tuple[int, int]] | None:
        """Return where the gaps begin and end."""
        first, *others = self._patterns
        found = first.match(text)
        matched: list[str] = []
        places: list[tuple[int, int]] = []
        for pattern in others:
            if found is None:
                return None
            matched.append(found[0])
            begin = found.end()
            found = pattern.search(text, begin)
            if found is not None:
                places.append((begin, found.start()))
        if found is None or not _case_says_nothing(self._bare, [*matched, found[0]]):
            return None
        return places

    def _is_beside_gaps(self, place: int, places: Sequence[tuple[int, int]], length: int) -> bool:
        """Whether what was removed at a place was no part of a gap: a literal, or a strict gap, kept it out."""
        if place == 0:
            return places[0][0] > 0 or self._strict[0]
        if place >= length:
            return places[-1][1] < length or self._strict[-1]
        return all(not start <= place <= end for start, end in places)


def _without_all(literal: str) -> str:
    """Return a literal without courtesy."""
    return _cut(literal, list(courtesies_in(literal)))[0]


def _without_courtesy(text: str) -> Iterator[tuple[str, list[int]]]:
    """Yield a text, the text without any courtesy, and without each one; with the places where it was removed."""
    yield text, []
    spans = list(islice(courtesies_in(text), _MOST_ATTEMPTS))
    if len(spans) > 1:
        yield _cut(text, spans)
    for span in spans:
        yield _cut(text, [span])


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[int]]:
    kept, places, position = "", [], 0
    for start, end in spans:
        kept += text[position:start]
        places.append(len(kept))
        position = end
    return kept + text[position:], places


def _pattern(literal: str, *, first: bool, last: bool, strict: bool) -> str:
    """Return a pattern for one literal.

    Args:
        literal: The literal.
        first: Whether it begins the request.
        last: Whether it ends it.
        strict: Whether the gap before the last literal takes no marks.
    """
    text, begins, ends = literal, "", ""
    if first:
        text = literal.lstrip().lstrip(_OPENINGS)
        begins = f"[{_OPENINGS}]{{0,2}}" if text else ""
    elif _TOUCHES_NO_GAP_BEFORE.match(text):
        begins = rf"(?<![\w{MARKS}])"
    if last:
        bare = text.rstrip(_ENDINGS + " \u00a0\u202f")
        if bare or strict:
            text, ends = bare, rf"[\s{re.escape(_ENDINGS)}]{{0,9}}\Z"
            ends = ends.replace("!", "") if not bare else ends  # 5! is another number than 5
        elif text.strip():
            return rf"(?:{_pieces_pattern(text.strip())}|(?<=[\w{MARKS}]))\Z"
        else:
            ends = r"\Z"
    elif _TOUCHES_NO_GAP_AFTER.search(text):
        ends = rf"(?![\w{MARKS}])"
    return f"{begins}{_pieces_pattern(text.strip())}{ends}"


def _pieces_pattern(text: str) -> str:
    pattern = before = ""
    after_word = False
    for piece in (*_PIECE.findall(text), ""):
        if before.isspace():
            pattern += _SPACE if after_word and piece[:1].isalnum() else _ANY_SPACE
        elif before and piece and not piece.isspace() and not (after_word and piece[0].isalnum()):
            pattern += _ANY_SPACE
        if piece and not piece.isspace():
            pattern += _CLASS_OF.get(piece, re.escape(piece))
            after_word = piece[-1].isalnum()
        before = piece
    return pattern


def _case_says_nothing(literals: Sequence[str], matched: Sequence[str]) -> bool:
    """Whether fixed words differ in case as whole requests do: not at all, in the first letter, or in all letters."""
    words = [
        (found[0], _is_meant_as_written(literal, found.start(), found.end()))
        for literal in literals
        for found in WORD.finditer(literal)
    ]
    others = [word for text in matched for word in WORD.findall(text)]
    if len(words) != len(others):
        return False
    differing = [(word, other, kept) for (word, kept), other in zip(words, others, strict=True) if word != other]
    if not differing:
        return True
    (word, other, _), first = differing[0], words[0][0]
    if len(differing) == 1 and (word, other) == (first, others[0]) and len(word) > 1 and word[1:] == other[1:]:
        return True
    if any(kept or not (word.islower() or word.istitle()) for word, _, kept in differing):
        return False
    return all(map(str.isupper, others)) or (
        not any(any(map(str.isupper, other)) for other in others) and all(len(word) > 2 for word, _, _ in differing)  # noqa: PLR2004 - "Mb"
    )


def _is_meant_as_written(literal: str, start: int, end: int) -> bool:
    """Whether the case of a word may tell: a letter alone, a word in quotes, or a short one that may be a unit."""
    if end - start < _LEAST_LETTERS and (end - start == 1 or literal[start:end] not in FUNCTION_WORDS):
        between = WORD.search(literal[:start]) and WORD.search(literal[end:])
        return end - start == 1 or not between or not literal[start:end].islower()
    return any(quoted.start() < start and end < quoted.end() for quoted in _QUOTED.finditer(literal))
