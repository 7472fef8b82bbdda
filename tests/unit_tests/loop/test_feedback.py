"""Feedback on a library, without a loop."""

from __future__ import annotations

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import (
    MadeTool,
    RequestError,
    ToolLibrary,
    arecord_feedback,
    create_dispatcher,
    library_costs,
    record_feedback,
)
from langchain_latm._core.flow import run_flow
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.library.library import loop_operations_of, operations_of
from langchain_latm.tools.library.loop_operations import AnswerNote
from langchain_latm.types import FeedbackSource
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


def used(library: ToolLibrary, count: int) -> None:
    """Let the tool answer this many times, correctly; and six more times, with known ids."""
    for number in range(count):
        library.record_use(TOOL, failed=number % 10 == 9)
    for number in range(6):
        answered(library, f"answer-{number}", "right", TOOL)


def test_three_lies_after_many_honest_uses_retire_no_tool(library: ToolLibrary) -> None:
    used(library, 20)
    told = [record_feedback(library, f"answer-{number}", "lie") for number in range(3)]
    assert [each.retired for each in told] == [False] * 3
    assert [tool.name for tool in library.list()] == [TOOL.name]


async def test_one_stranger_retires_no_tool_and_two_do(library: ToolLibrary) -> None:
    used(library, 4)
    told = [record_feedback(library, f"answer-{number}", "lie", user="mallory") for number in range(5)]
    assert [(each.right, each.counted, each.retired) for each in told] == [(False, False, False)] * 5
    assert library.list()
    assert run_flow(operations_of(library).examples(TOOL.name)) == ()  # a lie is no example
    (account,) = library_costs(library).tools
    assert (account.wrong, account.doubts) == (0, {"reported": 5})
    last = await arecord_feedback(library, "answer-5", "other", user="ann")
    assert last.retired
    instances, _ = run_flow(loop_operations_of(library).waiting())
    assert {each.source for each in instances} == {"proof", "stranger"}


def test_who_says_it_is_known(library: ToolLibrary) -> None:
    used(library, 0)
    record_feedback(library, "answer-0", "lie", user="mallory")
    record_feedback(library, "answer-0", "lie again", user="mallory")
    record_feedback(library, "answer-0", "right", source="person", user="ann")
    record_feedback(library, "answer-1", "right", source="model")
    said = [(each.source, each.user, each.correct_answer, each.right) for each in library.feedback(TOOL.name)]
    assert said == [
        ("stranger", "mallory", "lie again", False),
        ("person", "ann", "right", True),
        ("model", "", "right", True),
    ]
    assert (library_costs(library).tools[0].right, library_costs(library).tools[0].doubts) == (2, {})


def test_whose_feedback_is_a_strangers_by_default(library: ToolLibrary) -> None:
    note = AnswerNote(question="q", text="x", tool=TOOL.name, tool_id=TOOL.id, user="ann", at="2026")
    run_flow(loop_operations_of(library).keep_answer("asked by a user", note, None))
    answered(library, "asked by nobody", "x", TOOL)
    record_feedback(library, "asked by a user", "y")
    record_feedback(library, "asked by nobody", "y")
    assert [each.source for each in library.feedback()] == ["stranger", "person"]


@pytest.mark.parametrize(
    ("first", "then", "label"),
    [
        ("model", "stranger", "answer of the model"),
        ("model", "model", "second"),
        ("model", "person", "second"),
        ("person", "model", "first"),
        ("person", "stranger", "first"),
        ("stranger", "person", "second"),
    ],
)
def test_labels_rank(library: ToolLibrary, first: FeedbackSource, then: FeedbackSource, label: str) -> None:
    answered(library, "1", "answer of the model")
    if first != "model":
        record_feedback(library, "1", "first", source=first, user="ann")
    told = record_feedback(library, "1", "second", source=then, user="bob")
    ((waiting,), _) = run_flow(loop_operations_of(library).waiting())
    assert waiting.answer == label
    assert told.counted == (label == "second")


def test_a_stranger_labels_what_no_one_has(library: ToolLibrary) -> None:
    note = AnswerNote(question="q", text="x", at="2026")
    run_flow(loop_operations_of(library).keep_answer("1", note, Instance(id="1", question="q", answer=None)))
    assert record_feedback(library, "1", "first", user="ann").counted
    assert not record_feedback(library, "1", "second", user="bob").counted
    ((waiting,), _) = run_flow(loop_operations_of(library).waiting())
    assert (waiting.answer, waiting.source) == ("first", "stranger")


async def test_feedback_is_withdrawn_with_what_it_changed(library: ToolLibrary) -> None:
    answered(library, "waits", "a b")
    answered(library, "used", "a b", TOOL)
    label = record_feedback(library, "waits", "b a")
    assert record_feedback(library, "waits", "a  b").id == label.id  # the same user's last word
    example = record_feedback(library, "used", "b a")
    assert library.withdraw_feedback(label.id).answer_id == "waits"
    await library.awithdraw_feedback(example.id)
    ((waiting,), _) = run_flow(loop_operations_of(library).waiting())
    assert (waiting.answer, waiting.source) == ("a b", "model")
    assert run_flow(operations_of(library).examples(TOOL.name)) == ()
    assert library.feedback() == await library.afeedback() == ()
    with pytest.raises(RequestError, match="no feedback has the id"):
        library.withdraw_feedback(label.id)


def test_what_was_changed_since_stays(library: ToolLibrary) -> None:
    answered(library, "1", "a b")
    first = record_feedback(library, "1", "wrong", source="model")
    record_feedback(library, "1", "b a")
    library.withdraw_feedback(first.id)
    ((waiting,), _) = run_flow(loop_operations_of(library).waiting())
    assert (waiting.answer, waiting.source) == ("b a", "feedback")


ODD = "Kindly tell me which planet of the solar system is the largest one of all"


def test_one_odd_example_by_feedback_takes_no_other_request(library: ToolLibrary) -> None:
    def corrected(answer_id: str, question: str) -> None:
        note = AnswerNote(question=question, text="x", tool=TOOL.name, tool_id=TOOL.id, at="2026")
        run_flow(loop_operations_of(library).keep_answer(answer_id, note, None))
        record_feedback(library, answer_id, "y", retire_after=100)

    def finds(question: str) -> bool:
        return create_dispatcher(library).invoke(question).action == "reuse"

    corrected("1", ODD)
    assert not finds(ODD.replace("largest", "smallest"))
    assert finds("Sort: pear fig")
    corrected("2", "Sort: fig pear date")  # in the form of the proof
    for number, word in enumerate(("smallest", "nearest")):
        corrected(f"odd-{number}", ODD.replace("largest", word))
    assert finds(ODD.replace("largest", "coldest"))  # now there are enough of its form


def test_invalid_arguments(library: ToolLibrary) -> None:
    with pytest.raises(RequestError, match="no answer has the id 'nothing'"):
        record_feedback(library, "nothing", "x")
    with pytest.raises(RequestError, match="the correct answer is empty"):
        record_feedback(library, "nothing", " ")
    with pytest.raises(ValueError, match="retire_after must be at least 1"):
        record_feedback(library, "nothing", "x", retire_after=0)
    with pytest.raises(ValueError, match="source must be one of person, model, stranger"):
        record_feedback(library, "nothing", "x", source="friend")  # type: ignore[arg-type]
    with pytest.raises(RequestError, match="user must be a text"):
        record_feedback(library, "nothing", "x", user=" ")
    with pytest.raises(ValueError, match="about"):
        record_feedback(library, "nothing", "x", check="about")
