"""The source of a program that is found reads like one that a person would write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise

ROWS = [(17, 437), (5, 207), (32, 93), (40, 8), (7, 70), (90, 3)]


@pytest.mark.parametrize(
    ("compute", "body"),
    [
        (lambda number, books: number * books, ["value = number * books", "return value"]),
        (lambda number, books: number + books, ["value = number + books", "return value"]),
        (lambda number, books: str(number - books), ["value = number - books", "return str(value)"]),
        (lambda number, _: number * 3 + 5, ["value = number * 3 + 5", "return value"]),
        (max, ["value = max(number, books)", "return value"]),
    ],
)
def test_whole_numbers_are_computed_as_they_are(compute: Callable[[int, int], object], body: list[str]) -> None:
    examples = tuple(({"number": number, "books": books}, compute(number, books)) for number, books in ROWS)
    found = synthesise(Problem(examples, (), "total"), seconds=30)[0]
    head, docstring, *lines = found.source.strip().split("\n")
    assert head.startswith("def total(number: int, books: int) -> ")
    assert "as a number" not in docstring
    assert [line.strip() for line in lines] == body
    assert found.run({"number": 10**12, "books": -3}) == compute(10**12, -3)
