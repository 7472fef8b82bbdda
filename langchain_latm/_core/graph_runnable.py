"""A Runnable around a LangGraph graph whose input and output are values, not states."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from langchain_core.runnables import Runnable, RunnableConfig

from langchain_latm._core.starts import start_in_turn

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

In = TypeVar("In")
Out = TypeVar("Out")
Beginning = tuple[Any, RunnableConfig | None, dict[str, Any]]
"""The graph's input, its config, and other keyword arguments."""


class GraphRunnable(Runnable[In, Out]):
    """Runs a graph. Subclasses define its input, result and events.

    Attributes:
        graph: The graph. Its state is plain data.
    """

    graph: CompiledStateGraph[Any, Any, Any, Any]

    @abstractmethod
    def _begin(self, value: In, config: RunnableConfig | None) -> Beginning: ...

    @abstractmethod
    def _result(self, state: dict[str, Any]) -> Out: ...

    @abstractmethod
    def _event(self, part: dict[str, Any]) -> Any: ...

    @abstractmethod
    def _last_event(self, state: dict[str, Any]) -> Any: ...

    def _validate(self, state: dict[str, Any], config: RunnableConfig | None) -> None:
        """Reject the state of a run that a caller may not read."""

    def invoke(self, input: In, config: RunnableConfig | None = None, **kwargs: Any) -> Out:  # noqa: A002 - the name in Runnable
        """Run the graph and return its result. The class documents the errors."""
        start, config, more = self._begin(input, config)
        state = self.graph.invoke(start, config, **more, **kwargs)
        self._validate(state, config)
        return self._result(state)

    async def ainvoke(self, input: In, config: RunnableConfig | None = None, **kwargs: Any) -> Out:  # noqa: A002 - the name in Runnable
        """Do as `invoke`, without blocking the event loop."""
        await start_in_turn()
        start, config, more = self._begin(input, config)
        state = await self.graph.ainvoke(start, config, **more, **kwargs)
        self._validate(state, config)
        return self._result(state)

    def stream(
        self,
        input: In,  # noqa: A002 - the name in Runnable
        config: RunnableConfig | None = None,
        *,
        stream_mode: Literal["custom"] | None = None,
        **kwargs: Any,
    ) -> Iterator[Any]:
        """Yield the result; or, with `stream_mode="custom"`, progress events. Raises as `invoke` does."""
        if stream_mode is None:
            yield self.invoke(input, config, **kwargs)
            return
        start, config, more = self._begin(input, config)
        parts = self.graph.stream(start, config, stream_mode=["custom", "values"], subgraphs=True, **more, **kwargs)
        state: dict[str, Any] = {}
        own = None  # the place of this graph, whose first part comes before those of graphs inside
        for place, mode, part in parts:
            if mode == "custom":
                yield self._event(part)
            elif place == (own := place if own is None else own):
                state = part
        self._validate(state, config)
        yield self._last_event(state)

    async def astream(
        self,
        input: In,  # noqa: A002 - the name in Runnable
        config: RunnableConfig | None = None,
        *,
        stream_mode: Literal["custom"] | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[Any]:
        """Do as `stream`, without blocking the event loop."""
        if stream_mode is None:
            yield await self.ainvoke(input, config, **kwargs)
            return
        await start_in_turn()
        start, config, more = self._begin(input, config)
        parts = self.graph.astream(start, config, stream_mode=["custom", "values"], subgraphs=True, **more, **kwargs)
        state: dict[str, Any] = {}
        own = None
        async for place, mode, part in parts:
            if mode == "custom":
                yield self._event(part)
            elif place == (own := place if own is None else own):
                state = part
        self._validate(state, config)
        yield self._last_event(state)
