"""The functional cache: made tools, kept and found again (paper, section 3.3).

A record is never changed. It is kept under its hash, and a small pointer says which record a name means now, so an
upgrade keeps what it replaced, and can be taken back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from langgraph.errors import GraphBubbleUp
from langgraph.store.base import BaseStore
from langgraph.store.sqlite import SqliteStore

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm._core.flow import Do
from langchain_latm._core.flow import Flow as CallFlow
from langchain_latm.exceptions import LATMError, ToolLibraryError
from langchain_latm.tools.library.export import LibraryExport
from langchain_latm.tools.library.flows import Flow, LibraryFlows
from langchain_latm.tools.library.sqlite import default_path, open_sqlite
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import TokenUsage, ToolEvent, ToolSummary, ToolUsage, shorten

T = TypeVar("T")

_log = logging.getLogger(__name__)


class ToolLibrary(AbstractContextManager["ToolLibrary"]):
    """Keeps made tools in a LangGraph store.

    Every method has an async twin whose name begins with `a`. It is safe to use from several threads, and, as far as
    the store is, from several processes. It never executes a tool, and it does not decide which tool fits a request:
    that is the dispatcher's part.

    Args:
        store: Any `BaseStore`: `runtime.store` inside of LangGraph, `PostgresStore` for many machines. Closing it is
            the caller's part. By default `open_tool_library()` makes one in a file.
        namespace: The first label of everything that is kept, for several libraries in one store.

    Attributes:
        flows: What it does with the store, for other parts of this package.

    Raises:
        ToolLibraryError: By every method: the store failed.

    Source: https://docs.langchain.com/oss/python/langgraph/stores

    Example:
        ```python
        from langgraph.store.memory import InMemoryStore
        from langchain_latm import MadeTool, ToolLibrary

        library = ToolLibrary(InMemoryStore())
        library.add(MadeTool.load("sort_words.tool.json"), reason="first version")
        print([tool.name for tool in library.list()])  # -> ['sort_words']
        ```
    """

    def __init__(self, store: BaseStore, *, namespace: str = "latm") -> None:
        self._store = store
        self.flows = LibraryFlows(namespace)
        self._own = False

    def add(self, tool: MadeTool, *, reason: str = "") -> str:
        """Keep a tool and make it the current one of its name; an older version stays.

        Returns:
            The record's id.
        """
        return self.run(self.flows.add(tool, reason))

    async def aadd(self, tool: MadeTool, *, reason: str = "") -> str:
        """Do as `add`."""
        return await self.arun(self.flows.add(tool, reason))

    def get(self, name: str) -> MadeTool:
        """Return the current tool of a name.

        Raises:
            ToolNotFoundError: There is none.
            ToolRecordError: The stored record was altered or damaged.
        """
        return self.run(self.flows.get(name))

    async def aget(self, name: str) -> MadeTool:
        """Do as `get`."""
        return await self.arun(self.flows.get(name))

    def get_by_id(self, tool_id: str) -> MadeTool:
        """Return a tool, current or not, by the whole id of its record.

        Raises:
            ToolNotFoundError: There is none.
            ToolRecordError: The stored record was altered or damaged.
        """
        return self.run(self.flows.get_by_id(tool_id))

    async def aget_by_id(self, tool_id: str) -> MadeTool:
        """Do as `get_by_id`."""
        return await self.arun(self.flows.get_by_id(tool_id))

    def list(self) -> tuple[ToolSummary, ...]:
        """Return what there is, by name."""
        return self.run(self.flows.list())

    async def alist(self) -> tuple[ToolSummary, ...]:
        """Do as `list`."""
        return await self.arun(self.flows.list())

    def search(self, text: str) -> tuple[ToolSummary, ...]:
        """Return the tools whose name or description holds every word of `text`, by name."""
        return self.run(self.flows.search(text))

    async def asearch(self, text: str) -> tuple[ToolSummary, ...]:
        """Do as `search`."""
        return await self.arun(self.flows.search(text))

    def history(self, name: str) -> tuple[ToolEvent, ...]:
        """Return what happened to a name, oldest first.

        Raises:
            ToolNotFoundError: There never was such a name.
        """
        return self.run(self.flows.history(name))

    async def ahistory(self, name: str) -> tuple[ToolEvent, ...]:
        """Do as `history`."""
        return await self.arun(self.flows.history(name))

    def activate(self, name: str, tool_id: str, *, reason: str = "") -> MadeTool:
        """Make a record that is kept for a name its current one again.

        Args:
            name: The tool's name.
            tool_id: The id, or as much of its beginning as tells it from others of this name.
            reason: For the history.

        Raises:
            ToolNotFoundError: No such record, or more than one, was ever kept for this name.
            ToolRecordError: The stored record was altered or damaged.
        """
        return self.run(self.flows.activate(name, tool_id, reason))

    async def aactivate(self, name: str, tool_id: str, *, reason: str = "") -> MadeTool:
        """Do as `activate`."""
        return await self.arun(self.flows.activate(name, tool_id, reason))

    def remove(self, name: str, *, reason: str = "") -> None:
        """Let a name mean no tool any more. Its records and history stay: `activate` brings one back.

        Raises:
            ToolNotFoundError: There is no such tool.
        """
        self.run(self.flows.remove(name, reason))

    async def aremove(self, name: str, *, reason: str = "") -> None:
        """Do as `remove`."""
        await self.arun(self.flows.remove(name, reason))

    def record_use(
        self, tool: MadeTool, *, failed: bool = False, tokens: TokenUsage | None = None, model: str | None = None
    ) -> None:
        """Note that a tool was used. Notes are only ever added, so that none is lost among many writers.

        Args:
            tool: The tool.
            failed: Whether it gave no answer.
            tokens: What reading the arguments took.
            model: Who read them; by default the model that the tool was proven with.
        """
        self.run(self.flows.record_use(tool, failed, tokens or TokenUsage(), model))

    async def arecord_use(
        self, tool: MadeTool, *, failed: bool = False, tokens: TokenUsage | None = None, model: str | None = None
    ) -> None:
        """Do as `record_use`."""
        await self.arun(self.flows.record_use(tool, failed, tokens or TokenUsage(), model))

    def usage(self, name: str) -> ToolUsage:
        """Return the sum of all noted uses of a name."""
        return self.run(self.flows.usage(name))

    async def ausage(self, name: str) -> ToolUsage:
        """Do as `usage`."""
        return await self.arun(self.flows.usage(name))

    def export_file(self, path: str | Path) -> tuple[str, ...]:
        """Write all records, histories and known requests into one file, whole or not at all; uses are not part of it.

        Returns:
            The names that have a current tool.

        Raises:
            ToolRecordError: A stored record was altered or damaged.
            OSError: The file cannot be written.
        """
        exported = self.run(self.flows.export())
        write_atomically(Path(path), exported.model_dump_json(indent=1) + "\n")
        return tuple(sorted(exported.current))

    def import_file(self, path: str | Path, *, replace: bool = False) -> tuple[str, ...]:
        """Read a file that `export_file` wrote, all of it or, when anything is wrong with it, nothing.

        Args:
            path: The file.
            replace: Whether an imported tool becomes the current one of a name that has another already. Otherwise
                that name keeps what it has, and the imported record is kept for `activate`.

        Returns:
            The names whose current tool came from the file.

        Raises:
            ToolRecordError: The file cannot be read, is no export, or a record in it was altered.
        """
        return self.run(self.flows.import_(LibraryExport.load(Path(path)), replace))

    def close(self) -> None:
        """Close the store, if `open_tool_library` made it."""
        if self._own and isinstance(self._store, SqliteStore):
            self._store.conn.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, flow: Flow[T]) -> T:
        """Carry out a flow (`_library.flows`), for other parts of this package."""
        results: Any = None
        while True:
            try:
                ops = flow.send(results)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            with _store_errors():
                results = self._store.batch(ops)

    def do(self, flow: Flow[T]) -> CallFlow[T]:
        """Carry out a flow inside of one that may call models too (`_flow`)."""
        (outcome,) = yield Do(lambda: self.run(flow), lambda: self.arun(flow))
        return outcome  # type: ignore[no-any-return]

    async def arun(self, flow: Flow[T]) -> T:
        """Do as `run`."""
        results: Any = None
        while True:
            try:
                ops = flow.send(results)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            with _store_errors():
                if isinstance(self._store, SqliteStore):  # it has no async form of its own
                    results = await asyncio.to_thread(self._store.batch, ops)
                else:
                    results = await self._store.abatch(ops)


@contextmanager
def only_logged(tool: MadeTool) -> Iterator[None]:
    """Log that a use is not counted: whoever has an answer shall not lose it for that."""
    try:
        yield
    except ToolLibraryError as error:
        _log.warning("a use of %s is not counted: %s", tool.name, error)


@contextmanager
def _store_errors() -> Iterator[None]:
    """Tell any error of a store as ours: each store has its own, and a caller should not need to know them."""
    try:
        yield
    except (LATMError, GraphBubbleUp):  # an interrupt of LangGraph is no failure of the store
        raise
    except Exception as error:
        why = error.__cause__ or error
        # SqliteStore commits even after an error. Where SQLite has taken all back by then, that fails and hides why.
        if "no transaction is active" in str(error) and error.__context__ is not None:
            why = error.__context__
        told = f"{type(why).__name__}: {shorten(str(why), 240)}"
        raise ToolLibraryError(f"the tool library's store failed: {told}") from error


def open_tool_library(path: str | Path | None = None) -> ToolLibrary:
    """Open the library in a SQLite file, or make it; close it after use, or use it in a `with` statement.

    Several threads and processes may have the same file open. On a network drive SQLite cannot keep them apart: give
    `ToolLibrary` a `PostgresStore` there.

    Args:
        path: The file. By default `tools.sqlite` in the user's data folder.

    Raises:
        ToolLibraryError: The file cannot be opened, is damaged, or belongs to another program.
    """
    library = ToolLibrary(open_sqlite(Path(path) if path is not None else default_path()))
    library._own = True  # noqa: SLF001 - the same module
    return library
