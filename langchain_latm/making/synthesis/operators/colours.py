"""Web colours: a code such as "#34229e" as three numbers, and three numbers as a code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_CODE: Final = "#?([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})"
_NAMES: Final = ("red", "green", "blue")
_LARGEST: Final = 255


@dataclass(frozen=True)
class ReadColour(Operator):
    """The red, green and blue numbers of a code of six hexadecimal digits."""

    cost: ClassVar[float] = 0.7

    def of(self, text: str) -> tuple[int, ...] | None:
        found = re.fullmatch(_CODE, text)
        return tuple(int(digits, 16) for digits in found.groups()) if found else None

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        found = code.local("found", f're.fullmatch("{_CODE}", {text})')
        code.guard(f"not {found}", "expected a colour of six hexadecimal digits")
        return code.local("colour", f"[int(digits, 16) for digits in {found}.groups()]")

    def says(self, what: str) -> str:
        return f"colour {what}"


@dataclass(frozen=True)
class ColourPart(Operator):
    """The red, green or blue of a colour, as text."""

    place: int
    reads: ClassVar[bool] = True

    cost: ClassVar[float] = 0.5  # a colour has only three parts

    def of(self, colour: tuple[int, ...]) -> str:
        return str(colour[self.place])

    def write(self, code: Writer, colour: str) -> str:  # noqa: ARG002 - needs no statement
        return f"str({colour}[{self.place}])"

    def field(self, code: Writer, colour: str) -> str:  # noqa: ARG002 - needs no statement
        return f"{colour}[{self.place}]"

    def says(self, what: str) -> str:
        return f"the {_NAMES[self.place]} of {what}"


@dataclass(frozen=True)
class WriteColour(Operator):
    """Three numbers in a text, from 0 to 255, as six hexadecimal digits."""

    upper: bool

    cost: ClassVar[float] = 1.0

    def of(self, text: str) -> str | None:
        numbers = re.findall(r"\d+", text, re.ASCII)
        if len(numbers) != len(_NAMES) or any(len(each) > 3 or int(each) > _LARGEST for each in numbers):  # noqa: PLR2004
            return None
        return "".join(f"{int(each):02{'X' if self.upper else 'x'}}" for each in numbers)

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        numbers = code.local("numbers", rf're.findall(r"\d+", {text}, re.ASCII)')
        large = f"any(len(each) > 3 or int(each) > {_LARGEST} for each in {numbers})"
        code.guard(f"len({numbers}) != 3 or {large}", f"expected three numbers up to {_LARGEST}")
        return f'"".join(f"{{int(each):02{"X" if self.upper else "x"}}}" for each in {numbers})'

    def says(self, what: str) -> str:
        return f"the colour {what} in hexadecimal digits"


def are_colours(texts: Sequence[str]) -> bool:
    """Whether all texts are codes of colours, and not all are decimal numbers."""
    return all(re.fullmatch(_CODE, text) for text in texts) and not all(map(str.isdecimal, texts))


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield colour codes, for texts of three numbers and answers that hold six hexadecimal digits."""
    if all(WriteColour(upper=True).of(text) is not None for text in texts) and all(
        re.search("(?<![0-9a-fA-F])[0-9a-fA-F]{6}(?![0-9a-fA-F])", answer[:200]) for answer in answers
    ):
        yield WriteColour(upper=True)
        yield WriteColour(upper=False)
