"""Which helpers fit a task, and their code in a tool."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from langchain_latm.making.helpers.inlining import HELPERS, fitting, offered, with_helpers
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.tools.gate.gate import check_source
from langchain_latm.types import Example, Task
from tests.unit_tests.making_prompt import signature_in
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import code

CALLING = 'def f(text: str) -> str:\n    """Read."""\n    return str({}(text))\n'


@pytest.mark.parametrize("name", HELPERS)
def test_a_tool_with_a_helper_is_whole_passes_the_gate_and_runs_in_the_sandbox(name: str, sandbox: Sandbox) -> None:
    calling = CALLING.replace("text: str", "text: int") if name == "prime_factors" else CALLING
    source = with_helpers(calling.format(name))
    check_source(source, "f")
    known: dict[str, Any] = {"evaluate": "1 + 2", "dates_in": "2024-01-31", "prime_factors": 84}
    given = known.get(name, "at 7:30 pm")
    result = sandbox.call(ToolSource(source=source, entry="f"), {"text": given})
    assert result.value == str(HELPERS[name](given)), result


def test_only_what_is_called_and_not_defined_is_added() -> None:
    own = 'def evaluate(text: str) -> int:\n    """Mine."""\n    return 1\n\n\n' + CALLING.format("evaluate")
    for source in (own, CALLING.format("len"), 'def f(numbers_in: int) -> int:\n    """x"""\n    return numbers_in\n'):
        assert with_helpers(source) == source
    future = with_helpers("from __future__ import annotations\nimport math\n" + CALLING.format("numbers_in"))
    assert [type(node).__name__ for node in ast.parse(future).body] == [
        *("ImportFrom", "FunctionDef", "Import", "FunctionDef")
    ]


def test_copies_written_by_a_model_are_replaced() -> None:
    again = 'def numbers_in(text: str) -> list:\n    """Mine."""\n    return [1]\n\n\n'
    unused = 'def evaluate(expression: str) -> int:\n    """Mine."""\n    return 1\n\n\n'
    source = with_helpers(unused + again + CALLING.format("numbers_in"))
    assert "Mine" not in source
    assert [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)] == ["numbers_in", "f"]
    assert with_helpers(again) == again  # the function itself has the name


def test_helpers_are_offered_for_content_of_all_examples() -> None:
    assert fitting([["2 + 3", [1]], ["7 * 8", [2]]]) == ["evaluate"]
    assert fitting([["on 2024-01-31"], ["on May 2, 2020"]]) == ["dates_in"]
    assert fitting([["pear"], ["3 figs"]]) == []
    assert fitting([[3], ["x" * 10_000 + "1"]]) == []
    assert "- evaluate(expression: str) -> int | float: Return the value" in offered(["evaluate"])
    assert offered([]) == ""


@pytest.mark.slow
def test_a_search_computes_with_values_read_by_helpers() -> None:
    solved = (({"total": "3 + 4 - 1"}, 6), ({"total": "(2 - 8) * 3"}, -18), ({"total": "100 - 99"}, 1))
    program = synthesise(Problem(solved))[0]
    assert program.run({"total": "2 * 3 * 4"}) == 24
    assert "def evaluate(" in program.source
    with pytest.raises(ValueError, match="does not fit"):
        program.run({"total": "two"})


def test_a_maker_may_call_a_helper_by_name(sandbox: Sandbox) -> None:
    dates = ("March 5, 2024", "2021-07-30", "4/9/1999", "12 May 2001", "Oct 31st, 1987", "2/29/2000", "1990-01-01")
    years = ("2024", "2021", "1999", "2001", "1987", "2000", "1990")
    examples = [
        Example(question=f"Name the year of this day, please: {date}", answer=year)
        for date, year in zip(dates, years, strict=True)
    ]
    task = Task(name="year_of", demonstrations=examples[:3], validation=examples[3:])
    prompts: list[str] = []

    def script(messages: list[BaseMessage]) -> str:
        prompts.append(str(messages[-1].content))
        parameter = re.match(r"def year_of\((\w+): str\)", signature_in(messages) or "")
        if parameter is None:  # the way to read a list comes first
            return "no"
        name = parameter[1]
        return code(f'def year_of({name}: str) -> int:\n    """Year."""\n    return dates_in({name})[0][0]\n')

    model = ScriptedChatModel(script=script)
    tool = create_tool_maker(model, sandbox=sandbox, search=False, second_attempts=0, attempts=4).invoke(task)
    assert "def dates_in(" in tool.source
    assert "- dates_in(text: str)" in next(prompt for prompt in prompts if ": str)" in prompt)
