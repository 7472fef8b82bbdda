"""Comparing makings with a repair and without, on recorded candidates."""

from __future__ import annotations

from pathlib import Path

import pytest

from langchain_latm.benchmarks.making.repair import Recorded, compare, compared
from langchain_latm.exceptions import TaskError, ToolMakingError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.sandbox import Sandbox
from langchain_latm.types import Example
from tests.unit_tests.making.test_parsed_making import TANK_QUESTION, signature_in, tank_task
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import code


def recorded(sandbox: Sandbox, body: str) -> Recorded:
    model = ScriptedChatModel(script=lambda messages: code(f'{signature_in(messages)}:\n    """Tank."""\n    {body}\n'))
    with pytest.raises(ToolMakingError) as failure:
        create_tool_maker(model, sandbox=sandbox, attempts=1, repair=0).invoke(tank_task())
    test = [(9000, 20, 30, "8400"), (500, 5, 4, "480"), (77, 1, 7, "71")]  # the last answer is wrong
    examples = tuple(Example(question=TANK_QUESTION.format(*given), answer=answer) for *given, answer in test)
    return Recorded(task=tank_task(), test=examples, attempts=tuple(failure.value.attempts), made=False)


@pytest.mark.slow
def test_a_repaired_making_is_counted_with_its_answers_in_the_test(sandbox: Sandbox) -> None:
    row = compared(recorded(sandbox, "return holds - loses + after"), sandbox, 20)
    assert (row.without, row.repaired, row.best, row.candidates) == (False, True, "0/3", 1)
    assert (row.right, row.wrong, row.test) == (2, 1, 3)
    assert row.variants > 0
    assert "loses * after" in row.changes[0]


@pytest.mark.slow
def test_a_making_that_needs_no_repair_gets_none(sandbox: Sandbox) -> None:
    made = recorded(sandbox, "return holds - loses + after").model_copy(update={"made": True})
    row = compared(made, sandbox, 20)
    assert (row.without, row.repaired, row.variants, row.right) == (True, False, 0, None)


def test_a_file_that_holds_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"task": 1}')
    with pytest.raises(TaskError, match=r"other\.json: not a recorded making"):
        compare(tmp_path, seconds=1)
