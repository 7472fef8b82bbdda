"""Months and weekdays by number or inside a text, and ordinal numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.date_names import MONTHS
from langchain_latm.making.synthesis.operators.dates import NAME, ending
from langchain_latm.making.synthesis.writing import Writer
from langchain_latm.text.lexing.weekdays import WEEKDAYS

CalendarUnit = Literal["month", "weekday"]
_LETTERS: Final = re.compile(NAME)


@dataclass(frozen=True)
class MonthOfNumber(Operator):
    """The name of the month with a number."""

    language: str
    short: bool

    @property
    def cost(self) -> float:
        return 0.9 + 0.3 * (self.language != "English")

    @property
    def _names(self) -> list[str]:
        return [name[:3] if self.short else name for name in MONTHS[self.language]]

    def of(self, text: str) -> str | None:
        number = int(text) if len(text) <= 2 and text.isdecimal() else 0  # noqa: PLR2004 - no month has more digits
        return self._names[number - 1] if 1 <= number <= 12 else None  # noqa: PLR2004

    def write(self, code: Writer, text: str) -> str:
        names = code.constant("MONTH_NAMES", repr(self._names))
        text = code.named(text)
        code.guard(f"not {text}.isdecimal() or not 1 <= int({text}) <= 12", "expected the number of a month")
        return f"{names}[int({text}) - 1]"

    def says(self, what: str) -> str:
        return f"the {'short ' * self.short}name of month {what}"


@dataclass(frozen=True)
class NameInside(Operator):
    """The only month or weekday that a text names."""

    unit: CalendarUnit
    language: str

    cost: ClassVar[float] = 1.0

    @property
    def _names(self) -> list[str]:
        return list(MONTHS[self.language] if self.unit == "month" else WEEKDAYS[self.language])

    def of(self, text: str) -> str | None:
        """Return the name, if there is only one."""
        names = set(self._names)
        found = [word for word in _LETTERS.findall(text) if word in names]
        return found[0] if len(found) == 1 else None

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        names = code.constant("MONTHS" if self.unit == "month" else "WEEKDAYS", repr(self._names))
        found = code.local("found", f're.findall(r"{NAME}", {text})')
        named = code.local("named", f"[word for word in {found} if word in {names}]")
        code.guard(f"len({named}) != 1", f"expected the name of one {self.unit}")
        return f"{named}[0]"

    def says(self, what: str) -> str:
        return f"the {self.unit} that {what} names"


@dataclass(frozen=True)
class NumberOfName(Operator):
    """The number of the only month or weekday that a text names, in full or by its first letters.

    Attributes:
        unit: Whether a month or a weekday is named; Monday is 1.
        language: The language of the name.
        padded: Whether the number has two digits.
    """

    unit: CalendarUnit
    language: str
    padded: bool

    @property
    def manner(self) -> str:
        """Whether the number has a leading zero."""
        return "padded" if self.padded else "bare"

    cost: ClassVar[float] = 1.0

    def of(self, text: str) -> str | None:
        """Return the number, if there is only one such name."""
        found = numbers_named(text, self.unit, self.language)
        return f"{found[0]:{'02' if self.padded else ''}}" if len(found) == 1 else None

    def write(self, code: Writer, text: str) -> str:
        found = write_numbers_named(code, text, self.unit, self.language)
        code.guard(f"len({found}) != 1", f"expected the name of one {self.unit}")
        return f'f"{{{found}[0]{":02" * self.padded}}}"'

    def says(self, what: str) -> str:
        return f"the number of the {self.unit} that {what} names"


def numbers_named(text: str, unit: CalendarUnit, language: str) -> list[int]:
    """Return the numbers of the months or weekdays that a text names, in full or by their first letters."""
    cut, table = _name_table(unit, language)
    return [table[word[:cut]] for word in _LETTERS.findall(text.casefold()) if word[:cut] in table]


def write_numbers_named(code: Writer, text: str, unit: CalendarUnit, language: str) -> str:
    """Write the code of `numbers_named`, and return the name of the list."""
    code.needs("import re")
    cut, table = _name_table(unit, language)
    names = code.constant("MONTHS" if unit == "month" else "WEEKDAYS", repr(table))
    words = code.local("names", f're.findall(r"{NAME}", {text}.casefold())')
    return code.local("found", f"[{names}[word[:{cut}]] for word in {words} if word[:{cut}] in {names}]")


@cache
def _name_table(unit: CalendarUnit, language: str) -> tuple[int, dict[str, int]]:
    """Return how many first letters distinguish the names of a language, and the numbers by these letters."""
    names = [name.casefold() for name in (MONTHS if unit == "month" else WEEKDAYS)[language]]
    cut = next(length for length in range(2, 20) if len({name[:length] for name in names}) == len(names))
    cut = max(cut, 3)
    return cut, {name[:cut]: number for number, name in enumerate(names, 1)}


@dataclass(frozen=True)
class Ordinal(Operator):
    """A whole number with its English ending, such as "3rd"."""

    cost: ClassVar[float] = 0.8

    def of(self, text: str) -> str | None:
        return f"{text}{ending(int(text))}" if len(text) <= 18 and text.isdecimal() else None  # noqa: PLR2004

    def write(self, code: Writer, text: str) -> str:
        text = code.named(text)
        code.guard(f"len({text}) > 18 or not {text}.isdecimal()", "expected a whole number")
        number = code.local("number", f"int({text})")
        endings = f'{{1: "st", 2: "nd", 3: "rd"}}.get({number} % 10, "th")'
        found = code.local("ending", f'"th" if {number} % 100 in (11, 12, 13) else {endings}')
        return f'f"{{{text}}}{{{found}}}"'

    def says(self, what: str) -> str:
        return f"the ordinal number {what}"


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield operators for the names and ordinal numbers that the answers hold."""
    yield from _numbers_of_names(texts, answers)
    words = {word for answer in answers for word in _LETTERS.findall(answer[:200])}
    if not words:
        return
    digits = any(text[:1].isdecimal() and len(text) <= 18 for text in texts)  # noqa: PLR2004
    if digits and words & {"st", "nd", "rd", "th"}:
        yield Ordinal()
    for language, months in MONTHS.items():
        if words & set(months):
            yield NameInside("month", language)
            if digits:
                yield MonthOfNumber(language, short=False)
        if digits and words & {name[:3] for name in months}:
            yield MonthOfNumber(language, short=True)
        if words & set(WEEKDAYS[language]):
            yield NameInside("weekday", language)


def _numbers_of_names(texts: Sequence[str], answers: Sequence[str]) -> Iterator[NumberOfName]:
    """Yield the numbers of names, for texts that all name a month or weekday of one language."""
    if not all(any(map(str.isdigit, answer[:200])) for answer in answers):
        return
    rows = [_LETTERS.findall(text[:60].casefold()) for text in texts]
    units: tuple[CalendarUnit, ...] = ("month", "weekday")
    for unit in units:
        for language in MONTHS if unit == "month" else WEEKDAYS:
            cut, table = _name_table(unit, language)
            if all(any(word[:cut] in table for word in row) for row in rows):
                yield NumberOfName(unit, language, padded=False)
                yield NumberOfName(unit, language, padded=True)
