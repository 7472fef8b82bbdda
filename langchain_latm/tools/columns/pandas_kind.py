"""Columns of pandas: Series and DataFrame. Results keep the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pandas as pd

from langchain_latm.tools.columns.kind import ColumnKind

if TYPE_CHECKING:
    from langchain_latm.tools.columns.value_type import Scalar, ValueType

# Types that can hold a missing value, so that each part of the data gets the same type, whether or not values are
# missing.
_TYPES: Final[dict[Scalar, Any]] = {
    "str": "str" if pd.__version__ >= "3" else object,
    "int": "Int64",
    "float": "float64",
    "bool": "boolean",
    "json": object,
}


class _Pandas(ColumnKind):
    keeps_objects: ClassVar[bool] = True

    def names(self, data: Any) -> list[str] | None:
        return [str(name) for name in data.columns] if isinstance(data, pd.DataFrame) else None

    def is_table(self, data: Any) -> bool:
        return isinstance(data, pd.DataFrame)

    def values(self, data: Any, name: str | None) -> Sequence[Any]:
        column = data if name is None else data[name]
        values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
        return values

    def column(self, data: Any, name: str, values: Sequence[Any], kind: ValueType) -> Any:
        dtype = object if kind.is_list else _TYPES[kind.scalar]
        return pd.Series(list(values), index=data.index, dtype=dtype, name=name)

    def table(self, data: Any, columns: Mapping[str, Any]) -> Any:
        return pd.DataFrame(dict(columns), index=data.index)

    def extended(self, data: Any, columns: Mapping[str, Any]) -> Any:
        return data.assign(**columns)


KIND: Final = _Pandas()
