"""Whole makings in which several functions are proven, on the real sandbox and with scripted models."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt
from typing_extensions import TypedDict

from langchain_latm.exceptions import ToolMakingError, ToolUseError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Comparison, Difference
from tests.unit_tests.making.rows import rows_task
from tests.unit_tests.making.sorting import (
    ANY_CASE,
    NO_REPEATS,
    PLAIN,
    SAME,
    asked,
    sorter,
    sorting_maker,
    sorting_model,
    sorting_task,
)
from tests.unit_tests.scripted_model import ScriptedChatModel


def comparison_of(tool: MadeTool) -> Comparison:
    assert tool.report.comparison is not None
    return tool.report.comparison


def answer_of(tool: MadeTool, sandbox: Sandbox, words: str) -> str:
    tool = tool.model_copy(update={"read_by": ("parser",)})
    return create_tool_user(tool, ScriptedChatModel(script=lambda _: ""), sandbox=sandbox).invoke(asked(words)).text


class TestAgreement:
    @pytest.mark.slow
    def test_a_second_function_that_agrees_is_recorded(self, sandbox: Sandbox) -> None:
        tool = sorting_maker(sandbox, PLAIN, SAME).invoke(sorting_task())
        compared = comparison_of(tool)
        assert tool.source == sorter(PLAIN)
        assert (compared.functions, compared.differences, compared.refuses) == (2, (), False)
        assert compared.inputs == compared.agreed > 50
        assert (tool.provenance.attempts, tool.report.trials) == (2, 1)

    @pytest.mark.parametrize("second", [f"# the same\n    {PLAIN}", "return 1 / 0"])
    def test_the_same_code_or_a_wrong_function_does_not_count_as_a_second(self, sandbox: Sandbox, second: str) -> None:
        tool = sorting_maker(sandbox, PLAIN, second).invoke(sorting_task())
        assert tool.report.comparison is None
        assert tool.provenance.attempts == 2

    def test_no_second_attempt_costs_no_second_call(self, sandbox: Sandbox) -> None:
        tool = sorting_maker(sandbox, PLAIN, ANY_CASE, second_attempts=0).invoke(sorting_task())
        assert tool.report.comparison is None
        assert tool.provenance.usage["proposing"].calls == 1

    def test_the_search_ends_with_the_second_function(self, sandbox: Sandbox) -> None:
        tool = sorting_maker(sandbox, PLAIN, PLAIN, SAME, "never", second_attempts=9).invoke(sorting_task())
        assert (tool.provenance.attempts, comparison_of(tool).functions) == (3, 2)

    def test_all_of_one_round_are_compared(self, sandbox: Sandbox) -> None:
        tool = sorting_maker(sandbox, PLAIN, ANY_CASE, candidates=2).invoke(sorting_task())
        assert (tool.provenance.attempts, comparison_of(tool).functions) == (1, 2)

    def test_no_second_attempt_is_needed_if_a_model_reads(self, sandbox: Sandbox, no_parsers: None) -> None:
        """Proving another function would cost tokens of the tool user."""
        del no_parsers
        tool = sorting_maker(sandbox, PLAIN, ANY_CASE).invoke(sorting_task())
        assert tool.provenance.attempts == 1

    @pytest.mark.slow
    def test_functions_whose_arguments_a_model_reads_are_compared(self, sandbox: Sandbox, no_parsers: None) -> None:
        """Parameters of other names are matched by their values; no model reads the mutations."""
        del no_parsers
        other = sorter(ANY_CASE.replace("words", "things"), "def arrange(things: list[str]) -> str")
        model = sorting_model(sorter(PLAIN), other)
        tool = create_tool_maker(model, sandbox=sandbox, candidates=2).invoke(sorting_task())
        assert comparison_of(tool).refuses
        assert any("OAK" in each.question for each in comparison_of(tool).differences)
        assert tool.provenance.usage["verification"].calls == 12


class TestNobodyDecides:
    def test_the_tool_fails_on_requests_on_which_they_differ(self, sandbox: Sandbox) -> None:
        tool = sorting_maker(sandbox, PLAIN, ANY_CASE).invoke(sorting_task())
        assert comparison_of(tool).refuses
        assert tool.report.verified
        assert answer_of(tool, sandbox, "Kiwi Lime Date") == "Date Kiwi Lime"
        with pytest.raises(ToolUseError, match="give different answers here"):
            answer_of(tool, sandbox, "kiwi Lime date")

    def test_the_record_keeps_what_differs(self, sandbox: Sandbox) -> None:
        tool = sorting_maker(sandbox, PLAIN, NO_REPEATS).invoke(sorting_task())
        compared = comparison_of(MadeTool.model_validate_json(tool.dump(), context={"stored": True}))
        assert 0 < compared.agreed < compared.inputs
        assert 1 <= len(compared.differences) <= 5
        first = compared.differences[0]
        assert (first.decided_by, first.answer, len(first.answers)) == (None, None, 2)
        assert len(set(first.question.split())) < len(first.question.split())

    def test_the_stream_says_it(self, sandbox: Sandbox) -> None:
        *events, _ = sorting_maker(sandbox, PLAIN, ANY_CASE).stream(sorting_task(), stream_mode="custom")
        said = [event.message for event in events if event.stage == "verification"]
        assert any(each.startswith("2 different functions are right on all examples: they agree on ") for each in said)
        assert any(each.startswith(f"they differ on '{asked('')}") and "' or '" in each for each in said)
        assert "undecided: the tool will fail where they differ" in said

    def test_waiting_requests_come_first(self, sandbox: Sandbox) -> None:
        waits = asked("zoo Yak ant")
        tool = sorting_maker(sandbox, PLAIN, ANY_CASE).invoke(sorting_task(requests=(asked("b a"), waits)))
        assert comparison_of(tool).differences[0] == Difference(question=waits, answers=("Yak ant zoo", "ant Yak zoo"))

    @pytest.mark.slow
    def test_a_function_that_fails_on_an_answered_request_does_not_agree(self, sandbox: Sandbox) -> None:
        """If the first function fails by itself, it gives no wrong answer, so nothing is added."""
        picky = f"if len(set(words)) < len(words):\n        raise ValueError('twice')\n    {PLAIN}"
        careful = sorting_maker(sandbox, picky, PLAIN).invoke(sorting_task())
        assert careful.source == sorter(picky)
        assert (comparison_of(careful).refuses, comparison_of(careful).differences[0].answers[0]) == (False, None)
        bold = sorting_maker(sandbox, PLAIN, picky).invoke(sorting_task())
        assert comparison_of(bold).refuses
        with pytest.raises(ToolUseError):
            answer_of(bold, sandbox, "fig fig")

    def test_functions_with_other_arguments_cannot_be_joined(self, sandbox: Sandbox) -> None:
        other = sorter("return ' '.join(sorted(text.split(), key=str.lower))", "def sort(text: str) -> str")
        maker = create_tool_maker(sorting_model(sorter(PLAIN), other), sandbox=sandbox, candidates=2)
        with pytest.raises(ToolMakingError, match="Add these requests with their right answers") as failure:
            maker.invoke(sorting_task())
        assert "2 different functions are right on all examples" in str(failure.value)
        assert re.search(r"they give '(OAK ash elm' or 'ash elm OAK|ash elm OAK' or 'OAK ash elm)'", str(failure.value))


class TestDecisions:
    @pytest.mark.parametrize(("chosen", "kept"), [(0, PLAIN), (1, ANY_CASE)])
    def test_a_person_decides(self, sandbox: Sandbox, chosen: int, kept: str) -> None:
        seen: list[Difference] = []

        def review(difference: Difference) -> str:
            seen.append(difference)
            return str(difference.answers[chosen])

        tool = sorting_maker(sandbox, PLAIN, ANY_CASE, review=review).invoke(sorting_task())
        assert tool.source == sorter(kept)
        assert len(seen) == 5
        compared = comparison_of(tool)
        assert not compared.refuses
        assert {(each.decided_by, each.answer) for each in compared.differences} == {
            ("person", each.answers[chosen]) for each in seen
        }
        cases = {case.question: case for case in tool.report.cases}
        assert len(cases) == 11
        assert all(cases[each.question].passed and cases[each.question].role == "validation" for each in seen)
        assert tool.report.verified

    async def test_a_review_may_be_async(self, sandbox: Sandbox) -> None:
        async def review(difference: Difference) -> str | None:
            return difference.answers[1]

        tool = await sorting_maker(sandbox, PLAIN, ANY_CASE, review=review).ainvoke(sorting_task())
        assert tool.source == sorter(ANY_CASE)

    def test_impossible_requests_raise_no_doubt(self, sandbox: Sandbox) -> None:
        tool = sorting_maker(sandbox, PLAIN, ANY_CASE, review=lambda _: False).invoke(
            sorting_task(requests=(asked("b A"),))
        )
        assert {(each.decided_by, each.answer) for each in comparison_of(tool).differences} == {("person", None)}
        assert len(tool.report.cases) == 6

    @pytest.mark.parametrize("said", [None, " "])
    def test_a_person_may_not_know(self, sandbox: Sandbox, said: Any) -> None:
        tool = sorting_maker(sandbox, PLAIN, ANY_CASE, review=lambda _: said).invoke(sorting_task())
        assert comparison_of(tool).refuses

    def test_a_review_that_fails_ends_the_making(self, sandbox: Sandbox) -> None:
        def review(_: Difference) -> str:
            raise KeyError("no form")

        with pytest.raises(KeyError):
            sorting_maker(sandbox, PLAIN, ANY_CASE, review=review).invoke(sorting_task())

    @pytest.mark.slow
    def test_the_search_goes_on_if_all_are_wrong(self, sandbox: Sandbox) -> None:
        """The next function must also be right on the decided requests."""

        def review(difference: Difference) -> str:
            return " ".join(sorted(difference.question.removeprefix(asked("")).split()))

        by_case = "return ' '.join(sorted(words, key=lambda word: (word[0].isupper(), word)))"
        maker = sorting_maker(sandbox, ANY_CASE, by_case, PLAIN, review=review, attempts=8)
        tool = maker.invoke(sorting_task())
        assert tool.source == sorter(PLAIN)
        assert {each.decided_by for each in comparison_of(tool).differences} == {"person"}
        assert len(tool.report.cases) > 6

    def test_the_making_fails_if_all_contradict_the_decision(self, sandbox: Sandbox) -> None:
        maker = sorting_maker(sandbox, PLAIN, ANY_CASE, review=lambda _: "nothing like it", attempts=2)
        with pytest.raises(ToolMakingError, match="nothing like it"):
            maker.invoke(sorting_task())

    def test_the_strong_model_decides_by_majority(self, sandbox: Sandbox) -> None:
        prompts: list[str] = []

        def strong(messages: list[BaseMessage]) -> str:
            prompts.append(str(messages[-1].content))
            words = prompts[-1].removeprefix(asked("")).split()
            wrong = "nonsense" if len(prompts) % 3 == 0 else " ".join(sorted(words, key=str.lower))
            return f"I work it out.\nAnswer: {wrong}"

        model = ScriptedChatModel(script=strong)
        tool = sorting_maker(sandbox, PLAIN, ANY_CASE, deciding_model=model).invoke(sorting_task())
        assert tool.source == sorter(ANY_CASE)
        assert len(prompts) == 3  # one decision leaves one function
        assert [each.decided_by for each in comparison_of(tool).differences].count("model") == 1
        assert tool.provenance.usage["answering"].calls == 3

    @pytest.mark.parametrize("said", ["Answer: something else", ConnectionError("down")])
    def test_a_model_without_a_sure_answer_decides_nothing(self, sandbox: Sandbox, said: Any) -> None:
        model = ScriptedChatModel(script=lambda _: said)
        tool = sorting_maker(sandbox, PLAIN, ANY_CASE, deciding_model=model).invoke(sorting_task())
        assert comparison_of(tool).refuses

    def test_the_maker_may_decide(self, sandbox: Sandbox) -> None:
        model = sorting_model(sorter(PLAIN), sorter(ANY_CASE))
        writes = model.script

        def reply(messages: list[BaseMessage]) -> Any:
            if "Do what is asked last" not in str(messages[0].content):
                return writes(messages)
            return "Answer: " + " ".join(sorted(str(messages[-1].content).removeprefix(asked("")).split()))

        model.script = reply
        tool = create_tool_maker(model, sandbox=sandbox, deciding_model="maker").invoke(sorting_task())
        assert tool.source == sorter(PLAIN)

    @pytest.mark.slow
    def test_an_interrupt_asks_and_the_run_is_resumed(self, sandbox: Sandbox) -> None:
        """The maker is a node of a graph; finished steps are not repeated."""

        class State(TypedDict, total=False):
            tool: str

        calls: list[str] = []
        model = sorting_model(sorter(PLAIN), sorter(ANY_CASE))
        writes = model.script

        def counted(messages: list[BaseMessage]) -> Any:
            calls.append(str(messages[0].content)[:10])
            return writes(messages)

        model.script = counted
        maker = create_tool_maker(model, sandbox=sandbox, review=lambda each: interrupt(each.model_dump(mode="json")))
        graph = StateGraph(State)
        graph.add_node("make", lambda _: {"tool": maker.invoke(sorting_task()).dump()})
        graph.add_edge(START, "make")
        graph.add_edge("make", END)
        compiled = graph.compile(checkpointer=InMemorySaver())
        config: Any = {"configurable": {"thread_id": "1"}}
        state = compiled.invoke({}, config)
        asked_about = []
        while "__interrupt__" in state:
            asked_about.append(state["__interrupt__"][0].value)
            state = compiled.invoke(Command(resume=asked_about[-1]["answers"][1]), config)
        assert len(asked_about) == 5
        assert len({each["question"] for each in asked_about}) == 5
        assert json.loads(state["tool"])["source"] == sorter(ANY_CASE)
        assert len([each for each in calls if each != "Read the a"]) == 2


@pytest.mark.parametrize("wrong", [{"second_attempts": -1}, {"deciding_samples": 0}])
def test_numbers_that_are_too_small_are_refused(sandbox: Sandbox, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be at least 0, and deciding_samples at least 1"):
        sorting_maker(sandbox, PLAIN, **wrong)


def test_a_report_without_a_comparison_does_not_mention_it(sandbox: Sandbox) -> None:
    """Records from before the check keep their ids."""
    report = sorting_maker(sandbox, PLAIN, second_attempts=0).invoke(sorting_task()).report
    assert "comparison" not in report.model_dump(mode="json")
    compared = report.model_copy(update={"comparison": Comparison(functions=2, inputs=3, agreed=3)})
    assert compared.model_dump(mode="json")["comparison"]["inputs"] == 3
    assert type(report).model_validate(compared.model_dump(mode="json")) == compared


def test_long_requests_are_shortened_in_the_record_and_whole_for_a_person(sandbox: Sandbox) -> None:
    long = asked(" ".join(["yak", "Zebra"] * 200))
    seen: list[str] = []
    tool = sorting_maker(sandbox, PLAIN, ANY_CASE, review=lambda each: seen.append(each.question)).invoke(
        sorting_task(requests=(long,))
    )
    assert seen[0] == long
    difference = comparison_of(tool).differences[0]
    assert len(difference.question) == 1_000
    assert max(len(each or "") for each in difference.answers) == 1_000


@pytest.mark.slow
def test_a_decision_on_a_long_request_is_recorded_once(sandbox: Sandbox) -> None:
    long = asked(" ".join(["yak", "Zebra"] * 200))
    tool = sorting_maker(sandbox, PLAIN, ANY_CASE, review=lambda each: each.answers[1]).invoke(
        sorting_task(requests=(long,))
    )
    assert [each.decided_by for each in comparison_of(tool).differences] == ["person"] * 5
    assert long in {case.question for case in tool.report.cases}


@pytest.mark.slow
def test_for_searched_programs_the_most_informative_row_is_asked_first(sandbox: Sandbox) -> None:
    """That row splits the programs in halves. A row that splits them like an earlier one comes after the others."""
    values = ("text.upper()", "text.upper()[:40]", "text.split()[0].upper()", "text.split()[0].upper()[:8]")

    def search(problem: Problem, _: float) -> list[Program]:
        head = f"def {problem.name}(text: str) -> str:\n"
        return [Program(f"{head}    return {value}\n", cost, str) for cost, value in enumerate(values)]

    solved = [({"text": word}, word.upper()) for word in ("fig", "plum", "pear", "lime", "yew", "oak")]
    rows = [{"text": text} for text in ("plum-tree", "fig-trees", "red and blue oak", "x y " * 11)]
    maker = create_tool_maker(None, sandbox=sandbox, search=search)

    asked = comparison_of(maker.invoke(rows_task(solved, rows=tuple(rows)))).differences

    of_rows = [json.loads(each.question)["text"] for each in asked if json.loads(each.question) in rows]
    assert of_rows[:3] == ["red and blue oak", "x y " * 11, "plum-tree"]
    assert set(asked[0].answers) == {"RED AND BLUE OAK", "RED"}
