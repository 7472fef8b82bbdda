"""Tables of text, independent of how they are displayed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Self, TypeVar

T = TypeVar("T")


class PlainTable(NamedTuple):
    """A table of text.

    Attributes:
        title: What the table shows, with units.
        head: Headings of the columns.
        rows: Cells of each row, as many as there are headings.
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
        rows = [self.head, ["---"] * len(self.head), *self.rows]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)
