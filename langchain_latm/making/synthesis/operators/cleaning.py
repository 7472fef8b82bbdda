"""Removal and replacement of characters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from langchain_latm.making.synthesis.expression import Operator, quoted
from langchain_latm.making.synthesis.operators.marks import marks_of
from langchain_latm.making.synthesis.writing import Writer

_TESTS: Final[dict[str, tuple[Callable[[str], bool], str]]] = {
    "digits": (str.isdigit, "{0}.isdigit()"),
    "letters": (str.isalpha, "{0}.isalpha()"),
    "letters and digits": (str.isalnum, "{0}.isalnum()"),
    "capitals": (str.isupper, "{0}.isupper()"),
    "small letters": (str.islower, "{0}.islower()"),
    "vowels": (lambda each: each in "aeiouAEIOU", '({0} in "aeiouAEIOU")'),
    "letters, digits and spaces": (lambda each: each.isalnum() or each.isspace(), "({0}.isalnum() or {0}.isspace())"),
}
_MOST_MARKS: Final = 8
_MARKS: Final = ("Mn", "Me", "Mc")
"""Categories of characters that belong to the one before them."""
_JOINED: Final = ("Cf", "Sk", "Cs")
"""Categories of characters that join others, or are halves of one."""


@dataclass(frozen=True)
class Keep(Operator):
    """The characters of a class, or all others if `without` is set."""

    of_class: str
    without: bool = False

    @property
    def cost(self) -> float:
        return 1.2 + 0.1 * self.without + 0.01 * len(self.of_class)

    def of(self, text: str) -> str:
        test = _TESTS[self.of_class][0]
        return "".join(each for each in text if test(each) != self.without)

    def write(self, code: Writer, text: str) -> str:  # noqa: ARG002 - needs no statement
        test = _TESTS[self.of_class][1].format("character")
        return f'"".join(character for character in {text} if {"not " * self.without}{test})'

    def says(self, what: str) -> str:
        return f"{what} without {self.of_class}" if self.without else f"the {self.of_class} of {what}"


@dataclass(frozen=True)
class Replace(Operator):
    """A text with each occurrence of a mark replaced, or removed if the new one is empty."""

    old: str
    new: str

    @property
    def cost(self) -> float:
        """Removal is the cheapest; letters are copied from the examples."""
        solid = sum(map(str.isalnum, self.old + self.new))
        return 1.1 + 0.4 * bool(self.new) + 0.4 * solid

    def of(self, text: str) -> str:
        return text.replace(self.old, self.new)

    def write(self, code: Writer, text: str) -> str:
        return f"{text}.replace({code.literal(self.old)}, {code.literal(self.new)})"

    def says(self, what: str) -> str:
        if not self.new:
            return f"{what} without {quoted(self.old)}"
        return f"{what} with {quoted(self.new)} for {quoted(self.old)}"


@dataclass(frozen=True)
class ReplaceMarks(Operator):
    """A text with each run of marks and white space, or of white space only, replaced by one text."""

    new: str
    spaces: bool = False

    cost: ClassVar[float] = 1.6

    @property
    def _pattern(self) -> str:
        return r"\s+" if self.spaces else r"[\W_]+"

    def of(self, text: str) -> str:
        return re.sub(self._pattern, lambda _: self.new, text)

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        new = self.new.replace("\\", "\\\\")
        return f're.sub(r"{self._pattern}", {code.literal(new)}, {text})'

    def says(self, what: str) -> str:
        runs = "run of white space" if self.spaces else "run of marks and spaces"
        return f"{what} with {quoted(self.new)} for each {runs}" if self.new else f"{what} without any {runs}"


@dataclass(frozen=True)
class Strip(Operator):
    """A text without some characters at its ends; by default, without white space."""

    characters: str = ""
    end: str = "strip"

    @property
    def cost(self) -> float:
        """Stripping white space costs little."""
        return 0.4 if not self.characters else 1.1 + 0.1 * (self.end != "strip") + 0.3 * self.characters.isalnum()

    def of(self, text: str) -> str:
        characters = self.characters or None
        if self.end == "lstrip":
            return text.lstrip(characters)
        return text.rstrip(characters) if self.end == "rstrip" else text.strip(characters)

    def write(self, code: Writer, text: str) -> str:
        return f"{text}.{self.end}({code.literal(self.characters) if self.characters else ''})"

    def says(self, what: str) -> str:
        if not self.characters:
            return f"{what} without white space around it"
        where = {"strip": "at its ends", "lstrip": "at its start", "rstrip": "at its end"}[self.end]
        return f"{what} without {quoted(self.characters)} {where}"


@dataclass(frozen=True)
class Backwards(Operator):
    """The characters of a text in reverse order, accents and vowel signs with their letters.

    Texts with characters that are joined in other ways, as some emoji are, do not fit.
    """

    cost: ClassVar[float] = 1.2

    def of(self, text: str) -> str | None:
        categories = list(map(unicodedata.category, text))
        if not {*categories}.isdisjoint(_JOINED):
            return None
        starts = [place for place, category in enumerate(categories) if not place or category not in _MARKS]
        return "".join(text[start:end] for start, end in zip(starts[::-1], [len(text), *starts[:0:-1]], strict=False))

    def write(self, code: Writer, text: str) -> str:
        code.needs("import unicodedata")
        text = code.named(text)
        marks, joined = (f"{{{', '.join(map(code.literal, categories))}}}" for categories in (_MARKS, _JOINED))
        code.guard(f"{joined} & set(map(unicodedata.category, {text}))", "expected characters that can be reversed")
        test = f"not place or unicodedata.category(letter) not in {marks}"
        starts = code.local("starts", f"[place for place, letter in enumerate({text}) if {test}]")
        ends = f"[len({text}), *reversed({starts})]"
        return f'"".join({text}[start:end] for start, end in zip(reversed({starts}), {ends}))'

    def says(self, what: str) -> str:
        return f"{what} backwards"


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield removals of characters that the answers lack, and replacements by marks that only the answers have."""
    yield Strip()
    for of_class in _TESTS:
        yield Keep(of_class)
        yield Keep(of_class, without=True)
    yield Backwards()
    marks = marks_of(texts)[:_MOST_MARKS]
    new = _new_marks(texts, answers)
    for mark in marks:
        yield Replace(mark, "")
        for other in new:
            yield Replace(mark, other)
    for end in ("strip", "lstrip", "rstrip"):
        for mark in dict.fromkeys([*(mark for mark in marks if len(mark) == 1), *_ends(texts, end)]):
            yield Strip(mark, end)
    for other in ["", " ", *new]:
        yield ReplaceMarks(other)
    for other in ["", " "]:
        yield ReplaceMarks(other, spaces=True)
    for letter in _lost_letters(texts, answers):
        yield Replace(letter, "")


def _new_marks(texts: Sequence[str], answers: Sequence[str]) -> list[str]:
    """Return up to four marks that are more frequent in the answers than in the texts."""
    counts: Counter[str] = Counter()
    for text, answer in zip(texts, answers, strict=True):
        more = Counter(answer) - Counter(text)
        counts.update(each for each in more if not each.isalnum())
    return [mark for mark, _ in counts.most_common(4)]


def _lost_letters(texts: Sequence[str], answers: Sequence[str]) -> list[str]:
    """Return up to three letters or digits that all texts have and no answer has."""
    if len(texts) < 2:  # noqa: PLR2004 - one text shows nothing about a letter
        return []
    common = set.intersection(*map(set, texts)) - set().union(*map(set, answers))
    return sorted(each for each in common if each.isalnum())[:3]


def _ends(texts: Sequence[str], end: str) -> list[str]:
    """Return the digit zero if texts begin with it: leading zeros are stripped more often than other characters."""
    return ["0"] if end == "lstrip" and any(text.startswith("0") for text in texts) else []
