"""An agent learns from its own turns: its model calls are counted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelCallLimitMiddleware
from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.runtime import Runtime
from langgraph.store.memory import InMemoryStore
from pydantic import BaseModel

from langchain_latm import ToolLibrary, ToolMakingMiddleware, record_feedback
from langchain_latm.interop.agents import middleware as middleware_module
from langchain_latm.interop.agents.learning import Learning
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.libraries import LibraryFactory
from tests.unit_tests.loop_world import KINDS, World, kind_of, stream
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel

INLINE = Learning(making="inline")


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware_module, "_REFRESH_SECONDS", 0.0)


@pytest.fixture
def library() -> ToolLibrary:
    return ToolLibrary(InMemoryStore())


class Traffic:
    """An agent that learns, and what its model was asked."""

    def __init__(
        self,
        library: ToolLibrary | LibraryFactory,
        sandbox: Sandbox,
        learn: bool | Learning = INLINE,
        *,
        say: Callable[[str], Reply] = lambda text: kind_of(text).answer(text),
        more: tuple[Any, ...] = (),
        budget: int | None = None,
        answer_directly: Any = True,
        **agent: Any,
    ) -> None:
        self.world = World()
        self.asked: list[str] = []

        def script(messages: list[BaseMessage]) -> Reply:
            self.asked.append(str(messages[-1].text))
            return say(self.asked[-1])

        self.ours = ToolMakingMiddleware(
            library,
            sandbox,
            maker_model=self.world.model,
            learn=learn,
            answer_directly=answer_directly,
            budget=budget,
            second_attempts=0,
        )
        self.agent: Any = create_agent(ScriptedChatModel(script=script), middleware=[self.ours, *more], **agent)

    def ask(self, *messages: AnyMessage | str, **more: Any) -> AIMessage:
        state = self.agent.invoke({"messages": [*map(_message, messages)]}, **more)
        last: AIMessage = state["messages"][-1]
        return last


def _message(text: AnyMessage | str) -> AnyMessage:
    return HumanMessage(text) if isinstance(text, str) else text


def waiting(library: ToolLibrary) -> list[dict[str, Any]]:
    return [item.value for item in library._store.search(("latm", "waiting"), limit=100)]


def test_known_kinds_cost_no_model_call(library: ToolLibrary, sandbox: Sandbox) -> None:
    """The model answers six of each kind and no more; the tools' savings grow."""
    traffic = Traffic(library, sandbox)
    rng = random.Random(5)
    for round_number in range(10):
        for kind in (KINDS["sort"], KINDS["sum"]):
            request = kind.request(rng)
            assert traffic.ask(request).text == kind.answer(request), (round_number, request)
    assert len(traffic.asked) == 12
    assert len(traffic.world.makings) == 2
    assert traffic.world.answered == [], "the maker's model is asked for programs alone"
    assert sum(library.usage(each.name).uses for each in library.list()) == 8


async def test_async_in_the_background(library: ToolLibrary, sandbox: Sandbox) -> None:
    traffic = Traffic(library, sandbox, learn=True)
    for request in stream(["sort"], 6):
        await traffic.agent.ainvoke({"messages": [HumanMessage(request)]})
    assert await asyncio.to_thread(traffic.ours.wait, 20)
    (request,) = stream(["sort"], 1, 99)
    state = await traffic.agent.ainvoke({"messages": [HumanMessage(request)]})
    assert state["messages"][-1].text == KINDS["sort"].answer(request)
    assert len(traffic.asked) == 6


def image() -> HumanMessage:
    return HumanMessage([{"type": "text", "text": "Sort this"}, {"type": "image", "url": "https://x.test/a.png"}])


@tool
def send_mail(to: str) -> str:
    """Send a mail."""
    return f"sent to {to}"


class Words(BaseModel):
    words: list[str]


class Redacted(AgentMiddleware[Any, Any, Any]):
    """Replaces the model's answer."""

    def after_model(self, state: Any, runtime: Any) -> dict[str, Any]:  # noqa: ARG002 - the names of AgentMiddleware
        return {"messages": [state["messages"][-1].model_copy(update={"content": "[redacted]"})]}


def _calling(name: str) -> Callable[[str], Reply]:
    call = AIMessage("", tool_calls=[{"name": name, "args": {"to": "ann"}, "id": "1"}])
    return lambda text: "done" if text.startswith("sent") else call


