"""The tool user, on the real sandbox and with scripted models."""

from __future__ import annotations

from typing import Any

import openai
import pytest
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableLambda
from openai.types.chat import ChatCompletion

from langchain_latm.exceptions import ModelError, ToolUseError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.sandbox import Sandbox
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from langchain_latm.tools.arguments_reader import signature_text
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user
from langchain_latm.types import Answer
from tests.unit_tests.counting_sandbox import CountingSandbox
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel, in_turn
from tests.unit_tests.word_task import GOOD, both_roles, code, question_in, read_words, word_task

QUESTION = "Sort: lime kiwi date"


@pytest.fixture(scope="module")
def tool(sandbox: Sandbox) -> MadeTool:
    model = ScriptedChatModel(script=both_roles(in_turn(code(GOOD))))
    return create_tool_maker(model, sandbox=sandbox, candidates=1).invoke(word_task())


def test_answers_with_the_tool(tool: MadeTool, sandbox: Sandbox) -> None:
    model = ScriptedChatModel(script=read_words)
    answer = create_tool_user(tool, model, sandbox=sandbox).invoke(QUESTION)
    assert (answer.question, answer.text) == (QUESTION, "date kiwi lime")
    assert answer.tool_use is not None
    assert answer.tool_use.arguments == {"words": ["lime", "kiwi", "date"]}
    assert (answer.tool_use.tool, answer.tool_use.tool_id) == ("word_sorting", tool.id)
    assert answer.usage["using"].calls == 1
    assert answer.usage["using"].input_tokens > 0


async def test_async_and_batches_answer_the_same(tool: MadeTool, sandbox: Sandbox) -> None:
    user = create_tool_user(tool, ScriptedChatModel(script=read_words), sandbox=sandbox)
    assert (await user.ainvoke(QUESTION)).text == "date kiwi lime"
    assert [a.text for a in await user.abatch([QUESTION, "Sort: b a"])] == ["date kiwi lime", "a b"]
    assert [a.text for a in user.batch([QUESTION, "Sort: b a"])] == ["date kiwi lime", "a b"]


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_a_batch_calls_the_function_once_for_all_that_is_parsed(sandbox: Sandbox, asynchronous: bool) -> None:
    """Other wording is read by the model; a row that fails does not affect the others."""
    source = GOOD.replace("    return", "    assert words != ['bad']\n    return")
    slot = Slot(name="words", form="texts", gaps=(0,), separator=" ")
    parser = RequestParser(literals=("Sort: ", ""), slots=(slot,))
    parsed = made_tool(source=source, parser=parser, read_by=("parser",))
    both = made_tool(source=source, parser=parser, read_by=("parser", "model"))
    model = ScriptedChatModel(script=lambda messages: {"words": question_in(messages).split()[-2:]})
    asked = ["Sort: d c", "Please sort d c", "Sort: bad", "Sort: b a"]
    found = {}
    for name, tool in {"parsed": parsed, "both": both}.items():
        counting = CountingSandbox(sandbox)
        user = create_tool_user(tool, model, sandbox=counting)
        batch = user.abatch(asked, return_exceptions=True) if asynchronous else None
        outcomes = user.batch(asked, return_exceptions=True) if batch is None else await batch
        assert counting.batches[0] == ("sort_words", "", 3), name
        assert len(counting.batches) == (1 if name == "parsed" else 3), "only what the model reads is called again"
        found[name] = [each.text if isinstance(each, Answer) else type(each).__name__ for each in outcomes]
        failed = next(each for each in outcomes if not isinstance(each, Answer)) if name == "parsed" else None
        assert failed is None or "no model was proven to read it" in str(failed)
    assert found == {
        "parsed": ["c d", "ToolUseError", "ToolUseError", "a b"],
        "both": ["c d", "c d", "Sort: bad", "a b"],
    }
    with pytest.raises(ToolUseError, match="word_sorting failed on 'Sort: bad': exception: AssertionError"):
        create_tool_user(parsed, sandbox=sandbox).batch(["Sort: d c", "Sort: bad"])


