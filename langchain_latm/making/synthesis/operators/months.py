"""Months with a year and without a day: "March 2021", "2021-03", "03/2021"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.date_names import MONTHS
from langchain_latm.making.synthesis.operators.names_of_numbers import numbers_named, write_numbers_named
from langchain_latm.making.synthesis.writing import Writer

_YEAR_FIRST: Final = r"(\d{4})[-/. ](\d{1,2})"
_MONTH_FIRST: Final = r"(\d{1,2})[-/. ](\d{4})"
_LONGEST: Final = 40


@dataclass(frozen=True)
class ReadMonth(Operator):
    """The first day of the month that a text names, with its year.

    Attributes:
        language: The language of the month's name; empty for a month that is a number.
        year_first: Whether the year precedes the number of the month.
    """

    language: str = ""
    year_first: bool = False

    cost: ClassVar[float] = 0.7  # a little more than a date: the day is assumed

    def of(self, text: str) -> date | None:
        if len(text) > _LONGEST:
            return None
        if self.language:
            months = numbers_named(text, "month", self.language)
            years = re.findall(r"\d+", text, re.ASCII)
            if len(months) != 1 or len(years) != 1 or len(years[0]) != 4:  # noqa: PLR2004 - digits of a year
                return None
            year, month = int(years[0]), months[0]
        else:
            found = re.fullmatch(_YEAR_FIRST if self.year_first else _MONTH_FIRST, text, re.ASCII)
            if found is None:
                return None
            year, month = (int(found[1]), int(found[2])) if self.year_first else (int(found[2]), int(found[1]))
        return date(year, month, 1) if year >= 1 and 1 <= month <= 12 else None  # noqa: PLR2004

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        code.needs("from datetime import date")
        if self.language:
            months = write_numbers_named(code, text, "month", self.language)
            years = code.local("years", rf're.findall(r"\d+", {text}, re.ASCII)')
            code.guard(
                f"len({text}) > {_LONGEST} or len({months}) != 1 or len({years}) != 1 or len({years}[0]) != 4",
                "expected the name of a month and a year",
            )
            return code.local("month_found", f"date(int({years}[0]), {months}[0], 1)")
        pattern = _YEAR_FIRST if self.year_first else _MONTH_FIRST
        found = code.local("found", f're.fullmatch(r"{pattern}", {text}, re.ASCII)')
        code.guard(f"not {found}", "expected a month and a year")
        year, month = ("1", "2") if self.year_first else ("2", "1")
        return code.local("month_found", f"date(int({found}[{year}]), int({found}[{month}]), 1)")

    def says(self, what: str) -> str:
        return f"the month {what}"


def readings(texts: Sequence[str]) -> Iterator[ReadMonth]:
    """Yield the operators that read all texts as months."""
    if not texts or any(len(text) > _LONGEST or re.search(r"\d{4}", text) is None for text in texts):
        return
    named = (ReadMonth(language) for language in MONTHS)
    for reading in (ReadMonth(year_first=True), ReadMonth(), *named):
        if all(reading.of(text) is not None for text in texts):
            yield reading
