"""Parts of a text by the marks around them: FlashFill's position pairs, and the `Split` of FlashFill++."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from langchain_latm.making.synthesis.expression import Operator, quoted
from langchain_latm.making.synthesis.writing import Writer

_MARKS: Final = re.compile(r"[^\w\s]+|\s+|_")
_WORD: Final = re.compile(r"[^\W\d_]+")
_MOST_FIELDS: Final = 6
_MOST_MARKS: Final = 12
ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


@dataclass(frozen=True)
class Field(Operator):
    """One of the parts between marks, counted from the left, or from the right with a negative index."""

    mark: str
    index: int

    @property
    def cost(self) -> float:
        """The ends are likelier than the middle."""
        step = self.index if self.index >= 0 else -self.index - 1
        return 1 + 0.25 * step + 0.1 * (self.index < 0) + _odd(self.mark)

    def of(self, text: str) -> str | None:
        parts = text.split(self.mark)
        if len(parts) == 1 or not -len(parts) <= self.index < len(parts):
            return None
        return parts[self.index]

    def write(self, code: Writer, text: str) -> str:
        parts = code.local("parts", f"{text}.split({code.literal(self.mark)})")
        least = max(2, self.index + 1 if self.index >= 0 else -self.index)
        code.guard(f"len({parts}) < {least}", f"expected {least} or more parts with {quoted(self.mark)} between them")
        return f"{parts}[{self.index}]"

    def says(self, what: str) -> str:
        return f"{ordinal(self.index)} part of {what} split at {quoted(self.mark)}"


@dataclass(frozen=True)
class Before(Operator):
    """The text before the last mark; before the first it is a `Field`."""

    mark: str

    @property
    def cost(self) -> float:
        return 1.2 + _odd(self.mark)

    def of(self, text: str) -> str | None:
        before, mark, _ = text.rpartition(self.mark)
        return before if mark else None

    def write(self, code: Writer, text: str) -> str:
        text = code.named(text)
        code.guard(f"{code.literal(self.mark)} not in {text}", f"expected {quoted(self.mark)} in the text")
        return f"{text}.rpartition({code.literal(self.mark)})[0]"

    def says(self, what: str) -> str:
        return f"{what} before the last {quoted(self.mark)}"


@dataclass(frozen=True)
class After(Operator):
    """The text after the first or second mark; after the last it is a `Field`."""

    mark: str
    count: int = 1

    @property
    def cost(self) -> float:
        return 1.2 + 0.3 * (self.count - 1) + _odd(self.mark)

    def of(self, text: str) -> str | None:
        parts = text.split(self.mark, self.count)
        return parts[-1] if len(parts) > self.count else None

    def write(self, code: Writer, text: str) -> str:
        mark = code.literal(self.mark)
        if self.count == 1:
            text = code.named(text)
            code.guard(f"{mark} not in {text}", f"expected {quoted(self.mark)} in the text")
            return f"{text}.partition({mark})[2]"
        parts = code.local("parts", f"{text}.split({mark}, {self.count})")
        code.guard(f"len({parts}) < {self.count + 1}", f"expected {quoted(self.mark)} {self.count} times")
        return f"{parts}[{self.count}]"

    def says(self, what: str) -> str:
        return f"{what} after the {ORDINALS[self.count - 1]} {quoted(self.mark)}"


@dataclass(frozen=True)
class Between(Operator):
    """The text between two marks."""

    left: str
    right: str

    @property
    def cost(self) -> float:
        """Two marks cost more than one; brackets belong together."""
        return (1.1 if f"{self.left}{self.right}" in {"()", "[]", "{}", "<>", '""', "''"} else 1.6) + _odd(self.left)

    def of(self, text: str) -> str | None:
        _, left, rest = text.partition(self.left)
        found, right, _ = rest.partition(self.right)
        return found if left and right else None

    def write(self, code: Writer, text: str) -> str:
        found = f"{text}.partition({code.literal(self.left)})[2]"
        rest = code.local("rest", found)
        condition = f"{code.literal(self.right)} not in {rest}"
        code.guard(condition, f"expected text between {quoted(self.left)} and {quoted(self.right)}")
        return f"{rest}.partition({code.literal(self.right)})[0]"

    def says(self, what: str) -> str:
        return f"{what} between {quoted(self.left)} and {quoted(self.right)}"


def offers(texts: Sequence[str]) -> Iterator[Operator]:
    """Yield parts by the marks of the texts."""
    marks = marks_of(texts)
    for mark in marks:
        most = min(max(text.count(mark) for text in texts) + 1, _MOST_FIELDS)
        for index in range(most):
            yield Field(mark, index)
            yield Field(mark, -index - 1)
        yield Before(mark)
        yield After(mark)
        if most > 2:  # noqa: PLR2004
            yield After(mark, 2)
    for left in marks:
        for right in marks:
            if left != right:
                yield Between(left, right)


def marks_of(texts: Sequence[str]) -> list[str]:
    """Return the marks of texts, the most frequent first (single marks and runs of them), then words of all texts."""
    counts: Counter[str] = Counter()
    for text in texts:
        runs = set(_MARKS.findall(text[:2_000]))
        counts.update(runs | {character for run in runs for character in run})
    least = 2 if len(texts) > 2 else 1  # noqa: PLR2004 - a mark of one row separates nothing in the others
    marks = [mark for mark, count in counts.most_common() if count >= least and len(mark) <= 4][:_MOST_MARKS]  # noqa: PLR2004
    return marks + shared_words(texts)


def shared_words(texts: Sequence[str]) -> list[str]:
    """Return up to three words that all texts hold, if there are several texts."""
    if len(texts) < 2:  # noqa: PLR2004
        return []
    shared = set.intersection(*(set(_WORD.findall(text[:2_000])) for text in texts))
    return sorted(shared)[:3]


def ordinal(index: int) -> str:
    """Return a description of an index, such as "the second last"."""
    if index >= 0:
        return f"the {ORDINALS[index]}" if index < len(ORDINALS) else f"number {index + 1} of"
    return "the last" if index == -1 else f"the {ORDINALS[-index - 1]} last"


def _odd(mark: str) -> float:
    """Return the additional cost of a mark that is less likely to separate than a comma or a space."""
    if mark.isalnum():
        return 0.9
    return 0.0 if len(mark) == 1 else 0.05 * len(mark)
