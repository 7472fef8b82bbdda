"""Rows of typed tools in the closed loop: dispatch goes by the names of the inputs, and no model is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from langchain_latm import ToolLibrary, create_dispatcher, open_tool_library
from langchain_latm.exceptions import RequestError, TaskError, ToolUseError
from langchain_latm.loop.latm import LATM, create_latm
from langchain_latm.loop.remaker import create_tool_remaker
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.made_tool import made_tool, typed_tool
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn

ROW = {"Vor name": "Uma", "class": "Diaz"}


@pytest.fixture
def library() -> Iterator[ToolLibrary]:
    with open_tool_library(":memory:") as opened:
        opened.add(made_tool())
        opened.add(typed_tool())
        yield opened


@pytest.fixture
def model() -> ScriptedChatModel:
    return ScriptedChatModel(script=in_turn("Answer: by the model"))


@pytest.fixture
def latm(library: ToolLibrary, model: ScriptedChatModel, sandbox: Sandbox) -> Iterator[LATM]:
    with create_latm(model, library=library, sandbox=sandbox) as opened:
        yield opened


class TestDispatch:
    def test_the_names_of_the_inputs_decide(self, library: ToolLibrary) -> None:
        dispatcher = create_dispatcher(library, refresh_seconds=0)
        found = dispatcher.invoke(dict(reversed(ROW.items())))
        assert (found.action, found.tool, found.by) == ("reuse", "badge", "inputs")
        for other in ({"Vor name": "Uma"}, {**ROW, "x": 1}, {"vor_name": "Uma", "class_": "Diaz"}):
            assert dispatcher.invoke(other).action == "answer"

    def test_of_two_tools_with_one_schema_neither_is_reused(self, library: ToolLibrary) -> None:
        dispatcher = create_dispatcher(library, refresh_seconds=0)
        library.add(typed_tool(name="initials"))
        found = dispatcher.invoke(ROW)
        assert (found.action, found.tool) == ("answer", None)
        assert "badge and initials all take the inputs" in found.reason
        library.remove("badge")
        assert dispatcher.invoke(ROW).tool == "initials"

    def test_no_text_is_for_a_typed_tool(self, library: ToolLibrary) -> None:
        dispatcher = create_dispatcher(library)
        for text in (
            '{"Vor name": "Ada", "class": "Nguyen"}',
            '{"Vor name": "Uma", "class": "Diaz"}',
            "Write a badge.",
        ):
            found = dispatcher.invoke(text)
            assert (found.action, found.candidates) == ("answer", ()), text

    def test_inputs_that_are_no_values_are_refused(self, library: ToolLibrary) -> None:
        with pytest.raises(RequestError, match="no JSON value"):
            create_dispatcher(library).invoke({"a": {1}})


class TestLoop:
    def test_a_row_is_answered_and_kept_without_a_model(
        self, latm: LATM, library: ToolLibrary, model: ScriptedChatModel
    ) -> None:
        answer = latm.invoke(ROW)
        assert (answer.text, answer.question) == ("U. Diaz", '{"Vor name": "Uma", "class": "Diaz"}')
        assert answer.dispatch is not None
        assert answer.dispatch.by == "inputs"
        answers = latm.batch([ROW, {"Vor name": "Lo", "class": "Ek"}])
        assert [each.text for each in answers] == ["U. Diaz", "L. Ek"]
        assert library.usage("badge").uses == 3
        assert model.prompts == []

    async def test_async_is_the_same(self, latm: LATM) -> None:
        assert (await latm.ainvoke(ROW)).text == "U. Diaz"

    @pytest.mark.parametrize(
        ("row", "error", "problem"),
        [
            ({"a": 1}, RequestError, "no tool takes the inputs 'a'"),
            ({}, RequestError, "there is none"),
            ({"Vor name": "", "class": "x"}, ToolUseError, "IndexError"),
        ],
    )
    def test_no_model_guesses_an_answer(
        self, latm: LATM, model: ScriptedChatModel, row: dict[str, Any], error: type[Exception], problem: str
    ) -> None:
        with pytest.raises(error, match=problem):
            latm.invoke(row)
        results = latm.batch([row, ROW], return_exceptions=True)
        assert isinstance(results[0], error)
        assert not isinstance(results[1], Exception)
        assert model.prompts == []

    def test_a_typed_tool_is_not_made_again_from_requests(
        self, library: ToolLibrary, model: ScriptedChatModel, sandbox: Sandbox
    ) -> None:
        with pytest.raises(TaskError, match="badge takes inputs"):
            create_tool_remaker(model, library=library, sandbox=sandbox, force=True).invoke("badge")