def test_the_prompt_holds_signature_and_worked_examples_but_no_body(tool: MadeTool, sandbox: Sandbox) -> None:
    model = ScriptedChatModel(script=read_words)
    create_tool_user(tool, model, sandbox=sandbox).invoke(QUESTION)
    (prompt,) = model.prompts
    told = str(prompt[0].content)
    assert "def sort_words(words: list[str]) -> str:" in told
    assert 'Question: Sort: pear fig apple\nArguments: {"words": ["pear", "fig", "apple"]}' in told
    assert "sorted(words)" not in told
    assert "mars venus io" not in told


def test_invalid_arguments_go_back_once_with_the_error(tool: MadeTool, sandbox: Sandbox) -> None:
    model = ScriptedChatModel(script=in_turn({"word": "lime"}, {"words": ["lime", "kiwi"]}))
    answer = create_tool_user(tool, model, sandbox=sandbox).invoke(QUESTION)
    assert answer.text == "kiwi lime"
    assert answer.usage["using"].calls == 2
    assert "words: Field required" in str(model.prompts[1][-1].content)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"words": 3}, "words: Input should be a valid list"),
        ({"words": ["a"], "order": "up"}, "order: Extra inputs are not permitted"),
        ("", "the reply is empty"),
        ("I do not know.", "the reply holds no JSON object"),
        ('{"words": ["a", ', "the reply holds no JSON object"),
        ("{" * 100_000, "the reply holds no JSON object"),
    ],
)
def test_invalid_twice_is_a_clear_failure_and_no_guess(
    tool: MadeTool, sandbox: Sandbox, reply: Any, reason: str
) -> None:
    model = ScriptedChatModel(script=in_turn(reply))
    with pytest.raises(ToolUseError, match="no valid arguments") as failure:
        create_tool_user(tool, model, sandbox=sandbox).invoke(QUESTION)
    assert reason in str(failure.value)
    assert failure.value.usage.calls == 2
    assert failure.value.question == QUESTION


@pytest.mark.parametrize(
    "reply",
    [
        '{"words": ["lime", "kiwi", "date"]}',
        'Sure:\n```json\n{"words": ["lime", "kiwi", "date"]}\n```',
        '{"name": "sort_words", "arguments": {"words": ["lime", "kiwi", "date"]}}',
    ],
)
def test_json_in_the_text_of_a_reply_is_read(tool: MadeTool, sandbox: Sandbox, reply: str) -> None:
    """Small models often write the call as text instead of making it."""
    model = ScriptedChatModel(script=in_turn(reply))
    assert create_tool_user(tool, model, sandbox=sandbox).invoke(QUESTION).text == "date kiwi lime"


def test_a_runnable_that_is_not_a_chat_model_may_write_json(tool: MadeTool, sandbox: Sandbox) -> None:
    plain: RunnableLambda[Any, Any] = RunnableLambda(lambda _: AIMessage('{"words": ["b", "a"]}'))
    assert create_tool_user(tool, plain, sandbox=sandbox).invoke("Sort: b a").text == "a b"


def test_a_reply_cut_off_by_the_provider_is_asked_for_again(tool: MadeTool, sandbox: Sandbox) -> None:
    completion = ChatCompletion.model_validate(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [],
            "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12},
        }
    )
    cut = openai.LengthFinishReasonError(completion=completion)
    model = ScriptedChatModel(script=in_turn(cut, {"words": ["b", "a"]}))
    answer = create_tool_user(tool, model, sandbox=sandbox).invoke("Sort: b a")
    assert answer.text == "a b"
    assert answer.usage["using"].calls == 2
    assert answer.usage["using"].output_tokens == 15


def test_arguments_of_a_call_that_was_cut_are_not_used(tool: MadeTool, sandbox: Sandbox) -> None:
    """A client closes the brackets of a call that was cut, so that its arguments look whole."""
    call = {"name": "sort_words", "args": {"words": ["lime"]}, "id": "1"}
    cut = AIMessage("", tool_calls=[call], response_metadata={"finish_reason": "length"})
    model = ScriptedChatModel(script=in_turn(cut, {"words": ["lime", "kiwi", "date"]}))
    answer = create_tool_user(tool, model, sandbox=sandbox).invoke(QUESTION)
    assert (answer.text, answer.usage["using"].calls) == ("date kiwi lime", 2)
    with pytest.raises(ToolUseError, match="cut off at its longest allowed length"):
        create_tool_user(tool, ScriptedChatModel(script=in_turn(cut)), sandbox=sandbox).invoke(QUESTION)


