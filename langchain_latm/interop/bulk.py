"""A tool as a function of batches of rows, for engines that use many processes or machines.

Ray Data, Spark, Dask, Polars and Celery all take a function that can be pickled, and call it with a part of the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from langchain_latm.sandbox.base import Limits, Sandbox
from langchain_latm.sandbox.create import create_sandbox
from langchain_latm.tools.columns.kind import kind_of
from langchain_latm.tools.columns.mapping import Columns, Errors, ToolMapping
from langchain_latm.tools.made_tool import MadeTool


@dataclass(frozen=True)
class BatchTool:
    """Calls a tool for each row of a batch; picklable, for the workers of an engine.

    Called with a table, it returns the table with a column of values and one of errors; with a single column, the
    column of values (in Polars, a Series of structs with both); with a list, a list of dicts. Tables are pandas and
    Polars DataFrames, Arrow Tables, and dicts of NumPy arrays; see `MadeTool.map` for how they are read and for the
    types of the columns. The pandas index is kept.

    Each process opens one sandbox for all its batches when it gets its first rows, and closes it when it ends. A forked
    process opens its own. This class does **not** distribute anything itself, and asks no model.

    An engine that loses a worker repeats its batches. Since a tool is a function, the result has each row once.

    Args:
        tool: A tool with a parser, or a typed one. It is pickled with the function, so workers need no library.
        columns: See `MadeTool.map`.
        to: Name of the column of values; that of errors is `TO_error`. By default the tool's name.
        errors: `"column"` as above; `"null"` leaves rows without a value empty; `"raise"` ends the job at the first of
            them.
        tenant: On whose behalf.
        limits: Limits of one call of the tool.
        create: Opens the sandbox in the worker, as `create(limits=limits)`: a module-level function. Objects with the
            same function and limits share one sandbox in a process.

    Raises:
        ToolRecordError: The tool may not be used, or a model must read its arguments.
        ValueError: `create` is not a module-level function.
        TableError: By the call: a column is missing.
        ToolUseError: By the call: a row has no value, and `errors` is `"raise"`.
        SandboxError: By the call: the worker has no sandbox, or it failed.

    Example:
        ```python
        import ray
        from langchain_latm import MadeTool
        from langchain_latm.interop.bulk import BatchTool

        tool = MadeTool.load("sort_words.tool.json")
        rows = ray.data.from_items([{"question": "Sort these words: kiwi date"}])
        print(rows.map_batches(BatchTool(tool), batch_format="pandas").take(1))
        # -> [{'question': 'Sort these words: kiwi date', 'sort_words': 'date kiwi', 'sort_words_error': None}]
        ```
    """

    tool: MadeTool
    columns: Columns = None
    to: str = ""
    errors: Errors = "column"
    tenant: str = ""
    limits: Limits | None = None
    create: Callable[..., Sandbox] = create_sandbox
    _mapping: ToolMapping = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        mapping = ToolMapping(self.tool, self.columns, self.errors, self.tenant, self.to, in_batches=True)
        mapping.validate()
        if "<" in getattr(self.create, "__qualname__", "<"):  # such as "<lambda>", which other processes cannot find
            raise ValueError("create must be a module-level function; pass limits separately")
        object.__setattr__(self, "_mapping", mapping)  # the only write to a frozen value, during its construction

    def __call__(self, batch: Any) -> Any:
        """Return a batch with the column of values, and that of errors."""
        kind = kind_of(batch)
        if kind is None:
            return list(self._mapping.plain(_rows(batch), self._sandbox))
        found = self._mapping.columns_for(kind, batch, self._sandbox)
        if kind.is_table(batch):
            return kind.extended(batch, found)
        if len(found) == 1:
            return found[self._mapping.to]
        made = kind.table(batch, found)
        return made.to_struct(self._mapping.to) if hasattr(made, "to_struct") else made

    def frames(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Yield the result for each of several batches, as Spark's `mapInPandas` needs it."""
        return map(self, batches)

    def _sandbox(self) -> Sandbox:
        return _sandbox_of_process(self.create, self.limits)


def _rows(batch: Any) -> Iterable[Any]:
    if isinstance(batch, str | bytes) or not isinstance(batch, Iterable):
        raise TypeError(f"a batch is a table, a column or a list, not {type(batch).__name__}")
    return batch


_opened: dict[object, Sandbox] = {}


def _sandbox_of_process(create: Callable[..., Sandbox], limits: Limits | None) -> Sandbox:
    """Return the sandbox of this process; the first call opens it.

    It ends with the process, even if that is killed; a forked process opens a new one.
    """
    key = (
        create.__module__,
        create.__qualname__,
        limits,
    )  # a function pickled by value is a new object each time
    found = _opened.get(key)
    if found is not None:
        return found
    opened = create(limits=limits)
    kept = _opened.setdefault(key, opened)
    if kept is not opened:  # another thread was faster
        opened.close()
    return kept
