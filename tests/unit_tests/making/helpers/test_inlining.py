"""Which helpers fit a task, and their code in a tool."""

from __future__ import annotations

import ast
import re

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
    source = with_helpers(CALLING.format(name))
    check_source(source, "f")
    result = sandbox.call(ToolSource(source=source, entry="f"), {"text": "1 + 2"})
    assert result.value == str(HELPERS[name]("1 + 2")), result


def test_only_what_is_called_and_not_defined_is_added() -> None:
    own = 'def evaluate(text: str) -> int:\n    """Mine."""\n    return 1\n\n\n' + CALLING.format("evaluate")
    for source in (own, CALLING.format("len"), 'def f(evaluate: int) -> int:\n    """x"""\n    return evaluate\n'):
        assert with_helpers(source) == source
    future = with_helpers("from __future__ import annotations\nimport math\n" + CALLING.format("evaluate"))
    assert [type(node).__name__ for node in ast.parse(future).body] == [
        *("ImportFrom", "FunctionDef", "Import", "FunctionDef")
    ]


def test_copies_written_by_a_model_are_replaced() -> None:
    again = 'def evaluate(expression: str) -> int:\n    """Mine."""\n    return 1\n\n\n'
    source = with_helpers(again + CALLING.format("evaluate"))
    assert "Mine" not in source
    assert [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)] == ["evaluate", "f"]
    unused = with_helpers(again + CALLING.format("len"))
    assert "evaluate" not in unused
    assert with_helpers(again) == again  # the function itself has the name


def test_helpers_are_offered_for_content_of_all_examples() -> None:
    assert fitting([["2 + 3", [1]], ["7 * 8", [2]]]) == ["evaluate"]
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
    sums = {
        "3 + 4": "7", "(12 - 2) * 9": "90", "81 / 9 + 1": "10", "7 * 8 - 6": "50", "100 - 3 * 3": "91",
        "(1 + 2) * (3 + 4)": "21", "5 * 5 * 5": "125",
    }  # fmt: skip
    examples = [Example(question=f"Compute this, please: {text}", answer=answer) for text, answer in sums.items()]
    task = Task(name="sum_of", demonstrations=examples[:3], validation=examples[3:])
    prompts: list[str] = []

    def script(messages: list[BaseMessage]) -> str:
        prompts.append(str(messages[-1].content))
        parameter = re.match(r"def sum_of\((\w+): str\)", signature_in(messages) or "")
        if parameter is None:
            return "no"
        name = parameter[1]
        return code(f'def sum_of({name}: str) -> int:\n    """Sum."""\n    return evaluate({name})\n')

    model = ScriptedChatModel(script=script)
    tool = create_tool_maker(model, sandbox=sandbox, search=False, second_attempts=0, attempts=4).invoke(task)
    assert "def evaluate(" in tool.source
    assert "- evaluate(expression: str)" in next(prompt for prompt in prompts if ": str)" in prompt)
