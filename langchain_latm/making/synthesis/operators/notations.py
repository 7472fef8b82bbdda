"""Whole numbers in other notations: binary, octal and hexadecimal digits, Roman numerals, and English words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_DIGITS: Final = 18
_BASES: Final = {"b": ("binary", 2), "o": ("octal", 8), "x": ("hexadecimal", 16), "X": ("hexadecimal", 16)}
_ROMAN: Final = (
    ["", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"],
    ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"],
    ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"],
)
"""The numerals of hundreds, tens and ones."""
_LETTERS: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_IS_ROMAN: Final = "M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})"
_LARGEST_ROMAN: Final = 3_999
_ONES: Final = tuple(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
    """.split()  # noqa: SIM905 - a text of words reads best as one
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBER_WORDS: Final = (*_ONES, *(f"{ten}-{one}" if one != "zero" else ten for ten in _TENS for one in _ONES[:10]))


@dataclass(frozen=True)
class ToBase(Operator):
    """A whole number in another base, with leading zeros up to a width."""

    base: str
    width: int = 0

    @property
    def cost(self) -> float:
        """The width of a byte is known; any other width is copied from the examples."""
        return 0.95 if self.width == (8 if self.base == "b" else 2) else 1.0 + 0.3 * bool(self.width)

    def of(self, text: str) -> str | None:
        return f"{int(text):{self._format}}" if text.isdecimal() and len(text) <= _DIGITS else None

    @property
    def _format(self) -> str:
        return f"0{self.width}{self.base}" if self.width else self.base

    def write(self, code: Writer, text: str) -> str:
        text = _checked(code, text)
        return f'f"{{int({text}):{self._format}}}"'

    def says(self, what: str) -> str:
        return f"{what} in {_BASES[self.base][0]} digits"


@dataclass(frozen=True)
class FromBase(Operator):
    """The value of digits in another base, with or without a prefix such as "0x"."""

    base: str

    cost: ClassVar[float] = 1.0

    @property
    def _pattern(self) -> str:
        return {"b": "(0[bB])?[01]{1,60}", "o": "(0[oO])?[0-7]{1,20}"}.get(self.base, "(0[xX])?[0-9a-fA-F]{1,15}")

    def of(self, text: str) -> str | None:
        return str(int(text, _BASES[self.base][1])) if re.fullmatch(self._pattern, text) else None

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        text = code.named(text)
        name, base = _BASES[self.base]
        code.guard(f'not re.fullmatch("{self._pattern}", {text})', f"expected {name} digits")
        return f"str(int({text}, {base}))"

    def says(self, what: str) -> str:
        return f"the number that {what} is in {_BASES[self.base][0]} digits"


@dataclass(frozen=True)
class ToRoman(Operator):
    """The Roman numeral of a whole number from 1 to 3999."""

    cost: ClassVar[float] = 1.0

    def of(self, text: str) -> str | None:
        number = int(text) if text.isdecimal() and len(text) <= 4 else 0  # noqa: PLR2004 - of numbers up to 3999
        if not 1 <= number <= _LARGEST_ROMAN:
            return None
        hundreds, tens, ones = _ROMAN
        return "M" * (number // 1000) + hundreds[number // 100 % 10] + tens[number // 10 % 10] + ones[number % 10]

    def write(self, code: Writer, text: str) -> str:
        text = _checked(code, text)
        code.guard(f"not 1 <= int({text}) <= {_LARGEST_ROMAN}", f"expected a number from 1 to {_LARGEST_ROMAN}")
        hundreds, tens, ones = (
            code.constant(name, repr(numerals))
            for name, numerals in zip(("HUNDREDS", "TENS", "ONES"), _ROMAN, strict=True)
        )
        number = code.local("number", f"int({text})")
        digits = f"{hundreds}[{number} // 100 % 10] + {tens}[{number} // 10 % 10] + {ones}[{number} % 10]"
        return code.local("numeral", f'"M" * ({number} // 1000) + {digits}')

    def says(self, what: str) -> str:
        return f"the Roman numeral of {what}"


@dataclass(frozen=True)
class FromRoman(Operator):
    """The value of a Roman numeral."""

    cost: ClassVar[float] = 1.0

    def of(self, text: str) -> str | None:
        if not text or re.fullmatch(_IS_ROMAN, text) is None:
            return None
        values = [_LETTERS[letter] for letter in text]
        return str(sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True)))

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        text = code.named(text)
        code.guard(f'not {text} or not re.fullmatch("{_IS_ROMAN}", {text})', "expected a Roman numeral")
        table = code.constant("LETTERS", repr(_LETTERS))
        values = code.local("values", f"[{table}[letter] for letter in {text}]")
        return f"str(sum(-one if one < after else one for one, after in zip({values}, [*{values}[1:], 0])))"

    def says(self, what: str) -> str:
        return f"the number of the Roman numeral {what}"


