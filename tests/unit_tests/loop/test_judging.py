"""Requests that a tool's parser does not read are judged before a model reads them."""

from __future__ import annotations

import random

import pytest
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableLambda

from langchain_latm import Answer, ToolLibrary, library_costs
from langchain_latm._core.flow import run_flow
from langchain_latm.loop import judging
from langchain_latm.loop.judging import Verdicts
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.library import loop_operations_of
from tests.unit_tests.loop_world import KINDS, World, loop, stream
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.scripted_model import Reply

SORT = KINDS["sort"]
TOOL = "put_words_alphabetical_order"
TWIN = "Do not put these words into alphabetical order:"


@pytest.fixture
def world() -> World:
    """Reads words from any text, and answers twins with the unchanged words."""

    def read(text: str) -> Reply:
        return {"words": text.rpartition(": ")[2].split()}

    def answer(text: str) -> Reply | None:
        return f"Answer: {text.rpartition(': ')[2]}" if text.startswith(("Do not", "In no case")) else None

    return World(on_reading=read, on_answering=answer)


def codes(answer: Answer) -> list[str]:
    return [doubt.code for doubt in answer.doubts]


def requests(opening: str, count: int, seed: int = 5) -> list[str]:
    rng = random.Random(seed)
    return [f"{opening} {SORT.draw(rng)}" for _ in range(count)]


