"""The search continues from what functions of candidates return: whole makings on the real sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from langchain_latm.exceptions import ToolMakingError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Example, Task
from tests.unit_tests.making.helpers.known_tools import CREWS, DATES, crew
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import code

pytestmark = pytest.mark.usefixtures("repairs")

COMPUTING = f'''
from datetime import date as day_of

CREWS = {CREWS!r}


def turn_of(text: str) -> int:
    """Return the number of the turn."""
    return day_of.fromisoformat(text).toordinal() * 7 % 10


def on_duty(day: str) -> str:
    """Name the crew."""
    return {{}}
'''


def search(problem: Problem, seconds: float) -> Sequence[Program]:
    """Search for programs on texts only."""
    return synthesise(problem, seconds=seconds, steps=150_000, engines=("texts",))


def task(answers: list[Any], **inputs: list[Any]) -> Task:
    rows = [{"day": day, **{name: each[i] for name, each in inputs.items()}} for i, day in enumerate(DATES)]
    examples = [Example(inputs=row, answer=answer) for row, answer in zip(rows, answers, strict=True)]
    return Task(name="on_duty", demonstrations=examples[:4], validation=examples[4:])


def made(sandbox: Sandbox, given: Task, source: str, **changes: Any) -> MadeTool:
    model = ScriptedChatModel(script=lambda _: code(source))
    settings = {"attempts": 1, "second_attempts": 0, "repair": 2, "search": search, **changes}
    return create_tool_maker(model, sandbox=sandbox, **settings).invoke(given)


@pytest.mark.slow
def test_the_right_value_in_the_wrong_form_is_a_column_of_the_search(sandbox: Sandbox) -> None:
    wanted = task([f"{crew(day).title()} {day[:4]}" for day in DATES])
    tool = made(sandbox, wanted, COMPUTING.format("CREWS[turn_of(day)]"))
    assert tool.report.verified
    assert tool.provenance.repaired == ("a program was found on what `on_duty` returns",)
    assert sandbox.call(tool.tool_source, {"day": "2024-02-29"}).value == f"{crew('2024-02-29').title()} 2024"


def test_a_function_inside_of_a_candidate_may_be_right(sandbox: Sandbox) -> None:
    """The candidate itself fails, but one of its functions reads what is needed."""
    wanted = task([f"Turn {CREWS.index(crew(day))}." for day in DATES])
    tool = made(sandbox, wanted, COMPUTING.format('"Turn " + turn_of(day)'))
    assert tool.provenance.repaired == ("a program was found on what `turn_of` returns",)
    assert sandbox.call(tool.tool_source, {"day": "2024-02-29"}).value == f"Turn {CREWS.index(crew('2024-02-29'))}."


@pytest.mark.slow
def test_a_program_that_fits_by_chance_is_not_proven(sandbox: Sandbox) -> None:
    answers = [f"<{crew(day)}>" for day in DATES]
    odd = [*answers[:4], *(f"({crew(day)})" for day in DATES[4:])]
    with pytest.raises(ToolMakingError) as failure:
        made(sandbox, task(odd), COMPUTING.format("CREWS[turn_of(day)]"))
    (attempt,) = failure.value.attempts
    assert not any(each.verified for each in attempt.candidates)


def test_without_a_search_nothing_continues(sandbox: Sandbox) -> None:
    wanted = task([f"{crew(day).title()} {day[:4]}" for day in DATES])
    with pytest.raises(ToolMakingError):
        made(sandbox, wanted, COMPUTING.format("CREWS[turn_of(day)]"), search=False)


@pytest.mark.parametrize("body", ["[x for x in iter(int, 1)]", "'x' * 10**8", "1 // 0"])
def test_a_candidate_that_misbehaves_costs_little(sandbox: Sandbox, body: str) -> None:
    with pytest.raises(ToolMakingError):
        made(sandbox, task([crew(day) for day in DATES]), COMPUTING.format(body), repair=0.1)
