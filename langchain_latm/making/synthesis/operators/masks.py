"""Masked texts, such as a card number: "****1234"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from langchain_latm.making.synthesis.expression import Operator, quoted
from langchain_latm.making.synthesis.writing import Writer

_MOST_KEPT: Final = 6


@dataclass(frozen=True)
class Mask(Operator):
    """A text with a mark for each character except some at its ends.

    Attributes:
        mark: The mark.
        first: Number of characters that are kept at the start.
        last: Number of characters that are kept at the end.
        solid: Whether only letters and digits are masked, and counted.
    """

    mark: str
    first: int
    last: int
    solid: bool = False

    @property
    def cost(self) -> float:
        """Each number is copied from the examples."""
        return 1.4 + 0.3 * (self.first > 0) + 0.3 * (self.last > 0) + 0.2 * self.solid

    def of(self, text: str) -> str | None:
        """Return the masked text; None for one that is too short to be masked."""
        places = [place for place, each in enumerate(text) if each.isalnum() or not self.solid]
        if len(places) <= self.first + self.last:
            return None
        hidden = set(places[self.first : len(places) - self.last])
        return "".join(self.mark if place in hidden else each for place, each in enumerate(text))

    def write(self, code: Writer, text: str) -> str:
        text, kept = code.named(text), self.first + self.last
        message = f"expected more than {kept} characters"
        if not self.solid:
            code.guard(f"len({text}) <= {kept}", message)
            start = f"{text}[:{self.first}] + " if self.first else ""
            end = f" + {text}[-{self.last}:]" if self.last else ""
            return f"{start}{code.literal(self.mark)} * (len({text}) - {kept}){end}"
        places = code.local("places", f"[place for place, each in enumerate({text}) if each.isalnum()]")
        code.guard(f"len({places}) <= {kept}", message)
        hidden = code.local("hidden", f"set({places}[{self.first or ''}:{f'-{self.last}' if self.last else ''}])")
        masked = f"{code.literal(self.mark)} if place in {hidden} else each"
        return f'"".join({masked} for place, each in enumerate({text}))'

    def says(self, what: str) -> str:
        return f"{what} masked with {quoted(self.mark)}"


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield masks with marks that all answers hold, some repeat, and no text holds."""
    if not texts:
        return
    marks = set.intersection(*map(set, answers)) - set().union(*map(set, texts))
    for mark in sorted(marks):
        if (mark.isalnum() and mark not in "xX") or not any(mark * 2 in answer for answer in answers):
            continue
        for first in range(_MOST_KEPT + 1):
            for last in range(_MOST_KEPT + 1):
                yield Mask(mark, first, last)
                if not all(map(str.isalnum, texts)):
                    yield Mask(mark, first, last, solid=True)
