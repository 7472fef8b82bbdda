"""The library of each run and the parts that work on it: a given library, its tenants' own, or one from a factory.

On LangGraph Server, store and context exist only in a run, so a factory names the library.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar

from langgraph.runtime import Runtime, get_runtime

from langchain_latm._core.caller import Caller
from langchain_latm._core.defaults import KEPT_TENANTS
from langchain_latm.exceptions import LATMError, RequestError
from langchain_latm.tools.library.library import ToolLibrary

LibraryFactory = Callable[[Runtime[Any]], ToolLibrary]
"""Returns the library of a run: `lambda runtime: ToolLibrary(runtime.store, tenant=runtime.context.tenant)`."""

Parts = TypeVar("Parts")

_pinned: ContextVar[ToolLibrary | None] = ContextVar("latm_library", default=None)


@contextmanager
def pinned(library: ToolLibrary) -> Iterator[None]:
    """Use a library in this context instead of calling a factory, since work in the background has no runtime."""
    token = _pinned.set(library)
    try:
        yield
    finally:
        _pinned.reset(token)


class Libraries(Generic[Parts]):
    """The parts that work on each library. They are created on first use; the least recently used are dropped.

    Args:
        source: A library, whose tenants have their own, or a factory.
        create: Creates the parts for a library.
    """

    def __init__(self, source: ToolLibrary | LibraryFactory, create: Callable[[ToolLibrary], Parts]) -> None:
        if not isinstance(source, ToolLibrary) and not callable(source):
            raise TypeError(
                f"library must be a ToolLibrary or a function that returns one, not {type(source).__name__}"
            )
        self._source = source
        self._create = create
        self._lock = threading.Lock()
        self._kept: OrderedDict[object, tuple[ToolLibrary, Parts]] = OrderedDict()

    @property
    def fixed(self) -> ToolLibrary | None:
        """The library that was given; None if a factory was."""
        return self._source if isinstance(self._source, ToolLibrary) else None

    def of(self, caller: Caller) -> Parts:
        """Return the parts for the library of the current run.

        Raises:
            RequestError: The given library is another tenant's; or a factory cannot name one.
        """
        source, key = self._source, object()
        if isinstance(source, ToolLibrary):
            key = caller.tenant or source.tenant
        else:
            source = self._made(source, caller)
            key = source.place
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][1]
        own = library_of(source, caller)
        created = self._create(own)
        with self._lock:
            # The library is kept too, since the id of its store must not be reused.
            _, parts = self._kept.setdefault(key, (own, created))
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT_TENANTS:
                self._kept.popitem(last=False)
        return parts

    @staticmethod
    def _made(factory: LibraryFactory, caller: Caller) -> ToolLibrary:
        own = _pinned.get()
        if own is not None:
            return own
        try:
            runtime = get_runtime()
        except RuntimeError:
            runtime = None
        if runtime is None:
            raise RequestError(
                "the library comes from a function of the runtime, but this is not a run of a graph: call it in a "
                "node, or pass the library itself"
            )
        try:
            own = factory(runtime)
        except LATMError:
            raise
        except Exception as error:
            raise RequestError(
                f"the factory of the library failed: {type(error).__name__}: {error}. The run's context is "
                f"{'missing' if runtime.context is None else 'a ' + type(runtime.context).__name__}, and its store is "
                f"{'missing' if runtime.store is None else 'there'}: see context=, context_schema= and store="
            ) from error
        if not isinstance(own, ToolLibrary):
            raise RequestError(f"the factory of the library returned a {type(own).__name__}, not a ToolLibrary")
        return library_of(own, caller)


def caller_on(library: ToolLibrary, caller: Caller) -> Caller:
    """Return the caller for tools of a factory's library, so that libraries share no state in a sandbox."""
    return Caller(json.dumps(library.place[1:]), caller.user)


def library_of(library: ToolLibrary, caller: Caller) -> ToolLibrary:
    """Return the library that a run uses: its tenant's own; or the given one, if the run names no tenant.

    Raises:
        RequestError: The given one is the library of another tenant.
    """
    return library.for_tenant(caller.tenant) if caller.tenant else library
