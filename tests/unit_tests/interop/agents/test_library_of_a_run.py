"""The library of an agent's run, from the agent's own store and context."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import HumanMessage
from langgraph.runtime import Runtime
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore
from langgraph.store.sqlite import SqliteStore

from langchain_latm import RequestError, ToolLibrary, ToolMakingMiddleware
from langchain_latm._core.caller import Caller
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library import libraries
from tests.unit_tests.interop.agents.test_middleware import USING, agent_model, asking, calls, texts
from tests.unit_tests.loop_world import World


@dataclass
class Context:
    tenant: str


def by_tenant(runtime: Runtime[Context]) -> ToolLibrary:
    assert runtime.store is not None
    return ToolLibrary(runtime.store, tenant=runtime.context.tenant)


def by_namespace(runtime: Runtime[Context]) -> ToolLibrary:
    assert runtime.store is not None
    return ToolLibrary(runtime.store, namespace=("tools", runtime.context.tenant))


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BaseStore]:
    if request.param == "memory":
        yield InMemoryStore()
        return
    with SqliteStore.from_conn_string(str(tmp_path / "store.sqlite")) as store:
        store.setup()
        yield store


@pytest.mark.parametrize("factory", [by_tenant, by_namespace])
@pytest.mark.parametrize("way", ["sync", "async"])
def test_the_store_and_context_of_the_agent_are_used(
    store: BaseStore, sandbox: Sandbox, factory: Any, way: str
) -> None:
    if way == "async" and isinstance(store, SqliteStore):
        return  # it has no async methods
    model = agent_model(calls(asking()), USING, "date fig", "I have no tool.", USING, "date fig")
    ours = ToolMakingMiddleware(factory, sandbox, maker_model=World().model, second_attempts=0)
    agent: Any = create_agent(model, middleware=[ours], store=store, context_schema=Context)

    def ask(tenant: str) -> dict[str, Any]:
        asked = {"messages": [HumanMessage("Sort: fig date")]}
        if way == "sync":
            return agent.invoke(asked, context=Context(tenant))  # type: ignore[no-any-return]
        return asyncio.run(agent.ainvoke(asked, context=Context(tenant)))

    ask("acme")
    ask("other")
    assert texts(ask("acme")) == ["date fig"]
    assert model.offered[-3:] == [["make_tool"], ["make_tool", "sort_words"], ["make_tool", "sort_words"]]
    acme, other = (factory(Runtime(context=Context(name), store=store)) for name in ("acme", "other"))
    assert acme.usage("sort_words").uses == 2
    assert other.list() == ()


def test_tools_of_different_libraries_share_no_process(sandbox: Sandbox) -> None:
    """A tool's state from one tenant's calls must not reach another tenant, even with the same source."""
    seen: set[str] = set()

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(sandbox, name)

        def call(self, tool: Any, arguments: Any, *, tenant: str = "", limits: Any = None) -> Any:
            seen.add(tenant)
            return sandbox.call(tool, arguments, tenant=tenant, limits=limits)

    store, model = InMemoryStore(), agent_model(calls(asking()), USING, "done", calls(asking()), USING, "done")
    watched: Any = Watched()
    ours = ToolMakingMiddleware(by_namespace, watched, maker_model=World().model, second_attempts=0)
    agent: Any = create_agent(model, middleware=[ours], store=store, context_schema=Context)
    for tenant in ("acme", "other"):
        assert texts(agent.invoke({"messages": [HumanMessage("x")]}, context=Context(tenant)))[-1] == "date fig"
    assert len(seen) == 2
    assert "" not in seen


def test_a_factory_that_cannot_say_is_a_clear_error(sandbox: Sandbox) -> None:
    def agent(factory: Any, **more: Any) -> Any:
        return create_agent(agent_model("x"), middleware=[ToolMakingMiddleware(factory, sandbox)], **more)

    asked: Any = {"messages": [HumanMessage("x")]}
    with pytest.raises(RequestError, match="context is missing, and its store is there"):
        agent(by_tenant, store=InMemoryStore()).invoke(asked)
    with pytest.raises(RequestError, match="context is a Context, and its store is missing"):
        agent(by_tenant, context_schema=Context).invoke(asked, context=Context("acme"))
    with pytest.raises(RequestError, match="returned a str"):
        agent(lambda _runtime: "a library").invoke(asked)
    with pytest.raises(TypeError, match="must be a ToolLibrary"):
        ToolMakingMiddleware("tools.sqlite", sandbox)  # type: ignore[arg-type]


def test_what_is_kept_of_libraries_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run has its own store, as if a server wraps it, and the parts of old ones are dropped."""
    monkeypatch.setattr(libraries, "KEPT_TENANTS", 2)
    created: list[ToolLibrary] = []

    def create(own: ToolLibrary) -> ToolLibrary:
        created.append(own)
        return own

    kept = libraries.Libraries(by_tenant, create)
    for tenant in ("a", "b", "c", "b", "a"):
        with libraries.pinned(ToolLibrary(InMemoryStore(), tenant=tenant)):
            kept.of(Caller())
    assert len(kept._kept) == 2
    store = InMemoryStore()
    created.clear()
    for tenant in ("a", "b", "a", "c", "a", "b"):
        with libraries.pinned(ToolLibrary(store, tenant=tenant)):
            assert kept.of(Caller()).tenant == tenant
    assert [each.tenant for each in created] == ["a", "b", "c", "b"]
