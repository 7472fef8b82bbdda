"""Columns of NumPy: arrays of one dimension, and dicts of columns, as Ray Data gives them.

Columns of a dict that are lists stay lists.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from langchain_latm.tools.columns.kind import ColumnKind

if TYPE_CHECKING:
    from langchain_latm.tools.columns.value_type import ValueType


class _NumPy(ColumnKind):
    keeps_objects: ClassVar[bool] = True

    def names(self, data: Any) -> list[str] | None:
        return list(data) if isinstance(data, dict) else None

    def is_table(self, data: Any) -> bool:
        return isinstance(data, dict)

    def values(self, data: Any, name: str | None) -> Sequence[Any]:
        column = data if name is None else data[name]
        values: list[Any] = column.tolist() if hasattr(column, "tolist") else list(column)
        return [None if value != value else value for value in values]  # noqa: PLR0124 - NaN, a missing value

    def column(self, data: Any, name: str, values: Sequence[Any], kind: ValueType) -> Any:  # noqa: ARG002 - no names
        like = next(iter(data.values()), None) if isinstance(data, dict) else data
        numpy = sys.modules.get("numpy")
        if numpy is None or not isinstance(like, numpy.ndarray):
            return list(values)
        made = numpy.empty(len(values), dtype=object)  # the only type that holds missing values of all types
        for row, value in enumerate(values):  # set one by one: lists of the same length would become a second dimension
            made[row] = value
        return made

    def table(self, data: Any, columns: Mapping[str, Any]) -> Any:  # noqa: ARG002 - no labels
        return dict(columns)

    def extended(self, data: Any, columns: Mapping[str, Any]) -> Any:
        return {**data, **columns}


KIND: Final = _NumPy()
