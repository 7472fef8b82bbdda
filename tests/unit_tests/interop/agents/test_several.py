"""Several middlewares in one agent, and other middlewares that call made tools."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_quickjs import CodeInterpreterMiddleware
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.store.memory import InMemoryStore

from langchain_latm import LATMToolkit, ToolLibrary, ToolMakingMiddleware
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.interop.agents.test_middleware import USING, agent_model, ask, asking, call, calls, texts
from tests.unit_tests.loop_world import World
from tests.unit_tests.made_tool import made_tool

UPPER = 'def sort_words(words: list[str]) -> str:\n    """Sort."""\n    return " ".join(sorted(words)).upper()\n'


@pytest.fixture
def team() -> ToolLibrary:
    return ToolLibrary(InMemoryStore())


@pytest.fixture
def own() -> ToolLibrary:
    return ToolLibrary(InMemoryStore())


def both(team: ToolLibrary, own: ToolLibrary, sandbox: Sandbox, world: World | None = None) -> list[Any]:
    maker = None if world is None else world.model
    return [
        ToolMakingMiddleware(team, sandbox, name="team", maker_model=maker, second_attempts=0),
        ToolMakingMiddleware(own, sandbox, name="personal", maker_model=maker, second_attempts=0),
    ]


def test_each_finds_and_makes_in_its_own_library(team: ToolLibrary, own: ToolLibrary, sandbox: Sandbox) -> None:
    """Both make a tool of the same name, in one turn; a later turn of the thread still has both."""
    making = calls(
        {**asking(number=1), "name": "make_team_tool"}, {**asking("add words", 2), "name": "make_personal_tool"}
    )
    use = calls(call("sort_words", 3, words=["b", "a"]), call("add_words", 4, words=["d", "c"]))
    model = agent_model(making, use, "done", use, "done")
    agent = create_agent(model, middleware=both(team, own, sandbox, World()), checkpointer=InMemorySaver())
    config: Any = {"configurable": {"thread_id": "1"}}
    assert texts(ask(agent, config=config))[2:] == ["a b", "c d"]
    assert texts(ask(agent, "Again", config=config))[4:] == ["a b", "c d"]
    assert model.offered[0] == ["make_team_tool", "make_personal_tool"]
    assert model.offered[1] == ["make_team_tool", "make_personal_tool", "sort_words", "add_words"]
    assert ([each.name for each in team.list()], [each.name for each in own.list()]) == (["sort_words"], ["add_words"])
    assert (team.usage("sort_words").uses, own.usage("add_words").uses) == (2, 2)


def test_a_new_tool_gets_a_name_that_the_other_does_not_show(
    team: ToolLibrary, own: ToolLibrary, sandbox: Sandbox
) -> None:
    team.add(made_tool(name="sort_words"))
    making = calls({**asking(), "name": "make_personal_tool"})
    model = agent_model(making, calls(call("sort_words_2", 2, words=["b", "a"])), "done")
    agent = create_agent(model, middleware=both(team, own, sandbox, World()))
    assert texts(ask(agent, "Sort words: b a"))[1] == "a b"
    assert [each.name for each in own.list()] == ["sort_words_2"]


def test_of_two_tools_of_one_name_the_first_is_offered_and_runs(
    team: ToolLibrary, own: ToolLibrary, sandbox: Sandbox
) -> None:
    team.add(made_tool(name="sort_words"))
    own.add(made_tool(name="sort_words", source=UPPER))
    for order, value, library in ((1, "date fig", team), (-1, "DATE FIG", own)):
        model = agent_model(USING, "done")
        state = ask(create_agent(model, middleware=both(team, own, sandbox)[::order]))
        assert texts(state) == [value]
        assert model.offered[0] == ["sort_words"], "a provider refuses two tools of one name"
        assert library.usage("sort_words").uses == 1


def test_without_names_the_agent_refuses_two(team: ToolLibrary, own: ToolLibrary, sandbox: Sandbox) -> None:
    with pytest.raises(AssertionError, match="duplicate"):
        create_agent(
            agent_model("x"), middleware=[ToolMakingMiddleware(team, sandbox), ToolMakingMiddleware(own, sandbox)]
        )


def _interpreted(code: str) -> AIMessage:
    return calls(call("eval", 1, code=code))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:The class `CodeInterpreterMiddleware` is in beta")
@pytest.mark.parametrize("way", ["by name", "as an object, ours last"])
async def test_an_interpreter_calls_made_tools_and_their_uses_count(
    team: ToolLibrary, sandbox: Sandbox, way: str
) -> None:
    """It calls them without `wrap_tool_call`. By name, it sees what stands before it; as objects, in any order."""
    team.add(made_tool(name="sort_words"))
    code = 'await tools.sortWords({words: ["b", "a"]}) + await tools.sortWords({words: ["d", "c"]})'
    model = agent_model(_interpreted(code), _interpreted("await tools.sortWords({words: 5})"), "done")
    ours = ToolMakingMiddleware(team, sandbox)
    if way == "by name":
        middlewares: list[Any] = [ours, CodeInterpreterMiddleware(ptc=["sort_words"], timeout=60)]
    else:
        made: Any = LATMToolkit(library=team, sandbox=sandbox).get_tools()
        middlewares = [CodeInterpreterMiddleware(ptc=made, timeout=60), ours]
    agent: Any = create_agent(model, middleware=middlewares)
    state = await agent.ainvoke({"messages": [HumanMessage("Sort words: b a")]})
    said = [str(each.text) for each in state["messages"] if isinstance(each, ToolMessage)]
    assert "a bc d" in said[0]
    uses = team.usage("sort_words")
    assert (uses.uses, uses.failures) == (3, 1)


def test_a_toolkit_counts_uses(team: ToolLibrary, sandbox: Sandbox) -> None:
    team.add(made_tool(name="sort_words"))
    (tool,) = LATMToolkit(library=team, sandbox=sandbox).get_tools()
    assert tool.invoke({"words": ["b", "a"]}) == "a b"
    assert asyncio.run(tool.ainvoke({"words": ["b", "a"]})) == "a b"
    assert "arguments" in tool.invoke({"words": 5})
    uses = team.usage("sort_words")
    assert (uses.uses, uses.failures) == (3, 1)
