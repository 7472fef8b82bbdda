"""Bounds of gaps: a request is read only if its gaps hold nothing that they never held in the examples of a kind.

"Sort these words: banana apple." leaves "banana apple." in the gap. If no example has a full stop there, it is unknown
whether it belongs to the last word. Such a request is not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from langchain_latm.text.lexing.numbers import read_number
from langchain_latm.text.lexing.words import WORD, is_unspaced
from langchain_latm.text.reading.asides import changing_items, changing_words, connectives
from langchain_latm.text.reading.courtesy import begins_with_courtesy, ends_with_courtesy
from langchain_latm.text.reading.distinctive import PROSE

Parts = Sequence[str]
"""The items of the list in a gap; the text alone if it is not a list."""

_SIGN: Final = re.compile(
    r"""(?<=\w)[-'\u2019\u2010\u2011.,:](?=\w)  # inside a word or a number
    | (?<!\S)[-+\u2212](?=\d)                   # before a number
    | ([^\w\s]|_|\n)""",
    re.VERBOSE,
)
_MEASURE: Final = re.compile(rf"\d+(?:[.,]\d+)*(?:\s?([%\u00b0]|{WORD.pattern}))?")
_NUMBERS_OF: Final = {
    "decimal": re.compile(r"\d[.,]\d"),
    "negative": re.compile(r"(?<![\w)\]])[-\u2212](?=\d)"),
}
"""Sorts of numbers that a function may misread in a text if the examples had only whole positive ones."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_DIGIT: Final = re.compile(r"\d")
_DIGITS: Final = re.compile(r"\d+")
_SORTS: Final = {
    "end": ".!?\u2026\u3002\uff0e\uff01\uff1f\u061f\u0964\u0965\u0589\u00bf\u00a1\u203c\u2047\u2048\u2049\u06d4\u1362",
    "comma": ",\uff0c\u060c",
    "enumeration": "\u3001",
    "semicolon": ";\uff1b\u061b",
    "colon": ":\uff1a",
    "apostrophe": "'\u2018\u2019",
    "quote": '"\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u300c\u300d\u300e\u300f\uff02`',
    "line": "\n",
}
_SORT_OF: Final = {sign: sort for sort, signs in _SORTS.items() for sign in signs}
_SORT_OF_CATEGORY: Final = {"Ps": "bracket", "Pe": "bracket", "Pi": "quote", "Pf": "quote", "Sc": "currency"}
_ANY: Final = "any"
_PLACES: Final = ("", "first:", "last:")
_JOINING: Final = "joining:"
_WORD_PLACE: Final = "word:"
ANY_TRAITS: Final = tuple(f"{place}{_ANY}" for place in (*_PLACES, _JOINING, _WORD_PLACE))
"""The traits of a gap that may hold anything."""
_OPEN_FROM: Final = 1 / 3
"""Share of the examples with a sort of sign that no other example has, from which unseen sorts are expected
(Good-Turing estimate). On 254 kinds, 6 examples each, 98 % of the requests that were read without bounds still are."""
_MOST_WORDING: Final = 6
"""Maximum number of words before or after the words that all requests share, as in "Could you please sort". A longer
text is content."""
_LEAST_EVIDENCE: Final = 3
"""Minimum number of examples or items for a rule."""
_CLOSED: Final = 0.1
"""Maximum share of words that occur in one example only, if other words are not expected (Good-Turing estimate)."""


class GapBounds(BaseModel):
    """What one gap held in the examples, and so may hold in a request.

    Attributes:
        traits: Sorts of signs and words in the gap. With `first:` or `last:`, sorts of signs that its text, or an item
            of its list, began or ended with. `any` stands for all sorts of signs, if they varied between examples.
        words: The number of words of the text, or of each item, if it never changed; 0 if the gap was always empty.
        units: The words beside a number, in the text or in an item, if each occurred several times.
        texts: All texts that the gap may hold, in lower case: set if each occurred several times, or if they are
            wording, such as "Sort" and "Please sort" at the beginning of requests.
        measures: The words after each number, in order, if only numbers distinguish a request of the kind. None for a
            number that had a different word in most examples.
        begins: A required beginning of the text: the function writes it itself instead of reading it.
        ends: A required end of the text, likewise.
        numbers: The sorts of numbers in the gap, if it held several; `plain` stands for whole positive ones.
        vocabulary: All words that the gap may hold, in lower case, if the request begins with it, so that it may say
            what is asked, and nearly every word occurred in several examples.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    traits: tuple[str, ...] = ()
    words: Annotated[int, Field(ge=0, strict=True)] | None = None
    units: tuple[str, ...] | None = None
    texts: tuple[str, ...] | None = None
    measures: tuple[tuple[str, ...] | None, ...] | None = None
    begins: str | None = None
    ends: str | None = None
    numbers: tuple[str, ...] | None = None
    vocabulary: tuple[str, ...] | None = None

    @model_serializer(mode="wrap")
    def _without_empty_fields(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        plain: dict[str, Any] = dump(self)
        return {name: value for name, value in plain.items() if value is not None}

    @classmethod
    def of(
        cls,
        column: Sequence[str],
        parts: Sequence[Parts],
        *,
        numbers_alone: bool = False,
        is_alone: bool = False,
        is_first: bool = False,
    ) -> Self:
        """Learn the bounds of a gap.

        Args:
            column: The text in the gap, by example.
            parts: The parts of each text.
            numbers_alone: Whether only numbers are read. If not, digits are allowed even if the examples have none.
            is_alone: Whether there are no words around the gap that identify a request of the kind.
            is_first: Whether requests begin with the gap.
        """
        every = list(chain.from_iterable(parts))
        lengths = {len(part.split()) for part in every}
        is_rule = len(every) >= _LEAST_EVIDENCE
        traits = set(_expected_traits([set(_traits(*each)) for each in zip(column, parts, strict=True)]))
        # A word anywhere inside a list is data, and may also come at its end.
        traits |= {f"word:{word}" for each in parts if len(each) > 1 for word in changing_items(each)}
        return cls(
            traits=tuple(sorted(traits | (set() if numbers_alone else {"word:digit"}))),
            words=lengths.pop() if is_rule and len(lengths) == 1 else None,
            units=_units(every),
            texts=_texts(column),
            measures=_measures(column) if numbers_alone and is_alone else None,
            numbers=None if numbers_alone else _sorts_of_numbers(parts),
            vocabulary=_vocabulary(column) if is_first else None,
        )

    def free_words(self, *, is_cut: bool, is_set_off: bool) -> int:
        """Return the number of words of free text in the gap, at most `PROSE`; 0 if it holds only known texts or words.

        Args:
            is_cut: Whether the gap is split at white space, so that `words` does not limit the whole text.
            is_set_off: Whether a sign separates the gap from the fixed words. If not, several words may be any
                sentence.
        """
        if self.texts is not None or self.vocabulary is not None:
            return 0
        if self.words is None or self.joins_words or not (is_set_off or (self.words <= 1 and not is_cut)):
            return PROSE
        return min(self.words, PROSE)

    @property
    def joins_words(self) -> bool:
        """Whether the gap held words such as "and", as in prose."""
        return any(_place(trait) == _JOINING for trait in self.traits)

    def holds(self, sort: str) -> bool:
        """Whether the gap may hold a sort of signs, such as "end" for full stops and question marks."""
        return sort in self.traits or _ANY in self.traits

    def admit(self, text: str, parts: Parts) -> bool:
        """Whether a text holds nothing that the gap never held in the examples."""
        if self.words is not None and any(len(part.split()) != self.words for part in parts):
            return False
        if self.texts is not None and text.casefold() not in self.texts:
            return False
        if self.measures is not None and not _are_measured(text, self.measures):
            return False
        if not text.startswith(self.begins or "") or not text.endswith(self.ends or ""):
            return False
        closed = (
            (self.units, _words_beside_numbers(parts)),
            (self.numbers, _numbers_in(parts)),
            (self.vocabulary, _longer_words(text)),
        )
        if any(known is not None and not set(known).issuperset(found) for known, found in closed):
            return False
        return all(trait in self.traits or f"{_place(trait)}{_ANY}" in self.traits for trait in _traits(text, parts))


def _sorts_of_numbers(rows: Sequence[Parts]) -> tuple[str, ...] | None:
    """Return the sorts of numbers in a gap; None if there are too few numbers."""
    if sum(len(_DIGITS.findall(part)) for parts in rows for part in parts) < _LEAST_EVIDENCE:
        return None
    return tuple(sorted({"plain", *chain.from_iterable(map(_numbers_in, rows))}))


def _numbers_in(parts: Parts) -> Iterator[str]:
    """Yield the sorts of the numbers among other text. Numbers of a list of numbers are rarely misread."""
    if any(read_number(part) is None for part in parts):
        yield from (sort for sort, pattern in _NUMBERS_OF.items() if any(map(pattern.search, parts)))


def _vocabulary(column: Sequence[str]) -> tuple[str, ...] | None:
    """Return the words of a gap if no others are expected; None for other gaps."""
    counts = Counter(chain.from_iterable(map(_longer_words, column)))
    once = sum(count == 1 for count in counts.values())
    if len(column) < _LEAST_EVIDENCE or not counts or once > _CLOSED * counts.total():
        return None
    return tuple(sorted(counts))


def _longer_words(text: str) -> set[str]:
    """Return the words of two letters and more; single letters may be variables or labels."""
    return {word.casefold() for word in WORD.findall(text) if len(word) > 1}


def _measures(column: Sequence[str]) -> tuple[tuple[str, ...] | None, ...] | None:
    """Return the words after each number; None if the texts differ in their number of numbers."""
    rows = [_words_after_numbers(text) for text in column]
    if len(set(map(len, rows))) > 1:
        return None
    found: list[tuple[str, ...] | None] = []
    for place in zip(*rows, strict=True):
        counts = Counter(place)
        once = sum(count == 1 for count in counts.values())
        found.append(None if once > 1 and once >= _OPEN_FROM * len(column) else tuple(sorted(counts)))
    return tuple(found)


def _are_measured(text: str, measures: Sequence[Sequence[str] | None]) -> bool:
    found = _words_after_numbers(text)
    known = zip(found, measures, strict=False)
    return len(found) == len(measures) and all(words is None or word in words for word, words in known)


def _words_after_numbers(text: str) -> list[str]:
    """Return the word, or the sign of a unit, after each number; an empty text if there is none."""
    return [(found[1] or "").casefold() for found in _MEASURE.finditer(text)]


def _expected_traits(seen: Sequence[set[str]]) -> Iterator[str]:
    """Yield the traits of examples, and `any` for each place where others are expected."""
    counts = Counter(chain.from_iterable(seen))
    yield from counts
    joining = [count for trait, count in counts.items() if _place(trait) == _JOINING]
    if joining not in ([], [len(seen)]):
        yield f"{_JOINING}{_ANY}"
    for place in _PLACES:
        once = sum(count == 1 and _place(trait) == place for trait, count in counts.items())
        if once > 1 and once >= _OPEN_FROM * len(seen):
            yield f"{place}{_ANY}"


def _traits(text: str, parts: Parts) -> Iterator[str]:
    """Yield the sorts of signs and words in a gap, possibly with duplicates.

    Hyphens, apostrophes and points inside words and numbers do not count, and neither do the signs of numbers.
    """
    if _LETTER.search(text):
        yield "word:letter"
    if _DIGIT.search(text):
        yield "word:digit"
    if begins_with_courtesy(text):
        yield "word:courtesy first"
    if ends_with_courtesy(text):
        yield "word:courtesy last"
    yield from (f"word:{word}" for word in changing_words(text, parts))
    if len(parts) > 1 and (_is_alone_in_lower_case(parts) or _is_alone_in_lower_case(parts[::-1])):
        yield "word:lower case"
    for each in _joinable(text, parts):
        yield from (f"{_JOINING}{word}" for word in connectives(each))
    yield from _sorts(found[1] for found in _SIGN.finditer(text) if found[1])
    for part in parts:
        if not part[:1].isalnum() and (first := _SIGN.match(part)) and first[1]:
            yield from (f"first:{sort}" for sort in _sorts(first[1]))
        if not part[-1:].isalnum():
            yield from (f"last:{sort}" for sort in _sorts(part[-1:]))


def _joinable(text: str, parts: Parts) -> Iterable[str]:
    """Return the texts in which a word may join others: the whole text or, of a list with marks, its longer items.

    In "pear, but, fig" the word "but" joins nothing, so it is an item.
    """
    if len(parts) == 1 or text.split(" ") == [*parts]:
        return [text]
    return [each for each in parts if len(each.split()) > 1 or is_unspaced(each)]


def _is_alone_in_lower_case(parts: Parts) -> bool:
    """Whether the first item begins with a lower-case letter and all others with upper-case ones."""
    return parts[0][:1].islower() and all(part[:1].isupper() for part in parts[1:])


def _place(trait: str) -> str:
    return trait[: trait.find(":") + 1]


def _sorts(signs: Iterable[str]) -> Iterator[str]:
    """Yield the sort of each sign; none for combining marks and invisible characters, which belong to a word."""
    for sign in signs:
        category = unicodedata.category(sign)
        if sign in _SORT_OF:
            yield _SORT_OF[sign]
        elif category[0] != "M" and category != "Cf":
            yield _SORT_OF_CATEGORY.get(category, "sign")


def _texts(column: Sequence[str]) -> tuple[str, ...] | None:
    """Return the different texts of a gap if no other one is expected; None for other gaps."""
    counts = Counter(text.casefold() for text in column)
    if len(column) < _LEAST_EVIDENCE or len(counts) < 2 or any(map(_DIGIT.search, column)):  # noqa: PLR2004 - a choice
        return None
    return tuple(sorted(counts)) if min(counts.values()) > 1 or _is_wording(column) else None


def _is_wording(column: Sequence[str]) -> bool:
    """Whether all texts are short and hold the same word, capitalised in only some of them."""
    cased = [set(WORD.findall(text)) for text in column]
    if max(map(len, cased)) > _MOST_WORDING:
        return False
    shared = set.intersection(*({word.casefold() for word in words} for words in cased))
    return len(shared) > len({word.casefold() for word in set.intersection(*cased)})


def _units(parts: Parts) -> tuple[str, ...] | None:
    """Return the words beside numbers; None if one of them is rare, or there are no numbers."""
    counts = Counter(_words_beside_numbers(parts))
    return tuple(sorted(counts)) if counts and min(counts.values()) >= _LEAST_EVIDENCE else None


def _words_beside_numbers(parts: Parts) -> Iterator[str]:
    """Yield the different words of each part that holds a number."""
    return (" ".join(sorted(set(WORD.findall(part)))) for part in parts if _DIGIT.search(part))