@dataclass(frozen=True)
class NumberWord(Operator):
    """The English word of a whole number below 100, or the number of such a word."""

    read: bool

    cost: ClassVar[float] = 1.0

    def of(self, text: str) -> str | None:
        if self.read:
            word = text.lower()
            return str(_NUMBER_WORDS.index(word)) if word in _NUMBER_WORDS else None
        return _NUMBER_WORDS[int(text)] if text.isdecimal() and len(text) <= 2 else None  # noqa: PLR2004 - below 100

    def write(self, code: Writer, text: str) -> str:
        table = code.constant("NUMBER_WORDS", repr(list(_NUMBER_WORDS)))
        if self.read:
            word = code.local("word", f"{text}.lower()")
            code.guard(f"{word} not in {table}", "expected the word of a number below 100")
            return f"str({table}.index({word}))"
        text = code.named(text)
        code.guard(f"not {text}.isdecimal() or len({text}) > 2", "expected a whole number below 100")
        return f"{table}[int({text})]"

    def says(self, what: str) -> str:
        return f"the number that the word {what} is" if self.read else f"the word of the number {what}"


_FIRST_COLUMNS: Final = tuple((26**length - 1) // 25 for length in range(1, 8))
"""Numbers of the first columns with one letter, two letters and so on."""


@dataclass(frozen=True)
class SheetColumn(Operator):
    """The letters of a spreadsheet column by its number from 1 ("AB" for 28), or the number by its letters."""

    read: bool

    cost: ClassVar[float] = 1.1

    def of(self, text: str) -> str | None:
        if self.read:
            if not re.fullmatch("[A-Za-z]{1,7}", text):
                return None
            number = 0
            for letter in text.upper():
                number = number * 26 + ord(letter) - ord("A") + 1
            return str(number)
        number = int(text) if text.isdecimal() and len(text) <= 9 else 0  # noqa: PLR2004 - no sheet has more columns
        letters = [
            chr(ord("A") + (number - first) // 26**place % 26)
            for place, first in enumerate(_FIRST_COLUMNS)
            if number >= first
        ]
        return "".join(reversed(letters)) or None

    def write(self, code: Writer, text: str) -> str:
        text = code.named(text)
        if self.read:
            code.needs("import re")
            code.guard(f'not re.fullmatch("[A-Za-z]{{1,7}}", {text})', "expected the letters of a column")
            letters = f"reversed({text}.upper())"
            return f"str(sum((ord(each) - 64) * 26**place for place, each in enumerate({letters})))"
        code.guard(f"not {text}.isdecimal() or len({text}) > 9 or int({text}) == 0", "expected the number of a column")
        number = code.local("number", f"int({text})")
        firsts = code.constant("FIRST_COLUMNS", repr(list(_FIRST_COLUMNS)))
        letter = f"chr(65 + ({number} - first) // 26**place % 26)"
        return f'"".join({letter} for place, first in reversed([*enumerate({firsts})]) if {number} >= first)'

    def says(self, what: str) -> str:
        return f"the number of column {what}" if self.read else f"the letters of column {what}"


def _checked(code: Writer, text: str) -> str:
    text = code.named(text)
    code.guard(f"not {text}.isdecimal() or len({text}) > {_DIGITS}", "expected a whole number")
    return text


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield the conversions between notations that may fit the texts and answers."""
    shown = [answer[:200] for answer in answers]
    words = [set(re.findall(r"[A-Za-z-]+", answer)) for answer in shown]
    if all(text.isdecimal() and len(text) <= _DIGITS for text in texts):
        digits = [re.findall(r"[0-9a-fA-F]+", answer) for answer in shown]
        widths = {2, *(len(each) for row in digits for each in row)}
        for base in _bases_of(shown):
            yield ToBase(base)
            yield from (ToBase(base, width) for width in sorted(widths) if 1 < width <= 16)  # noqa: PLR2004
        if all(any(word and re.fullmatch(_IS_ROMAN, word) for word in row) for row in words):
            yield ToRoman()
        if all(row & set(_NUMBER_WORDS) for row in words):
            yield NumberWord(read=False)
        if all(re.search("[A-Z]", answer) for answer in shown):
            yield SheetColumn(read=False)
    if all(any(map(str.isdigit, answer)) for answer in shown):
        yield from _readings(texts)


def _readings(texts: Sequence[str]) -> Iterator[Operator]:
    """Yield the conversions from notations that all texts may have."""
    if all(re.fullmatch("[A-Z]{1,4}", text) for text in texts):
        yield SheetColumn(read=True)
    for base in "box":
        if all(re.fullmatch(FromBase(base)._pattern, text) for text in texts):  # noqa: SLF001 - of this module
            yield FromBase(base)
    if all(text and re.fullmatch(_IS_ROMAN, text) for text in texts):
        yield FromRoman()
    if all(text.lower() in _NUMBER_WORDS for text in texts):
        yield NumberWord(read=True)


def _bases_of(answers: Sequence[str]) -> Iterator[str]:
    if all(re.search("[01]{2}|^[01]$", answer) for answer in answers):
        yield "b"
    if not any("8" in answer or "9" in answer for answer in answers):
        yield "o"
    yield "x"
    yield "X"
