"""The contract of a kind of columns and tables, such as those of pandas, and finding the kind of a given object."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Final

if TYPE_CHECKING:
    from langchain_latm.tools.columns.value_type import ValueType

_KINDS: Final = {"pandas": "pandas_kind", "polars": "polars_kind", "pyarrow": "arrow_kind", "numpy": "numpy_kind"}


class ColumnKind(ABC):
    """Columns and tables of one library.

    Attributes:
        keeps_objects: Whether a column holds any Python object, so that lists and records stay what they are.
    """

    keeps_objects: ClassVar[bool] = False

    @abstractmethod
    def names(self, data: Any) -> list[str] | None:
        """Return the names of the columns of a table, or of the fields of records; None for a single column."""

    @abstractmethod
    def is_table(self, data: Any) -> bool:
        """Whether columns can be added to it; a column of records has names too, but is one column."""

    @abstractmethod
    def values(self, data: Any, name: str | None) -> Sequence[Any]:
        """Return the values of a column of a table, or of a single column, as JSON data; None where one is missing."""

    @abstractmethod
    def column(self, data: Any, name: str, values: Sequence[Any], kind: ValueType) -> Any:
        """Return a column with as many rows as `data`, and its labels if it has any."""

    @abstractmethod
    def table(self, data: Any, columns: Mapping[str, Any]) -> Any:
        """Return a table of columns that `column` made for `data`."""

    @abstractmethod
    def extended(self, data: Any, columns: Mapping[str, Any]) -> Any:
        """Return a table with such columns added, or replaced."""


def kind_of(data: Any) -> ColumnKind | None:
    """Return the kind of a column or table; None for any other object."""
    if isinstance(data, dict):
        return _of("numpy")
    for base in type(data).__mro__:
        package = base.__module__.partition(".")[0]
        if package in _KINDS and package in sys.modules:
            return _of(package)
    return None


def _of(package: str) -> ColumnKind:
    module = import_module(f"langchain_latm.tools.columns.{_KINDS[package]}")
    kind: ColumnKind = module.KIND
    return kind
