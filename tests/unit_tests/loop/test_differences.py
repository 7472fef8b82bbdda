"""Proven functions that differ, in the closed loop: who decides, and what is compared."""

from __future__ import annotations

from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.store.memory import InMemoryStore
from langgraph.types import Command

from langchain_latm import Answer, Comparison, MadeTool, ToolLibrary, library_costs
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.library.claims import Claims
from tests.unit_tests.loop_world import KINDS, World, loop, stream
from tests.unit_tests.scripted_model import in_turn

SORT = KINDS["sort"]
PLAIN = SORT.source
ANY_CASE = SORT.source.replace("sorted(words)", "sorted(words, key=str.lower)")


@pytest.fixture
def library() -> ToolLibrary:
    return ToolLibrary(InMemoryStore())


def world_that_makes(*sources: str) -> World:
    replies = in_turn(*(f"```python\n{source}```" for source in sources))
    return World(on_making=lambda _text: replies([]))


def comparison_in(library: ToolLibrary) -> tuple[MadeTool, Comparison]:
    (summary,) = library.list()
    tool = library.get(summary.name)
    assert tool.report.comparison is not None
    return tool, tool.report.comparison


@pytest.mark.slow
def test_the_answering_model_decides_as_it_labels(library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(world_that_makes(ANY_CASE, PLAIN), library, sandbox, second_attempts=1)
    answer = [latm.invoke(request) for request in stream(["sort"], 6)][-1]
    tool, compared = comparison_in(library)
    assert (answer.tool_made, tool.source) == (tool.name, PLAIN)
    assert [each.decided_by for each in compared.differences].count("model") == 1
    assert answer.usage["answering"].calls == 4  # the request, and one difference three times


@pytest.mark.slow
def test_with_labels_from_feedback_the_tool_fails_and_the_strong_model_answers(
    library: ToolLibrary, sandbox: Sandbox
) -> None:
    latm = loop(world_that_makes(PLAIN, ANY_CASE), library, sandbox, second_attempts=1, labels="feedback")
    for request in stream(["sort"], 6):
        latm.record_feedback(latm.invoke(request).id, SORT.answer(request))
    latm.invoke(stream(["sort"], 1, 7)[0])
    _, compared = comparison_in(library)
    assert compared.refuses
    answer = latm.invoke(f"{SORT.opening} kiwi Lime date")
    assert (answer.text, answer.tool_use) == ("Lime date kiwi", None)
    assert "functions that are right on all examples give different answers here" in str(answer.notes)
    assert [(doubt.code, doubt.tool) for doubt in answer.doubts] == [("differing", library.list()[0].name)]
    assert library_costs(library).doubts["differing"] == 1


@pytest.mark.slow
def test_what_waits_is_compared_first(library: ToolLibrary, sandbox: Sandbox) -> None:
    """A second function that is wrong only on waiting requests that the tool is not made of."""
    requests = stream(["sort"], 6)
    waits = f"{SORT.opening} yeti xenon wolf"
    wrong = SORT.source.replace("sorted(words)", "sorted(words) if 'yeti' not in words else words")
    world = world_that_makes(PLAIN, wrong)
    for request in [*requests, waits]:
        loop(world, library, sandbox, making="off").invoke(request)
    loop(world, library, sandbox, second_attempts=1).invoke(stream(["sort"], 1, 9)[0])
    tool, compared = comparison_in(library)
    assert tool.source == PLAIN
    (difference,) = compared.differences
    assert (difference.question, difference.answer) == (waits, "wolf xenon yeti")
    assert difference.question in {case.question for case in tool.report.cases}


class TestPerson:
    @pytest.fixture
    def asked(self) -> list[dict[str, Any]]:
        return []

    @staticmethod
    def run(latm: Any, request: str, asked: list[dict[str, Any]], reply: Any) -> Answer:
        answer: Answer = latm.invoke(request)
        config = {"configurable": {"thread_id": answer.id}}
        while answer.waiting_for is not None:
            asked.append(answer.waiting_for)
            resume = True if asked[-1]["kind"] == "label" else reply(asked[-1])
            answer = latm.invoke(Command(resume=resume), config)
        return answer

    @pytest.mark.slow
    def test_a_person_decides_by_an_interrupt(
        self, library: ToolLibrary, sandbox: Sandbox, asked: list[dict[str, Any]]
    ) -> None:
        """Finished makings are not repeated."""
        world = world_that_makes(PLAIN, ANY_CASE)
        options = {"labels": "person", "checkpointer": InMemorySaver(), "second_attempts": 1}
        latm = loop(world, library, sandbox, **options)
        for request in stream(["sort"], 6):
            answer = self.run(latm, request, asked, lambda each: each["answers"][1])
        differences = [each for each in asked if each["kind"] == "difference"]
        assert [each["kind"] for each in asked] == ["label"] * 6 + ["difference"] * len(differences)
        assert len({each["question"] for each in differences}) == len(differences) == 5
        assert set(differences[0]) == {"kind", "question", "answers"}
        tool, compared = comparison_in(library)
        assert (answer.tool_made, tool.source) == (tool.name, ANY_CASE)
        assert {each.decided_by for each in compared.differences} == {"person"}
        assert len(world.makings) == 2

    @pytest.mark.slow
    @pytest.mark.parametrize("reply", [True, False])
    def test_a_person_may_not_know_or_say_that_it_cannot_occur(
        self, library: ToolLibrary, sandbox: Sandbox, asked: list[dict[str, Any]], *, reply: bool
    ) -> None:
        options = {"labels": "person", "checkpointer": InMemorySaver(), "second_attempts": 1}
        latm = loop(world_that_makes(PLAIN, ANY_CASE), library, sandbox, **options)
        for request in stream(["sort"], 6):
            self.run(latm, request, asked, lambda _: reply)
        assert {each.decided_by for each in comparison_in(library)[1].differences} == {None if reply else "person"}

    @pytest.mark.slow
    def test_a_making_in_the_background_asks_no_one(self, library: ToolLibrary, sandbox: Sandbox) -> None:
        """It could not be resumed."""
        options = {"labels": "person", "checkpointer": InMemorySaver(), "making": "background", "second_attempts": 1}
        with loop(world_that_makes(PLAIN, ANY_CASE), library, sandbox, **options) as latm:
            asked: list[dict[str, Any]] = []
            for request in stream(["sort"], 6):
                self.run(latm, request, asked, lambda _: pytest.fail("a person was asked"))
            assert latm.wait()
        assert comparison_in(library)[1].refuses

    @pytest.mark.slow
    def test_the_claim_outlives_the_question(
        self, library: ToolLibrary, sandbox: Sandbox, asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While a person decides, no other worker makes the tool."""
        options = {"labels": "person", "checkpointer": InMemorySaver(), "second_attempts": 1}
        latm = loop(world_that_makes(PLAIN, ANY_CASE), library, sandbox, **options)
        held: list[float | None] = []
        hold = Claims.hold

        def holding(self: Any, claim: str, ids: list[str], seconds: float | None = None) -> Any:
            held.append(seconds)
            return (yield from hold(self, claim, ids, seconds))

        monkeypatch.setattr(Claims, "hold", holding)
        *before, last = stream(["sort"], 6)
        for request in before:
            self.run(latm, request, asked, lambda _: True)
        answer = latm.invoke(last)
        latm.invoke(Command(resume=True), {"configurable": {"thread_id": answer.id}})
        assert held[-1] == 7 * 86_400