def test_a_word_that_is_not_in_the_question_goes_back_once(tool: MadeTool, sandbox: Sandbox) -> None:
    """In every worked example the words were copied, so a misspelt one is no argument."""
    model = ScriptedChatModel(script=in_turn({"words": ["lime", "kiwis"]}, {"words": ["lime", "kiwi", "date"]}))
    assert create_tool_user(tool, model, sandbox=sandbox).invoke(QUESTION).text == "date kiwi lime"
    assert "'kiwis' does not stand in the question" in str(model.prompts[1][-1].content)


def test_an_invented_word_twice_is_a_failure_and_no_guess(tool: MadeTool, sandbox: Sandbox) -> None:
    model = ScriptedChatModel(script=in_turn({"words": ["lime", "kiwis"]}))
    with pytest.raises(ToolUseError, match="'kiwis' does not stand in the question"):
        create_tool_user(tool, model, sandbox=sandbox).invoke(QUESTION)


def test_case_and_white_space_of_copied_words_do_not_count(tool: MadeTool, sandbox: Sandbox) -> None:
    model = ScriptedChatModel(script=in_turn({"words": ["Lime", " kiwi"]}))
    create_tool_user(tool, model, sandbox=sandbox).invoke(QUESTION)
    assert len(model.prompts) == 1


def test_a_parameter_that_was_not_always_copied_may_hold_other_words(tool: MadeTool, sandbox: Sandbox) -> None:
    translated = {"question": "Sort: zwei", "arguments": {"words": ["two"]}, "answer": "two"}
    free = MadeTool.model_validate(
        {**tool.model_dump(), "worked_examples": [*tool.model_dump()["worked_examples"], translated], "id": ""}
    )
    model = ScriptedChatModel(script=in_turn({"words": ["lemon"]}))
    assert create_tool_user(free, model, sandbox=sandbox).invoke(QUESTION).text == "lemon"


@pytest.mark.parametrize(
    ("profile", "limit"), [({"reasoning_output": False}, 128 + len(QUESTION)), ({}, None), (None, None)]
)
def test_only_a_model_that_does_not_reason_has_a_token_limit(
    tool: MadeTool, sandbox: Sandbox, profile: Any, limit: int | None
) -> None:
    limits: list[int | None] = []

    class Noting(ScriptedChatModel):
        max_tokens: int | None = None

        def _generate(self, *arguments: Any, **more: Any) -> Any:
            limits.append(self.max_tokens)
            return super()._generate(*arguments, **more)

    create_tool_user(tool, Noting(script=read_words, profile=profile), sandbox=sandbox).invoke(QUESTION)
    assert limits == [limit]


def test_a_tool_that_fails_is_a_clear_failure(tool: MadeTool, sandbox: Sandbox) -> None:
    changes = {"source": GOOD.replace("sorted(words)", "sorted(words[5])"), "id": ""}
    broken = MadeTool.model_validate({**tool.model_dump(), **changes})
    with pytest.raises(ToolUseError, match=r"word_sorting failed on .*IndexError"):
        create_tool_user(broken, ScriptedChatModel(script=read_words), sandbox=sandbox).invoke(QUESTION)


def test_a_question_that_no_model_could_read_costs_nothing(tool: MadeTool, sandbox: Sandbox) -> None:
    model = ScriptedChatModel(script=read_words)
    with pytest.raises(ToolUseError, match="10,000,000 characters"):
        create_tool_user(tool, model, sandbox=sandbox).invoke("x" * 10_000_000)
    assert not model.prompts


def test_a_lone_surrogate_in_a_question_costs_nothing(tool: MadeTool, sandbox: Sandbox) -> None:
    model = ScriptedChatModel(script=read_words)
    with pytest.raises(ToolUseError, match="decode it as UTF-8"):
        create_tool_user(tool, model, sandbox=sandbox).invoke("Sort: \ud800 b")
    assert not model.prompts


