"""The stages of the closed loop for each tenant: what one has in its library or in memory, no other tenant reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from langchain_core.runnables import Runnable

from langchain_latm._core.caller import Caller, caller_of_run
from langchain_latm._core.defaults import KEPT_TENANTS
from langchain_latm._core.flow import Flow, flow_runnable
from langchain_latm.exceptions import RequestError
from langchain_latm.loop.makings import MakingStages
from langchain_latm.loop.parts import Loop
from langchain_latm.loop.requests import RequestStages
from langchain_latm.loop.state import RequestState
from langchain_latm.tools.library.library import ToolLibrary, library_of

Stage = Callable[[RequestState], Flow[dict[str, Any]]]


class Stages(NamedTuple):
    """The stages of one tenant, and what they work with."""

    loop: Loop
    request: RequestStages
    making: MakingStages


class Tenants:
    """The stages of each tenant, created on first use.

    Args:
        library: The library of `create_latm`.
        create: Creates the parts of the loop on a tenant's library.
    """

    def __init__(self, library: ToolLibrary, create: Callable[[ToolLibrary], Loop]) -> None:
        self._library = library
        self._create = create
        self.of = lru_cache(KEPT_TENANTS)(self._stages)

    @property
    def default(self) -> Stages:
        """The stages for runs that name no tenant."""
        return self.of(self._library.tenant)

    @property
    def tenant(self) -> str:
        """Whose library was given; empty for that of all runs without a tenant."""
        return self._library.tenant

    def first(self, name: str, stage: Callable[[Stages], Stage]) -> Runnable[Any, Any]:
        """Return the node of the first stage, which keeps in the state on whose behalf the run is."""

        def node(state: RequestState) -> Flow[dict[str, Any]]:
            caller = yield from caller_of_run()
            changes = yield from stage(self.of(self._checked(caller)))({**state, **caller._asdict()})  # type: ignore[typeddict-item]
            return {**caller._asdict(), **changes}

        return flow_runnable(node, name=name)

    def later(self, name: str, stage: Callable[[Stages], Stage]) -> Runnable[Any, Any]:
        """Return the node of another stage, for the caller that began the run."""

        def node(state: RequestState) -> Flow[dict[str, Any]]:
            caller = yield from caller_of_run()
            self.validate(state, caller)
            return (yield from stage(self.of(self._checked(caller)))(state))

        return flow_runnable(node, name=name)

    def validate(self, state: RequestState, caller: Caller) -> None:
        """Reject the run of another tenant, as found by its `thread_id`.

        Raises:
            RequestError: It is another's.
        """
        if state.get("tenant", "") != caller.tenant:
            raise RequestError("this run was begun for another tenant: resume it with the tenant that began it")

    def _checked(self, caller: Caller) -> str:
        if self._library.tenant and not caller.tenant:
            raise RequestError(
                f"this is the library of the tenant {self._library.tenant!r}, and the run names none: set "
                'config["configurable"]["tenant"]'
            )
        return caller.tenant

    def _stages(self, tenant: str) -> Stages:
        loop = self._create(library_of(self._library, Caller(tenant)))
        return Stages(loop, RequestStages(loop), MakingStages(loop))