def test_nothing_is_learned_where_the_text_does_not_say_all(library: ToolLibrary, sandbox: Sandbox) -> None:
    (text,) = stream(["sort"], 1)
    cases: dict[str, tuple[dict[str, Any], tuple[AnyMessage | str, ...]]] = {
        "history": ({}, ("Sort descending.", AIMessage("Fine."), text)),
        "an image": ({"say": lambda _text: "a b"}, (image(),)),
        "a tool with an effect": ({"say": _calling("send_mail"), "tools": [send_mail]}, ("Mail to ann",)),
        "a structured output": (
            {"say": lambda _text: '{"words": ["a"]}', "response_format": Words},
            (text,),
        ),
        "an answer that was replaced": ({"more": (Redacted(),)}, (text,)),
        "the end of a budget": (
            {"more": (ModelCallLimitMiddleware(run_limit=1),), "say": _calling("send_mail"), "tools": [send_mail]},
            ("Mail to ann",),
        ),
        "an answer that was cut": (
            {"say": lambda _text: AIMessage("a b", response_metadata={"finish_reason": "length"})},
            (text,),
        ),
        "thoughts alone": ({"say": lambda _text: "<think>a, b"}, (text,)),
        "no answer": ({"say": lambda _text: " "}, (text,)),
    }
    for why, (settings, messages) in cases.items():
        last = Traffic(library, sandbox, **settings).ask(*messages)
        assert waiting(library) == [], why
        assert "latm_answer" not in last.response_metadata, why
    learning = Learning(making="inline", pure_tools=("send_mail",))
    Traffic(library, sandbox, learning, say=_calling("send_mail"), tools=[send_mail]).ask("Mail to ann")
    assert len(waiting(library)) == 1, "if you say that its tools are pure, it is"


def test_thoughts_are_not_part_of_a_label(library: ToolLibrary, sandbox: Sandbox) -> None:
    (text,) = stream(["sort"], 1)
    Traffic(library, sandbox, say=lambda _text: "<think>so</think>a b").ask(text)
    assert [each["answer"] for each in waiting(library)] == ["a b"]


def test_a_thread_learns_from_its_first_turn_alone(library: ToolLibrary, sandbox: Sandbox) -> None:
    traffic = Traffic(library, sandbox, checkpointer=InMemorySaver())
    config = {"configurable": {"thread_id": "1"}}
    for request in stream(["sort"], 3):
        traffic.ask(request, config=config)
    assert len(waiting(library)) == 1
    history = list(traffic.agent.get_state_history(config))
    assert all(not each.tasks or "latm" not in str(each.next) for each in history), "the loop has no part in the thread"


def test_a_system_prompt_belongs_to_the_kind(library: ToolLibrary, sandbox: Sandbox) -> None:
    traffic = Traffic(library, sandbox, system_prompt="You are kind.")
    plain = Traffic(library, sandbox)
    for request in stream(["sort"], 6):
        traffic.ask(request)
    (request,) = stream(["sort"], 1, 99)
    traffic.ask(request)
    plain.ask(request)
    assert (len(traffic.asked), len(plain.asked)) == (6, 1)


def test_with_any_prompt_what_is_learned_belongs_to_none(library: ToolLibrary, sandbox: Sandbox) -> None:
    traffic = Traffic(library, sandbox, answer_directly="any_prompt", system_prompt="Today is Monday.")
    for request in stream(["sort"], 7):
        traffic.ask(request)
    assert len(traffic.asked) == 6
    tomorrow = Traffic(library, sandbox, answer_directly="any_prompt", system_prompt="Today is Tuesday.")
    tomorrow.ask(*stream(["sort"], 1, 99))
    assert tomorrow.asked == []


def test_labels_of_feedback(library: ToolLibrary, sandbox: Sandbox) -> None:
    """Nothing is made before users confirm answers; answers that they call wrong are corrected."""

    def say(text: str) -> str:
        answer = kind_of(text).answer(text)
        return answer if len(traffic.asked) != 2 else answer.upper()

    traffic = Traffic(library, sandbox, Learning(labels="feedback", making="inline"), say=say)
    requests = stream(["sort"], 8)
    for request in requests[:6]:
        said = traffic.ask(request)
        assert traffic.world.makings == []
        right = KINDS["sort"].answer(request)  # as a user who reads the answer knows it
        record_feedback(library, said.response_metadata["latm_answer"], right, user="ann")
    traffic.ask(requests[6])
    assert len(traffic.world.makings) == 1
    assert traffic.ask(requests[7]).text == KINDS["sort"].answer(requests[7])
    assert len(traffic.asked) == 7


@pytest.mark.parametrize("way", ["sync", "async", "a coroutine in sync"])
def test_labels_of_an_evaluator(library: ToolLibrary, sandbox: Sandbox, way: str) -> None:
    judged: list[str] = []

    def evaluator(*, inputs: str, outputs: str, **_: Any) -> dict[str, Any]:
        judged.append(inputs)
        return {"key": "correctness", "score": outputs == kind_of(inputs).answer(inputs)}

    async def aevaluator(*, inputs: str, outputs: str, reference_outputs: str | None = None) -> list[dict[str, Any]]:
        assert reference_outputs is None
        return [evaluator(inputs=inputs, outputs=outputs)]

    labels = evaluator if way == "sync" else aevaluator
    wrong = {3}
    traffic = Traffic(
        library,
        sandbox,
        Learning(labels=labels, making="inline"),
        say=lambda text: "no idea" if len(traffic.asked) in wrong else kind_of(text).answer(text),
    )
    for request in stream(["sort"], 7):
        if way == "async":
            asyncio.run(traffic.agent.ainvoke({"messages": [HumanMessage(request)]}))
        else:
            traffic.ask(request)
    assert len(judged) == 7
    assert len(traffic.world.makings) == 1, "made with the seventh: the third has no label"
    assert traffic.ask(*stream(["sort"], 1, 99)).response_metadata["latm_tool"]


