"""Columns of Polars: Series and DataFrame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from langchain_latm.tools.columns.kind import ColumnKind

if TYPE_CHECKING:
    from langchain_latm.tools.columns.value_type import Scalar, ValueType

_TYPES: Final[dict[Scalar, Any]] = {
    "str": pl.String(),
    "int": pl.Int64(),
    "float": pl.Float64(),
    "bool": pl.Boolean(),
    "json": pl.String(),
}


class _Polars(ColumnKind):
    def names(self, data: Any) -> list[str] | None:
        if isinstance(data, pl.DataFrame):
            return data.columns
        return [field.name for field in data.dtype.fields] if isinstance(data.dtype, pl.Struct) else None

    def is_table(self, data: Any) -> bool:
        return isinstance(data, pl.DataFrame)

    def values(self, data: Any, name: str | None) -> Sequence[Any]:
        in_struct = name is not None and isinstance(data, pl.Series)
        column = data.struct.field(name) if in_struct else data if name is None else data[name]
        values: list[Any] = column.to_list()
        return values

    def column(self, data: Any, name: str, values: Sequence[Any], kind: ValueType) -> Any:  # noqa: ARG002 - no index
        return pl.Series(name, values, dtype=polars_type(kind))

    def table(self, data: Any, columns: Mapping[str, Any]) -> Any:  # noqa: ARG002 - no index
        return pl.DataFrame(list(columns.values()))

    def extended(self, data: Any, columns: Mapping[str, Any]) -> Any:
        return data.with_columns(*columns.values())


def polars_type(kind: ValueType) -> Any:
    """Return the Polars type of a column."""
    scalar = _TYPES[kind.scalar]
    return pl.List(scalar) if kind.is_list else scalar


KIND: Final = _Polars()
