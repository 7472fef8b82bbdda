"""A made tool is a tool run in traces, whoever calls it: with its name, arguments, id and version."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import HumanMessage
from langchain_core.tracers.base import BaseTracer
from langchain_core.tracers.schemas import Run
from langgraph.store.memory import InMemoryStore

from langchain_latm import MadeTool, ToolLibrary, ToolMakingMiddleware, create_tool_user
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import KINDS, World, loop, sorting_tool, stream
from tests.unit_tests.scripted_model import ScriptedChatModel

SORT = KINDS["sort"]


class Tools(BaseTracer):
    """Keeps the tool runs of what is traced."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []

    def _persist_run(self, run: Run) -> None:
        self._look(run)

    def _look(self, run: Run) -> None:
        if run.run_type == "tool":
            self.runs.append(run)
        for child in run.child_runs:
            self._look(child)


@pytest.fixture(scope="module")
def tool(sandbox: Sandbox) -> MadeTool:
    return sorting_tool(sandbox)


@pytest.fixture
def library(tool: MadeTool) -> ToolLibrary:
    library = ToolLibrary(InMemoryStore())
    library.add(tool)
    return library


def check(run: Run, tool: MadeTool, request: str) -> None:
    (parameter,) = tool.parameters["properties"]
    metadata = (run.extra or {})["metadata"]
    assert run.name == tool.name
    assert run.inputs == {parameter: request.removeprefix(SORT.opening).split()}
    assert run.outputs == {"output": SORT.answer(request)}
    assert {key: metadata[key] for key in metadata if key.startswith("latm")} == {
        "latm_tool": tool.name,
        "latm_id": tool.id,
        "latm_version": tool.id[:12],
    }
    assert "latm" in (run.tags or [])


def test_of_the_loop(tool: MadeTool, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm, requests = loop(World(), library, sandbox), stream(["sort"], 4, 7)
    for way in ("invoke", "ainvoke", "batch", "abatch", "message graph"):
        tracer = Tools()
        config: Any = {"callbacks": [tracer]}
        if way == "invoke":
            latm.invoke(requests[0], config)
        elif way == "ainvoke":
            asyncio.run(latm.ainvoke(requests[0], config))
        elif way == "batch":
            latm.batch(requests, config)
        elif way == "abatch":
            asyncio.run(latm.abatch(requests, config))
        else:
            latm.message_graph.invoke({"messages": [HumanMessage(requests[0])]}, config)
        assert len(tracer.runs) == (4 if "batch" in way else 1), way
        for run, request in zip(tracer.runs, requests, strict=False):
            check(run, tool, request)


def test_of_a_tool_user_and_a_direct_answer(tool: MadeTool, library: ToolLibrary, sandbox: Sandbox) -> None:
    (request,) = stream(["sort"], 1, 7)
    tracer = Tools()
    create_tool_user(tool, World().model, sandbox=sandbox).invoke(request, {"callbacks": [tracer]})
    agent: Any = create_agent(
        ScriptedChatModel(script=lambda _: "?"), middleware=[ToolMakingMiddleware(library, sandbox)]
    )
    asked = {"messages": [HumanMessage(request)]}
    agent.invoke(asked, {"callbacks": [tracer]})
    asyncio.run(agent.ainvoke(asked, {"callbacks": [tracer]}))
    assert len(tracer.runs) == 3
    for run in tracer.runs:
        check(run, tool, request)


def test_a_function_that_fails_is_a_failed_run(tool: MadeTool, sandbox: Sandbox) -> None:
    (parameter,) = tool.parameters["properties"]
    source = f"def {tool.entry}({parameter}: list[str]) -> str:\n    raise ValueError('no')\n"
    broken = MadeTool.model_validate(tool.model_dump() | {"id": "", "source": source})
    tracer = Tools()
    user = create_tool_user(broken, World().model, sandbox=sandbox)
    user.batch(stream(["sort"], 1, 7), {"callbacks": [tracer]}, return_exceptions=True)
    assert tracer.runs
    assert all("ValueError: no" in str(run.error) for run in tracer.runs)