def test_labels_of_the_makers_model(library: ToolLibrary, sandbox: Sandbox) -> None:
    """An agent that answers in sentences: the label is the strong model's answer, if the agent's contains it."""

    def say(text: str) -> str:
        number = len(traffic.asked)
        answer = kind_of(text).answer(text)
        return "Sorry, I cannot." if number == 2 else f"Sure{'!' * (number % 3)} The words in order are: {answer}. Ok?"

    traffic = Traffic(library, sandbox, Learning(labels="model", making="inline"), say=say)
    for request in stream(["sort"], 7):
        traffic.ask(request)
    assert len(traffic.world.answered) == 7
    assert len(traffic.world.makings) == 1
    (request,) = stream(["sort"], 1, 99)
    assert traffic.ask(request).text == KINDS["sort"].answer(request)
    assert len(traffic.asked) == 7


def test_an_evaluator_that_fails_loses_only_the_label(
    library: ToolLibrary, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(inputs: str, outputs: str) -> bool:
        raise RuntimeError(f"no key for {inputs} {outputs}")

    def odd(inputs: str, outputs: str) -> int:
        return 7 + len(inputs) * len(outputs)

    for number, evaluator in enumerate((broken, odd), 1):
        traffic = Traffic(library, sandbox, Learning(labels=evaluator, making="inline"))
        request = stream(["sort"], 2)[number - 1]
        assert traffic.ask(request).text == KINDS["sort"].answer(request)
        assert len(waiting(library)) == number
        assert waiting(library)[-1]["answer"] is None
        assert caplog.text.count("evaluator of the labels failed") == number


@pytest.mark.slow
def test_tenants_learn_apart_in_the_agents_store(sandbox: Sandbox) -> None:
    def factory(runtime: Runtime[Any]) -> ToolLibrary:
        assert runtime.store is not None
        return ToolLibrary(runtime.store, namespace=("tools", runtime.context["tenant"]))

    store = InMemoryStore()
    for making in ("inline", "background"):
        traffic = Traffic(factory, sandbox, Learning(making=making), store=store, context_schema=dict)
        acme, other = {"tenant": f"acme-{making}"}, {"tenant": f"other-{making}"}
        for request in stream(["sort"], 6):
            traffic.ask(request, context=acme)
        assert traffic.ours.wait(120)
        (request,) = stream(["sort"], 1, 99)
        traffic.ask(request, context=other)
        traffic.ask(request, context=acme)
        assert len(traffic.asked) == 7, making
        own = [ToolLibrary(store, namespace=("tools", each["tenant"])).list() for each in (acme, other)]
        assert [len(each) for each in own] == [1, 0]


@pytest.mark.slow
def test_a_daily_budget_holds_for_what_is_learned(library: ToolLibrary, sandbox: Sandbox) -> None:
    """After the first tool it is spent: the second kind is answered by the model, and waits."""
    traffic = Traffic(library, sandbox, budget=1)
    for kind in ("sort", "sum"):
        for request in stream([kind], 8):
            assert traffic.ask(request).text == KINDS[kind].answer(request)
    assert len(library.list()) == 1
    assert len(traffic.world.makings) == 1
    assert len(traffic.asked) == 6 + 8


def test_a_stream_shows_each_message_once(library: ToolLibrary, sandbox: Sandbox) -> None:
    traffic = Traffic(library, sandbox)
    for request in stream(["sort"], 6):
        parts = list(traffic.agent.stream({"messages": [HumanMessage(request)]}, stream_mode=["messages", "custom"]))
        said = [part[0].text for mode, part in parts if mode == "messages" and isinstance(part[0], AIMessage)]
        assert said == [KINDS["sort"].answer(request)]
        assert [part for mode, part in parts if mode == "custom"] == []
    assert len(library.list()) == 1


def test_a_library_that_cannot_be_written_loses_no_answer(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    class Full(InMemoryStore):
        def batch(self, ops: Any) -> Any:
            raise OSError(f"disk full: {ops}")

    (request,) = stream(["sort"], 1)
    said = Traffic(ToolLibrary(Full()), sandbox).ask(request)
    assert said.text == KINDS["sort"].answer(request)
    assert "nothing is learned from a turn" in caplog.text


def test_arguments_that_make_no_sense(library: ToolLibrary, sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="needs a maker_model"):
        ToolMakingMiddleware(library, sandbox, learn=True)
    with pytest.raises(ValueError, match="labels must be"):
        Learning(labels="thumbs")  # type: ignore[arg-type]
