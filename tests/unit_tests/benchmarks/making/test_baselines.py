"""Methods of answering without a tool."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from langchain_latm.benchmarks.making.baselines import create_baseline
from langchain_latm.benchmarks.names import BASELINES
from langchain_latm.exceptions import ModelError, ToolUseError
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn
from tests.unit_tests.word_task import code, word_task

SHOWN = word_task().demonstrations
ASKED = "Sort: b a"


def pot(sandbox: Sandbox, reply: str) -> Any:
    return create_baseline("pot", ScriptedChatModel(script=in_turn(reply)), demonstrations=SHOWN, sandbox=sandbox)


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("a is before b.\nAnswer: a b\n", "a b"),
        ("The answer: unclear.\n**Answer:** a b", "a b"),
        ("ANSWER:\na b", "a b"),
        ("İ first\nAnswer: a b", "a b"),
        ("a b \n", "a b"),
        ("Answer:", "Answer:"),
    ],
)
def test_cot_takes_what_follows_the_last_mark(sandbox: Sandbox, reply: str, answer: str) -> None:
    model = ScriptedChatModel(script=in_turn(reply))
    found = create_baseline("cot", model, demonstrations=SHOWN, sandbox=sandbox).invoke(ASKED)
    assert (found.text, found.tool_use) == (answer, None)
    assert found.usage["answering"].calls == 1
    assert "Question: Sort: pear fig apple\nAnswer: apple fig pear" in str(model.prompts[0][0].content)
    assert "step by step" in str(model.prompts[0][-1].content)


async def test_pot_runs_a_program_for_each_request(sandbox: Sandbox) -> None:
    model = ScriptedChatModel(script=in_turn(code('def solve():\n    return " ".join(sorted("b a".split()))\n')))
    chain = create_baseline("pot", model, demonstrations=SHOWN, sandbox=sandbox)
    found = chain.invoke(ASKED)
    assert (found.text, found.tool_use) == ("a b", None)
    assert found.usage["answering"].total > 0
    assert (await chain.ainvoke(ASKED)).text == "a b"
    assert "apple fig pear" in str(model.prompts[0][0].content)


def test_pot_writes_a_value_as_the_tools_do(sandbox: Sandbox) -> None:
    assert pot(sandbox, code("def solve():\n    return 6 * 7\n")).invoke(ASKED).text == "42"


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("a b", "no Python function"),
        (code("def answer():\n    return 1\n"), "no function named 'solve'"),
        (code("def solve():\n    return 1 / 0\n"), "ZeroDivisionError"),
        (code("def solve(words: str) -> str:\n    return words\n"), "arguments"),
        (code("def solve():\n    return open('/etc/passwd').read()\n"), "failed"),
    ],
)
def test_a_program_that_fails_is_an_error_with_its_tokens(sandbox: Sandbox, reply: str, why: str) -> None:
    with pytest.raises(ToolUseError, match=why) as failed:
        pot(sandbox, reply).invoke(ASKED)
    assert failed.value.question == ASKED
    assert failed.value.usage.calls == 1
    assert failed.value.usage.total > 0


@pytest.mark.parametrize("name", BASELINES)
def test_each_is_asked_at_temperature_0_and_once(sandbox: Sandbox, name: str) -> None:
    asked: list[list[BaseMessage]] = []

    def script(messages: list[BaseMessage]) -> str:
        asked.append(messages)
        return code("def solve():\n    return 'a b'\n")

    class Limited(ScriptedChatModel):
        max_tokens: int | None = None

        def _generate(self, *args: Any, **kwargs: Any) -> Any:
            assert (self.temperature, self.max_tokens) == (0, None if name == "direct" else 1_024)
            return super()._generate(*args, **kwargs)

    model = Limited(script=script, profile={"reasoning_output": False})
    create_baseline(name, model, demonstrations=SHOWN, sandbox=sandbox).invoke(ASKED)
    assert len(asked) == 1


@pytest.mark.parametrize("name", BASELINES)
def test_a_model_that_cannot_be_reached_is_a_model_error(sandbox: Sandbox, name: str) -> None:
    model = ScriptedChatModel(script=in_turn(ConnectionError("refused")))
    with pytest.raises(ModelError, match="cannot be reached"):
        create_baseline(name, model, demonstrations=SHOWN, sandbox=sandbox).invoke(ASKED)


def test_an_unknown_baseline_is_rejected(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="direct, cot, pot"):
        create_baseline("guess", ScriptedChatModel(script=in_turn("")), demonstrations=SHOWN, sandbox=sandbox)
