"""Conditions on a value: its characters, its shape, its size."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any, ClassVar, Final, Literal

from langchain_latm.making.synthesis.expression import Operator, quoted
from langchain_latm.making.synthesis.operators import check_digits
from langchain_latm.making.synthesis.operators.marks import marks_of
from langchain_latm.making.synthesis.operators.numbers import digits_cost
from langchain_latm.making.synthesis.writing import Writer

Place = Literal["in", "start", "end"]
_MOST_VALUES: Final = 6
_LONGEST_SHAPE: Final = 60
_FEW_WORDS: Final = 5


class Condition(Operator):
    """An operator whose value is true or false."""

    @property
    def is_copied(self) -> bool:
        """Whether the condition holds a word or number that was copied from the examples."""
        return False


@dataclass(frozen=True)
class Has(Condition):
    """Whether a text holds, begins or ends with a mark or word."""

    mark: str
    place: Place = "in"

    @property
    def is_copied(self) -> bool:
        return any(map(str.isalnum, self.mark))

    @property
    def cost(self) -> float:
        """Letters are copied from the examples."""
        return 0.8 + 0.2 * (self.place != "in") + (0.7 + 0.1 * len(self.mark)) * any(map(str.isalnum, self.mark))

    def of(self, text: str) -> bool:
        if self.place == "in":
            return self.mark in text
        return text.startswith(self.mark) if self.place == "start" else text.endswith(self.mark)

    def write(self, code: Writer, text: str) -> str:
        mark = code.literal(self.mark)
        return f"{mark} in {text}" if self.place == "in" else f"{text}.{self.place}swith({mark})"

    def says(self, what: str) -> str:
        return f"{what} {'has' if self.place == 'in' else f'{self.place}s with'} {quoted(self.mark)}"


@dataclass(frozen=True)
class Is(Condition):
    """Whether a whole text has a property."""

    of_class: str

    @property
    def cost(self) -> float:
        """Common properties are cheap."""
        return _PROPERTIES[self.of_class][0]

    def of(self, text: str) -> bool:
        return bool(_PROPERTIES[self.of_class][1](text))

    def write(self, code: Writer, text: str) -> str:
        test = _PROPERTIES[self.of_class][2]
        if "re." in test:
            code.needs("import re")
        return test.format(code.named(text) if test.count("{0}") > 1 else text)

    def says(self, what: str) -> str:
        return f"{what} {self.of_class}"


_PROPERTIES: Final[dict[str, tuple[float, Callable[[str], Any], str]]] = {
    "is empty": (0.7, lambda text: not text.strip(), "not {0}.strip()"),
    "is digits": (0.9, str.isdigit, "{0}.isdigit()"),
    "is letters": (1.0, str.isalpha, "{0}.isalpha()"),
    "is in capitals": (1.0, str.isupper, "{0}.isupper()"),
    "is in small letters": (1.0, str.islower, "{0}.islower()"),
    "has a digit": (0.9, lambda text: re.search(r"\d", text), 're.search(r"\\d", {0})'),
    "has a letter": (0.9, lambda text: re.search(r"[^\W\d_]", text), 're.search(r"[^\\W\\d_]", {0})'),
    "has a capital": (1.1, lambda text: re.search("[A-Z]", text), 're.search("[A-Z]", {0})'),
    "has a space": (0.9, lambda text: re.search(r"\s", text), 're.search(r"\\s", {0})'),
    "has a mark": (1.0, lambda text: re.search(r"[^\w\s]", text), 're.search(r"[^\\w\\s]", {0})'),
    "begins with a digit": (1.0, lambda text: text[:1].isdigit(), "{0}[:1].isdigit()"),
    "begins with a letter": (1.1, lambda text: text[:1].isalpha(), "{0}[:1].isalpha()"),
    "begins with a capital": (1.1, lambda text: text[:1].isupper(), "{0}[:1].isupper()"),
    "begins with a vowel": (
        1.3,
        lambda text: text[:1].lower() in {"a", "e", "i", "o", "u"},
        '{0}[:1].lower() in {{"a", "e", "i", "o", "u"}}',
    ),
    "ends with a digit": (1.0, lambda text: text[-1:].isdigit(), "{0}[-1:].isdigit()"),
    "ends with a letter": (1.1, lambda text: text[-1:].isalpha(), "{0}[-1:].isalpha()"),
    "reads the same backwards": (1.4, lambda text: text == text[::-1], "{0} == {0}[::-1]"),
    "has no character twice": (1.3, lambda text: len(set(text)) == len(text), "len(set({0})) == len({0})"),
    "has no letter twice": (
        1.3,
        lambda text: len(set(_letters(text))) == len(_letters(text)),
        "len(set(letters := [each for each in {0}.lower() if each.isalpha()])) == len(letters)",
    ),
    "has every letter from a to z": (
        1.3,
        lambda text: set("abcdefghijklmnopqrstuvwxyz") <= set(text.lower()),
        'set("abcdefghijklmnopqrstuvwxyz") <= set({0}.lower())',
    ),
}


def _letters(text: str) -> list[str]:
    return [each for each in text.lower() if each.isalpha()]


@dataclass(frozen=True)
class Shape(Condition):
    """Whether a text has a shape: its sequence of runs of digits, letters and spaces, and of marks.

    The shapes are the coarsest patterns of FlashProfile (Padhi, OOPSLA 2018).
    """

    shape: str

    @property
    def cost(self) -> float:
        """Longer shapes fit fewer texts."""
        return 1.3 + 0.05 * len(self.shape)

    def of(self, text: str) -> bool:
        return shape_of(text) == self.shape

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        return f"re.fullmatch({code.literal(pattern_of(self.shape))}, {text})"

    def says(self, what: str) -> str:
        return f"{what} looks like {quoted(self.shape)}"


_SHAPE_OF: Final = re.compile(r"(\d+)|([^\W\d_]+)|(\s+)|(.)", re.DOTALL)
_SHAPES: Final = {"0": r"\d+", "a": r"[^\W\d_]+", " ": r"\s+"}


def shape_of(text: str) -> str:
    """Return the shape of a text: "0" for a run of digits, "a" for letters, " " for spaces; marks are kept."""
    return _SHAPE_OF.sub(lambda found: "0" if found[1] else "a" if found[2] else " " if found[3] else found[4], text)


@cache
def pattern_of(shape: str) -> str:
    """Return the regular expression of the texts of a shape."""
    return "".join(_SHAPES.get(each, re.escape(each)) for each in shape)


YES: Final = ("yes", "y", "true", "t", "on", "1")
NO: Final = ("no", "n", "false", "f", "off", "0")


@dataclass(frozen=True)
class SaysYes(Condition):
    """Whether a text is a common word for yes; a text that is not a word for yes or no does not fit."""

    cost: ClassVar[float] = 0.8

    def of(self, text: str) -> bool | None:
        word = text.strip().lower()
        return word in YES if word in YES or word in NO else None

    def write(self, code: Writer, text: str) -> str:
        word = code.local("word", f"{text}.strip().lower()")
        code.guard(f"{word} not in {(*YES, *NO)!r}", "expected a word for yes or no")
        return f"{word} in {YES!r}"

    def says(self, what: str) -> str:
        return f"{what} says yes"


@dataclass(frozen=True)
class Equals(Condition):
    """Whether a text is one of the few values of its column."""

    value: str

    is_copied: ClassVar[bool] = True

    cost: ClassVar[float] = 1.2  # a value is copied from the examples

    def of(self, text: str) -> bool:
        return text == self.value

    def write(self, code: Writer, text: str) -> str:
        return f"{text} == {code.literal(self.value)}"

    def says(self, what: str) -> str:
        return f"{what} is {quoted(self.value)}"


@dataclass(frozen=True)
class Compare(Condition):
    """Whether a number equals a constant, is at least as large, or is a multiple of it."""

    relation: Literal["==", ">=", "%"]
    bound: Decimal

    is_copied: ClassVar[bool] = True

    @property
    def cost(self) -> float:
        """The bound is copied from the examples."""
        return 0.6 + digits_cost(self.bound, neutral=0) + 0.5 * (self.relation == "%")

    def of(self, number: Decimal) -> bool:
        if self.relation == "==":
            return number == self.bound
        return number >= self.bound if self.relation == ">=" else number % self.bound == 0

    def write(self, code: Writer, number: str) -> str:
        code.needs("from decimal import Decimal")
        bound = str(int(self.bound)) if self.bound == int(self.bound) else f'Decimal("{self.bound}")'
        return f"{number} % {bound} == 0" if self.relation == "%" else f"{number} {self.relation} {bound}"

    def says(self, what: str) -> str:
        words = {"==": "is", ">=": "is at least", "%": "is a multiple of"}
        return f"{what} {words[self.relation]} {self.bound}"


@dataclass(frozen=True)
class Relates(Condition):
    """Whether two texts are equal, one contains the other, or two numbers are in order."""

    relation: Literal["==", "in", ">", ">="]

    @property
    def cost(self) -> float:
        """Equality is the likeliest."""
        return 0.8 if self.relation == "==" else 1.0

    def of(self, left: Any, right: Any) -> bool:
        if self.relation == "==":
            return bool(left == right)
        if self.relation == "in":
            return left in right
        return bool(left > right if self.relation == ">" else left >= right)

    def write(self, code: Writer, left: str, right: str) -> str:  # noqa: ARG002 - needs no statement
        return f"{left} {self.relation} {right}"

    def says(self, left: str, right: str) -> str:
        words = {"==": "is the same as", "in": "occurs in", ">": "is greater than", ">=": "is at least"}
        return f"{left} {words[self.relation]} {right}"


def text_conditions(texts: Sequence[str]) -> Iterator[Operator]:
    """Yield conditions that may distinguish texts."""
    yield from map(Is, _PROPERTIES)
    yield from check_digits.checks(texts)
    if all(text.strip().lower() in {*YES, *NO} for text in texts):
        yield SaysYes()
    for mark in _some_marks(texts):
        yield from (Has(mark), Has(mark, "start"), Has(mark, "end"))
    for word in _some_words(texts):
        yield from (Has(word), Has(word, "start"), Has(word, "end"))
    if max(map(len, texts), default=0) <= _LONGEST_SHAPE:
        yield from (Shape(shape) for shape in dict.fromkeys(map(shape_of, texts)))
    counts = Counter(texts)
    if len(counts) <= _MOST_VALUES and (len(counts) < len(texts) or all(len(text) <= 3 for text in texts)):  # noqa: PLR2004 - values of a class, or codes
        yield from map(Equals, sorted(counts))


def number_conditions(numbers: Sequence[Decimal]) -> Iterator[Condition]:
    """Yield bounds between the numbers of the examples, and small divisors."""
    ordered = sorted(set(numbers))
    for low, high in pairwise(ordered):
        yield Compare(">=", simple_between(low, high))
    if len(ordered) <= _MOST_VALUES:
        yield from (Compare("==", number) for number in ordered)
    if all(number == int(number) for number in ordered):
        yield from (Compare("%", Decimal(divisor)) for divisor in (2, 3, 4, 5, 7, 10))


def simple_between(low: Decimal, high: Decimal) -> Decimal:
    """Return the number with the fewest digits above `low` and up to `high`, as near to their middle as possible."""
    middle = (low + high) / 2
    for places in range(-6, 7):
        unit = Decimal(1).scaleb(-places)
        nearest = (middle / unit).to_integral_value() * unit
        if low < nearest <= high:
            return Decimal(f"{nearest.normalize():f}")
    return high


def _some_marks(texts: Sequence[str]) -> list[str]:
    single = dict.fromkeys(each for text in texts for each in text[:500] if not each.isalnum() and not each.isspace())
    return list(dict.fromkeys([*marks_of(texts), *list(single)[:12]]))[:16]


def holds_prose(texts: Sequence[str]) -> bool:
    """Whether texts have so many words that one of them, or a mark, distinguishes any of them."""
    return sum(len(text.split()) for text in texts) > _FEW_WORDS * len(texts)


def _some_words(texts: Sequence[str]) -> list[str]:
    """Return words that several short texts hold but not all. Prose has too many words for any to be significant."""
    if holds_prose(texts):
        return []
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(re.findall(r"[^\W\d_]+|\d+", text[:500])))
    return [word for word, count in counts.most_common(12) if 1 < count < len(texts) and len(word) <= 12]  # noqa: PLR2004
