"""Fixed widths: leading zeros, and groups of characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from langchain_latm.making.synthesis.expression import Operator, quoted
from langchain_latm.making.synthesis.writing import Writer

_WIDEST: Final = 20
_LARGEST_GROUP: Final = 8


@dataclass(frozen=True)
class Pad(Operator):
    """A text padded to a width, at its left or right; longer texts do not fit."""

    width: int
    fill: str = "0"
    left: bool = True

    @property
    def cost(self) -> float:
        """The width is copied from the examples."""
        return 1.2 + 0.3 * (self.fill != "0") + 0.2 * (not self.left)

    def of(self, text: str) -> str | None:
        if len(text) > self.width:
            return None
        return text.rjust(self.width, self.fill) if self.left else text.ljust(self.width, self.fill)

    def write(self, code: Writer, text: str) -> str:
        text = code.named(text)
        code.guard(f"len({text}) > {self.width}", f"expected at most {self.width} characters")
        if self.fill == "0" and self.left:
            return f'{text}.rjust({self.width}, "0")'
        return f"{text}.{'rjust' if self.left else 'ljust'}({self.width}, {code.literal(self.fill)})"

    def says(self, what: str) -> str:
        return f"{what} filled {'at the left ' if self.left else ''}with {quoted(self.fill)} to {self.width} characters"


@dataclass(frozen=True)
class Groups(Operator):
    """A text with a mark between groups of characters, counted from the left or from the right."""

    size: int
    mark: str
    from_right: bool = False

    @property
    def cost(self) -> float:
        """It is simpler than a slice for each group."""
        return 1.9 + 0.2 * self.from_right

    def of(self, text: str) -> str:
        first = len(text) % self.size if self.from_right else 0
        groups = [text[:first]] if first else []
        groups += [text[start : start + self.size] for start in range(first, len(text), self.size)]
        return self.mark.join(groups)

    def write(self, code: Writer, text: str) -> str:
        text = code.named(text)
        if self.from_right:
            first = code.local("first", f"len({text}) % {self.size}")
            starts = code.local("starts", f"[0] * ({first} > 0) + list(range({first}, len({text}), {self.size}))")
            ends = f"zip({starts}, [*{starts}[1:], len({text})])"
            return f"{code.literal(self.mark)}.join({text}[start:end] for start, end in {ends})"
        groups = f"{text}[start : start + {self.size}] for start in range(0, len({text}), {self.size})"
        return f"{code.literal(self.mark)}.join({groups})"

    def says(self, what: str) -> str:
        side = " from the right" if self.from_right else ""
        return f"{what} in groups of {self.size}{side} with {quoted(self.mark)} between them"


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield paddings to the widths of numbers in the answers, and groups with marks that only the answers have."""
    widths = {len(answer) for answer in answers} | _digit_widths(answers)
    shortest = min(map(len, texts), default=0)
    for width in sorted(width for width in widths if shortest < width <= _WIDEST):
        yield Pad(width)
        for fill in sorted(_fills(answers)):
            yield Pad(width, fill)
            yield Pad(width, fill, left=False)
    new = sorted(set().union(*map(set, answers)) - set().union(*map(set, texts))) if texts else []
    for mark in [each for each in new if not each.isalnum()][:3]:
        for size in range(2, _LARGEST_GROUP + 1):
            yield Groups(size, mark)
            yield Groups(size, mark, from_right=True)


def _digit_widths(answers: Sequence[str]) -> set[int]:
    widths: set[int] = set()
    for answer in answers:
        digits = "".join(each if each.isdigit() else " " for each in answer[:200]).split()
        widths.update(map(len, digits))
    return widths


def _fills(answers: Sequence[str]) -> set[str]:
    """Return the marks that answers begin or end with twice."""
    edges = [answer[:2] for answer in answers] + [answer[-2:] for answer in answers]
    return {edge[0] for edge in edges if len(edge) == 2 and edge[0] == edge[1] and not edge[0].isalnum()}  # noqa: PLR2004
