"""A request that is more than text alone: earlier messages, other content, a system prompt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, ChatMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.prompts import ChatPromptTemplate
from langgraph.store.memory import InMemoryStore

from langchain_latm import LATM, Answer, ToolLibrary, create_dispatcher
from langchain_latm._core.flow import run_flow
from langchain_latm.loop.context import context_doubts, system_key
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.library import loop_operations_of, operations_of
from tests.unit_tests.loop_world import KINDS, World, loop, stream

SORT = KINDS["sort"]
TOOL = "put_words_alphabetical_order"
DESCENDING = SystemMessage("Always sort in descending order.")
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
PDF = {"type": "file", "base64": "AAAA", "mime_type": "application/pdf"}
AUDIO = {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}


def codes(answer: Answer) -> list[str]:
    return [doubt.code for doubt in answer.doubts]


def told(latm: LATM, *before: BaseMessage, count: int, seed: int = 0) -> list[Answer]:
    return [latm.invoke([*before, HumanMessage(request)]) for request in stream(["sort"], count, seed)]


def with_content(request: str, *blocks: dict[str, Any]) -> HumanMessage:
    return HumanMessage([{"type": "text", "text": request}, *blocks])


def test_a_request_after_others_goes_to_the_strong_model(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, taught, sandbox)
    contexts: list[tuple[str, list[BaseMessage]]] = [
        ("history", [HumanMessage("From now on sort descending."), AIMessage("All right.")]),
        ("history", [HumanMessage("From now on sort descending.")]),
        ("history", [AIMessage("How can I help?")]),
        ("history", [SystemMessage("Be brief."), ToolMessage("3", tool_call_id="1")]),
        ("history", [ChatMessage(content="Sort descending.", role="system")]),
        ("content", [SystemMessage([{"type": "text", "text": "As in the picture."}, IMAGE])]),
    ]
    for code, before in contexts:
        (answer,) = told(latm, *before, count=1, seed=7)
        assert (answer.tool_use, codes(answer), list(answer.usage)) == (None, [code], ["answering"]), before
        assert answer.dispatch is not None
        assert (answer.dispatch.action, answer.dispatch.by) == ("answer", "context"), before


def test_other_content_goes_to_the_strong_model(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, taught, sandbox)
    world.on_answering = lambda _text: "Answer: seen"
    (request,) = stream(["sort"], 1, 7)
    for block in (IMAGE, PDF, AUDIO, {"type": "text-plain", "text": "c b a"}, {"no": "type"}):
        answer = latm.invoke([with_content(request, block)])
        assert (answer.text, answer.tool_use, codes(answer)) == ("seen", None, ["content"]), block
    assert latm.invoke([with_content(request)]).tool_use is not None  # blocks of text are text


def test_the_strong_model_gets_the_whole_conversation(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    model = world.model
    latm = loop(world, library, sandbox, answering_model=model)
    told(latm, count=3)
    (request,) = stream(["sort"], 1, 7)
    said = [HumanMessage("Descending, please."), AIMessage("Yes."), with_content(request, IMAGE)]
    world.on_answering = lambda _text: "Answer: x"
    answer = latm.invoke(said)
    assert codes(answer) == ["history", "content"]
    sent = model.prompts[-1]
    assert [message.content for message in sent[1:]] == [message.content for message in said]


@pytest.mark.slow
def test_nothing_is_learned_from_it(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox)
    plain = told(latm, count=1)[0]
    world.on_answering = lambda _text: "Answer: descending"
    said = [HumanMessage("From now on descending."), AIMessage("Yes."), HumanMessage(plain.question)]
    for _ in range(8):
        later = latm.invoke(said)
    assert library.list() == ()
    assert latm.record_feedback(later.id, "z y x").right is False
    instances, _ = run_flow(loop_operations_of(library).waiting())
    assert [(each.question, each.answer) for each in instances] == [(plain.question, plain.text)]
    world.on_answering = lambda _text: None
    told(latm, count=6, seed=1)
    assert len(library.list()) == 1
    later = latm.invoke(said)
    latm.record_feedback(later.id, "z y x")
    assert "z y x" not in {each.answer for each in run_flow(operations_of(library).examples(TOOL))}


@pytest.mark.slow
def test_a_system_prompt_belongs_to_the_kind(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world, library, sandbox)
    told(latm, count=6)
    backward = SORT.source.replace("sorted(words)", "sorted(words, reverse=True)")
    world.on_making = lambda _text: f"```python\n{backward}```"
    world.on_answering = lambda text: f"Answer: {' '.join(sorted(SORT.answer(text).split(), reverse=True))}"
    answers = told(latm, DESCENDING, count=8, seed=1)
    assert [answer.tool_use is not None for answer in answers] == [False] * 6 + [True] * 2
    assert [codes(answer) for answer in answers] == [["system_prompt"]] * 6 + [[]] * 2
    assert [each.name for each in library.list()] == [TOOL, f"{TOOL}_2"]
    for answer in answers:
        assert answer.text.split() == sorted(answer.text.split(), reverse=True)
    # The same prompt with other white space; the text alone; another prompt.
    spaced = SystemMessage(" Always  sort in\ndescending order. ")
    (same,), (plain,), (other,) = (
        told(latm, *before, count=1, seed=9) for before in ([spaced], [], [SystemMessage("Answer in capitals.")])
    )
    assert same.tool_use is not None
    assert plain.tool_use is not None
    assert (same.tool_use.tool, plain.tool_use.tool) == (f"{TOOL}_2", TOOL)
    assert (other.tool_use, codes(other)) == (None, ["system_prompt"])
    found = create_dispatcher(library).invoke(same.question)
    assert [each.name for each in found.candidates] == [TOOL]


def test_the_system_prompt_of_a_tool_outlives_versions_and_exports(
    world: World, library: ToolLibrary, sandbox: Sandbox, tmp_path: Path
) -> None:
    latm = loop(world, library, sandbox, retire_after=1, retire_share=0.0)
    told(latm, DESCENDING, count=6)
    key = system_key([DESCENDING])
    assert [each.system_key for each in library.list()] == [key]
    library.export_file(tmp_path / "all.json")
    other = ToolLibrary(InMemoryStore())
    other.import_file(tmp_path / "all.json")
    assert [each.system_key for each in other.list()] == [key]
    (tool,) = library.list()
    library.remove(tool.name)
    library.activate(tool.name, tool.id)
    assert [each.system_key for each in library.list()] == [key]
    (answer,) = told(latm, DESCENDING, count=1, seed=5)
    assert latm.record_feedback(answer.id, "nothing").retired
    instances, _ = run_flow(loop_operations_of(library).waiting())
    assert {each.system_key for each in instances} == {key}
    assert told(latm, count=1, seed=6)[0].tool_made is None  # its kind waits under the prompt alone


def test_prompt_templates_carry_their_system_prompt(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    prompt = ChatPromptTemplate([("system", "Be brief."), ("human", "{request}")])
    chain = prompt | loop(world, library, sandbox)
    answers = [chain.invoke({"request": request}) for request in stream(["sort"], 8)]
    assert [answer.tool_use is not None for answer in answers] == [False] * 6 + [True] * 2


def test_keys() -> None:
    assert system_key([HumanMessage("x")]) == system_key([SystemMessage(" "), HumanMessage("x")]) == ""
    assert system_key([SystemMessage("é")]) == system_key([SystemMessage("e\u0301 ")])
    assert system_key([SystemMessage("Sort up.")]) != system_key([SystemMessage("Sort down.")])
    assert system_key([SystemMessage("\ud800")])
    assert context_doubts([SystemMessage("x"), HumanMessage(["a", {"type": "text", "text": "b"}])]) == ()
