"""Rows of typed tools in the closed loop: dispatch uses the names of the inputs, and no model is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from langchain_latm import ToolLibrary, create_dispatcher, open_tool_library
from langchain_latm.exceptions import RequestError, ToolUseError
from langchain_latm.loop.create import create_latm
from langchain_latm.loop.latm import LATM
from langchain_latm.loop.remaker import create_tool_remaker
from langchain_latm.sandbox import Sandbox
from langchain_latm.text.answer_check import ExactCheck
from langchain_latm.tools.library.known_rows import given_answer
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import VerificationCase, VerificationReport, inputs_text
from tests.unit_tests.made_tool import made_tool, typed_tool
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn

ROW = {"Vor name": "Uma", "class": "Diaz"}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[ToolLibrary]:
    with open_tool_library(tmp_path / "tools.sqlite") as opened:
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

    def test_inputs_that_are_not_values_are_refused(self, library: ToolLibrary) -> None:
        with pytest.raises(RequestError, match="not a JSON value"):
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

    def test_a_batch_computes_the_rows_of_a_tool_in_one_call(
        self, latm: LATM, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sizes: list[int] = []
        batch = type(sandbox).batch

        def counting(self: Sandbox, source: Any, sets: Any, **options: Any) -> Any:
            sizes.append(len(sets))
            return batch(self, source, sets, **options)

        monkeypatch.setattr(type(sandbox), "batch", counting)
        rows = [{"Vor name": name, "class": "Ek"} for name in ("Lo", "Mo", "Bo")]
        assert [each.text for each in latm.batch(rows)] == ["L. Ek", "M. Ek", "B. Ek"]
        assert sizes == [3]


NEW = '''def badge(vor_name: str, class_: str) -> str:
    """Write a badge.

    Args:
        vor_name: The first name.
        class_: The class.
    """
    return f"{vor_name[0]}. {class_}" if " " not in class_ else f"{vor_name} {class_[0]}."
'''
WRONG: list[dict[str, Any]] = [{"class": f"{name} Ek", "Vor name": "Uma"} for name in ("van", "de", "von")]


def proven_on_several() -> MadeTool:
    """A typed tool with a proof that is large enough for a remake."""
    rows = [("Ada", "Nguyen"), ("Bo", "Li"), ("Cy", "Roe"), ("Di", "Ng"), ("Ed", "Fox"), ("Flo", "Gil")]
    cases = tuple(
        VerificationCase(
            role="demonstration" if number < 3 else "validation",
            question=inputs_text({"Vor name": first, "class": last}),
            expected=f"{first[0]}. {last}",
            arguments={"vor_name": first, "class_": last},
            value=f"{first[0]}. {last}",
            passed=True,
        )
        for number, (first, last) in enumerate(rows)
    )
    return typed_tool(report=VerificationReport(cases=cases, complete=True), check=ExactCheck(values=True))


class TestFeedback:
    @pytest.fixture
    def model(self) -> ScriptedChatModel:
        return ScriptedChatModel(script=in_turn(*[f"```python\n{NEW}```"] * 8))

    @pytest.fixture
    def library(self, tmp_path: Path) -> Iterator[ToolLibrary]:
        with open_tool_library(tmp_path / "tools.sqlite") as opened:
            opened.add(proven_on_several())
            yield opened

    @pytest.fixture
    def latm(self, library: ToolLibrary, model: ScriptedChatModel, sandbox: Sandbox) -> Iterator[LATM]:
        with create_latm(model, library=library, sandbox=sandbox, refresh_seconds=0, second_attempts=0) as opened:
            yield opened

    def test_wrong_answers_retire_the_tool_and_the_next_row_makes_it_again(
        self, latm: LATM, library: ToolLibrary
    ) -> None:
        for row in WRONG:
            answer = latm.invoke(row)
            given = latm.record_feedback(answer.id, f"Uma {row['class'][0]}.")
            assert (given.right, given.tool) == (False, "badge")
        assert given.retired
        dispatcher = create_dispatcher(library)
        assert (dispatcher.invoke(WRONG[0]).action, dispatcher.invoke(inputs_text(WRONG[0])).waiting) == ("make", 0)
        answer = latm.invoke({"Vor name": "Uma", "class": "la Roe"})
        assert (answer.text, answer.tool_made) == ("Uma l.", "badge")
        report = library.get("badge").report
        assert (len(report.cases), report.complete) == (9, True)
        assert library.history("badge")[-1].reason.startswith("made of 9 requests, in place of a retired one")

    def test_a_remake_learns_from_feedback(
        self, latm: LATM, library: ToolLibrary, model: ScriptedChatModel, sandbox: Sandbox
    ) -> None:
        latm.record_feedback(latm.invoke(WRONG[0]).id, "Uma v.")
        remaking = create_tool_remaker(model, library=library, sandbox=sandbox, second_attempts=0).invoke("badge")
        assert (remaking.known, len(remaking.counterexamples)) == (7, 1)
        assert latm.invoke(WRONG[0]).text == "Uma v."

    def test_a_disputed_row_is_answered_with_a_doubt(self, latm: LATM) -> None:
        latm.record_feedback(latm.invoke(WRONG[0]).id, "Uma v.", user="ann", source="stranger")
        assert [each.code for each in latm.invoke(WRONG[0]).doubts] == ["disputed"]
        assert [[each.code for each in answer.doubts] for answer in latm.batch(WRONG[:2])] == [["disputed"], []]

    def test_without_a_new_version_no_model_guesses(self, latm: LATM, model: ScriptedChatModel) -> None:
        model.script = in_turn(*["I cannot."] * 20)
        for row in WRONG:
            latm.record_feedback(latm.invoke(row).id, "Uma v.")
        with pytest.raises(RequestError, match="no tool was made"):
            latm.invoke(WRONG[0])


@pytest.mark.parametrize(
    ("expected", "given", "value"),
    [
        ([1, 2.5], "3.0", 3.0),
        ([True], "False", False),
        (["007", "a"], "007", "007"),
        ([[1, 2]], "[3]", [3]),
        (["a"], "[3]", "[3]"),
        ([1], "about 3", "about 3"),
    ],
)
def test_the_correct_answer_is_of_the_type_of_the_proof(expected: list[Any], given: str, value: Any) -> None:
    cases = tuple(
        VerificationCase(role="validation", question=f'{{"a": {number}}}', expected=each, passed=True)
        for number, each in enumerate(expected)
    )
    found = given_answer(typed_tool(report=VerificationReport(cases=cases, complete=True)), given)
    assert (found, type(found)) == (value, type(value))
