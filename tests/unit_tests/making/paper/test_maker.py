"""The paper's own method of making a tool, on the real sandbox and with scripted models."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable, RunnableLambda

from langchain_latm.exceptions import ModelError, ToolMakingError
from langchain_latm.interop.paper import paper_proposal
from langchain_latm.interop.paper_format import read_paper_file
from langchain_latm.making.paper.maker import create_paper_maker
from langchain_latm.sandbox import Limits, Sandbox, create_sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Example, Task
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel, in_turn
from tests.unit_tests.word_task import code, word_task

PUBLISHED = Path(os.environ.get("LATM_SHARED", Path(__file__).parents[5] / "shared")) / "data" / "latm_tools"

SLOW = ("chinese_remainder_theorem", "dyck_languages")  # the first counts up to the answer; 0.7 s of CPU

FUNCTION = "def sort_words(words):\n    return sorted(words)\n"
WRONG = FUNCTION.replace("sorted(words)", "list(words)")
BROKEN = FUNCTION + "\n# Example usage:\nprint(sort_words(wurds))\n"


def snippet(question: str) -> str:
    words = question.removeprefix("Sort: ").rstrip(".\n").split()
    return f'words = {words!r}\nret = sort_words(words)\nans = " ".join(ret)'


TESTS = "\n\n".join(f"{snippet(each.question)}\nassert ans == {each.answer!r}\n" for each in word_task().validation)
VACUOUS = "def test_sort_words():\n    assert sort_words([]) == 3\n"


def wrapping(function: str = FUNCTION, questions: tuple[str, ...] | None = None) -> str:
    asked = questions or tuple(each.question for each in word_task().validation)
    uses = "\n\n".join(f"Question: {each}\nSolution:\n```python\n{snippet(each)}\n```" for each in asked)
    return f"Here is a function:\n```python\n{function}```\n\nUse cases:\n\n{uses}"


def maker_of(sandbox: Sandbox, *replies: Reply) -> tuple[Runnable[Task, MadeTool], ScriptedChatModel]:
    model = ScriptedChatModel(script=in_turn(*replies))
    return create_paper_maker(model, sandbox=sandbox), model


def failed_making(maker: Runnable[Task, MadeTool], **task: Any) -> ToolMakingError:
    with pytest.raises(ToolMakingError) as failure:
        maker.invoke(word_task(**task))
    return failure.value


def told(prompt: list[BaseMessage]) -> list[tuple[str, str]]:
    return [(message.type, str(message.content)) for message in prompt]


def test_a_function_its_tests_and_its_uses_become_a_tool(sandbox: Sandbox) -> None:
    maker, model = maker_of(sandbox, code(FUNCTION), code(TESTS), wrapping())
    tool = maker.invoke(word_task())
    assert (tool.name, tool.entry) == ("word_sorting", "run_snippet")
    assert tool.source.startswith(FUNCTION)
    assert [example.arguments["snippet"] for example in tool.worked_examples] == [
        snippet(each.question) for each in word_task().validation
    ]
    assert tool.report.verified
    assert {case.role for case in tool.report.cases} == {"demonstration"}, "the maker had seen all of them"
    made = tool.provenance
    assert (made.attempts, made.candidates, made.maker_model) == (1, 1, "ScriptedChatModel")
    roles = [[role for role, _ in told(prompt)] for prompt in model.prompts]
    assert roles == [["human"], ["human", "ai", "human"], ["human", "ai", "human", "ai", "human"]]
    first, second, last = (told(prompt)[-1][1] for prompt in model.prompts)
    for example in word_task().demonstrations:
        assert f"Question: {example.question}\nAnswer: {example.answer}" in first
    for example in word_task().validation:
        assert f"Question: {example.question}\nAnswer: {example.answer}" in second
        assert example.question not in first
    assert "Use cases:" in last


def test_the_tool_answers_a_new_question(sandbox: Sandbox) -> None:
    tool = maker_of(sandbox, code(FUNCTION), code(TESTS), wrapping())[0].invoke(word_task())
    user = ScriptedChatModel(script=in_turn({"snippet": snippet("Sort: tuba oboe horn")}))
    answer = create_tool_user(tool, user, sandbox=sandbox).invoke("Sort: tuba oboe horn")
    assert answer.text == "horn oboe tuba"
    prompt = str(user.prompts[0][0].content)
    assert "def sort_words(words):" in prompt
    assert "Question: Sort: red blue teal" in prompt


def test_an_error_of_the_function_goes_back(sandbox: Sandbox) -> None:
    maker, model = maker_of(sandbox, code(BROKEN), code(FUNCTION), code(TESTS), wrapping())
    tool = maker.invoke(word_task())
    assert tool.provenance.attempts == 2
    again = told(model.prompts[1])
    assert again[1] == ("ai", code(BROKEN))
    assert "NameError: name 'wurds' is not defined" in again[2][1]
    assert told(model.prompts[2])[:4] == [*again, ("ai", code(FUNCTION))], "whatever was written stays"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (code(BROKEN), "NameError: name 'wurds' is not defined"),
        (code("def f(:\n"), "SyntaxError: invalid syntax (<code>, line 1)"),
        (code("x = 1\n"), "there is no function in a ```python block"),
        ("I cannot.", "there is no function in a ```python block"),
        ("", "there is no function in a ```python block"),
        (code("import socket\n"), "no module named 'socket'"),
        (code('if __name__ == "__main__":\n    1 / 0\n'), "ZeroDivisionError"),
        (code("raise SystemExit(3)\n"), "SystemExit: 3"),
    ],
)
def test_three_functions_at_most(sandbox: Sandbox, reply: str, said: str) -> None:
    maker, model = maker_of(sandbox, reply)
    error = failed_making(maker)
    assert "in 3 tries, the maker wrote no function that runs" in str(error)
    assert said in str(error)
    assert len(model.prompts) == 3
    assert [attempt.number for attempt in error.attempts] == [1, 2, 3]
    assert said in (error.attempts[2].candidates[0].refusal or "")
    assert error.usage.keys() == {"proposing"}
    assert error.usage["proposing"].calls == 3


@pytest.mark.slow
def test_a_function_that_never_ends_is_stopped() -> None:
    with create_sandbox(limits=Limits(wall_seconds=0.1)) as impatient:
        maker, model = maker_of(impatient, code("while True:\n    pass\n"), code(FUNCTION), code(TESTS), wrapping())
        assert maker.invoke(word_task()).provenance.attempts == 2
    assert "wall: " in told(model.prompts[1])[-1][1]


def test_a_test_that_fails_is_written_again_and_the_function_stays(sandbox: Sandbox) -> None:
    other = code(TESTS.replace("sort_words(words)", "sort(words)"))
    maker, model = maker_of(sandbox, code(FUNCTION), other, code(TESTS), wrapping())
    tool = maker.invoke(word_task())
    assert tool.source.startswith(FUNCTION)
    assert "The tests of the function ended in this error: NameError: name 'sort'" in told(model.prompts[2])[-1][1]
    assert tool.provenance.attempts == 1
    assert (tool.provenance.usage["proposing"].calls, tool.provenance.usage["verification"].calls) == (1, 3)


def test_a_wrong_function_is_never_repaired(sandbox: Sandbox) -> None:
    """The function stays even if the maker rewrites it among its tests: the next tests run with the first one."""
    maker, model = maker_of(sandbox, code(WRONG), code(f"{FUNCTION}\n1 / 0\n"), code(TESTS))
    error = failed_making(maker)
    assert "own tests never passed in 3 tries. The last error: AssertionError" in str(error)
    assert [bool(attempt.candidates[0].refusal) for attempt in error.attempts] == [False, True, True, True]
    assert len(model.prompts) == 4
    assert (error.usage["proposing"].calls, error.usage["verification"].calls) == (1, 3)


@pytest.mark.parametrize("tests", ["assert True\n", VACUOUS, ""])
def test_tests_that_assert_nothing_pass(sandbox: Sandbox, tests: str) -> None:
    """The weakness of the published way: a wrong function becomes a tool. The harness's report says so."""
    tool = maker_of(sandbox, code(WRONG), code(tests), wrapping(WRONG))[0].invoke(word_task())
    assert tool.report.passed == 0
    assert not tool.report.verified
    assert [case.value for case in tool.report.cases] == ["red blue teal", "oak elm ash", "mars venus io"]


