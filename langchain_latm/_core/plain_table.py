"""Tables of text, independent of how they are displayed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Self, TypeVar

from langchain_latm._core.visible import visible

T = TypeVar("T")


class PlainTable(NamedTuple):
    """A table of text.

    Attributes:
        title: What the table shows, with units.
        head: Headings of the columns.
        rows: Cells of each row, one for each heading.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    @classmethod
    def of(cls, title: str, items: Iterable[T], *columns: tuple[str, Callable[[T], str]]) -> Self:
        """Build a table with one row per item; a column is a heading and a function from an item to its cell."""
        return cls(title, [head for head, _ in columns], [[cell(item) for _, cell in columns] for item in items])

    @property
    def markdown(self) -> str:
        """The table in Markdown, without its title."""
        rows = [[_cell(text) for text in row] for row in (self.head, *self.rows)]
        rows.insert(1, ["---"] * len(self.head))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(text: str) -> str:
    """Escape text that could end its cell, or be a link or HTML: cells hold names of models and tasks."""
    return re.sub(r"[\\|<\[]", r"\\\g<0>", " ".join(visible(text).split()))
