"""The cost of direct answers is measured when a tool is made."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage
from langgraph.store.memory import InMemoryStore

from langchain_latm import DirectCost, Example, MadeTool, Task, ToolLibrary, create_tool_maker, library_costs
from langchain_latm.models.late import LateModel
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import GOOD, both_roles, code, word_task

pytestmark = pytest.mark.usefixtures("direct_answers")


def is_direct(messages: list[BaseMessage]) -> bool:
    return "Reply with the answer alone" in str(messages[0].content)


def strong(direct: Any = "blue red teal") -> ScriptedChatModel:
    """Return a model that writes the tool and answers every question with the same text."""
    both = both_roles(lambda _: code(GOOD))

    def reply(messages: list[BaseMessage]) -> Any:
        if not is_direct(messages):
            return both(messages)
        if isinstance(direct, Exception):
            raise direct
        return AIMessage(direct)

    return ScriptedChatModel(script=reply)


def made(sandbox: Sandbox, model: Any, **options: Any) -> MadeTool:
    maker = create_tool_maker(model, sandbox=sandbox, **{"second_attempts": 0, **options})
    return maker.invoke(word_task())


def test_unseen_examples_are_answered_and_counted(sandbox: Sandbox) -> None:
    model = strong()
    tool = made(sandbox, model, direct_samples=2)
    asked = [str(messages[-1].content) for messages in model.prompts if is_direct(messages)]
    unseen = [example.text for example in word_task().validation[:2]]
    questions = {text.partition("Question: ")[2].partition("\n")[0] for text in asked}
    assert (len(asked), questions) == (2, set(unseen)), "they are asked at the same time"
    direct = tool.provenance.direct
    assert direct is not None
    assert (direct.answers, direct.right, direct.usage.calls) == (2, 1, 2)
    assert direct.usage.total > 0
    assert tool.provenance.usage["answering"] == direct.usage
    assert MadeTool.model_validate_json(tool.dump()) == tool


def test_the_saving_is_known_from_the_first_use(sandbox: Sandbox) -> None:
    tool = made(sandbox, strong())
    assert tool.provenance.direct is not None
    library = ToolLibrary(InMemoryStore())
    library.add(tool, reason="made")
    one = round(tool.provenance.direct.usage.total / 3)
    (before,) = library_costs(library).tools
    assert (before.uses, before.tokens.direct) == (0, one)
    library.record_use(tool)
    (after,) = library_costs(library).tools
    making = sum(usage.total for usage in tool.provenance.usage.values())
    assert (after.tokens.making, after.tokens.instead) == (making, one)
    assert after.tokens.saved == pytest.approx(one - making, abs=1)
    assert after.direct_seconds is not None


@pytest.mark.usefixtures("searches")
@pytest.mark.parametrize("options", [{"direct_samples": 0}, {"model": None, "search": True}])
def test_it_can_be_left_out(sandbox: Sandbox, options: dict[str, Any]) -> None:
    model = options.pop("model", strong())
    tool = made(sandbox, model, **options)
    assert tool.provenance.direct is None
    assert model is None or not any(map(is_direct, model.prompts))


@pytest.mark.slow
@pytest.mark.usefixtures("searches")
def test_the_embedded_model_is_not_started_for_it(sandbox: Sandbox) -> None:
    started: list[str] = []

    def start(name: str) -> Any:
        started.append(name)
        return strong()

    rows = [
        Example(inputs={"text": text}, answer=text.upper())
        for text in ("pear", "fig tree", "ash", "Oak 7", "elm", "a b")
    ]
    columns = Task(name="upper", demonstrations=rows[:3], validation=rows[3:])
    maker = create_tool_maker(LateModel("local", start), sandbox=sandbox)
    assert maker.invoke(columns).provenance.direct is None
    assert made(sandbox, LateModel("local", start)).provenance.direct is None, "a search made the tool"
    assert started == []
    assert made(sandbox, LateModel("local", start), search=False).provenance.direct is not None, "it wrote the tool"
    assert started == ["local"]


def test_a_model_that_fails_costs_no_tool(sandbox: Sandbox) -> None:
    maker = create_tool_maker(strong(RuntimeError("busy")), sandbox=sandbox, second_attempts=0)
    told = [event.message for event in maker.stream(word_task(), stream_mode="custom")]
    assert any("the cost of direct answers is unknown" in message for message in told)
    assert maker.invoke(word_task()).provenance.direct is None


def test_records_from_before_keep_their_ids(sandbox: Sandbox) -> None:
    tool = made(sandbox, strong(), direct_samples=0)
    assert "direct" not in tool.model_dump(mode="json")["provenance"]
    assert "direct" in made(sandbox, strong()).model_dump(mode="json")["provenance"]
    assert DirectCost.__module__ == "langchain_latm.types"