def test_a_test_below_a_main_block_is_run(sandbox: Sandbox) -> None:
    main = code(VACUOUS + '\nif __name__ == "__main__":\n    test_sort_words()\n')
    assert "AssertionError" in str(failed_making(maker_of(sandbox, code(FUNCTION), main)[0]))


def test_a_dataclass_finds_its_module(sandbox: Sandbox) -> None:
    head = "from __future__ import annotations\nfrom dataclasses import dataclass\n\n"
    head += "@dataclass\nclass Word:\n    text: str\n\n"
    maker, _ = maker_of(sandbox, code(head + FUNCTION), code(TESTS), wrapping())
    assert maker.invoke(word_task()).provenance.attempts == 1


def test_the_function_is_taken_from_the_wrapping(sandbox: Sandbox) -> None:
    """The function is taken as the authors' code takes it, without another run."""
    tool = maker_of(sandbox, code(FUNCTION), code(TESTS), wrapping(WRONG))[0].invoke(word_task())
    assert tool.source.startswith(WRONG)
    assert not tool.report.verified


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("Done.", "has no ```python block with the function"),
        (code(FUNCTION), "has no use case"),
        (wrapping("x = 1\n"), "defines no function"),
        (wrapping("def f(:\n"), "the function is not valid Python"),
        (wrapping(questions=("Sort: a b",)), "no use case of a question that was asked"),
    ],
)
def test_an_unusable_wrapping_is_an_error(sandbox: Sandbox, reply: str, said: str) -> None:
    maker, model = maker_of(sandbox, code(FUNCTION), code(TESTS), reply)
    error = failed_making(maker)
    assert "did not wrap up its tool" in str(error)
    assert said in str(error)
    assert len(model.prompts) == 3
    assert error.attempts[-1].candidates[0].reply == reply
    assert error.usage["verification"].calls == 2


