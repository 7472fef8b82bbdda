"""Makings with ambiguous demonstrations, in which an unseen example is shown."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from langchain_latm.exceptions import ModelError, ToolMakingError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.making.showing import MOST_SHOWN, more_to_show, with_shown
from langchain_latm.making.state import MakingEvent
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.sandbox import Sandbox
from langchain_latm.types import Example, Task
from tests.unit_tests.making.repair.test_stage import tank_model
from tests.unit_tests.making.test_parsed_making import TANK_QUESTION, signature_in
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import both_roles, code

NARROW = ((60, 20, 1), (90, 30, 1), (40, 40, 1))
"""Examples of one hour: they do not show that the loss is per hour."""
WIDE = ((8000, 21, 5), (90, 10, 7), (700, 30, 2), (6000, 25, 3), (410, 17, 4), (3000, 19, 6), (777, 11, 8))


def open_task(**changes: object) -> Task:
    pairs = [(TANK_QUESTION.format(*each), str(each[0] - each[1] * each[2])) for each in (*NARROW, *WIDE)]
    examples = [Example(question=question, answer=answer) for question, answer in pairs]
    task = Task(name="tank", demonstrations=examples[:3], validation=examples[3:6], further=examples[6:])
    return task.model_copy(update=changes)


def test_the_shortest_failing_example_is_shown_and_a_further_one_takes_its_place(sandbox: Sandbox) -> None:
    prompts: list[str] = []

    def write(messages: Sequence[object]) -> str:
        prompts.append(str(messages))
        body = "return holds - loses" if len(prompts) == 1 else "return holds - loses * after"
        return code(f'{signature_in(list(messages))}:\n    """Tank."""\n    {body}\n')  # type: ignore[arg-type]

    task = open_task()
    maker = create_tool_maker(ScriptedChatModel(script=both_roles(write)), sandbox=sandbox, second_attempts=0, repair=0)
    tool = maker.invoke(task)
    shown = task.validation[1]
    assert "holds=90, loses=10, after=7" not in prompts[0]
    assert "holds=90, loses=10, after=7" in prompts[1]
    assert not any(str(each.answer) in prompt for prompt in prompts for each in (task.validation[0], *task.further))
    roles = {case.question: case.role for case in tool.report.cases}
    assert [text for text, role in roles.items() if role == "demonstration"] == [
        each.text for each in (*task.demonstrations, shown)
    ]
    assert len(roles) == len(task.examples), "every example is in the proof once"
    assert tool.report.trials == 2


@pytest.mark.usefixtures("repairs")
def test_a_repair_has_the_example_at_once(sandbox: Sandbox) -> None:
    model = tank_model("return holds - loses // after")
    tool = create_tool_maker(model, sandbox=sandbox, attempts=1, second_attempts=0, repair=20).invoke(open_task())
    assert "loses * after" in tool.source
    assert tool.report.verified


@pytest.mark.usefixtures("searches")
def test_a_search_begins_again_with_the_example(sandbox: Sandbox) -> None:
    seen: list[int] = []

    def search(problem: Problem, _seconds: float) -> Sequence[Program]:
        seen.append(len(problem.examples))
        body = "holds - loses" if len(seen) == 1 else "holds - loses * after"
        source = f'def tank(holds: int, loses: int, after: int) -> int:\n    """Tank."""\n    return {body}\n'
        return (
            [Program(source, 1.0, lambda _: None)]
            if problem.examples[0][0].keys() == {"holds", "loses", "after"}
            else []
        )

    assert create_tool_maker(None, sandbox=sandbox, search=search).invoke(open_task()).report.verified
    assert seen == [3, 4]


@pytest.mark.usefixtures("searches")
def test_what_was_found_beside_a_refuted_program_may_be_found_again(sandbox: Sandbox) -> None:
    """It was not tried, so it is no repeat."""

    def search(problem: Problem, _seconds: float) -> Sequence[Program]:
        head = 'def tank(holds: int, loses: int, after: int) -> int:\n    """Tank."""\n    return '
        bodies = ("holds - loses", "holds - loses * after")[len(problem.examples) - 3 :]
        named = problem.examples[0][0].keys() == {"holds", "loses", "after"}
        return [Program(f"{head}{body}\n", 1.0, lambda _: None) for body in bodies] if named else []

    assert "loses * after" in create_tool_maker(None, sandbox=sandbox, search=search).invoke(open_task()).source


def test_without_further_examples_nothing_is_shown(sandbox: Sandbox) -> None:
    maker = create_tool_maker(tank_model("return holds - loses"), sandbox=sandbox, attempts=1, repair=0)
    with pytest.raises(ToolMakingError) as failure:
        maker.invoke(open_task(further=()))
    reports = [each.report for attempt in failure.value.attempts for each in attempt.candidates]
    assert [sum(case.role == "demonstration" for case in report.cases) for report in reports if report] == [3]


def test_at_most_three_are_shown(sandbox: Sandbox) -> None:
    maker = create_tool_maker(
        tank_model("return {1: holds - loses}.get(after, holds - loses * max(after, 2) - (after > 4))"),
        sandbox=sandbox,
        attempts=8,
        repair=0,
    )
    said: list[str] = []
    with pytest.raises(ToolMakingError):
        said.extend(
            event.message for event in maker.stream(open_task(), stream_mode="custom") if isinstance(event, MakingEvent)
        )
    assert sum(each.startswith("shown from now on") for each in said) <= MOST_SHOWN


def test_examples_stay_whole() -> None:
    task = open_task()
    changed = with_shown(task, [task.further[0].text, task.validation[2].text])
    assert changed.demonstrations == (*task.demonstrations, task.further[0], task.validation[2])
    assert (len(changed.validation), len(changed.further)) == (3, 2)
    assert sorted(each.text for each in changed.examples) == sorted(each.text for each in task.examples)


def test_a_search_that_finds_nothing_gets_more_examples(sandbox: Sandbox) -> None:
    """The program is found only with five examples; those that the search has seen prove nothing."""

    def search(problem: Problem, _seconds: float) -> Sequence[Program]:
        head = 'def tank(holds: int, loses: int, after: int) -> int:\n    """Tank."""\n    return '
        named = problem.examples[0][0].keys() == {"holds", "loses", "after"}
        enough = len(problem.examples) > 4
        return [Program(f"{head}holds - loses * after\n", 1.0, lambda _: None)] if named and enough else []

    pairs = [(TANK_QUESTION.format(900 + n, 10 + n, n), str(900 + n - (10 + n) * n)) for n in range(2, 21)]
    examples = tuple(Example(question=question, answer=answer) for question, answer in pairs)
    task = open_task(demonstrations=examples[:3], validation=examples[3:6], further=examples[6:])
    few = open_task(demonstrations=examples[:3], validation=examples[3:6], further=examples[6:9])
    assert more_to_show(few) == []
    with pytest.raises(ModelError):
        create_tool_maker(None, sandbox=sandbox, search=search).invoke(few)
    tool = create_tool_maker(None, sandbox=sandbox, search=search).invoke(task)
    shown = [case.question for case in tool.report.cases if case.role == "demonstration"]
    assert shown == [each.text for each in (*task.demonstrations, *task.further[:4])]
    assert tool.report.verified


def test_rare_answers_are_shown_first() -> None:
    def example(number: int, answer: str) -> Example:
        return Example(question=f"Is {number} odd?", answer=answer)

    further = [example(number, "yes" if number in {31, 37} else "no") for number in range(30, 44)]
    task = Task(
        name="odd",
        demonstrations=[example(number, "no") for number in (2, 4, 6)],
        validation=[example(number, "no") for number in (8, 10, 12)],
        further=further,
    )
    assert more_to_show(task)[:2] == ["Is 31 odd?", "Is 37 odd?"]
