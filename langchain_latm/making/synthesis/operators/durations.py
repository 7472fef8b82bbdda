"""Durations: hours, minutes and seconds with colons or with units, and as one number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_COLONS: Final = r"\d{1,9}(?::\d{1,2}){1,2}"
_UNITS: Final = r"(\d{1,9})\s*(d|h|m|s)"
_SECONDS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


@dataclass(frozen=True)
class Sixties(Operator):
    """Minutes and seconds, or hours, minutes and seconds, with colons; as a number in the last unit."""

    cost: ClassVar[float] = 0.9

    def of(self, text: str) -> Decimal | None:
        if not isinstance(text, str) or re.fullmatch(_COLONS, text, re.ASCII) is None:
            return None
        total = 0
        for part in text.split(":"):
            total = total * 60 + int(part)
        return Decimal(total)

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        text = code.named(text)
        code.guard(f'not re.fullmatch(r"{_COLONS}", {text}, re.ASCII)', "expected numbers with ':' between them")
        parts = code.local("parts", f'{text}.split(":")')
        total = f"sum(int(part) * 60**place for place, part in enumerate(reversed({parts})))"
        return code.local("duration", total, whole=True)

    def says(self, what: str) -> str:
        return f"the duration {what} in its last unit"


@dataclass(frozen=True)
class UnitsOfTime(Operator):
    """The seconds of a duration with units, such as "2h 5m" or "1 hour 30 min"."""

    cost: ClassVar[float] = 1.0

    def of(self, text: str) -> Decimal | None:
        found = re.findall(_UNITS, text.lower(), re.ASCII)
        return Decimal(sum(int(number) * _SECONDS[unit] for number, unit in found)) if found else None

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        found = code.local("found", f're.findall(r"{_UNITS}", {text}.lower(), re.ASCII)')
        code.guard(f"not {found}", "expected a duration with units")
        table = code.constant("SECONDS", repr(_SECONDS))
        return code.local("seconds", f"sum(int(part) * {table}[unit] for part, unit in {found})", whole=True)

    def says(self, what: str) -> str:
        return f"the seconds of {what}"


@dataclass(frozen=True)
class WriteSixties(Operator):
    """A whole number as minutes and seconds, or as hours and minutes, or as all three, with colons.

    Attributes:
        parts: How many numbers are written, 2 or 3.
        padded: Whether the first number has two digits too.
    """

    parts: int
    padded: bool

    cost: ClassVar[float] = 0.9  # less than separate quotients and remainders

    def of(self, number: Decimal) -> str | None:
        if number < 0 or number != int(number):
            return None
        rest, last = divmod(int(number), 60)
        texts = [f"{last:02}"]
        if self.parts == 3:  # noqa: PLR2004 - hours, minutes and seconds
            rest, middle = divmod(rest, 60)
            texts.insert(0, f"{middle:02}")
        return ":".join([f"{rest:02}" if self.padded else str(rest), *texts])

    def write(self, code: Writer, number: str) -> str:
        code.guard(f"{number} < 0 or {number} != int({number})", "expected a whole number that is not negative")
        total = code.local("total", f"int({number})", whole=True)
        middle = [f"{{{total} // 60 % 60:02}}"] if self.parts == 3 else []  # noqa: PLR2004
        first = f"{{{total} // {60 ** (self.parts - 1)}{':02' * self.padded}}}"
        return f'f"{":".join([first, *middle, f"{{{total} % 60:02}}"])}"'

    def says(self, what: str) -> str:
        return f"{what} as {'hours, minutes and seconds' if self.parts == 3 else 'minutes and seconds'}"  # noqa: PLR2004


def clock_readings(texts: Sequence[str]) -> list[Operator]:
    """Return the operator that reads numbers with colons, if all texts are such numbers."""
    return [Sixties()] if texts and all(re.fullmatch(_COLONS, text[:40], re.ASCII) for text in texts) else []


def readings(texts: Sequence[str]) -> list[Operator]:
    """Return the operators that read all texts as durations."""
    found = clock_readings(texts)
    if texts and all(len(text) <= 60 and re.search(_UNITS, text.lower(), re.ASCII) for text in texts):  # noqa: PLR2004 - no prose
        found.append(UnitsOfTime())
    return found


def writings(answers: Sequence[str]) -> list[WriteSixties]:
    """Return the operators that may have written all answers."""
    found = []
    for parts in (2, 3):
        pattern = r"\d+" + r":\d\d" * (parts - 1) + r"(?!:?\d)"
        if answers and all(re.search(pattern, answer[:200], re.ASCII) for answer in answers):
            found += [WriteSixties(parts, padded=False), WriteSixties(parts, padded=True)]
    return found
