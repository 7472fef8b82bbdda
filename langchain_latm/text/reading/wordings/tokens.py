"""Splits requests into words and values: numbers, dates, times, codes, quoted texts and lists.

Values are recognised by their form alone, so this is independent of the language. Marks that only divide a sentence
are left out; courtesy and case do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from langchain_latm.text.lexing.dates import MONTHS
from langchain_latm.text.lexing.words import MARKS, WORD
from langchain_latm.text.reading.courtesy import courtesies_in, folded

TEXT: Final = "text"
"""Sort of a value that is a text: quoted, a code, or some words of the request."""

_SIGNED: Final = r"(?<![\d.,])(?<![\d.,:][-\u2212])(?:(?:(?<![^\s(=:])|(?<=(?i:UTC))|(?<=(?i:GMT)))[-\u2212])?"
_DIGITS: Final = r"(?:\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:[.,]\d+)?)"
_NUMBER: Final = rf"{_SIGNED}{_DIGITS}(?![\d]|[.,:]\d)"
_MONTH: Final = "|".join(sorted({name for names in MONTHS.values() for name in names}, key=len, reverse=True))
_DATE: Final = (
    r"(?<![\d.-])(?:\d{4}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,2}|\d{1,2}(?P<sign>[-/.])\d{1,2}(?P=sign)(?:\d{4}|\d{2}))(?![\d-])"
    rf"|(?<!\w)(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}(?!\d)"
    rf"|(?<!\d)\d{{1,2}}\.?(?:st|nd|rd|th)?(?: de| of)? (?:{_MONTH})\.?,?(?: de)? \d{{4}}(?!\d)"
)
_TIME: Final = r"(?<![\d:])\d{1,2}:[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b\.?)?(?![\d:])"
_QUOTED: Final = (
    r"\"[^\"\n]+\"|\u201c[^\u201d\n]+\u201d|\u201e[^\u201c\u201d\n]+[\u201c\u201d]|\u00ab[^\u00bb\n]+\u00bb"
    r"|\u300c[^\u300d\n]+\u300d|(?<!\w)['\u2018][^'\u2019\n]+['\u2019](?!\w)"
)
_ADDRESS: Final = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+[\w/]"
_CODE: Final = r"(?<![\w-])(?=[\w/-]*\d{3})[A-Za-z]+[\w]*(?:[-/]\w+)*(?![\w-])"
_ITEM: Final = rf"[^\W\d_][\w{MARKS}'\u2019-]*(?:[ :=]{{1,2}}\d+(?:\.\d+)?)?"
_VALUE: Final = re.compile(
    rf"(?P<quoted>{_QUOTED})|(?P<code>{_ADDRESS}|{_CODE})"
    rf"|(?P<date>{_DATE})|(?P<time>{_TIME})"
    rf"|(?P<numbers>{_NUMBER}(?:[,;] {_NUMBER}){{2,}})"
    rf"|(?P<items>(?<![\w{MARKS}]){_ITEM}(?:[,;] {_ITEM}){{2,}})"
    rf"|(?P<number>{_NUMBER})"
    rf"|(?P<word>(?<=\d)\s?[-\u2212\u2013]\s?(?=\d)|(?<!(?i:UTC))(?<!(?i:GMT))\+|{WORD.pattern}|(?<=\w)['\u2019]{WORD.pattern}|[^\W\d_]|\d+|[%\u00b0*/\u00d7\u00f7=<>^#&\u2212-]|\$|[^\w\s\x00-\x7f])"
)
_SORTS: Final = {"quoted": TEXT, "code": TEXT, "word": None}
_DIVIDING: Final = frozenset(
    "\u2010\u2011\u2012\u2013\u2014\u2026\u00bf\u00a1\u3001\u3002\uff0c\uff1a\uff1b\uff1f\uff01\u2192\u201c\u201d\u201e\u2018\u2019"
)
_LONGEST: Final = 2_000
"""Maximum number of characters of a request that is read by wordings, which hold data of a few words."""


_LEAST_LETTERS: Final = 5
"""Minimum length of a word with a typo; shorter words differ by one letter too often."""


class Token(NamedTuple):
    """A word, a sign or a value.

    Attributes:
        text: A word or sign in lower case, or the text of a value.
        start: Where it begins in the request; of a quoted text, the text itself.
        end: Where it ends.
        sort: The sort of value; None for words and signs.
    """

    text: str
    start: int
    end: int
    sort: str | None = None


@lru_cache(maxsize=256)  # several wordings are compared with one request
def tokens_of(request: str) -> tuple[Token, ...]:
    """Return the words and values of a request, without courtesy; none if it is too long."""
    if len(request) > _LONGEST:
        return ()
    text = request
    for start, end in courtesies_in(request):
        text = text[:start] + " " * (end - start) + text[end:]
    return tuple(_tokens(text))


def _tokens(request: str) -> Iterator[Token]:
    for found in _VALUE.finditer(request):
        name = found.lastgroup or "word"
        sort = _SORTS.get(name, name)
        start, end, text = found.start(), found.end(), found[0]
        if name == "quoted":
            start, end, text = start + 1, end - 1, text[1:-1]
        if sort is not None:
            yield Token(text, start, end, sort)
        elif text not in _DIVIDING:
            yield Token(folded(text).strip(), start, end)


def is_typo(word: str, meant: str) -> bool:
    """Whether a long word is another one with an inner letter missing, added or exchanged with the next one.

    Another letter, or a difference at an end, makes another word too often: "billion", "larger".
    """
    if min(len(word), len(meant)) < _LEAST_LETTERS or word == meant or not (word.isalpha() and meant.isalpha()):
        return False
    if (word[0], word[-1]) != (meant[0], meant[-1]):
        return False
    start = next(i for i, pair in enumerate(zip(word, meant, strict=False)) if len(set(pair)) > 1)
    one, other = word[start:], meant[start:]
    exchanged = one[:2] == other[1::-1] and one[2:] == other[2:]
    return one[1:] == other or one == other[1:] or exchanged
