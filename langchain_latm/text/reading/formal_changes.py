"""Undoes formal changes of requests: case, white space, marks, courtesy and style of the data.

"Hello! sort  these words : pear fig" asks for the same as "Sort these words: pear fig". Such a request is rewritten in
the words of the parser, which can then read it. Any other difference, such as an added, missing or different word, may
change what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice, pairwise
from typing import Final

from langchain_latm.text.lexing.words import FUNCTION_WORDS, MARKS, WORD, is_unspaced
from langchain_latm.text.reading.courtesy import courtesies_in
from langchain_latm.text.reading.data_style import QUOTES, DataStyle, in_style
from langchain_latm.text.reading.gaps import Template

_PIECE: Final = re.compile(rf"{WORD.pattern}|\d+|\s+|[^\w\s]|_")
_ALIKE: Final = (
    ":\uff1a\ufe55",
    ",\uff0c\u060c\u3001",
    ";\uff1b\u061b",
    "?\uff1f\u061f",
    "!\uff01",
    "(\uff08",
    ")\uff09",
    "'\u2018\u2019",
    '"\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u300e\u300f',
    "-\u2010\u2011\u2012\u2013\u2014",
)
_ANY_QUOTE: Final = "\ue000"
_QUOTE_SIGNS: Final = frozenset(QUOTES)
_CLASS_OF: Final = {
    **{sign: f"[{re.escape(signs)}]" for signs in _ALIKE for sign in signs},
    _ANY_QUOTE: f"[{re.escape(QUOTES)}]",
}
_PAUSES: Final = frozenset("\u3001\uff0c")
_ANY_PAUSE: Final = "[\u3001\uff0c]?"
"""Commas of Chinese and Japanese, which are optional within a sentence."""
_ENDINGS: Final = ".!?\u2026\u3002\uff01\uff1f\u061f\u0964\u06d4"
_QUESTION_MARKS: Final = "?\uff1f\u061f"
_OPENINGS: Final = "\u00bf\u00a1"
_SPACE: Final = r"\s{1,9}"
_ANY_SPACE: Final = r"\s{0,9}"
_MOST_ATTEMPTS: Final = 6
_LEAST_LETTERS: Final = 3
"""In shorter words case may matter: "Mb" and "MB"."""
_QUOTED: Final = re.compile(rf"[{QUOTES}][^{QUOTES}]+[{QUOTES}]")
_COLONS: Final = ":\uff1a\ufe55"
_BEFORE_DATA: Final = rf"(?:{_ANY_SPACE}[{_COLONS}{_QUESTION_MARKS}.\u2013\u2014]|(?=\n))"
"""Signs that may replace a colon before data."""
_MAY_HAVE_COLON: Final = rf"(?:{_ANY_SPACE}[{_COLONS}])?"
_TOUCHES_NO_GAP_BEFORE: Final = re.compile(r"\s+\w")
_TOUCHES_NO_GAP_AFTER: Final = re.compile(r"\w\s+\Z")


class FormalChanges:
    """Undoes formal changes of requests.

    Args:
        literals: The literals of the parser.
        styles: How the data in each gap is written.
    """

    def __init__(self, literals: Template, styles: Sequence[DataStyle]) -> None:
        self._literals = literals
        self._styles = styles
        first, *between, last = literals
        self._bare = (_without_all(first.lstrip()), *between, _without_all(last.rstrip()))

    def undone(self, request: str) -> Iterator[str]:
        """Yield rewritings of a request in the parser's words, with less or no courtesy; none if more differs."""
        if not any(map(WORD.search, self._bare)):
            return
        for text, removed in islice(_without_courtesy(request.strip()), _MOST_ATTEMPTS):
            bare = self._without_sentence_end(text, removed)
            places = self._places(bare)
            if places is not None and all(self._is_beside_gaps(place, places, bare) for place in removed):
                gaps = [bare[start:end].strip() for start, end in places]
                yield self._filled(gaps)
                styled = [*map(in_style, gaps, self._styles)]
                if styled != gaps:
                    yield self._filled(styled)

    def _filled(self, gaps: Sequence[str]) -> str:
        return "".join(part for pair in zip(self._literals, [*gaps, ""], strict=True) for part in pair)

    def _without_sentence_end(self, text: str, removed: Sequence[int]) -> str:
        """Return a text without the mark that ends its sentence, if courtesy shows that the mark is not data.

        This is a mark or line break before courtesy at the end, and the question mark of "Could you ...?".
        """
        if not removed or not self._styles[-1].ends_before_sentences:
            return text
        return text.rstrip().rstrip(_ENDINGS if removed[-1] >= len(text) else _QUESTION_MARKS)

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        last = len(self._bare) - 1
        return [
            re.compile(
                _pattern(literal, first=i == 0, last=i == last, strict=self._styles[max(0, i - 1)].is_values),
                re.IGNORECASE,
            )
            for i, literal in enumerate(_with_any_quotes(self._bare))
        ]

    def _places(self, text: str) -> list[tuple[int, int]] | None:
        """Return where the gaps begin and end; None if the text does not match."""
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

    def _is_beside_gaps(self, place: int, places: Sequence[tuple[int, int]], text: str) -> bool:
        """Whether the text removed at a place was outside the gaps: beside a literal, or where a gap takes no words."""
        if place == 0:
            return places[0][0] > 0 or self._styles[0].is_values
        if place >= len(text):
            return places[-1][1] < len(text) or self._styles[-1].is_values or place > len(text)
        return all(
            not start <= place <= end
            or (style.is_values and not (text[start:place].strip() and text[place:end].strip()))
            for (start, end), style in zip(places, self._styles, strict=True)
        )