def cut(text: str, **stop: str) -> AIMessage:
    """A reply that ended at the limit of tokens."""
    return AIMessage(text, response_metadata=stop or {"finish_reason": "length"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reply", "code", "by_tool"),
    [
        ("no", "different", False),
        ("No.", "different", False),
        ("They ask for the same, yes?\nno", "different", False),
        ("yes", "same", True),
        ("**Yes**", "same", True),
        ("One is a question.\n\nYes.", "same", True),
        ("The answer is yes.", "same", True),
        ("Verdict: **no**", "different", False),
        ("<think>yes, yes, or is it</think>no", "different", False),
        ("yes and no", "unjudged", False),
        ("I would never answer yes", "unjudged", False),
        ("<think>yes, they are alike, but", "unjudged", False),
        (cut("Yes, both ask to order words, but the second one says"), "unjudged", False),
        (cut("yes", stop_reason="max_tokens"), "unjudged", False),
        ("", "unjudged", False),
        ("Yesterday", "unjudged", False),
        (ConnectionError("gone"), "unjudged", False),
    ],
)
def test_verdicts(
    world: World, taught: ToolLibrary, sandbox: Sandbox, reply: Reply, code: str, *, by_tool: bool
) -> None:
    latm = loop(world, taught, sandbox)
    world.on_judging = lambda _text: reply
    (request,) = requests(TWIN, 1)
    answer = latm.invoke(request)
    assert (codes(answer), answer.tool_use is not None) == ([code], by_tool)
    assert (answer.text == request.removeprefix(TWIN).strip()) is not by_tool
    assert answer.doubts[0].tool == TOOL
    assert len(world.judged) == 1
    assert taught.usage(TOOL).uses == by_tool
    kept = run_flow(loop_operations_of(taught).answer(answer.id))
    assert (kept.doubts, kept.meant_for) == (answer.doubts, None)
    assert answer.models.get("judging", "ScriptedChatModel") == "ScriptedChatModel"


def test_the_same_rewording_is_not_judged_again(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, taught, sandbox)
    first, second = requests(TWIN, 2)
    (third,) = requests(f"In no case: {SORT.opening}", 1)
    world.on_judging = lambda _text: "no"
    assert [codes(latm.invoke(each)) for each in (first, first, second)] == [["different"]] * 3
    assert len(world.judged) == 1
    honest = [f"Right now! {each}" for each in requests(SORT.opening, 2, 8)]
    world.on_judging = lambda _text: "yes"
    answers = [latm.invoke(each) for each in (honest[0], f" {honest[0]}", f"{honest[1]} descending")]
    assert [codes(each) for each in answers] == [["same"]] * 3
    assert len(world.judged) == 3  # the same change with other data is judged: it may hold another change
    world.on_judging = lambda _text: "perhaps"
    assert codes(latm.invoke(third)) == ["unjudged"]
    assert codes(latm.invoke(third)) == ["unjudged"]
    assert len(world.judged) == 5


def test_old_verdicts_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_KEPT_VERDICTS", 2)
    verdicts, tool = Verdicts(), made_tool()
    for request in ("a", "b", "c"):
        verdicts.keep(tool, request, (), same=True)
    assert [verdicts.find(tool, request, ()) for request in ("a", "b", "c")] == [None, True, True]


def test_what_judging_took_is_in_the_accounts(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, taught, sandbox)
    before = library_costs(taught).tokens
    answers = [
        latm.invoke(f"{opening} {request}") for request in requests(SORT.opening, 2) for opening in ("Oh!", "Ah!")
    ]
    spent = sum(answer.usage["judging"].total for answer in answers)
    after = library_costs(taught).tokens
    assert (before.deciding, after.deciding) == (0, spent)
    assert spent > 0
    saved = sum(tool.tokens.saved or 0 for tool in library_costs(taught).tools)
    assert after.saved == saved - spent


def test_another_judge_or_none(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    (request,) = requests(f"Right now! {SORT.opening}", 1)
    strict = loop(world, taught, sandbox, judging_model=RunnableLambda(lambda _: "no"))
    assert codes(strict.invoke(request)) == ["different"]
    answer = loop(world, taught, sandbox, judging_model=None).invoke(request)
    assert (codes(answer), answer.tool_use, list(answer.usage)) == (["unjudged"], None, ["answering"])
    assert "there is no judging model" in answer.doubts[0].sentence
    assert world.judged == []


def test_what_the_parser_reads_is_not_judged(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox)
    answers = [latm.invoke(request) for request in stream(["sort"], 12)]
    assert [codes(answer) for answer in answers] == [[]] * 12
    assert [answer.usage for answer in answers[6:]] == [{}] * 6


@pytest.mark.slow
@pytest.mark.parametrize("change", ["descending", "twice", "flipped", "numerically", "and back"])
def test_a_word_that_may_change_the_request_is_judged_though_it_stands_in_the_list(
    world: World, library: ToolLibrary, sandbox: Sandbox, change: str
) -> None:
    latm = loop(world, library, sandbox)
    for request in stream(["sort"], 6):
        latm.invoke(request)
    world.on_judging = lambda _text: "no"
    answer = latm.invoke(f"{SORT.opening} pear fig apple {change}")
    assert (codes(answer), answer.tool_use) == (["different"], None)
    (prompt,) = world.judged
    assert "its data holds what no example has" in prompt


@pytest.mark.usefixtures("no_parsers")
def test_tools_without_a_parser_are_used_as_dispatched(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox)
    answers = [latm.invoke(request) for request in stream(["sort"], 8)]
    assert answers[-1].tool_use is not None
    assert (codes(answers[-1]), world.judged) == ([], [])


def test_the_dispatchers_model_is_not_asked_twice(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox, dispatcher_model=RunnableLambda(lambda _: "1"))
    for request in stream(["sort"], 6):
        latm.invoke(request)
    answer = latm.invoke("These words should be put into alphabetical order for me, thanks: oak elm")
    assert answer.dispatch is not None
    assert (answer.dispatch.by, codes(answer), world.judged) == ("model", ["same"], [])
    assert "the dispatcher's model chose the tool" in answer.doubts[0].sentence


def test_twins_get_a_tool_of_their_own(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox)
    for request in stream(["sort"], 6):
        latm.invoke(request)
    world.on_judging = lambda _text: "no"
    world.on_making = lambda _text: f"```python\n{SORT.source.replace('sorted(words)', 'words')}```"
    twins = requests(f"In no case: {SORT.opening}", 9)
    answers = [latm.invoke(request) for request in twins]
    assert all(answer.text == request.rpartition(": ")[2] for answer, request in zip(answers, twins, strict=True))
    assert len(library.list()) == 2
    assert [answer.tool_use is not None for answer in answers] == [False] * 6 + [True] * 3
    assert [codes(answer) for answer in answers[6:]] == [[]] * 3
    for request in stream(["sort"], 4, 9):
        assert latm.invoke(request).text == SORT.answer(request)


def test_feedback_on_a_twin_teaches_the_tool_nothing(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox, retire_after=1)
    for request in stream(["sort"], 6):
        latm.invoke(request)
    world.on_judging = lambda _text: "no"
    answer = latm.invoke(requests(TWIN, 1)[0])
    told = latm.record_feedback(answer.id, "anything")
    assert (told.tool, told.retired) == (None, False)
    instances, _ = run_flow(loop_operations_of(library).waiting())
    assert [(each.question, each.answer) for each in instances] == [(answer.question, "anything")]


def test_a_model_reads_what_the_tool_failed_on(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    failing = SORT.source.replace("sorted(words)", "sorted(words) if words[0] != 'bad' else 0")
    world.on_making = lambda _text: f"```python\n{failing}```"
    latm = loop(world, library, sandbox)
    for request in stream(["sort"], 6):
        latm.invoke(request)
    world.on_reading = lambda _text: {"words": ["fig"]}
    answer = latm.invoke(f"{SORT.opening} bad fig apple dove")
    assert (answer.text, codes(answer)) == ("fig", ["reread"])


def test_a_parser_that_is_retired_leaves_a_doubt(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox, parser_checks=1.0)
    for request in stream(["sort"], 6):
        latm.invoke(request)
    world.on_reading = lambda _text: {"words": ["fig"]}
    answer = latm.invoke(f"{SORT.opening} pear fig apple dove")
    assert codes(answer) == ["parser"]
    assert library.get(TOOL).parser is None
