"""Mutations of arguments."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.making.mutations import mutations


def values_of(value: Any, *others: Any) -> list[Any]:
    return [mutation.value for mutation in mutations(value, others)]


def test_a_list_gets_empty_single_repeated_reordered_and_longer() -> None:
    found = values_of(["b", "a", "c"], ["x", "y"])
    expected: list[list[str]] = [
        [],
        ["b"],
        ["c", "a", "b"],
        ["a", "b", "c"],
        ["b", "a", "c", "b"],
        ["b", "b", "b"],
        ["b", "a", "c", "x", "y"],
        ["B", "a", "c"],
        ["b", "a", "C"],
    ]
    assert [each for each in expected if each not in found] == []
    assert max(map(len, found)) >= 30


def test_a_number_gets_zero_negative_and_extreme() -> None:
    assert {0, 1, -7, 8, 7_000, -7_000} <= set(values_of(7))
    assert {0.0, -2.25, 1.125, 2.5, 2_250.0} <= set(values_of(2.25))
    assert all(type(each) is int for each in values_of(7))


def test_a_text_gets_other_cases_letters_and_order() -> None:
    assert {"", "O", "OAK", "oak", "kaO", "OakOak", "Oäk", "Oakж"} <= set(values_of("Oak"))
    assert {"elm oak", "oak", "oak elm oak", "OAK ELM"} <= set(values_of("oak elm"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, False),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({"a": 1}, {"a": -1}),
        ({"a": 1}, {}),
        ([[1, 2], [3]], [[2, 1], [3]]),
        ([[1, 2], [3]], [[1, 2], [-3]]),
    ],
)
def test_other_values_change_too(value: Any, expected: Any) -> None:
    assert expected in values_of(value)


@pytest.mark.parametrize("value", [None, [], {}, "", 0, 0.0, "é", ["1"], [None], [True, "a", 1]])
def test_every_value_can_be_changed_or_left(value: Any) -> None:
    assert all(mutation.name for mutation in mutations(value, [value]))


def test_a_deeply_nested_value_is_changed_in_time() -> None:
    deep: Any = 1
    for _ in range(10_000):
        deep = [deep]
    assert len(values_of(deep)) < 500


def test_the_value_itself_stays_as_it_is() -> None:
    value = [3, 1, 2]
    values_of(value)
    assert value == [3, 1, 2]
