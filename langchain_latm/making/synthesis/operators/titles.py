"""Titles before and after the names of persons. They are general knowledge, so the rows need not show each one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_TITLES: Final = tuple(
    """
    mr mrs ms miss mx dr prof professor sir dame lord lady madam mme mlle herr frau señor señora sr sra rev hon capt lt
    col gen sgt phd md dds dvm mba msc bsc ba ma llm llb jd esq cpa rn pe jr snr jnr ii iii iv
    """.split()  # noqa: SIM905 - a text of words reads best as one
)


@dataclass(frozen=True)
class WithoutTitles(Operator):
    """The words of a name without titles such as "Dr." or "PhD", and without a comma before them."""

    cost: ClassVar[float] = 0.9

    def of(self, text: str) -> str | None:
        words = [word for word in text.split() if _plain(word) not in _TITLES]
        return " ".join(words).rstrip(",") or None

    def write(self, code: Writer, text: str) -> str:
        titles = code.constant("TITLES", _literal())
        test = f'word.strip(".,").replace(".", "").lower() not in {titles}'
        names = code.local("names", f"[word for word in {text}.split() if {test}]")
        code.guard(f"not {names}", "expected a name")
        return code.local("name", f'" ".join({names}).rstrip(",")')

    def says(self, what: str) -> str:
        return f"the name {what} without titles"


@dataclass(frozen=True)
class TitleOf(Operator):
    """The titles in a name, with their dots; empty if there are none."""

    cost: ClassVar[float] = 1.2

    def of(self, text: str) -> str:
        return " ".join(word.strip(",") for word in text.split() if _plain(word) in _TITLES)

    def write(self, code: Writer, text: str) -> str:
        titles = code.constant("TITLES", _literal())
        test = f'word.strip(".,").replace(".", "").lower() in {titles}'
        return f'" ".join(word.strip(",") for word in {text}.split() if {test})'

    def says(self, what: str) -> str:
        return f"the titles in {what}"


def _plain(word: str) -> str:
    return word.strip(".,").replace(".", "").lower()


def _literal() -> str:
    return "{" + ", ".join(f'"{title}"' for title in _TITLES) + "}"


def offers(texts: Sequence[str]) -> Iterator[Operator]:
    """Yield a name without its titles, and the titles, if some text has a title and other words."""
    rows = [[_plain(word) in _TITLES for word in text[:200].split()] for text in texts]
    if any(any(row) and not all(row) for row in rows):
        yield WithoutTitles()
        yield TitleOf()