def _without_all(literal: str) -> str:
    """Return a literal without courtesy."""
    return _cut(literal, list(courtesies_in(literal)))[0]


def _without_courtesy(text: str) -> Iterator[tuple[str, list[int]]]:
    """Yield a text, the text without all courtesy, and without each phrase; with the places of the removals."""
    yield text, []
    spans = list(islice(courtesies_in(text), _MOST_ATTEMPTS))
    if len(spans) > 1:
        yield _cut(text, spans)
    for span in spans:
        yield _cut(text, [span])


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[int]]:
    kept, places, position = "", [], 0
    for start, end in spans:
        kept += text[position:start] + ("\n" if text[start] == "\n" else "")  # a line break ends a sentence
        places.append(len(kept))
        position = end
    return kept + text[position:], places


def _pattern(literal: str, *, first: bool, last: bool, strict: bool) -> str:
    """Return a pattern for one literal.

    Args:
        literal: The literal.
        first: Whether the literal begins the request.
        last: Whether the literal ends the request.
        strict: Whether the gap before the literal takes no marks.
    """
    text, begins, ends = literal, "", ""
    if first:
        text = literal.lstrip().lstrip(_OPENINGS)
        begins = f"[{_OPENINGS}]{{0,2}}" if text else ""
    elif _TOUCHES_NO_GAP_BEFORE.match(text):
        begins = rf"(?:[,\uff0c]\s{{0,9}}|(?<![\w{MARKS}]))" if strict else rf"(?<![\w{MARKS}])"
    if last:
        bare = text.rstrip(_ENDINGS + " \u00a0\u202f")
        if bare or strict:
            text, ends = bare, rf"[\s{re.escape(_ENDINGS)}]{{0,9}}\Z"
            ends = ends.replace("!", "") if not bare else ends  # 5! is another number than 5
        elif text.strip():
            return rf"(?:{_pieces_pattern(text.strip())}|(?<=[\w{MARKS}]))\Z"
        else:
            ends = r"\Z"
    elif text.rstrip()[-1:] in _COLONS and text.strip():
        text, ends = text.rstrip()[:-1], _BEFORE_DATA
    else:
        ends = rf"(?![\w{MARKS}])" if _TOUCHES_NO_GAP_AFTER.search(text) else ""
        ends += _MAY_HAVE_COLON if text.strip()[-1:].isalpha() else ""
    return f"{begins}{_pieces_pattern(text.strip())}{ends}"


def _with_any_quotes(literals: Sequence[str]) -> list[str]:
    """Return literals in which quotes around a gap match any quotes."""
    found = [*literals]
    for i, (before, after) in enumerate(pairwise(literals)):
        opened, closed = found[i].rstrip(), after.lstrip()
        if before.rstrip()[-1:] in _QUOTE_SIGNS and closed[:1] in _QUOTE_SIGNS:
            found[i], found[i + 1] = f"{opened[:-1]}{_ANY_QUOTE}", f"{_ANY_QUOTE}{closed[1:]}"
    return found


def _pieces_pattern(text: str) -> str:
    pattern = before = ""
    after_word = False
    pieces = _PIECE.findall(text)
    for i, piece in enumerate((*pieces, "")):
        if before.isspace():
            pattern += _SPACE if after_word and piece[:1].isalnum() else _ANY_SPACE
        elif before and piece and not piece.isspace() and not (after_word and piece[0].isalnum()):
            pattern += _ANY_SPACE
        if piece and not piece.isspace():
            pattern += _CLASS_OF.get(piece) or (_ANY_PAUSE.join(piece) if is_unspaced(piece) else re.escape(piece))
            if piece in _PAUSES and 0 < i < len(pieces) - 1:
                pattern += "?"
            after_word = piece[-1].isalnum()
        before = piece
    return pattern


def _case_says_nothing(literals: Sequence[str], matched: Sequence[str]) -> bool:
    """Whether the case of fixed words differs as in a whole request: not at all, in the first letter, or in all."""
    words = [
        (found[0], _is_meant_as_written(literal, found.start(), found.end()))
        for literal in literals
        for found in WORD.finditer(literal)
        if _has_case(found[0])
    ]
    others = [word for text in matched for word in WORD.findall(text) if _has_case(word)]
    if len(words) != len(others):
        return False
    differing = [(word, other, kept) for (word, kept), other in zip(words, others, strict=True) if word != other]
    if not differing:
        return True
    (word, other, _), first = differing[0], words[0][0]
    is_first = len(differing) == 1 and (word, other) == (first, others[0])
    if is_first and word[1:] == other[1:] and (len(word) > 1 or word.casefold() in FUNCTION_WORDS):
        return True
    if any(kept or not (word.islower() or word.istitle()) for word, _, kept in differing):
        return False
    return all(map(str.isupper, others)) or (
        not any(any(map(str.isupper, other)) for other in others) and all(len(word) > 2 for word, _, _ in differing)  # noqa: PLR2004 - "Mb"
    )


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()


def _is_meant_as_written(literal: str, start: int, end: int) -> bool:
    """Whether the case of a word may matter: a single letter, a word in quotes, or a short word that may be a unit.

    Function words are not units, and neither are words between two words, or between a word and data.
    """
    word, before, after = literal[start:end], WORD.search(literal[:start]), literal[end:]
    if len(word) >= _LEAST_LETTERS:
        return any(quoted.start() < start and end < quoted.end() for quoted in _QUOTED.finditer(literal))
    if word in FUNCTION_WORDS:
        return len(word) == 1 and not (before and WORD.search(after))
    return len(word) == 1 or not word.islower() or not before or not (after.isspace() or WORD.search(after))
