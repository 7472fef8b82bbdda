"""Batches of the closed loop: requests that parsers read are answered together, all others as by `invoke`."""

from __future__ import annotations

import random
import threading
import time
from typing import Any
from uuid import uuid4

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import HumanMessage, SystemMessage
from langgraph.checkpoint.memory import InMemorySaver

from langchain_latm import RequestError, ToolLibrary, create_sandbox, library_costs
from langchain_latm._core.flow import run_flow
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.library import operations_of
from tests.unit_tests.counting_sandbox import CountingSandbox
from tests.unit_tests.loop_world import KINDS, World, loop, stream
from tests.unit_tests.made_tool import made_tool

SORT, SUM = KINDS["sort"], KINDS["sum"]
TOOL = "put_words_alphabetical_order"


class Runs(BaseCallbackHandler):
    """Records the runs without a parent."""

    def __init__(self) -> None:
        self.roots: dict[Any, list[Any]] = {}
        self.children = 0

    def on_chain_start(self, serialized: Any, inputs: Any, *, run_id: Any, **more: Any) -> None:  # noqa: ARG002 - LangChain's
        if more.get("parent_run_id") is None:
            self.roots[run_id] = [more.get("name"), more.get("tags"), inputs]
        else:
            self.children += 1

    def on_chain_end(self, outputs: Any, *, run_id: Any, **_: Any) -> None:
        if run_id in self.roots:
            self.roots[run_id].append(outputs)


def requests(count: int, seed: int = 5) -> list[str]:
    return stream(["sort"], count, seed)


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_parsed_requests_are_answered_together(
    world: World, taught: ToolLibrary, sandbox: Sandbox, asynchronous: bool
) -> None:
    """As by `invoke`, but in one call of the sandbox and with one note of the uses."""
    counting = CountingSandbox(sandbox)
    latm = loop(world, taught, counting)
    asked = requests(30)
    answers = await latm.abatch(list(asked)) if asynchronous else latm.batch(list(asked))
    assert [(each.question, each.text) for each in answers] == [(each, SORT.answer(each)) for each in asked]
    assert counting.batches == [("sort_words", "", 30)]
    assert (world.answered, world.used) == ([], 0)
    assert len({each.id for each in answers}) == 30
    single = latm.invoke(asked[0])
    for name in ("text", "usage", "models", "doubts", "notes", "tool_made", "waiting_for"):
        assert getattr(answers[0], name) == getattr(single, name), name
    for one, other in ((answers[0].tool_use, single.tool_use), (answers[0].dispatch, single.dispatch)):
        assert one is not None
        assert other is not None
        assert one.tool_id == other.tool_id
    operations = operations_of(taught)
    (items,) = run_flow(_found(operations))
    assert sorted(item.value.get("times", 1) for item in items) == [1, 30]
    assert taught.usage(TOOL).uses == 31
    (costs,) = library_costs(taught).tools
    assert (costs.uses, costs.failures) == (31, 0)
    rated = latm.record_feedback(answers[7].id, answers[7].text)
    assert (rated.right, rated.tool) == (True, TOOL)


def _found(operations: Any) -> Any:
    return (yield operations.batch(operations.find_all("uses", TOOL)))


