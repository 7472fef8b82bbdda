"""Makings in background threads, so that no request waits for one."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast

from langchain_core.runnables import RunnableConfig
from langgraph.graph import StateGraph

from langchain_latm._core.caller import Caller, with_tenant
from langchain_latm._core.flow import run_flow
from langchain_latm.loop.state import Making, RequestState, noted
from langchain_latm.loop.tenants import Tenants
from langchain_latm.tools.library.libraries import pinned
from langchain_latm.tools.library.library import ToolLibrary

if TYPE_CHECKING:
    from langgraph.types import Checkpointer

_THREADS: Final = 2

_log = logging.getLogger(__name__)


class BackgroundMakings:
    """Runs the graph of a making in threads. A failed making is logged, since no caller waits for it.

    Args:
        tenants: The stages.
        graph: The graph of a making.
        checkpointer: Stores makings, so that an interrupted one is resumed when its kind is made again.
    """

    def __init__(self, tenants: Tenants, graph: StateGraph[RequestState], checkpointer: Checkpointer) -> None:
        self._tenants = tenants
        self._checkpointer = checkpointer
        self._graph = graph.compile(checkpointer=checkpointer, name="making")
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="latm-making")
        self._running: set[Future[None]] = set()

    def hand_over(self, state: RequestState) -> dict[str, Any]:
        """Start the making of a run in a background thread; return the changes of the run's state."""
        making, library = Making.of(state), self._tenants.of(Caller.of_context()).library
        future = self._pool.submit(self._make, library, state, making)
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return {"making": None, **noted(state, f"{making.name} is being made in the background")}

    def wait(self, seconds: float | None) -> bool:
        """Wait at most this many seconds for all makings; return whether they have ended."""
        return not wait(set(self._running), seconds).not_done

    def close(self) -> None:
        """Wait for all makings, and start no more."""
        self._pool.shutdown()

    def _make(self, library: ToolLibrary, state: RequestState, making: Making) -> None:
        # The thread is named by the instances, so that the next making of this kind resumes an interrupted one.
        thread = sha256("\n".join(sorted(each.id for each in making.used)).encode()).hexdigest()
        tenant = state.get("tenant", "") if self._tenants.fixed is not None else ""
        config = with_tenant({"configurable": {"thread_id": f"latm-making-{thread}"}}, tenant)
        try:
            with pinned(library):
                ended = self._made(state, making, config)
        except Exception:  # noqa: BLE001 - no caller waits for it
            _log.exception("making %s in the background failed", making.name)
            return
        for note in ended["notes"][len(state.get("notes", [])) :]:
            _log.warning("%s", note)

    def _made(self, state: RequestState, making: Making, config: RunnableConfig) -> dict[str, Any]:
        """Run the making to its end; resume one that was interrupted, under the new claim."""
        begun = self._graph.get_state(config) if self._checkpointer else None
        if begun is None or not begun.next:
            return self._graph.invoke(state, config)
        earlier, claims = Making.of(cast(RequestState, begun.values)), self._tenants.of(Caller.of(config)).loop.claims
        run_flow(claims.exchange(making.claim, earlier.claim, earlier.ids))
        return self._graph.invoke(None, config)
