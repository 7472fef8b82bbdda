"""Upper and lower case, and accents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

Casing = Literal["lower", "upper", "capitalize", "title", "swapcase"]
_WORDS: Final = {
    "lower": "{} in small letters",
    "upper": "{} in capitals",
    "capitalize": "{}, capitalised",
    "title": "{} with each word capitalised",
    "swapcase": "{} with small letters and capitals swapped",
}


@dataclass(frozen=True)
class Case(Operator):
    """A text in another case."""

    casing: Casing

    @property
    def cost(self) -> float:
        return 0.9 if self.casing == "swapcase" else 0.7

    def of(self, text: str) -> str:
        return str(getattr(text, self.casing)())

    def write(self, code: Writer, text: str) -> str:  # noqa: ARG002 - needs no statement
        return f"{text}.{self.casing}()"

    def says(self, what: str) -> str:
        return _WORDS[self.casing].format(what)


@dataclass(frozen=True)
class WithoutAccents(Operator):
    """A text without the accents of its letters."""

    cost: ClassVar[float] = 1.2  # rarer than a change of case

    def of(self, text: str) -> str:
        return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))

    def write(self, code: Writer, text: str) -> str:
        code.needs("import unicodedata")
        letters = code.local("letters", f'unicodedata.normalize("NFD", {text})')
        return f'"".join(letter for letter in {letters} if not unicodedata.combining(letter))'

    def says(self, what: str) -> str:
        return f"{what} without accents"


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield changes of case if the texts have case, and the removal of accents if answers lack those of the texts."""
    if any(text.upper() != text for text in texts):
        yield Case("upper")
        yield Case("capitalize")
        yield Case("title")
    if any(text.lower() != text for text in texts):
        yield Case("lower")
        yield Case("capitalize")
        yield Case("title")
    if any(text.lower() != text != text.upper() for text in texts):
        yield Case("swapcase")
    if not all(map(str.isascii, texts)) and any(set(text) - set(answer) for text, answer in zip(texts, answers)):  # noqa: B905 - of some texts
        yield WithoutAccents()
