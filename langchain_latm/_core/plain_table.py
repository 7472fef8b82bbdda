"""A table of text, before anybody decided how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class PlainTable(NamedTuple):
    """A table of text.

    Attributes:
        title: What it shows, with its units.
        head: One word for each column.
        rows: As many words in each as in `head`.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def markdown(self) -> str:
        """The table in Markdown, without its title."""
        rows = [self.head, ["---"] * len(self.head), *self.rows]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)
