"""Columns of Arrow: Array, ChunkedArray, RecordBatch and Table of pyarrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from langchain_latm.tools.columns.kind import ColumnKind

if TYPE_CHECKING:
    from langchain_latm.tools.columns.value_type import Scalar, ValueType

_TYPES: Final[dict[Scalar, Any]] = {
    "str": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "json": pa.string(),
}


class _Arrow(ColumnKind):
    def names(self, data: Any) -> list[str] | None:
        if self.is_table(data):
            return list(data.schema.names)
        return [field.name for field in data.type] if pa.types.is_struct(data.type) else None

    def is_table(self, data: Any) -> bool:
        return isinstance(data, pa.Table | pa.RecordBatch)

    def values(self, data: Any, name: str | None) -> Sequence[Any]:
        if name is None:
            column = data
        elif self.is_table(data):
            column = data.column(name)
        else:
            column = pc.struct_field(data, name)
        values: list[Any] = column.to_pylist()
        return values

    def column(self, data: Any, name: str, values: Sequence[Any], kind: ValueType) -> Any:  # noqa: ARG002 - no names
        made = pa.array(values, type=arrow_type(kind))
        return pa.chunked_array([made]) if isinstance(data, pa.ChunkedArray | pa.Table) else made

    def table(self, data: Any, columns: Mapping[str, Any]) -> Any:
        made = pa.RecordBatch if isinstance(data, pa.RecordBatch) else pa.Table
        return made.from_pydict(dict(columns))

    def extended(self, data: Any, columns: Mapping[str, Any]) -> Any:
        made = data
        for name, column in columns.items():
            place = made.schema.get_field_index(name)
            made = made.append_column(name, column) if place < 0 else made.set_column(place, name, column)
        return made


def arrow_type(kind: ValueType) -> Any:
    """Return the Arrow type of a column."""
    scalar = _TYPES[kind.scalar]
    return pa.list_(scalar) if kind.is_list else scalar


KIND: Final = _Arrow()
