"""Outlines of answers: their form without their content."""

from __future__ import annotations

import pytest

from langchain_latm.text.writing.outline import outline, outlines


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("fig pear", "abc abc"),
        ("$1,234.50", "$9,999.99"),
        ("2024-01-05", "9999-99-99"),
        ("['Ann', 'BOB']", "['Abc', 'ABC']"),
        ("Yes", "Yes"),
        ("(A) invalid", "(Abc) invalid"),
        ("\u00e9t\u00e9 \u6771\u4eac \u0663", "abc abc 9"),
        ("a\u200bb\ud800\x00\U0001f600", "abcabc"),
        ("x" * 300, "abc"),
        ("a " * 300, ("abc " * 40)[:80]),
    ],
)
def test_an_outline_shows_only_the_form(answer: str, expected: str) -> None:
    assert outline(answer) == expected


def test_outlines_are_few() -> None:
    assert outlines(["fig", "pear", "", "12", "x " * 100]) == ("abc", "99")
