"""Parts of a text by fixed positions: the least general ones, with the highest costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_LONGEST: Final = 12
_LONGEST_EVEN: Final = 40
"""Maximum length of texts of equal length, such as account numbers, that are split at any position."""


@dataclass(frozen=True)
class Slice(Operator):
    """The characters from one position to another; negative positions count from the end, None is the end."""

    start: int
    stop: int | None

    @property
    def span(self) -> tuple[int | None, int | None]:
        """The positions."""
        return (self.start, self.stop)

    @property
    def cost(self) -> float:
        """The first characters are likelier than the last, and both are likelier than the middle."""
        if self.start == 0 and self.stop is not None:
            return 0.9 if self.stop == 1 else 1.7 + 0.05 * abs(self.stop)
        if self.stop is None:
            return 1.3 if self.start == -1 else 1.7 + 0.05 * abs(self.start)
        return 2 + 0.05 * (abs(self.start) + abs(self.stop))

    def of(self, text: str) -> str | None:
        return text[self.start : self.stop] if len(text) >= self._least else None

    @property
    def _least(self) -> int:
        start, stop = self.start, self.stop
        if stop is None:
            return start + 1 if start >= 0 else -start
        if stop < 0:
            return (start - stop + 1) if start >= 0 else -start
        return stop

    def write(self, code: Writer, text: str) -> str:
        text = code.named(text)
        least = self._least
        code.guard(
            f"not {text}" if least == 1 else f"len({text}) < {least}",
            f"expected {least} or more characters" if least > 1 else "expected a text that is not empty",
        )
        if self.stop is not None and self.stop == self.start + 1:
            return f"{text}[{self.start}]"
        return f"{text}[{self.start or ''}:{'' if self.stop is None else self.stop}]"

    def says(self, what: str) -> str:
        if self.start == 0 and self.stop is not None:
            if self.stop < 0:
                return f"{what} without the last {-self.stop} characters"
            return f"the first {f'{self.stop} characters' if self.stop > 1 else 'character'} of {what}"
        if self.stop is None and self.start < 0:
            return f"the last {f'{-self.start} characters' if self.start < -1 else 'character'} of {what}"
        if self.stop is None:
            return f"{what} from character {self.start + 1}"
        return f"characters {self.start + 1} to {self.stop} of {what}"


@dataclass(frozen=True)
class UpTo(Operator):
    """The first characters of a text, or all of a shorter text."""

    most: int

    @property
    def cost(self) -> float:
        """It costs a little more than a part of fixed length."""
        return 1.9 + 0.05 * self.most

    def of(self, text: str) -> str:
        return text[: self.most]

    def write(self, code: Writer, text: str) -> str:
        return f"{code.named(text)}[:{self.most}]"

    def says(self, what: str) -> str:
        return f"up to {self.most} characters of {what}"


def offers(texts: Sequence[str]) -> Iterator[Operator]:
    """Yield parts by position; those in the middle only for texts of equal length."""
    longest = max(map(len, texts), default=0)
    for length in range(1, min(longest, _LONGEST) + 1):
        yield Slice(0, length)
        yield Slice(-length, None)
        yield UpTo(length)
        if length < longest:
            yield Slice(length, None)
            yield Slice(0, -length)
    if longest <= _LONGEST_EVEN and len(set(map(len, texts))) == 1:
        for start in range(1, longest):
            for stop in range(start + 1, longest):
                yield Slice(start, stop)
    elif longest > 1:
        yield Slice(1, 2)
        yield Slice(1, -1)
