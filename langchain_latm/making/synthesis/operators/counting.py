"""Counts of characters and words in a text, and sums of its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer


@dataclass(frozen=True)
class Count(Operator):
    """How many characters of a class, words or occurrences of a mark a text has."""

    of_class: str
    mark: str = ""

    @property
    def cost(self) -> float:
        """The length is the likeliest."""
        return {"characters": 0.9, "words": 1.1}.get(self.of_class, 1.8) + 0.8 * any(map(str.isalnum, self.mark))

    def of(self, text: str) -> Decimal:
        if self.of_class == "mark":
            return Decimal(text.count(self.mark))
        return Decimal(_COUNTS[self.of_class][0](text))

    def write(self, code: Writer, text: str) -> str:
        if self.of_class == "mark":
            return code.local("count", f"{text}.count({code.literal(self.mark)})", whole=True)
        return code.local("count", _COUNTS[self.of_class][1].format(text), whole=True)

    def says(self, what: str) -> str:
        return f"the number of {ascii(self.mark) if self.mark else self.of_class} in {what}"


_COUNTS: Final[dict[str, tuple[Any, str]]] = {
    "characters": (len, "len({0})"),
    "words": (lambda text: len(text.split()), "len({0}.split())"),
    "digits": (lambda text: sum(map(str.isdigit, text)), "sum(character.isdigit() for character in {0})"),
    "letters": (lambda text: sum(map(str.isalpha, text)), "sum(character.isalpha() for character in {0})"),
    "capitals": (lambda text: sum(map(str.isupper, text)), "sum(character.isupper() for character in {0})"),
    "vowels": (
        lambda text: sum(each in "aeiou" for each in text.lower()),
        'sum(character in "aeiou" for character in {0}.lower())',
    ),
    "different characters": (lambda text: len(set(text)), "len(set({0}))"),
    "lines": (lambda text: text.count("\n") + 1, '({0}.count("\\n") + 1)'),
}
COUNTED: Final = tuple(_COUNTS)


@dataclass(frozen=True)
class Sum(Operator):
    """The sum, or the smallest or largest, of the whole numbers in a text."""

    function: Literal["sum", "max", "min"]
    digits: bool = False

    @property
    def cost(self) -> float:
        return 1.4 + 0.2 * self.digits

    def of(self, text: str) -> Decimal | None:
        found = re.findall(self._pattern, text)
        if not found or max(map(len, found)) > 15:  # noqa: PLR2004 - a longer run of digits is a code
            return None
        numbers = [int(each) for each in found]
        return Decimal(
            sum(numbers) if self.function == "sum" else max(numbers) if self.function == "max" else min(numbers)
        )

    @property
    def _pattern(self) -> str:
        return r"\d" if self.digits else r"\d+"

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        numbers = code.local("numbers", f're.findall(r"{self._pattern}", {text})')
        code.guard(f"not {numbers} or max(map(len, {numbers})) > 15", "expected numbers in the text")
        return code.local("value", f"{self.function}(map(int, {numbers}))", whole=True)

    def says(self, what: str) -> str:
        names = {"sum": "the sum of", "max": "the largest of", "min": "the smallest of"}
        return f"{names[self.function]} the {'digits' if self.digits else 'whole numbers'} in {what}"


SUMS: Final = (Sum("sum"), Sum("max"), Sum("min"), Sum("sum", digits=True))
