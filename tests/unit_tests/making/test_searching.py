"""A program search comes before the maker, for questions too, with the values read from them as arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from langchain_latm import Example, Task, create_tool_maker, create_tool_user
from langchain_latm.exceptions import ModelError, ToolMakingError
from langchain_latm.making.searching import SEARCHED, problem_of_way
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.ways import ways
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.scripted_model import ScriptedChatModel


def task(name: str, solved: dict[str, str], **more: Any) -> Task:
    examples = [Example(question=question, answer=answer) for question, answer in solved.items()]
    return Task(name=name, demonstrations=examples[:3], validation=examples[3:], **more)


def no_model() -> ScriptedChatModel:
    def refuse(_: object) -> str:
        raise RuntimeError("asked")

    return ScriptedChatModel(script=refuse)


INITIALS = {
    f"Wie lauten die Initialen von {name}?": "".join(each[0] for each in name.split())
    for name in ("Ada Lovelace", "Grace Hopper", "Émile Zola", "Max Planck", "Lise Meitner", "Bo Ek")
}
KILOGRAMS = {f"{grams} g in kg": f"{grams / 1000:.3f}" for grams in (1500, 12, 250, 98000, 7, 4410)}
_RIDES = (
    "{km} km take me {hours} hours. How fast am I?",
    "How fast is a bus that needs {hours} hours for {km} km?",
    "{hours} h on the road, {km} kilometres - speed?",
)
RIDES = {
    _RIDES[i % 3].format(km=speed * hours, hours=hours): f"{speed} km/h"
    for i, (speed, hours) in enumerate([(40, 3), (75, 2), (90, 4), (33, 6), (58, 5), (71, 7), (44, 9), (83, 2)])
}
KINDS = {
    "rides": (RIDES, "how fast is a bus that needs 3 hours for 150 km", "50 km/h"),
    "initials": (INITIALS, "Wie lauten die Initialen von Emmy Noether?", "EN"),
    "kilograms": (KILOGRAMS, "31 g in kg", "0.031"),
}


@pytest.mark.usefixtures("searches")
@pytest.mark.parametrize("kind", KINDS)
def test_a_tool_is_made_and_used_without_a_model(sandbox: Sandbox, kind: str) -> None:
    solved, question, answer = KINDS[kind]
    tool = create_tool_maker(no_model(), sandbox=sandbox).invoke(task(kind, solved))
    assert tool.provenance.maker_model == SEARCHED
    assert tool.report.verified
    assert not any(usage.total for usage in tool.provenance.usage.values())
    assert tool.provenance.usage["proposing"].calls == 0, "else the making would count as one of unknown cost"
    assert create_tool_user(tool, no_model(), sandbox=sandbox).invoke(question).text == answer


@pytest.mark.usefixtures("searches")
def test_answers_of_the_proof_are_hidden_from_the_search(sandbox: Sandbox) -> None:
    """A rule that fits only the demonstrations is refuted by the unseen examples, and the maker is asked."""
    odd = dict(INITIALS) | {list(INITIALS)[-1]: "XX"}
    seen: list[Problem] = []

    times: list[float] = []

    def search(problem: Problem, seconds: float) -> Sequence[Program]:
        seen.append(problem)
        times.append(seconds)
        return []

    with pytest.raises(ToolMakingError):
        create_tool_maker(
            ScriptedChatModel(script=lambda _: "I cannot."), sandbox=sandbox, search=search, attempts=1
        ).invoke(task("initials", odd))
    answers = {answer for problem in seen for _, answer in problem.examples}
    assert answers
    assert answers <= {"AL", "GH", "ÉZ"}
    shares = [times[0] * len(times) / left for left in range(len(times), 0, -1)]
    assert times == pytest.approx(shares, rel=0.05), "each way has its share of the time that is left"


def test_a_search_that_fails_leaves_the_making_to_the_maker(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    def broken(problem: Problem, seconds: float) -> Sequence[Program]:
        raise IndexError(f"a bug after {seconds} seconds of {problem.name}")

    asked: list[object] = []

    def reply(messages: object) -> str:
        asked.append(messages)
        return "I cannot."

    with pytest.raises(ToolMakingError):
        create_tool_maker(ScriptedChatModel(script=reply), sandbox=sandbox, search=broken, attempts=1).invoke(
            task("initials", INITIALS)
        )
    assert asked
    assert "the search for initials failed, so the maker is asked" in caplog.text


def test_questions_without_an_answer_are_other_rows() -> None:
    given = task("initials", INITIALS, requests=("Wie lauten die Initialen von Ida Noddack?", "Hallo"))
    problem = problem_of_way(ways(given)[0], given)
    assert problem is not None
    assert len(problem.examples) == 3
    assert "Noddack" in str(problem.others[-1])
    assert len(problem.others) == 4


@pytest.mark.slow
@pytest.mark.usefixtures("searches")
def test_without_a_model_only_the_search_makes_tools(sandbox: Sandbox) -> None:
    maker = create_tool_maker(None, sandbox=sandbox)
    tool = maker.invoke(task("initials", INITIALS))
    assert (tool.provenance.maker_model, tool.provenance.user_model) == (SEARCHED, "none")
    riddles = {f"What is the meaning of {name}?": name[::2] * (number + 1) for number, name in enumerate(INITIALS)}
    with pytest.raises(ModelError, match=r"no program was found .* no model to write one"):
        maker.invoke(task("riddle", riddles))
    with pytest.raises(ValueError, match="there must be a search"):
        create_tool_maker(None, sandbox=sandbox, search=False)


@pytest.mark.usefixtures("searches")
def test_a_model_is_tried_as_reader_only_with_the_first_request_that_needs_it(sandbox: Sandbox) -> None:
    maker = no_model()
    tool = create_tool_maker(maker, sandbox=sandbox).invoke(task("initials", INITIALS))
    assert (tool.read_by, maker.prompts) == (("parser", "untried_model"), [])
    without = create_tool_maker(None, sandbox=sandbox).invoke(task("initials", INITIALS))
    assert without.read_by == ("parser",)