def test_an_unreachable_model_is_a_model_error(tool: MadeTool, sandbox: Sandbox) -> None:
    model = ScriptedChatModel(script=in_turn(ConnectionError("refused")))
    with pytest.raises(ModelError, match="cannot be reached"):
        create_tool_user(tool, model, sandbox=sandbox).invoke(QUESTION)


def test_hostile_text_in_a_question_stays_text(tool: MadeTool, sandbox: Sandbox) -> None:
    question = 'Sort: {words} {0} __import__("os") %s'
    answer = create_tool_user(tool, ScriptedChatModel(script=read_words), sandbox=sandbox).invoke(question)
    assert answer.tool_use is not None
    assert answer.tool_use.arguments["words"] == ["{words}", "{0}", '__import__("os")', "%s"]


def test_the_signature_is_shown_without_body_and_decorators() -> None:
    source = 'import functools\n@functools.cache\ndef f(n: int = 2) -> str:\n    """Doc."""\n    return str(n)\n'
    assert signature_text(source, "f") == 'def f(n: int=2) -> str:\n    """Doc."""'
    with pytest.raises(ValueError, match="no function 'g'"):
        signature_text(source, "g")


class TestParsers:
    """A tool whose parser knows requests that begin with "Arrange these words"."""

    KNOWN = "Arrange these words: lime kiwi date"
    PARSER = RequestParser(literals=("Arrange these words: ", ""), slots=(Slot(name="words", form="texts", gaps=(0,)),))

    def tool(self, **changes: Any) -> MadeTool:
        return made_tool(**{"parser": self.PARSER, "read_by": ("parser", "model"), **changes})

    async def test_a_known_request_needs_no_model(self, sandbox: Sandbox) -> None:
        model = ScriptedChatModel(script=lambda _messages: ConnectionError("nobody is there"))
        user = create_tool_user(self.tool(), model, sandbox=sandbox)
        for answer in (user.invoke(self.KNOWN), await user.ainvoke(self.KNOWN)):
            assert answer.text == "date kiwi lime"
            assert answer.usage["using"].calls == 0
        assert model.prompts == []

    def test_another_request_is_read_by_the_model(self, sandbox: Sandbox) -> None:
        user = create_tool_user(self.tool(), ScriptedChatModel(script=read_words), sandbox=sandbox)
        answer = user.invoke(QUESTION)
        assert (answer.text, answer.usage["using"].calls) == ("date kiwi lime", 1)

    def test_no_model_reads_that_was_not_proven_to(self, sandbox: Sandbox) -> None:
        model = ScriptedChatModel(script=read_words)
        user = create_tool_user(self.tool(read_by=("parser",)), model, sandbox=sandbox)
        with pytest.raises(ToolUseError, match="no model was proven to read"):
            user.invoke(QUESTION)
        assert model.prompts == []

    def test_an_untried_model_is_proven_with_the_first_request_that_needs_it(self, sandbox: Sandbox) -> None:
        model = ScriptedChatModel(script=read_words)
        user = create_tool_user(self.tool(read_by=("parser", "untried_model")), model, sandbox=sandbox)
        assert user.invoke(self.KNOWN).usage["using"].calls == 0
        first, second = user.invoke(QUESTION), user.invoke(QUESTION)
        unseen = sum(case.role == "validation" for case in self.tool().report.cases)
        assert unseen > 0
        assert (first.text, first.usage["using"].calls) == ("date kiwi lime", unseen + 1)
        assert (second.text, second.usage["using"].calls) == ("date kiwi lime", 1)

    @pytest.mark.parametrize("reply", ["no idea", {"words": ["misread"]}])
    def test_an_untried_model_that_misreads_an_unseen_example_reads_no_request(
        self, sandbox: Sandbox, reply: Reply
    ) -> None:
        model = ScriptedChatModel(script=in_turn(reply))
        user = create_tool_user(self.tool(read_by=("parser", "untried_model")), model, sandbox=sandbox)
        with pytest.raises(ToolUseError, match="no model was proven to read"):
            user.invoke(QUESTION)
        asked = len(model.prompts)
        with pytest.raises(ToolUseError, match="no model was proven to read"):
            user.batch([QUESTION])
        assert len(model.prompts) == asked

    def test_what_the_tool_cannot_take_is_read_by_the_model(self, sandbox: Sandbox) -> None:
        source = (
            'def f(words: list[str]) -> str:\n    """Sort."""\n    assert "and" not in words\n    return min(words)\n'
        )
        tool = self.tool(source=source, entry="f")
        model = ScriptedChatModel(script=lambda _messages: {"words": ["b", "a"]})
        answer = create_tool_user(tool, model, sandbox=sandbox).invoke("Arrange these words: b and a")
        assert (answer.text, answer.usage["using"].calls) == ("a", 1)

    def test_a_failure_without_a_proven_model_says_what_went_wrong(self, sandbox: Sandbox) -> None:
        source = GOOD.replace("sorted(words)", "sorted(words[5])")
        user = create_tool_user(self.tool(source=source, read_by=("parser",)), "no such model", sandbox=sandbox)
        with pytest.raises(ToolUseError, match=r"word_sorting failed on .*IndexError") as failure:
            user.invoke(self.KNOWN)
        assert (failure.value.question, failure.value.usage.calls) == (self.KNOWN, 0)

    def test_a_tool_that_fails_on_both_readings_reports_error_and_usage(self, sandbox: Sandbox) -> None:
        source = GOOD.replace("sorted(words)", "sorted(words[5])")
        model = ScriptedChatModel(script=in_turn({"words": []}))
        user = create_tool_user(self.tool(source=source), model, sandbox=sandbox)
        with pytest.raises(ToolUseError, match="IndexError") as failure:
            user.invoke(self.KNOWN)
        assert failure.value.usage.calls == 1

    def test_a_failure_is_reported_though_a_model_read_nothing_either(self, sandbox: Sandbox) -> None:
        source = GOOD.replace("return", 'raise ValueError("day is out of range"); return')
        user = create_tool_user(self.tool(source=source), ScriptedChatModel(script=in_turn("no idea")), sandbox=sandbox)
        with pytest.raises(ToolUseError, match="day is out of range; a model read no other arguments") as caught:
            user.invoke(self.KNOWN)
        assert caught.value.usage.calls == 2

    def test_by_default_the_model_is_the_one_that_it_was_proven_with(self, sandbox: Sandbox) -> None:
        user = create_tool_user(self.tool(), sandbox=sandbox)
        assert user.invoke(self.KNOWN).text == "date kiwi lime"
        with pytest.raises(ModelError, match="provider of the model 'light' is not known"):
            user.invoke("Something else")

    def test_the_model_is_set_up_on_first_use(self, sandbox: Sandbox) -> None:
        user = create_tool_user(self.tool(), "no such model", sandbox=sandbox)
        assert user.invoke(self.KNOWN).text == "date kiwi lime"
        with pytest.raises(ModelError):
            user.invoke(QUESTION)

    async def test_batches_mix_known_requests_and_others(self, sandbox: Sandbox) -> None:
        questions = [self.KNOWN, QUESTION, "Arrange these words: b a"]
        user = create_tool_user(self.tool(), ScriptedChatModel(script=read_words), sandbox=sandbox)
        for answers in (user.batch(questions), await user.abatch(questions)):
            assert [answer.text for answer in answers] == ["date kiwi lime", "date kiwi lime", "a b"]
            assert [answer.usage["using"].calls for answer in answers] == [0, 1, 0]

    def test_a_lone_surrogate_in_a_question_costs_nothing(self, sandbox: Sandbox) -> None:
        model = ScriptedChatModel(script=read_words)
        with pytest.raises(ToolUseError, match="decode it as UTF-8"):
            create_tool_user(self.tool(), model, sandbox=sandbox).invoke("Arrange these words: \ud800 b")
        assert not model.prompts

    def test_hostile_text_in_a_known_request_stays_text(self, sandbox: Sandbox) -> None:
        user = create_tool_user(self.tool(read_by=("parser",)), "no such model", sandbox=sandbox)
        answer = user.invoke('Arrange these words: {words} {0} __import__("os") %s \0')
        assert answer.text == '\0 %s __import__("os") {0} {words}'

    def test_a_long_request_that_is_known_is_answered(self, sandbox: Sandbox) -> None:
        user = create_tool_user(self.tool(read_by=("parser",)), "no such model", sandbox=sandbox)
        assert user.invoke("Arrange these words: " + "b a " * 25_000).text.startswith("a a a")
