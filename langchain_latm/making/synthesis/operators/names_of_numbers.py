"""Months and weekdays by number or inside of a text, and ordinal numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.date_names import MONTHS, WEEKDAYS
from langchain_latm.making.synthesis.operators.dates import NAME, ending
from langchain_latm.making.synthesis.writing import Writer

_LETTERS: Final = re.compile(NAME)


@dataclass(frozen=True)
class MonthOfNumber(Operator):
    """The name of the month with a number."""

    language: str
    short: bool

    @property
    def cost(self) -> float:
        """General knowledge costs little."""
        return 0.9 + 0.3 * (self.language != "English")

    @property
    def _names(self) -> list[str]:
        return [name[:3] if self.short else name for name in MONTHS[self.language]]

    def of(self, text: str) -> str | None:
        """Return the name."""
        number = int(text) if len(text) <= 2 and text.isdecimal() else 0  # noqa: PLR2004 - no month has more digits
        return self._names[number - 1] if 1 <= number <= 12 else None  # noqa: PLR2004

    def write(self, code: Writer, text: str) -> str:
        """Write the table and the check of the number."""
        names = code.constant("MONTH_NAMES", repr(self._names))
        text = code.named(text)
        code.guard(f"not {text}.isdecimal() or not 1 <= int({text}) <= 12", "expected the number of a month")
        return f"{names}[int({text}) - 1]"

    def says(self, what: str) -> str:
        """Return words for the name."""
        return f"the {'short ' * self.short}name of month {what}"


@dataclass(frozen=True)
class NameInside(Operator):
    """The one month or weekday that a text names."""

    kind: Literal["month", "weekday"]
    language: str

    @property
    def cost(self) -> float:
        """Less than a token."""
        return 1.0

    @property
    def _names(self) -> list[str]:
        return list(MONTHS[self.language] if self.kind == "month" else WEEKDAYS[self.language])

    def of(self, text: str) -> str | None:
        """Return the name, if there is only one."""
        names = set(self._names)
        found = [word for word in _LETTERS.findall(text) if word in names]
        return found[0] if len(found) == 1 else None

    def write(self, code: Writer, text: str) -> str:
        """Write the table and the search."""
        code.needs("import re")
        names = code.constant("MONTHS" if self.kind == "month" else "WEEKDAYS", repr(self._names))
        found = code.local("found", f're.findall(r"{NAME}", {text})')
        named = code.local("named", f"[word for word in {found} if word in {names}]")
        code.guard(f"len({named}) != 1", f"expected the name of one {self.kind}")
        return f"{named}[0]"

    def says(self, what: str) -> str:
        """Return words for the name."""
        return f"the {self.kind} that {what} names"


@dataclass(frozen=True)
class Ordinal(Operator):
    """A whole number with its English ending, such as "3rd"."""

    @property
    def cost(self) -> float:
        """General knowledge costs little."""
        return 0.8

    def of(self, text: str) -> str | None:
        """Return the number with its ending."""
        return f"{text}{ending(int(text))}" if len(text) <= 18 and text.isdecimal() else None  # noqa: PLR2004

    def write(self, code: Writer, text: str) -> str:
        """Write the choice of the ending."""
        text = code.named(text)
        code.guard(f"len({text}) > 18 or not {text}.isdecimal()", "expected a whole number")
        number = code.local("number", f"int({text})")
        endings = f'{{1: "st", 2: "nd", 3: "rd"}}.get({number} % 10, "th")'
        found = code.local("ending", f'"th" if {number} % 100 in (11, 12, 13) else {endings}')
        return f'f"{{{text}}}{{{found}}}"'

    def says(self, what: str) -> str:
        """Return words for the number."""
        return f"the ordinal number {what}"


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield the names that the answers hold, for texts of digits or with names, and ordinal numbers."""
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
