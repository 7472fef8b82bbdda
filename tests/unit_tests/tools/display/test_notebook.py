"""A made tool as the last value of a notebook's cell."""

from __future__ import annotations

from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Comparison, Difference, VerificationCase, VerificationReport
from tests.unit_tests.made_tool import made_tool

HOSTILE = "</pre><script>alert(1)</script><img src=x onerror=alert(1)> & \u202egnp.exe"


def shown(tool: MadeTool) -> dict[str, str]:
    """Return IPython's stored output for a tool, as in a notebook."""
    bundle, _ = DisplayFormatter().format(tool)
    return dict(bundle)


def case(**changes: Any) -> VerificationCase:
    return VerificationCase(**{"role": "demonstration", "question": "Sort: b a", "expected": "a b", **changes})


def test_a_notebook_shows_signature_proof_and_source_and_no_record() -> None:
    bundle = shown(made_tool())
    assert set(bundle) == {"text/html", "text/plain"}
    for text in bundle.values():
        assert "word_sorting" in text
        assert "Sort words." in text
        assert "sort_words(words: list[str])" in text
        assert "Right on 1 of 1 examples, 1 of which its maker never saw." in text
        assert "Made by strong in 1 attempt, 7 tokens." in text
    assert "<td>unseen</td><td>Sort: pear fig</td>" in bundle["text/html"]
    assert '<span class="k">def</span>' in bundle["text/html"]


def test_nothing_in_it_changes_from_one_making_to_the_next() -> None:
    tool = made_tool()
    later = tool.provenance.model_copy(update={"seconds": 99.0, "created_at": "2027-01-01T00:00:00+00:00"})
    other = MadeTool.model_validate(tool.model_dump() | {"id": "", "provenance": later})
    assert other.id != tool.id
    assert shown(other) == shown(tool)


def test_texts_of_models_are_escaped_everywhere() -> None:
    bad = case(question=HOSTILE, arguments={HOSTILE: HOSTILE}, value=HOSTILE, error=HOSTILE)
    tool = made_tool(
        description=HOSTILE,
        source=f'def sort_words(words: list[str] = ["""{HOSTILE}"""]) -> str:\n    return ""  # {HOSTILE}\n',
        report=VerificationReport(cases=(bad, case(value=HOSTILE)), complete=True),
        provenance=made_tool().provenance.model_copy(update={"maker_model": HOSTILE}),
        parser=RequestParser(literals=(HOSTILE, ""), slots=(Slot(name="words", form="texts", gaps=(0,)),)),
        read_by=("parser", "model"),
    )
    bundle = shown(tool)
    assert "&lt;script&gt;" in bundle["text/html"]
    for forbidden in ("<script", "<img", "\u202e"):
        assert forbidden not in bundle["text/html"]
    assert bundle["text/html"].count("</pre>") == 1
    assert "\u202e" not in bundle["text/plain"]


def test_a_parser_is_shown_by_its_pattern() -> None:
    parser = RequestParser(literals=("Sort: ", ""), slots=(Slot(name="words", form="texts", gaps=(0,)),))
    bundle = shown(made_tool(parser=parser, read_by=("parser", "model")))
    assert "Requests with this wording need no model: Sort: {words}" in bundle["text/plain"]


@pytest.mark.slow
def test_long_texts_are_cut() -> None:
    cases = tuple(case(question=f"{number} " + "x" * 100_000, passed=False) for number in range(500))
    source = f'def sort_words(words: list[str]) -> str:\n    """{"y" * 1_000_000}"""\n    return ""\n'
    bundle = shown(made_tool(source=source, report=VerificationReport(cases=cases, complete=True)))
    assert len(bundle["text/html"]) < 40_000
    assert "The first 20 are shown." in bundle["text/html"]
    assert "characters in all" in bundle["text/plain"]


def test_how_surely_the_proof_is_no_chance_is_shown() -> None:
    report = made_tool().report.model_copy(update={"trials": 2, "chance": 0.0006, "accuracy": 0.292})
    sentences = (
        "Chance that a guess passes, with 2 candidates tried on the unseen examples: at most 0.06 %. "
        "Right on at least 29 % of such requests (95 % sure)."
    )
    for text in shown(made_tool(report=report)).values():
        assert sentences in text


def test_what_came_of_other_proven_functions_is_shown() -> None:
    differences = (
        Difference(question="Sort: \x1b[1m b A", answers=("A b", None), decided_by="person", answer="A b"),
        Difference(question="Sort: b b", answers=("b", "b b")),
    )
    comparison = Comparison(functions=2, inputs=90, agreed=88, differences=differences, refuses=True)
    report = made_tool().report.model_copy(update={"comparison": comparison})
    text = shown(made_tool(report=report))["text/plain"]
    assert "2 different functions are right on all examples, and agree on 88 of 90 other requests." in text
    assert "They differ on 'Sort: " in text
    assert "b A': 'A b' or none. A person decided 1. The tool fails where they differ." in text
    assert "\x1b" not in text
