"""The stages of the closed loop for each tenant. Tenants share neither a library nor caches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from langchain_core.runnables import Runnable
from langgraph.store.memory import InMemoryStore

from langchain_latm._core.caller import Caller, RunAs, caller_of_run
from langchain_latm._core.flow import Flow, flow_runnable
from langchain_latm.exceptions import RequestError
from langchain_latm.loop.makings import MakingStages
from langchain_latm.loop.parts import Loop
from langchain_latm.loop.requests import RequestStages
from langchain_latm.loop.state import RequestState
from langchain_latm.tools.library.libraries import Libraries, LibraryFactory, caller_on
from langchain_latm.tools.library.library import ToolLibrary

Stage = Callable[[RequestState], Flow[dict[str, Any]]]


class Stages(NamedTuple):
    """The stages on one library, and their parts."""

    library: ToolLibrary
    loop: Loop
    request: RequestStages
    making: MakingStages


class Tenants:
    """The stages of each tenant, created on first use.

    Args:
        library: The library of `create_latm`, or its factory.
        create: Creates the parts of the loop on a tenant's library.
    """

    def __init__(self, library: ToolLibrary | LibraryFactory, create: Callable[[ToolLibrary], Loop]) -> None:
        def stages(own: ToolLibrary) -> Stages:
            loop = create(own)
            return Stages(own, loop, RequestStages(loop), MakingStages(loop))

        self._libraries = Libraries(library, stages)
        self.of = self._libraries.of
        fixed = self._libraries.fixed
        # The order of the stages does not depend on the library.
        self.default = stages(ToolLibrary(InMemoryStore())) if fixed is None else self.of(Caller(fixed.tenant))

    @property
    def fixed(self) -> ToolLibrary | None:
        """The library that was given; None if a factory was."""
        return self._libraries.fixed

    @property
    def tenant(self) -> str:
        """The tenant of the given library; empty for the library of all runs without a tenant."""
        return "" if self.fixed is None else self.fixed.tenant

    def first(self, name: str, stage: Callable[[Stages], Stage]) -> Runnable[Any, Any]:
        """Return the node of the first stage, which stores the caller in the state."""

        def node(state: RequestState) -> Flow[dict[str, Any]]:
            caller, stages = yield from self._of_run()
            started: RequestState = {**state, **caller._asdict()}  # type: ignore[typeddict-item]
            return {**caller._asdict(), **(yield from self._run(stage(stages)(started), caller))}

        return flow_runnable(node, name=name)

    def later(self, name: str, stage: Callable[[Stages], Stage]) -> Runnable[Any, Any]:
        """Return the node of a later stage, which runs for the caller that began the run."""

        def node(state: RequestState) -> Flow[dict[str, Any]]:
            caller, stages = yield from self._of_run()
            self.validate(state, caller)
            return (yield from self._run(stage(stages)(state), caller))

        return flow_runnable(node, name=name)

    def validate(self, state: RequestState, caller: Caller) -> None:
        """Reject the run of another tenant, as found by its `thread_id`.

        Raises:
            RequestError: It is another's.
        """
        if state.get("tenant", "") != caller.tenant:
            raise RequestError("this run was begun for another tenant: resume it with the tenant that began it")

    def _of_run(self) -> Flow[tuple[Caller, Stages]]:
        """Return the caller of a run and its stages."""
        caller = yield from caller_of_run()
        if self.tenant and not caller.tenant:
            raise RequestError(
                f"this is the library of the tenant {self.tenant!r}, and the run names none: set "
                'config["configurable"]["tenant"]'
            )
        stages = self.of(caller)
        return (caller if self.fixed is not None else caller_on(stages.library, caller)), stages

    def _run(self, stage: Flow[dict[str, Any]], caller: Caller) -> Flow[dict[str, Any]]:
        """Run a stage; if a factory gave the library, for that library's caller."""
        if self.fixed is not None:
            return (yield from stage)
        (changes,) = yield RunAs(stage, caller)
        return changes  # type: ignore[no-any-return]  # an effect's outcomes have no type
