"""The loop and the dispatcher as links of LangChain chains, and what a trace of them shows."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate
from langchain_core.runnables import ConfigurableField, Runnable, RunnableLambda
from langchain_core.tracers.base import BaseTracer
from langchain_core.tracers.schemas import Run
from langgraph.store.memory import InMemoryStore

from langchain_latm import Answer, ModelError, ToolLibrary, create_dispatcher, create_latm
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import KINDS, World, loop, stream
from tests.unit_tests.made_tool import tool_for

SORT = KINDS["sort"]


class Collector(BaseTracer):
    """Keeps the whole runs that are traced."""

    def __init__(self) -> None:
        super().__init__()
        self.roots: list[Run] = []

    def _persist_run(self, run: Run) -> None:
        self.roots.append(run)


def names(run: Run) -> list[str]:
    return [run.name, *(name for child in run.child_runs for name in names(child))]


@pytest.fixture
def library() -> ToolLibrary:
    return ToolLibrary(InMemoryStore())


async def test_the_loop_can_be_part_of_a_chain(library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(World(), library, sandbox)
    text = RunnableLambda(lambda answer: answer.text)
    plain = PromptTemplate.from_template(SORT.opening + " {words}") | latm | text
    assert plain.invoke({"words": "pear fig"}) == "fig pear"
    assert await plain.ainvoke({"words": "pear fig"}) == "fig pear"
    assert plain.batch([{"words": "b a"}, {"words": "d c"}]) == ["a b", "c d"]
    assert "".join(plain.stream({"words": "b a"})) == "a b"
    chat = ChatPromptTemplate([("system", "Be brief."), ("human", SORT.opening + " {words}")])
    messages = chat | latm | text | StrOutputParser()
    assert messages.invoke({"words": "kiwi date"}) == "date kiwi"


def test_retry_and_fallbacks(library: ToolLibrary, sandbox: Sandbox) -> None:
    failures = iter([ConnectionError("once"), None, ConnectionError("twice"), ConnectionError("thrice")])
    world = World()
    world.on_answering = lambda _text: next(failures, None)
    latm = loop(world, library, sandbox)
    (request,) = stream(["sort"], 1)
    retried = latm.with_retry(
        retry_if_exception_type=(ModelError,), wait_exponential_jitter=False, stop_after_attempt=2
    )
    assert retried.invoke(request).text == SORT.answer(request)
    other: Runnable[Any, Answer] = RunnableLambda(lambda q: Answer(question=q, text="sorry", usage={}, seconds=0))
    assert latm.with_fallbacks([other]).invoke(request).text == "sorry"


def test_a_model_is_chosen_at_run_time(library: ToolLibrary, sandbox: Sandbox) -> None:
    """The loop's models may be configurable ones: the loop hands its config on to them."""
    cheap, dear = World(), World()
    models = cheap.model.configurable_alternatives(ConfigurableField("model"), default_key="cheap", dear=dear.model)
    latm = create_latm(models, library=library, sandbox=sandbox)
    first, second = stream(["sort"], 2)
    assert latm.invoke(first).text == SORT.answer(first)
    chain = latm.with_config(configurable={"model": "dear"}) | RunnableLambda(lambda answer: answer.text)
    assert chain.invoke(second) == SORT.answer(second)
    assert (len(cheap.answered), len(dear.answered)) == (1, 1)


def test_the_dispatcher_can_be_part_of_a_chain(library: ToolLibrary) -> None:
    library.add(tool_for("planets", [f"What is the size of planet {number}, in miles?" for number in range(3)]))
    chain = create_dispatcher(library) | RunnableLambda(lambda found: found.tool)
    assert chain.batch(["What is the size of planet 7, in miles?", "Hello"]) == ["planets", None]


@pytest.mark.slow
def test_a_trace_reads_like_the_papers_figure(library: ToolLibrary, sandbox: Sandbox) -> None:
    latm, tracer = loop(World(), library, sandbox), Collector()
    requests = stream(["sort"], 7)
    for request in requests[:5]:
        latm.invoke(request)
    latm.invoke(requests[5], {"callbacks": [tracer]})
    stages = ["dispatch", "answer", "keep", "claim", "making", "make", "tool_maker", "propose", "verify", "wrap", "add"]
    assert in_order(tracer.roots[-1], stages) == stages
    latm.invoke(requests[6], {"callbacks": [tracer]})
    stages = ["dispatch", "use", "use_put_words_alphabetical_order", "put_words_alphabetical_order"]
    assert in_order(tracer.roots[-1], [*stages, "answer"]) == stages


def in_order(run: Run, wanted: list[str]) -> list[str]:
    """Those of the wanted names that were run, in the order in which they began."""
    return [name for name in dict.fromkeys(names(run)) if name in wanted]
