"""Letters of options."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms, with_writing, writings

OPTIONS = ({"of": ["pear", "fig"]}, {"of": ["oak", "elm", "fir"]})


def test_the_option_is_asked_for_not_its_letter() -> None:
    assert answer_forms(["(B)", "(C)"], OPTIONS) == [AnswerForm("str", ("fig", "fir"))]
    assert answer_forms(["a", "b"], OPTIONS) == [AnswerForm("str", ("pear", "elm"))]


@pytest.mark.parametrize(
    ("answers", "readings"),
    [
        (["(C)", "(C)"], OPTIONS),  # the first one has two options
        (["(A) or (B)", "(C)"], OPTIONS),
        (["A", "B"], ({"of": "pear"}, {"of": "oak"})),
        (["A", "B"], ({"of": [1]}, {"of": [2, 3]})),
        (["A", "B"], ()),
    ],
)
def test_letters_without_an_option_are_text(answers: list[str], readings: Any) -> None:
    assert answer_forms(answers, readings)[-1] == AnswerForm("str", tuple(answers))


@pytest.mark.parametrize("label", ["({})", "{}", "Answer: {}."])
def test_the_option_is_written_as_its_letter(sandbox: Sandbox, label: str) -> None:
    source = 'def pick(of: list[str], last: bool) -> str:\n    """Pick."""\n    return of[-1 if last else 0]\n'
    arguments = [{"of": ["pear", "fig"], "last": True}, {"of": ["oak", "elm"], "last": False}]
    answers = [label.format("B"), label.format("A")]
    writing = next(writings(["fig", "oak"], answers, arguments))
    written_source, entry = with_writing(source, "pick", writing)
    later = [*arguments, {"of": ["a", "b", "c"], "last": True}]
    results = sandbox.batch(ToolSource(source=written_source, entry=entry), later)
    assert [result.value for result in results] == [*answers, label.format("C")]


def test_other_values_have_no_letter() -> None:
    arguments = [{"of": ["pear", "fig"]}]
    assert not any("index" in each for each in writings(["plum"], ["(B)"], arguments))
    assert not any("index" in each for each in writings(["pear"], ["(B)"], arguments))