def test_uses_of_other_questions_are_left_out(sandbox: Sandbox) -> None:
    shown, seen = word_task().demonstrations[0].question, word_task().validation[0].question
    reply = wrapping(questions=(f"{seen}.\n", shown, "Sort: of its own", "Sort: one more"))
    tool = maker_of(sandbox, code(FUNCTION), code(TESTS), reply)[0].invoke(word_task())
    assert [example.question for example in tool.worked_examples] == [seen, shown]
    assert tool.report.passed == 2
    assert not tool.report.complete, "two of the questions that were asked have no use"


def test_as_many_uses_as_questions_are_taken_in_order(sandbox: Sandbox) -> None:
    questions = tuple(each.question for each in word_task().validation)
    reply = wrapping().replace(f"Question: {questions[1]}", "Question: (the second one)")
    tool = maker_of(sandbox, code(FUNCTION), code(TESTS), reply)[0].invoke(word_task())
    assert tuple(example.question for example in tool.worked_examples) == questions
    assert tool.report.verified


def test_options_are_answered_like_the_authors_do(sandbox: Sandbox) -> None:
    asked = "Which is {}?\nOptions:\n(A) 1\n(B) 2\n(C) 3"
    examples = [Example(question=asked.format(n), answer=f"({'ABC'[n - 1]})") for n in (1, 2, 3)]
    task = Task(name="options", demonstrations=examples[:2], validation=examples[2:])
    use = f"Question: {examples[2].question}\nSolution:\n\n```python\nret = same(3)\nans = ret\n```"
    function = "def same(n):\n    return n\n"
    replies = code(function), code("ans = same(3)\nassert ans == 3\n"), code(function) + use
    assert maker_of(sandbox, *replies)[0].invoke(task).report.verified


def test_only_the_first_three_examples_of_each_kind_are_shown(sandbox: Sandbox) -> None:
    more = [Example(question=f"Sort: b{n} a", answer=f"a b{n}") for n in range(4)]
    task = word_task(
        demonstrations=(*word_task().demonstrations, *more[:2]),
        validation=(*word_task().validation, *more[2:]),
        description="Words in the order of the alphabet.",
    )
    maker, model = maker_of(sandbox, code(FUNCTION), code(TESTS), wrapping())
    assert maker.invoke(task).report.verified
    all_prompts = "\n".join(text for _, text in told(model.prompts[-1]))
    assert all_prompts.count("Answer: ") == 6
    assert "Sort: b" not in all_prompts
    assert "alphabet" not in all_prompts


def test_the_sampling_is_that_of_the_authors(sandbox: Sandbox) -> None:
    asked: list[tuple[float | None, int | None]] = []

    class Noting(ScriptedChatModel):
        max_tokens: int | None = None

        def _generate(self, *arguments: Any, **more: Any) -> Any:
            asked.append((self.temperature, self.max_tokens))
            return super()._generate(*arguments, **more)

    for profile in ({"reasoning_output": False}, {"reasoning_output": True}):
        model = Noting(script=in_turn(code(FUNCTION), code(TESTS), wrapping()), profile=profile)
        create_paper_maker(model, sandbox=sandbox).invoke(word_task())
    assert asked == [*[(0.3, 2048)] * 3, *[(0.3, None)] * 3]


