"""Scores: a value nearer to the answer scores higher."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.making.repair.scoring import Score, Target, score
from langchain_latm.text.answer_check import ExactCheck, NumericCheck


def target(answer: Any, *values: Any) -> Target:
    return Target(answer, values, ExactCheck())


@pytest.mark.parametrize(
    ("answer", "value", "ordered"),
    [
        ("ash elm oak", None, ["ash elm oak", "ash oak elm", "oak pear", 7]),
        ("12", None, ["12", 13, 20, 1_000, None]),
        ("12", 12, [12, 13, 20, 1_000, "twelve", None]),
        ("a, b, c", ["a", "b", "c"], [["a", "b", "c"], ["a", "c", "b"], ["a"], ["x", "y"], {"z": 1}]),
        ("3.14", 3.14, ["3.14", 3.15, 4.0, -200.0, [1]]),
    ],
)
def test_nearer_values_score_higher(answer: str, value: Any, ordered: list[Any]) -> None:
    wanted = target(answer) if value is None else target(answer, value)
    near = [wanted.nearness(each) for each in ordered]
    assert near[0] == 1
    assert near == sorted(near, reverse=True)
    assert len(set(near)) == len(near), near


def test_only_a_right_value_scores_one() -> None:
    assert target("10", 10).nearness(10.0000001) < 1
    assert Target("10", (), NumericCheck(absolute=0.1)).nearness(10.05) == 1


def test_a_score_counts_right_answers_first() -> None:
    targets = [target("a"), target("b"), target("c")]
    right = score(["a", "x", "y"], [False] * 3, targets)
    near = score(["aa", "bb", "cc"], [False] * 3, targets)
    assert right.right == 1
    assert right > near
    assert score([None] * 3, [True] * 3, targets) < near
    assert isinstance(near, Score)


def test_extreme_values_have_a_score() -> None:
    huge: list[Any] = [10**400, -(10**400), 1e308, float("inf"), "x" * 10_000, [[]] * 5_000, {}, True, None]
    for value in huge:
        for wanted in (target("5", 5), target("x", "x"), target("1e308", 1e308), target("[]", [])):
            assert 0 <= wanted.nearness(value) <= 1
