"""Calling a tool for each row of a column or table, and the columns of values and errors that this gives."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from langchain_latm.exceptions import TableError, ToolUseError
from langchain_latm.tools.columns.kind import ColumnKind, kind_of
from langchain_latm.tools.columns.rows import Outcome, outcomes, require_mappable
from langchain_latm.tools.columns.value_type import ValueType
from langchain_latm.types import TokenUsage, shorten

if TYPE_CHECKING:
    from langchain_latm.sandbox.base import Sandbox
    from langchain_latm.tools.made_tool import MadeTool

Errors = Literal["raise", "null", "column"]
Columns = str | Mapping[str, str] | None

REQUEST: Final = "question"
"""The column of a table that holds the requests, unless another one is named."""
_SHOWN_NAMES: Final = 12
_TEXTS: Final = ValueType("str")


@dataclass(frozen=True)
class ToolMapping:
    """How a tool is called for the rows of data.

    Attributes:
        tool: A tool that needs no model: with a parser, or typed.
        columns: The column of a table that holds the requests; or the column of each input of a typed tool, or of its
            only one.
        errors: What to do with rows without a value: `"raise"` an error, leave them empty (`"null"`), or also give the
            reason in a second column (`"column"`).
        tenant: The caller's tenant.
        name: Name of the column of values; that of the errors ends in `_error`.
        in_batches: Whether the data comes in parts, so that the number of a row is that in its part.
    """

    tool: MadeTool
    columns: Columns = None
    errors: Errors = "raise"
    tenant: str = ""
    name: str = ""
    in_batches: bool = False

    @property
    def to(self) -> str:
        """Name of the column of values."""
        return self.name or self.tool.name

    @property
    def error_name(self) -> str:
        """Name of the column of errors."""
        return f"{self.to}_error"

    def validate(self) -> None:
        """Check everything that does not depend on the data.

        Raises:
            ToolRecordError: The tool may not be used, or needs a model.
            ValueError: `errors` is not one of its values.
        """
        require_mappable(self.tool)
        if self.errors not in ("raise", "null", "column"):
            raise ValueError(f"errors is 'raise', 'null' or 'column', not {self.errors!r}")

    def columns_for(self, kind: ColumnKind, data: Any, sandbox: Callable[[], Sandbox]) -> dict[str, Any]:
        """Return the columns of values and, if they are wanted, of errors.

        Args:
            kind: The kind of data.
            data: A column or table.
            sandbox: Opens the sandbox, if there are any rows.

        Raises:
            TableError: A column is missing.
            ToolUseError: A row has no value, and `errors` is `"raise"`.
            SandboxError: The sandbox itself failed.
        """
        of_values = ValueType.of(self.tool)
        fitted = (lambda value: value) if kind.keeps_objects and of_values.scalar == "json" else of_values.fitted
        values: list[Any] = []
        errors: list[str | None] = []
        for _, value, error in self._outcomes(list(self._rows(kind, data)), sandbox, fitted):
            values.append(value)
            errors.append(error)
        found = {self.to: kind.column(data, self.to, values, of_values)}
        if self.errors == "column":
            found[self.error_name] = kind.column(data, self.error_name, errors, _TEXTS)
        return found

    def plain(self, rows: Iterable[Any], sandbox: Callable[[], Sandbox]) -> Iterator[Any]:
        """Yield the value of each row of plain data or, if errors are wanted, a dict of value and error."""
        given = rows if self.tool.inputs is None else map(self._inputs, rows)
        for _, value, error in self._outcomes(given, sandbox, lambda value: value):
            yield {self.to: value, self.error_name: error} if self.errors == "column" else value

    def _outcomes(
        self, rows: Iterable[Any], sandbox: Callable[[], Sandbox], fitted: Callable[[Any], Any]
    ) -> Iterator[Outcome]:
        if isinstance(rows, Sequence) and not rows:
            return
        found = outcomes(self.tool, rows, sandbox(), tenant=self.tenant)
        for number, (row, value, error) in enumerate(found):
            if error is None:
                try:
                    yield Outcome(row, fitted(value), None)
                    continue
                except ValueError as misfit:
                    error = str(misfit)  # noqa: PLW2901 - the reason why this row has no value
            if self.errors == "raise":
                where = f"{self.tool.name}, row {number}{' of a batch' if self.in_batches else ''}"
                asked = shorten(row if isinstance(row, str) else repr(row))
                raise ToolUseError(f"{where} ({asked}): {error}", question=asked, usage=TokenUsage())
            yield Outcome(row, None, error)

    def _rows(self, kind: ColumnKind, data: Any) -> Iterable[Any]:
        names = kind.names(data)
        if self.tool.inputs is None:
            return kind.values(data, None if names is None else self._request_column(names))
        if names is None:
            return [{self._only_input(): value} for value in kind.values(data, None)]
        columns = self._input_columns()
        for column in columns.values():
            _require_column(column, names)
        values = [kind.values(data, column) for column in columns.values()]
        return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]

    def _request_column(self, names: Sequence[str]) -> str:
        """Return the column of a table that holds the requests."""
        if isinstance(self.columns, Mapping):
            raise TableError(f"{self.tool.name} reads requests: name their column, columns={REQUEST!r}")
        wanted = self.columns or (names[0] if len(names) == 1 else REQUEST)
        _require_column(wanted, names)
        return wanted

    def _input_columns(self) -> dict[str, str]:
        """Return the column of each input of a typed tool: by default the column of the same name."""
        inputs = list(self.tool.inputs or ())
        if isinstance(self.columns, str):
            return {self._only_input(): self.columns}
        given = dict(self.columns or {})
        if unknown := [name for name in given if name not in inputs]:
            raise TableError(missing_column(unknown[0], inputs, "input"))
        return {name: given.get(name, name) for name in inputs}

    def _only_input(self) -> str:
        inputs = list(self.tool.inputs or ())
        if len(inputs) != 1:
            takes = ", ".join(map(repr, inputs))
            raise TableError(f"{self.tool.name} takes the inputs {takes}: give a table with a column for each")
        return inputs[0]

    def _inputs(self, row: Any) -> Any:
        """Return the inputs in a row of plain data: a dict by the names of columns, or the value of the only input."""
        if not isinstance(row, dict):
            return {self._only_input(): row}
        if not self.columns:
            return row
        return {name: row[column] for name, column in self._input_columns().items() if column in row}


def _require_column(name: str, names: Sequence[str]) -> None:
    if name not in names:
        raise TableError(missing_column(name, names))


def missing_column(name: str, names: Sequence[str], what: str = "column") -> str:
    """Return the message that there is no such column or input, with the nearest names."""
    near = difflib.get_close_matches(name, names, n=3) or list(names)[:_SHOWN_NAMES]
    return f"there is no {what} {shorten(name)!r}; there are {', '.join(repr(shorten(each)) for each in near)}"


def mapped(mapping: ToolMapping, data: Any, sandbox: Sandbox) -> Any:
    """Return the column of values for data, or a table of values and errors; `MadeTool.map` documents it."""
    mapping.validate()
    if isinstance(data, str | bytes):
        raise TypeError("data is one text; give a column or a list of them")
    if _is_lazy(data):
        return _lazily(mapping, data, sandbox)
    kind = kind_of(data)
    if kind is not None:
        found = mapping.columns_for(kind, data, lambda: sandbox)
        return kind.table(data, found) if mapping.errors == "column" else found[mapping.to]
    if not isinstance(data, Iterable):
        raise TypeError(f"data must be a column, a table or an iterable, not {type(data).__name__}")
    values = mapping.plain(data, lambda: sandbox)
    return values if isinstance(data, Iterator) else list(values)


def _is_lazy(data: Any) -> bool:
    return type(data).__module__.startswith("polars") and type(data).__name__ == "LazyFrame"


def _lazily(mapping: ToolMapping, data: Any, sandbox: Sandbox) -> Any:
    """Return a LazyFrame of the columns, computed when it is collected."""
    from langchain_latm.tools.columns.polars_kind import KIND, polars_type  # noqa: PLC0415 - Polars is imported by then

    mapping = replace(mapping, in_batches=True)
    schema = {mapping.to: polars_type(ValueType.of(mapping.tool))}
    if mapping.errors == "column":
        schema[mapping.error_name] = polars_type(_TEXTS)
    return data.map_batches(
        lambda frame: KIND.table(frame, mapping.columns_for(KIND, frame, lambda: sandbox)),
        schema=schema,
        streamable=True,
        projection_pushdown=False,
    )
