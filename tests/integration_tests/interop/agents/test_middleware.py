"""An agent of `create_agent` on the real embedded model: it has a tool made, calls it, and a second one finds it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage

from langchain_latm import ToolMakingMiddleware, create_sandbox, open_tool_library
from langchain_latm.models.local import create_local_model

pytestmark = pytest.mark.real_model

WISH = """\
I often need to sort words alphabetically. Here are solved examples:
- Sort these words alphabetically: pear apple fig -> apple fig pear
- Sort these words alphabetically: dog cat bird ant -> ant bird cat dog
- Sort these words alphabetically: tin gold iron -> gold iron tin
- Sort these words alphabetically: red blue green -> blue green red
Make a tool for that, then use it to sort these words alphabetically: walnut hazel oak birch elm ash"""


@pytest.fixture(autouse=True)
def _needs_the_embedded_model() -> None:
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("the extra `local` is not installed: pip install 'langchain-latm[local]'")


def called(state: dict[str, Any]) -> list[str]:
    return [call["name"] for each in state["messages"] if isinstance(each, AIMessage) for call in each.tool_calls]


def results(state: dict[str, Any]) -> list[str]:
    return [str(each.text) for each in state["messages"] if isinstance(each, ToolMessage)]


def test_an_agent_has_a_tool_made_and_another_one_finds_it(tmp_path: Path) -> None:
    model = create_local_model()
    with open_tool_library(tmp_path / "tools.sqlite") as library, create_sandbox() as sandbox:
        maker = create_agent(model, middleware=[ToolMakingMiddleware(library, sandbox, maker_model=model)])
        state = maker.invoke({"messages": [HumanMessage(WISH)]}, {"recursion_limit": 20})
        (made,) = library.list()
        assert called(state)[:2] == ["make_tool", made.name]
        assert results(state)[1] == "ash birch elm hazel oak walnut"
        assert "ash birch elm hazel oak walnut" in state["messages"][-1].text

        user = create_agent(model, middleware=[ToolMakingMiddleware(library, sandbox, answer_directly=False)])
        asked = "Sort these words alphabetically: zinc lead copper silver"
        state = user.invoke({"messages": [HumanMessage(asked)]}, {"recursion_limit": 20})
        assert made.name in called(state)
        assert "copper lead silver zinc" in state["messages"][-1].text

        direct = create_agent(model, middleware=[ToolMakingMiddleware(library, sandbox)])
        state = direct.invoke({"messages": [HumanMessage(asked)]})
        assert [each.text for each in state["messages"]] == [asked, "copper lead silver zinc"]
        assert len(library.history(made.name)) == 1
