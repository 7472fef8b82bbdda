"""When a request is certain enough to be of a tool's kind."""

from __future__ import annotations

import pytest

from langchain_latm.loop.dispatch.probability import clear_form, judge, needed_probability
from langchain_latm.text.wording.lexical import Match
from langchain_latm.text.wording.likeness import Likeness

NEAR = Likeness("a", 0.8, 0.8, 0.3, 0.4, 6)
FAR = Likeness("b", 0.1, 0.1, 0.3, 0.4, 6)


def test_a_lower_error_needs_a_higher_probability() -> None:
    needed = [needed_probability(error) for error in (0.5, 0.02, 0.01, 0.001, 0.0)]
    assert needed == sorted(needed)
    assert needed[-1] == 1.0
    assert 0.7 < needed[2] < 0.8


def test_a_near_second_tool_makes_it_doubtful() -> None:
    needed = needed_probability(0.01)
    assert judge([NEAR, FAR], None, needed).tool == "a"
    doubtful = judge([NEAR, NEAR._replace(name="b")], None, needed)
    assert (doubtful.tool, doubtful.best) == (None, "a")
    assert judge([], None, needed).probability is None


def test_an_example_is_certain() -> None:
    found = judge([NEAR._replace(name="b"), NEAR._replace(is_example=True)], None, 1.0)
    assert (found.tool, found.by) == ("a", "example")


@pytest.mark.parametrize(("held", "second", "clear"), [(20, 0.1, True), (20, 0.6, False), (5, 0.1, False)])
def test_a_clear_form_needs_many_words_and_no_rival(held: int, second: float, clear: bool) -> None:
    matches = [Match("a", 0.9, 0.7, 0.9, 0.3, held), Match("b", second, 0.7, 0.9, 0.3, held)]
    assert (clear_form(matches) is not None) == clear


def test_fixed_wording_is_recognised_by_its_form_alone() -> None:
    """Twins of a fixed wording are as similar to it as its own requests."""
    fixed = NEAR._replace(own_nearest=0.9, own_centroid=0.9)
    assert judge([fixed, FAR], None, 0.1).tool is None
    assert judge([fixed, FAR], Match("a", 0.9, 0.7, 0.9, 0.3, 5), 1.0).by == "form"


@pytest.mark.parametrize(("score", "tool"), [(0.7, None), (0.95, "b")])
def test_a_form_decides_against_the_most_similar_examples_only_with_nearly_all_of_its_words(
    score: float, tool: str | None
) -> None:
    """An ending such as "Give only the result as your final answer" alone may be most of what a form holds."""
    unlike = Likeness("a", 0.1, 0.1, 0.3, 0.4, 6)
    found = judge([unlike, unlike._replace(name="b", nearest=0.09)], Match("b", score, 0.6, 0.3, 0.2, 42), 0.7)
    assert (found.tool, found.best) == (tool, "a")
