"""The columns that are written besides those of a table, at the end or in place of existing ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

KEEP: Final = object()
"""Stands for a value: the cell of the table stays."""


@dataclass(frozen=True)
class Added:
    """Columns to write.

    Attributes:
        names: The written columns that are new, or replace one of the table.
        columns: The columns of the table.
    """

    names: tuple[str, ...]
    columns: tuple[str, ...]

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The place of each of them among all columns."""
        found = []
        behind = len(self.columns)
        for name in self.names:
            if name in self.columns:
                found.append(self.columns.index(name))
            else:
                found.append(behind)
                behind += 1
        return tuple(found)

    @cached_property
    def all_columns(self) -> tuple[str, ...]:
        """The columns of the table that is written."""
        return (*self.columns, *(name for name in self.names if name not in self.columns))

    @cached_property
    def behind(self) -> bool:
        """Whether all of them are new."""
        return not set(self.names) & set(self.columns)

    def joined(self, row: Sequence[Any], values: Sequence[Any]) -> list[Any]:
        """Return a row with the values inserted."""
        whole = [*row, *[None] * (len(self.all_columns) - len(row))]
        for place, value in zip(self.places, values, strict=True):
            if value is not KEEP:
                whole[place] = value
        return whole
