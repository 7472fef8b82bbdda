"""Whole makings in which a candidate is repaired, on the real sandbox and with scripted models."""

from __future__ import annotations

import pytest

from langchain_latm.exceptions import ToolMakingError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.making.state import MakingEvent
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Example, Task
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.making.test_parsed_making import signature_in, tank_task
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import WRONG, both_roles, code, is_reading, word_task

pytestmark = pytest.mark.usefixtures("repairs")


def tank_model(body: str) -> ScriptedChatModel:
    """Return a model that writes the same computation under any signature."""
    return ScriptedChatModel(script=lambda messages: code(f'{signature_in(messages)}:\n    """Tank."""\n    {body}\n'))


def test_a_nearly_right_candidate_is_repaired_and_proven_without_tokens(sandbox: Sandbox) -> None:
    model = tank_model("return holds - loses + after")
    maker = create_tool_maker(model, sandbox=sandbox, attempts=1, second_attempts=0, repair=20)
    *events, last = maker.stream(tank_task(), stream_mode="custom")
    tool = last.tool
    assert isinstance(tool, MadeTool)
    assert "return holds - loses * after" in tool.source
    assert "Tank." not in tool.source
    assert tool.description == f"Answer questions such as: {tank_task().demonstrations[0].question}"
    assert tool.report.verified
    assert tool.provenance.repaired == ("line 3: `holds - loses + after` became `holds - loses * after`",)
    assert tool.provenance.candidates == 1
    assert len([prompt for prompt in model.prompts if not is_reading(prompt)]) == 1
    said = [event.message for event in events if isinstance(event, MakingEvent) and event.stage == "repair"]
    assert any(each.startswith("repaired: line 3") and each.endswith("proven") for each in said), said


def test_each_repair_that_meets_unseen_examples_is_a_trial(sandbox: Sandbox) -> None:
    """Several repairs fit the demonstrations: wrong ones are counted, and the feedback shows no unseen answer."""
    questions = ((6, 2, 1), (9, 3, 1), (4, 4, 1), (8, 2, 5), (9, 1, 7), (7, 3, 2))
    asked = "A tank holds {} litres and loses {} litres an hour. How many litres are left after {} hours?"
    pairs = [(asked.format(*each), str(each[0] - each[1] * each[2])) for each in questions]
    examples = [Example(question=question, answer=answer) for question, answer in pairs]
    task = Task(name="tank", demonstrations=examples[:3], validation=examples[3:])
    maker = create_tool_maker(tank_model("return loses - holds"), sandbox=sandbox, attempts=1, repair=20)
    with pytest.raises(ToolMakingError) as failure:
        maker.invoke(task)
    (attempt,) = failure.value.attempts
    reply, *repaired = attempt.candidates
    assert not reply.repaired
    assert repaired
    assert len(repaired) <= 3
    trials = [each.report.trials for each in repaired if each.report]
    assert trials == list(range(1, len(repaired) + 1))
    assert all(each.report and not each.report.verified and each.repaired for each in repaired)


@pytest.mark.slow
def test_a_repair_uses_the_arguments_that_a_model_read_before(sandbox: Sandbox, no_parsers: None) -> None:  # noqa: ARG001
    model = ScriptedChatModel(script=both_roles(lambda _: code(WRONG)))
    tool = create_tool_maker(model, sandbox=sandbox, attempts=1, second_attempts=0, repair=20).invoke(word_task())
    assert "sorted(words)" in tool.source
    readings = [prompt for prompt in model.prompts if is_reading(prompt)]
    shown = word_task().demonstrations
    before = 4 + len(shown)  # the wrong function: each once, one again with a hint, and then the others
    assert len(readings) <= before + len(word_task().validation)


@pytest.mark.slow
def test_a_typed_candidate_is_repaired(sandbox: Sandbox) -> None:
    rows = ((3, 4, 13), (10, 2, 21), (7, 7, 50), (5, 9, 46), (12, 3, 37), (8, 8, 65))
    examples = [Example(inputs={"wide": a, "long": b}, answer=area) for a, b, area in rows]
    task = Task(name="area", demonstrations=examples[:3], validation=examples[3:])
    model = tank_model("return wide * long")
    tool = create_tool_maker(model, sandbox=sandbox, attempts=1, second_attempts=0, repair=20).invoke(task)
    assert tool.report.verified
    assert len(tool.provenance.repaired) == 1


def test_without_a_repair_a_nearly_right_candidate_fails(sandbox: Sandbox) -> None:
    maker = create_tool_maker(tank_model("return holds - loses + after"), sandbox=sandbox, attempts=1, repair=0)
    with pytest.raises(ToolMakingError):
        maker.invoke(tank_task())


@pytest.mark.parametrize("repair", [-1.0, float("inf"), float("nan")])
def test_an_invalid_time_is_refused(repair: float, sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="repair must be a number of seconds"):
        create_tool_maker(tank_model("pass"), sandbox=sandbox, repair=repair)


def test_records_without_a_repair_are_unchanged() -> None:
    tool = made_tool()
    assert "repaired" not in tool.provenance.model_dump()
    changed = tool.provenance.model_copy(update={"repaired": ("line 1: x",)})
    assert changed.model_dump()["repaired"] == ("line 1: x",)
