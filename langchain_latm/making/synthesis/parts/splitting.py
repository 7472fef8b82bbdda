"""Splits cells at a delimiter, and joins the parts of answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from langchain_latm.making.synthesis.operators.marks import shared_words
from langchain_latm.making.synthesis.writing import Writer

SPACES: Final = " "
"""The delimiter for any white space."""
_MOST: Final = 10
_LONGEST_JOINER: Final = 5
LONGEST: Final = 2_000
"""Maximum length of a solved cell or answer that is split."""


class Split(NamedTuple):
    """A way to split a cell.

    Attributes:
        delimiter: The text between the parts, or `SPACES` for any white space; None if the cell is a list.
    """

    delimiter: str | None

    def of(self, cell: Any) -> list[Any] | None:
        """Return the parts of a cell, without white space around them; None for a cell of another type."""
        if self.delimiter is None:
            return cell if isinstance(cell, list) else None
        if not isinstance(cell, str):
            return None
        return cell.split() if self.delimiter == SPACES else [part.strip() for part in cell.split(self.delimiter)]

    def code(self, cell: str, part: str) -> tuple[str, str]:
        """Return the Python code of the iterable of a loop with the variable `part`, and of the part in the loop."""
        if self.delimiter is None:
            return cell, part
        if self.delimiter == SPACES:
            return f"{cell}.split()", part
        return f"{cell}.split({Writer.literal(self.delimiter)})", f"{part}.strip()"


class Join(NamedTuple):
    """A way to join parts to an answer.

    Attributes:
        joiner: The text between the parts; None if the answer is a list of them.
    """

    joiner: str | None

    def parts(self, answer: Any) -> list[Any] | None:
        """Return the parts of an answer; None for an answer of another type."""
        if self.joiner is None:
            return answer if isinstance(answer, list) else None
        return answer.split(self.joiner) if isinstance(answer, str) else None

    def of(self, parts: Sequence[Any]) -> Any:
        """Return the answer."""
        return list(parts) if self.joiner is None else self.joiner.join(parts)

    def code(self, parts: str) -> str:
        """Return the Python code of the answer, given the code of the items of a list."""
        return f"[{parts}]" if self.joiner is None else f"{Writer.literal(self.joiner)}.join({parts})"


def splits(cells: Sequence[Any]) -> Iterator[Split]:
    """Yield the ways to split all cells."""
    if all(isinstance(cell, list) for cell in cells):
        yield Split(None)
    if not all(isinstance(cell, str) and len(cell) <= LONGEST for cell in cells):
        return
    counts: Counter[str] = Counter()
    for cell in cells:
        counts.update({each for each in cell if not each.isalnum() and not each.isspace()})
        counts.update({"\n"} if "\n" in cell else ())
    words = [f" {word} " for word in shared_words(cells)]
    spaces = [SPACES] if any(len(cell.split()) > 1 for cell in cells) else []
    for delimiter in [*[mark for mark, _ in counts.most_common(_MOST)], *words, *spaces]:
        yield Split(delimiter)


def joins(answers: Sequence[Any]) -> Iterator[Join]:
    """Yield the ways in which all answers may have been joined."""
    if all(isinstance(answer, list) for answer in answers):
        yield Join(None)
    if not all(isinstance(answer, str) and len(answer) <= LONGEST for answer in answers):
        return
    counts: Counter[str] = Counter()
    for answer in answers:
        runs = set(re.findall(r"[\W_]+", answer))
        counts.update({run for run in runs if len(run) <= _LONGEST_JOINER} | {mark for run in runs for mark in run})
    words = [f" {word} " for word in shared_words(answers)]
    for joiner in [*[mark for mark, _ in counts.most_common(_MOST)], *words]:
        yield Join(joiner)