def test_rows_that_need_more_are_answered_as_by_invoke(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    """In their places: other kinds, messages, requests that are refused."""
    counting = CountingSandbox(sandbox)
    latm = loop(world, taught, counting)
    first, second, third = requests(3)
    other = SUM.request(random.Random(1))
    history = [HumanMessage("Hello"), HumanMessage(third)]
    prompted = [SystemMessage("Be brief."), HumanMessage(third)]
    given: list[Any] = [first, other, "", [HumanMessage(second)], history, prompted, third, 7]
    *answers, wrong = latm.batch(given, return_exceptions=True)
    assert [type(each).__name__ for each in answers] == [
        "Answer", "Answer", "RequestError", "Answer", "Answer", "Answer", "Answer",
    ]  # fmt: skip
    assert isinstance(wrong, Exception)
    del answers[2]
    assert [each.tool_use is not None for each in answers] == [True, False, True, False, False, True]
    assert [each.text for each in answers] == [
        SORT.answer(first), SUM.answer(other), SORT.answer(second), *[SORT.answer(third)] * 3,
    ]  # fmt: skip
    assert [each.code for each in answers[3].doubts] == ["history"]
    assert counting.batches == [("sort_words", "", 3)]
    with pytest.raises(RequestError):
        latm.batch([first, "", third])


@pytest.mark.slow
def test_a_batch_may_mix_tenants(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    """Each row is answered by the tools of its own tenant, and counted there."""
    counting = CountingSandbox(sandbox)
    latm = loop(world, library, counting)
    configs: list[Any] = [{"configurable": {"tenant": each, "user": f"u-{each}"}} for each in ("a", "b")]
    for config in configs:
        for request in requests(6, seed=1):
            latm.invoke(request, config)
    counting.batches.clear()
    asked = requests(20)
    answers = latm.batch(list(asked), [*configs * 10])
    assert [each.text for each in answers] == [SORT.answer(each) for each in asked]
    assert sorted(counting.batches) == [("sort_words", "a", 10), ("sort_words", "b", 10)]
    assert [library.for_tenant(each).usage(TOOL).uses for each in ("a", "b")] == [10, 10]
    with pytest.raises(RequestError):
        latm.batch(asked[:2], [configs[0], {"configurable": {"tenant": " "}}])
    assert len(counting.batches) == 3, "the row with a usable tenant was answered"


def test_each_row_has_its_own_run(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    """As LangChain's `batch` has it: name, tags and id of the config, input and output of the row."""
    runs, key = Runs(), uuid4()
    asked = requests(3)
    latm = loop(world, taught, sandbox)
    with pytest.warns(RuntimeWarning, match="run_id"):
        answers = latm.batch(asked, {"callbacks": [runs], "run_name": "sorting", "tags": ["t"], "run_id": key})
    assert list(runs.roots.values()) == [
        ["sorting", ["t"], request, answer] for request, answer in zip(asked, answers, strict=True)
    ]
    assert next(iter(runs.roots)) == key
    runs = Runs()
    latm.batch([asked[0], SUM.request(random.Random(1))], {"callbacks": [runs]})
    assert [root[0] for root in runs.roots.values()] == ["latm", "latm"]


def test_a_function_that_fails_is_answered_by_the_model(world: World, library: ToolLibrary, sandbox: Sandbox) -> None:
    """And only by it; the run of that row has the others as children."""
    world.on_making = lambda _: f"```python\n{SORT.source.replace('return', 'assert len(words) < 5; return')}```"
    latm = loop(world, library, sandbox)
    for request in requests(6, seed=1):
        latm.invoke(request)
    world.answered.clear()
    runs = Runs()
    asked = [*requests(2), f"{SORT.opening} e d c b a", *requests(2, seed=8)]
    answers = latm.batch(list(asked), {"callbacks": [runs]})
    assert [each.text for each in answers] == [SORT.answer(each) for each in asked]
    assert [each.tool_use is not None for each in answers] == [True, True, False, True, True]
    assert len(world.answered) == 1
    assert len(runs.roots) == 5
    assert runs.children > 0


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_a_parsed_request_alone_needs_no_graph(
    world: World, taught: ToolLibrary, sandbox: Sandbox, asynchronous: bool
) -> None:
    """Unless something listens to its run, or it is answered inside another graph, whose stream takes its events."""
    latm = loop(world, taught, sandbox)
    graphs: list[Any] = []

    async def ask(config: Any = None) -> tuple[str, int]:
        graphs.clear()
        request = requests(1)[0]
        answer = await latm.ainvoke(request, config) if asynchronous else latm.invoke(request, config)
        return answer.text, len(graphs)

    started = latm.graph.astream if asynchronous else latm.graph.stream

    def stream(*arguments: Any, **more: Any) -> Any:
        graphs.append(arguments)
        return started(*arguments, **more)

    object.__setattr__(latm.graph, "astream" if asynchronous else "stream", stream)
    text = SORT.answer(requests(1)[0])
    assert await ask() == (text, 0)
    assert await ask({"configurable": {"user": "ann"}}) == (text, 0)
    assert await ask({"callbacks": [Runs()]}) == (text, 1)
    assert await ask({"configurable": {"__pregel_read": print}}) == (text, 1)
    assert taught.usage(TOOL).uses == 4
    with pytest.raises(RequestError, match="tenant"):
        await ask({"configurable": {"tenant": " "}})


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_a_function_that_fails_is_called_once(
    world: World, library: ToolLibrary, sandbox: Sandbox, asynchronous: bool
) -> None:
    """By a request alone and in a batch; the light model reads the same arguments."""
    world.on_making = lambda _: f"```python\n{SORT.source.replace('return', 'assert len(words) < 5; return')}```"
    counting = CountingSandbox(sandbox)
    latm = loop(world, library, counting)
    for request in requests(6, seed=1):
        latm.invoke(request)
    failing = f"{SORT.opening} kiwi ash pear teal venus"
    counting.batches.clear()
    answer = await latm.ainvoke(failing) if asynchronous else latm.invoke(failing)
    assert (answer.text, answer.tool_use) == (SORT.answer(failing), None)
    assert any("AssertionError" in note for note in answer.notes)
    assert [size for *_, size in counting.batches] == [1]
    counting.batches.clear()
    both = [*requests(1), failing]
    answers = await latm.abatch(list(both)) if asynchronous else latm.batch(list(both))
    assert [each.text for each in answers] == [SORT.answer(each) for each in both]
    assert [size for *_, size in counting.batches] == [2]
    assert library.usage(TOOL).failures == 2


def test_disputed_and_sampled_requests_take_the_long_way(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    """A batch applies the same checks."""
    latm = loop(world, taught, sandbox)
    asked = requests(4)
    first = latm.invoke(asked[0])
    latm.record_feedback(first.id, "something else", source="stranger", user="x")
    world.answered.clear()
    answers = latm.batch(list(asked))
    assert [[doubt.code for doubt in each.doubts] for each in answers] == [["disputed"], [], [], []]
    assert len(world.answered) == 1
    latm = loop(world, taught, sandbox, parser_checks=1.0)
    world.used = 0
    answers = latm.batch(asked[1:])
    assert world.used == 3, "the light model reads each of them too"
    assert all(each.usage["using"].calls for each in answers)


def test_an_example_of_another_tool_is_that_tools(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    """Even if the parser of one tool alone reads it."""
    asked = requests(2)
    case = made_tool().report.cases[0].model_copy(update={"question": asked[0]})
    report = made_tool().report.model_copy(update={"cases": (case,)})
    taught.add(made_tool(name="other", report=report, worked_examples=()))
    latm = loop(world, taught, sandbox)
    single = latm.invoke(asked[0])
    first, second = latm.batch(list(asked))
    assert single.dispatch is not None
    assert first.dispatch is not None
    assert second.dispatch is not None
    assert first.dispatch.tool == single.dispatch.tool
    assert second.dispatch.tool == TOOL


def test_max_concurrency_holds_for_what_needs_a_model(world: World, taught: ToolLibrary, sandbox: Sandbox) -> None:
    """The number of simultaneous rows for the model is limited."""
    lock, now, most = threading.Lock(), 0, 0
    two = threading.Barrier(2)  # each waits for another one, however late that begins

    def answering(_text: str) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        two.wait(60)
        time.sleep(0.02)
        with lock:
            now -= 1

    world.on_answering = answering
    latm = loop(world, taught, sandbox, making="off")
    rng = random.Random(1)
    latm.batch([*requests(3), *(SUM.request(rng) for _ in range(6))], {"max_concurrency": 2})
    assert most == 2


def test_a_checkpointed_batch_is_one_run_of_the_graph_a_row(
    world: World, taught: ToolLibrary, sandbox: Sandbox
) -> None:
    """A checkpointer keeps each of them."""
    latm = loop(world, taught, sandbox, checkpointer=InMemorySaver())
    for answer in latm.batch(requests(2)):
        assert latm.graph.get_state({"configurable": {"thread_id": answer.id}}).values["text"] == answer.text


@pytest.mark.slow
def test_without_a_sandbox_the_model_answers(world: World, taught: ToolLibrary) -> None:
    """As by `invoke`, with a note."""
    with create_sandbox() as gone:
        latm = loop(world, taught, gone)
    for answer in latm.batch(requests(3)):
        assert answer.text == SORT.answer(answer.question)
        assert "closed" in answer.notes[0]


def test_answers_survive_a_library_that_cannot_be_written(
    world: World, taught: ToolLibrary, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers say so."""
    latm = loop(world, taught, sandbox)
    latm.batch(requests(2))
    real = type(taught._store).batch

    def batch(store: Any, ops: Any) -> Any:
        ops = list(ops)
        if any(getattr(op, "value", None) is not None and op.namespace[-1] == "answers" for op in ops):
            raise OSError(28, "No space left on device")
        return real(store, ops)

    monkeypatch.setattr(type(taught._store), "batch", batch)
    for answer in latm.batch(requests(2)):
        assert "No space left" in answer.notes[0]