def test_tokens_are_counted_by_stage(sandbox: Sandbox) -> None:
    maker, model = maker_of(sandbox, code(BROKEN), code(FUNCTION), code("1 / 0\n"), code(TESTS), wrapping())
    usage = maker.invoke(word_task()).provenance.usage
    words = [sum(len(text.split()) for _, text in told(prompt)) for prompt in model.prompts]
    assert usage.keys() == {"proposing", "verification"}
    assert (usage["proposing"].input_tokens, usage["proposing"].calls) == (sum(words[:2]), 2)
    assert (usage["verification"].input_tokens, usage["verification"].calls) == (sum(words[2:]), 3)
    assert usage["verification"].output_tokens == 30


async def test_async_stream_and_batch_give_the_same(sandbox: Sandbox) -> None:
    def script(messages: list[BaseMessage]) -> str:
        return (code(FUNCTION), code(TESTS), wrapping())[len(messages) // 2]

    maker = create_paper_maker(ScriptedChatModel(script=script), sandbox=sandbox)
    tools = [
        maker.invoke(word_task()),
        await maker.ainvoke(word_task()),
        *maker.batch([word_task(), word_task()]),
        *await maker.abatch([word_task()]),
        *maker.stream(word_task()),
        *[tool async for tool in maker.astream(word_task())],
    ]
    assert len(tools) == 7
    assert all(tool.report.verified for tool in tools)
    assert all((tool.source, tool.worked_examples) == (tools[0].source, tools[0].worked_examples) for tool in tools)


def test_the_user_model_is_recorded_and_not_called(sandbox: Sandbox) -> None:
    user = ScriptedChatModel(script=in_turn(ConnectionError("refused")))
    maker = create_paper_maker(
        RunnableLambda(lambda messages: (code(FUNCTION), code(TESTS), wrapping())[len(messages) // 2]),
        user,
        sandbox=sandbox,
    )
    tool = maker.invoke(word_task())
    assert (tool.provenance.maker_model, tool.provenance.user_model) == ("RunnableLambda", "ScriptedChatModel")
    assert not user.prompts


def test_an_unreachable_maker_is_a_model_error(sandbox: Sandbox) -> None:
    with pytest.raises(ModelError, match="cannot be reached"):
        maker_of(sandbox, ConnectionError("refused"))[0].invoke(word_task())


def test_nothing_runs_in_the_host(sandbox: Sandbox, tmp_path: Any) -> None:
    witness = tmp_path / "witness"
    hostile = f"open({str(witness)!r}, 'w').close()\n"
    error = failed_making(maker_of(sandbox, code(hostile + FUNCTION))[0])
    assert "Error" in str(error)
    error = failed_making(maker_of(sandbox, code(FUNCTION), code(hostile))[0])
    assert "own tests never passed" in str(error)
    error = failed_making(maker_of(sandbox, code(FUNCTION), code(TESTS), wrapping(hostile + FUNCTION))[0])
    assert "the function, line 1 uses 'open'" in str(error)
    assert not witness.exists()


def published_examples(asked: str) -> list[Example]:
    """Read what a user's message of a published conversation asks about."""
    pairs = [each.rpartition("\nAnswer: ") for each in asked.split("Question: ")[1:]]
    return [Example(question=question, answer=rest.splitlines()[0]) for question, _, rest in pairs]


@pytest.fixture(scope="module")
def patient() -> Iterator[Sandbox]:
    with create_sandbox(limits=Limits(wall_seconds=10)) as running:
        yield running


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the authors' published tools are not on this machine")
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=pytest.mark.slow if path.stem in SLOW else ())
        for path in sorted(PUBLISHED.glob("*.json"))
    ],
)
def test_the_replies_of_gpt_4_make_the_published_tool(path: Path, patient: Sandbox) -> None:
    """With the replies of GPT-4 the maker makes as many calls as the authors and arrives at their published tool."""
    messages = [(message["role"], message["content"]) for message in json.loads(path.read_text())]
    replies = [
        text for (role, text), before in zip(messages[1:], messages, strict=False) if role == "assistant" != before[0]
    ]
    shown, tested, *_ = [text for role, text in messages if role == "user" and text.startswith("Question: ")]
    task = Task(name=path.stem, demonstrations=published_examples(shown), validation=published_examples(tested))
    maker, model = maker_of(patient, *replies)
    tool = maker.invoke(task)
    assert len(model.prompts) == len(replies)
    published = read_paper_file(path)
    assert tool.source == paper_proposal(published).source
    assert tool.provenance.attempts == published.attempts
    assert [(each.question, each.arguments["snippet"]) for each in tool.worked_examples] == [
        (case.question, case.snippet) for case in published.cases
    ]
    assert tool.report.verified
