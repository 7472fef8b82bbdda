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
        (lambda pages, books: pages * books, ["value = pages * books", "return value"]),
        (lambda pages, books: pages + books, ["value = pages + books", "return value"]),
        (lambda pages, books: str(pages - books), ["value = pages - books", "return str(value)"]),
        (lambda pages, _: pages * 3 + 5, ["value = pages * 3 + 5", "return value"]),
        (max, ["value = max(pages, books)", "return value"]),
    ],
)
def test_whole_numbers_are_computed_as_they_are(compute: Callable[[int, int], object], body: list[str]) -> None:
    examples = tuple(({"pages": pages, "books": books}, compute(pages, books)) for pages, books in ROWS)
    found = synthesise(Problem(examples, (), "total"), seconds=30)[0]
    head, docstring, *lines = found.source.strip().split("\n")
    assert head.startswith("def total(pages: int, books: int) -> ")
    assert "as a number" not in docstring
    assert [line.strip() for line in lines] == body
    assert found.run({"pages": 10**12, "books": -3}) == compute(10**12, -3)
