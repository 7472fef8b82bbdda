"""Feedback on a library, without a loop."""

from __future__ import annotations

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import MadeTool, RequestError, ToolLibrary, arecord_feedback, record_feedback
from langchain_latm._core.flow import run_flow
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.library.library import loop_operations_of, operations_of
from langchain_latm.tools.library.loop_operations import AnswerNote
from tests.unit_tests.made_tool import made_tool

TOOL = made_tool()


@pytest.fixture
def library() -> ToolLibrary:
    library = ToolLibrary(InMemoryStore())
    library.add(TOOL)
    return library


def answered(library: ToolLibrary, answer_id: str, text: str, tool: MadeTool | None = None) -> None:
    note = AnswerNote(question=f"Sort: {answer_id}", text=text, at="2026")
    loop = loop_operations_of(library)
    if tool is None:
        instance = Instance(id=answer_id, question=note.question, answer=text)
        run_flow(loop.keep_answer(answer_id, note, instance))
    else:
        by_tool = note.model_copy(update={"tool": tool.name, "tool_id": tool.id})
        run_flow(loop.keep_answer(answer_id, by_tool, None))


async def test_a_waiting_instance_gets_the_correct_answer(library: ToolLibrary) -> None:
    answered(library, "first", "A B")
    assert record_feedback(library, "first", "a b", check="text").right is True
    assert (await arecord_feedback(library, "first", "a b")).right is False  # "exact" compares capitals too
    ((waiting,), _) = run_flow(loop_operations_of(library).waiting())
    assert (waiting.answer, waiting.source) == ("a b", "feedback")


async def test_a_tool_is_retired_at_the_given_limits(library: ToolLibrary) -> None:
    for number in range(3):
        answered(library, f"answer-{number}", "wrong", TOOL)
    first = record_feedback(library, "answer-0", "a b", retire_after=2, retire_share=0.7)
    right = record_feedback(library, "answer-1", "wrong", retire_after=2, retire_share=0.7)
    assert (first.right, first.retired, right.right) == (False, False, True)
    assert record_feedback(library, "answer-2", "a b", retire_after=2, retire_share=0.7).retired is False  # 2 of 3
    last = await arecord_feedback(library, "answer-2", "a b", retire_after=2, retire_share=0.6)
    assert (last.tool, last.retired) == (TOOL.name, True)
    assert library.list() == ()
    assert len(run_flow(operations_of(library).examples(TOOL.name))) == 3


def test_invalid_arguments(library: ToolLibrary) -> None:
    with pytest.raises(RequestError, match="no answer has the id 'nothing'"):
        record_feedback(library, "nothing", "x")
    with pytest.raises(RequestError, match="the correct answer is empty"):
        record_feedback(library, "nothing", " ")
    with pytest.raises(ValueError, match="retire_after must be at least 1"):
        record_feedback(library, "nothing", "x", retire_after=0)
    with pytest.raises(ValueError, match="about"):
        record_feedback(library, "nothing", "x", check="about")
