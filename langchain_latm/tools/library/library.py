"""The functional cache, which stores made tools (paper, section 3.3).

A record is never changed. It is stored under its hash, and a small pointer names the current record of a name. So an
upgrade keeps the replaced record, and can be undone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from langgraph.store.base import BaseStore

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm._core.caller import validate_name
from langchain_latm._core.defaults import NAMESPACE
from langchain_latm._core.flow import arun_flow, run_flow
from langchain_latm.exceptions import RequestError, ToolLibraryError
from langchain_latm.text.reading.forms import forms
from langchain_latm.tools.library.export import LibraryExport
from langchain_latm.tools.library.loop_operations import LoopOperations
from langchain_latm.tools.library.namespace import validate_namespace
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.pending import PendingTool, PendingTools
from langchain_latm.tools.library.roll_up import BackgroundRollUp
from langchain_latm.tools.library.upkeep import LibraryUpkeep
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import FeedbackEntry, TokenUsage, ToolEvent, ToolSummary, ToolUsage

if TYPE_CHECKING:
    pass

_log = logging.getLogger(__name__)


class ToolLibrary(LibraryUpkeep, AbstractContextManager["ToolLibrary"]):
    """Keeps made tools in a LangGraph store.

    Every method that reads or writes the store has an async twin whose name begins with `a`. A library is safe to use
    from several threads and, if its store is, from several processes. It never executes a tool, and it does not decide
    which tool fits a request: the dispatcher does.

    Args:
        store: Any `BaseStore`: `runtime.store` inside LangGraph, `PostgresStore` for many machines. The caller closes
            it. `open_tool_library()` creates one in a file.
        namespace: The first label, or labels, of everything that is stored, for several libraries in one store. Labels
            contain no dots: names of any characters are for `tenant`.
        tenant: Whose library it is (`for_tenant`). By default that of all runs without a tenant.

    Raises:
        RequestError: The tenant's name is blank or too long, or the namespace cannot be one.
        ToolLibraryError: It is not a store. By every method: the store failed.

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

    def __init__(self, store: BaseStore, *, namespace: str | Sequence[str] = NAMESPACE, tenant: str = "") -> None:
        forms()  # loaded here, since it reads a folder, which must not happen on an event loop
        if not isinstance(store, BaseStore):
            raise ToolLibraryError(
                f"the store of a tool library is a BaseStore, not {store!r}: runtime.store is None unless the agent or "
                "graph was compiled with store="
            )
        self._store = store
        self._namespace = validate_namespace(namespace)
        self._tenant = validate_name(tenant, "tenant") if tenant else ""
        self._operations = LibraryOperations(store, self._namespace, tenant)
        self._close_store: Callable[[], None] | None = None
        self._records_fail = False
        self._roll_ups = BackgroundRollUp()
        self._operations.after_use = partial(self._roll_ups.after_use, self._operations)

    @property
    def tenant(self) -> str:
        """The library's tenant; empty for the library of all runs without a tenant."""
        return self._tenant

    @property
    def place(self) -> tuple[object, ...]:
        """Identifies its place: two libraries with the same place are the same while their store exists."""
        return (id(self._store), *self._operations.labels())

    def for_tenant(self, tenant: str) -> ToolLibrary:
        """Return a tenant's own library in the same store. It needs no closing.

        Everything is separate: tools, waiting requests, answers, feedback, uses and accounts. Neither this library nor
        that of another tenant reads or writes it.

        Args:
            tenant: Any text of 1 to 200 characters that is not blank.

        Raises:
            RequestError: It cannot be the name of a tenant, or this is the library of another tenant.
        """
        if tenant == self._tenant != "":
            return self
        if self._tenant:
            raise RequestError(f"this is the library of the tenant {self._tenant!r}, not of {tenant!r}")
        own = ToolLibrary(self._store, namespace=self._namespace, tenant=validate_name(tenant, "tenant"))
        own._roll_ups = self._roll_ups
        own._operations.after_use = partial(self._roll_ups.after_use, own._operations)
        return own

    def add(self, tool: MadeTool, *, reason: str = "") -> str:
        """Store a tool and make it the current one of its name; older versions stay.

        Returns:
            The record's id.
        """
        return run_flow(self._operations.add(tool, reason))

    async def aadd(self, tool: MadeTool, *, reason: str = "") -> str:
        """Do as `add`."""
        return await arun_flow(self._operations.add(tool, reason))

    def get(self, name: str) -> MadeTool:
        """Return the current tool of a name.

        Raises:
            ToolNotFoundError: There is no such tool.
            ToolRecordError: The stored record was altered or damaged.
        """
        return run_flow(self._operations.get(name))

    async def aget(self, name: str) -> MadeTool:
        """Do as `get`."""
        return await arun_flow(self._operations.get(name))

    def get_by_id(self, tool_id: str) -> MadeTool:
        """Return a tool, current or not, by the full id of its record.

        Raises:
            ToolNotFoundError: There is no such tool.
            ToolRecordError: The stored record was altered or damaged.
        """
        return run_flow(self._operations.get_by_id(tool_id))

    async def aget_by_id(self, tool_id: str) -> MadeTool:
        """Do as `get_by_id`."""
        return await arun_flow(self._operations.get_by_id(tool_id))

    def list(self) -> tuple[ToolSummary, ...]:
        """Return a summary of each current tool, by name."""
        return run_flow(self._operations.summaries())

    async def alist(self) -> tuple[ToolSummary, ...]:
        """Do as `list`."""
        return await arun_flow(self._operations.summaries())

    def search(self, text: str) -> tuple[ToolSummary, ...]:
        """Return the tools whose name or description contains every word of `text`, by name."""
        return run_flow(self._operations.search(text))

    async def asearch(self, text: str) -> tuple[ToolSummary, ...]:
        """Do as `search`."""
        return await arun_flow(self._operations.search(text))

    def history(self, name: str) -> tuple[ToolEvent, ...]:
        """Return the events of a name, oldest first.

        Raises:
            ToolNotFoundError: There never was a tool of this name.
        """
        return run_flow(self._operations.history(name))

    async def ahistory(self, name: str) -> tuple[ToolEvent, ...]:
        """Do as `history`."""
        return await arun_flow(self._operations.history(name))

    def activate(self, name: str, tool_id: str, *, reason: str = "") -> MadeTool:
        """Make an earlier version of a name the current one again.

        Args:
            name: The tool's name.
            tool_id: The id of its record, or the beginning of one that no other version of this name shares.
            reason: For the history.

        Raises:
            ToolNotFoundError: No version of this name matches, or more than one does.
            ToolRecordError: The stored record was altered or damaged.
        """
        return run_flow(self._operations.activate(name, tool_id, reason))

    async def aactivate(self, name: str, tool_id: str, *, reason: str = "") -> MadeTool:
        """Do as `activate`."""
        return await arun_flow(self._operations.activate(name, tool_id, reason))

    def remove(self, name: str, *, reason: str = "") -> None:
        """Leave a name without a current tool. Its records and history stay, and `activate` restores one.

        Raises:
            ToolNotFoundError: There is no such tool.
        """
        run_flow(self._operations.remove(name, reason))

    async def aremove(self, name: str, *, reason: str = "") -> None:
        """Do as `remove`."""
        await arun_flow(self._operations.remove(name, reason))

    def record_use(
        self, tool: MadeTool, *, failed: bool = False, tokens: TokenUsage | None = None, model: str | None = None
    ) -> None:
        """Record that a tool was used. Each use is stored on its own, so concurrent writers lose none.

        Args:
            tool: The tool.
            failed: Whether it gave no answer.
            tokens: Tokens spent on reading the arguments.
            model: The model that read them; by default the one that the tool was proven with.
        """
        run_flow(self._operations.record_use(tool, failed, tokens or TokenUsage(), model))

    async def arecord_use(
        self, tool: MadeTool, *, failed: bool = False, tokens: TokenUsage | None = None, model: str | None = None
    ) -> None:
        """Do as `record_use`."""
        await arun_flow(self._operations.record_use(tool, failed, tokens or TokenUsage(), model))

    def usage(self, name: str) -> ToolUsage:
        """Return the sum of all recorded uses of a name."""
        return run_flow(self._operations.usage(name))

    async def ausage(self, name: str) -> ToolUsage:
        """Do as `usage`."""
        return await arun_flow(self._operations.usage(name))

    def feedback(self, name: str | None = None) -> tuple[FeedbackEntry, ...]:
        """Return all feedback on answers, oldest first; with a name, that on the answers of this tool."""
        return tuple(run_flow(self._operations.feedback(name)))

    async def afeedback(self, name: str | None = None) -> tuple[FeedbackEntry, ...]:
        """Do as `feedback`."""
        return tuple(await arun_flow(self._operations.feedback(name)))

    def withdraw_feedback(self, feedback_id: str) -> FeedbackEntry:
        """Delete feedback, with its label or example. A tool that it retired stays retired: see `activate`.

        Args:
            feedback_id: The `id` of the feedback, as `record_feedback` and `feedback` return it.

        Raises:
            RequestError: No feedback has this id.
        """
        return run_flow(loop_operations_of(self).withdraw_feedback(feedback_id))

    async def awithdraw_feedback(self, feedback_id: str) -> FeedbackEntry:
        """Do as `withdraw_feedback`."""
        return await arun_flow(loop_operations_of(self).withdraw_feedback(feedback_id))

    def pending(self) -> tuple[PendingTool, ...]:
        """Return the proven tools that wait for a person's approval (`create_latm(approve="later")`), oldest first."""
        return tuple(run_flow(pending_of(self).all()))

    async def apending(self) -> tuple[PendingTool, ...]:
        """Do as `pending`."""
        return tuple(await arun_flow(pending_of(self).all()))

    def put_pending(self, tool: MadeTool, *, reason: str = "") -> None:
        """Store a tool that is not used before a person approves it.

        Args:
            tool: The tool.
            reason: Why it was made, for its history.
        """
        run_flow(pending_of(self).put(PendingTool(tool=tool, reason=reason)))

    async def aput_pending(self, tool: MadeTool, *, reason: str = "") -> None:
        """Do as `put_pending`."""
        await arun_flow(pending_of(self).put(PendingTool(tool=tool, reason=reason)))

    def approve(self, tool: str, *, reason: str = "") -> MadeTool:
        """Make a pending tool the current one of its name.

        Args:
            tool: Its name, or a unique beginning of the id of its record.
            reason: For the history.

        Raises:
            RequestError: It is not pending, it is wrong on an added example, or another tool was made of its requests.
            ToolRecordError: It was altered or damaged, or may not be used.
        """
        return run_flow(pending_of(self).approve(tool, reason)).tool

    async def aapprove(self, tool: str, *, reason: str = "") -> MadeTool:
        """Do as `approve`."""
        return (await arun_flow(pending_of(self).approve(tool, reason))).tool

    def refuse(self, tool: str, *, reason: str = "") -> MadeTool:
        """Refuse a pending tool; its cost and the reason stay in the accounts.

        Args:
            tool: As for `approve`.
            reason: Why.

        Raises:
            RequestError: It is not pending.
            ToolRecordError: It was altered or damaged.
        """
        return run_flow(pending_of(self).refuse(tool, reason)).tool

    async def arefuse(self, tool: str, *, reason: str = "") -> MadeTool:
        """Do as `refuse`."""
        return (await arun_flow(pending_of(self).refuse(tool, reason))).tool

    def export_file(self, path: str | Path) -> tuple[str, ...]:
        """Write all records, histories and known requests, but not the uses, to one file. The write is atomic.

        Returns:
            The names that have a current tool.

        Raises:
            ToolRecordError: A stored record was altered or damaged.
            OSError: The file cannot be written.
        """
        exported = run_flow(self._operations.export())
        write_atomically(Path(path), exported.model_dump_json(indent=1) + "\n")
        return tuple(sorted(exported.current))

    def import_file(self, path: str | Path, *, replace: bool = False, packages: Sequence[str] = ()) -> tuple[str, ...]:
        """Import a file that `export_file` wrote: all of it, or nothing if any part of it is invalid.

        Args:
            path: The file.
            replace: Whether an imported tool becomes the current one of a name that already has another. Otherwise
                that name keeps its tool, and the imported record is stored for `activate`.
            packages: Names of packages that the tools may use, as for `MadeTool.load`.

        Returns:
            The names whose current tool came from the file.

        Raises:
            ToolRecordError: The file cannot be read, is not an export, a record in it was altered, or a tool needs
                packages that you have not allowed.
            PackageError: The recorded packages cannot be installed.
        """
        return run_flow(self._operations.import_(LibraryExport.load(Path(path), packages=packages), replace))

    def close(self) -> None:
        """Close the store, if `open_tool_library` created it."""
        if self._close_store is not None:
            self._roll_ups.wait()
            self._close_store()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def operations_of(library: ToolLibrary) -> LibraryOperations:
    """Return a library's operations as flows, for other parts of this package."""
    return library._operations  # noqa: SLF001 - the same module


def loop_operations_of(library: ToolLibrary) -> LoopOperations:
    """Return the closed loop's operations on a library, for other parts of this package."""
    return LoopOperations(operations_of(library))


def pending_of(library: ToolLibrary) -> PendingTools:
    """Return the operations on a library's pending tools, for other parts of this package."""
    return PendingTools(operations_of(library))


@contextmanager
def only_logged(library: ToolLibrary) -> Iterator[None]:
    """Log that a use of a tool could not be recorded, instead of losing the answer.

    Only the first such failure is logged: on a full disk every use fails, and a line for each would fill it further.
    """
    try:
        yield
    except ToolLibraryError as error:
        if not library._records_fail:  # noqa: SLF001 - the same module
            _log.warning("uses are not counted: %s", error)
        library._records_fail = True  # noqa: SLF001 - the same module
    else:
        library._records_fail = False  # noqa: SLF001 - the same module
