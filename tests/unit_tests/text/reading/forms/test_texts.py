"""Lists of texts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from langchain_latm.text.lexing.lists import mark_before
from langchain_latm.text.reading.forms import NumberType
from tests.unit_tests.text.reading.forms.test_forms import PIECES
from tests.unit_tests.text.reading.reader import read_off

FORM = "texts"


@pytest.mark.parametrize(
    ("text", "separator", "number_type", "value"),
    [
        ("red  green\nblue", "", None, ["red", "green", "blue"]),
        ("New York, Rome", ", ", None, ["New York", "Rome"]),
        ("milk\n two eggs ", "\n", None, ["milk", "two eggs"]),
        ("1,234 apples, 2 pears", ", ", None, ["1,234 apples", "2 pears"]),
        ("1,234 apples", ", ", None, ["1,234 apples"]),
        ("Paris, France\nRome, Italy", "\n", None, ["Paris, France", "Rome, Italy"]),
        ("Yes sir, I can, too", "", None, ["Yes", "sir,", "I", "can,", "too"]),
        ("a, b; c", "; ", None, ["a, b", "c"]),
        ("f(1, 2); [3]", "; ", None, ["f(1, 2)", "[3]"]),
        ("( [ ] )", "", None, ["(", "[", "]", ")"]),
        ("3 4 + 2 *", "", None, ["3", "4", "+", "2", "*"]),
        ("* + *", "", None, ["*", "+", "*"]),
        ("1) pear, 2) fig", ", ", None, ["1) pear", "2) fig"]),
    ],
)
def test_it_is_read(text: str, separator: str, number_type: NumberType | None, value: Any) -> None:
    assert repr(read_off(FORM, text, separator, number_type)) == repr(value)


@pytest.mark.parametrize(
    ("text", "separator", "number_type"),
    [
        ("a, , b", ", ", None),
        (", a", ", ", None),
        ("12,345 apples", ",", None),
        ("a,b,c", ", ", None),
        ("a, b,c", ", ", None),
        ("a;b", ", ", None),
        ("a\nb", ", ", None),
        ("a, b\nc", ", ", None),
        ("a; b;c", "; ", None),
        ("a | b|c", " | ", None),
        ("a, b", "\n", None),
        ("a, b, c", "", None),
        ("a; b", "", None),
        ("a,b", "", None),
        ("3 + 4*x = 7", "", None),
        ("3/4 - 5/6", "", None),
        ("f(1, 2), 3", ", ", None),
        ("[1, 2], k=3", ", ", None),
        ("((9 + 6) * 3) - 1", "", None),
        ("\uff08一, 二\uff09, 三", ", ", None),
    ],
)
def test_other_texts_are_refused(text: str, separator: str, number_type: NumberType | None) -> None:
    assert read_off(FORM, text, separator, number_type) is None


class TestMarks:
    @pytest.mark.parametrize("bullet", ["-", "*", "+", "\u2022"])
    def test_bullets_are_not_part_of_the_items(self, bullet: str) -> None:
        text = f"{bullet} pear\n  {bullet}  two figs \n{bullet} well-known - or not, who knows"
        assert read_off(FORM, text, f"\n{bullet} ") == ["pear", "two figs", "well-known - or not, who knows"]

    @pytest.mark.parametrize(
        ("separator", "marks"),
        [("\n1. ", "1. |2. |3. "), ("\n1) ", "1) |2) |3) "), ("\n(a) ", "(a) |(b) |(c) "), ("\nA: ", "A: |B: |C: ")],
    )
    def test_numbers_and_letters_count_on(self, separator: str, marks: str) -> None:
        lines = [mark + item for mark, item in zip(marks.split("|"), ("pear", "fig", "kiwi"), strict=True)]
        assert read_off(FORM, "\n".join(lines), separator) == ["pear", "fig", "kiwi"]
        assert read_off(FORM, lines[0], separator) == ["pear"]
        assert read_off(FORM, "\n".join(lines[1:]), separator) is None
        assert read_off(FORM, "\n".join([lines[0], lines[2]]), separator) is None
        assert mark_before("\n".join(lines)) == separator

    @pytest.mark.parametrize("text", ["- a\nb", "- a\n\n- b", "- a\n-", "-a", "a\n- b", "* a", ""])
    def test_lines_without_the_mark_are_refused(self, text: str) -> None:
        assert read_off(FORM, text, "\n- ") is None

    def test_more_items_than_letters_are_refused(self) -> None:
        lines = [f"{chr(ord('a') + number)}) x" for number in range(27)]
        assert read_off(FORM, "\n".join(lines[:26]), "\na) ") == ["x"] * 26
        assert read_off(FORM, "\n".join(lines), "\na) ") is None

    @pytest.mark.parametrize("line", ["pear", "2. fig", "-5", "b) fig", "1.5", "(1", "Input 1: x", ""])
    def test_a_text_that_begins_no_list_has_no_mark(self, line: str) -> None:
        assert mark_before(line) is None


class TestQuotations:
    @pytest.mark.parametrize("quote", ['"', "'"])
    @pytest.mark.parametrize("between", [" ", ", ", ",", "; "])
    def test_quotes_are_not_part_of_the_items(self, quote: str, between: str) -> None:
        separator = f"{quote}{between}{quote}"
        assert read_off(FORM, f"{quote}New York, NY{separator}a; b{quote}", separator) == ["New York, NY", "a; b"]
        assert read_off(FORM, f"{quote}one{quote}", separator) == ["one"]

    @pytest.mark.parametrize("text", ['"a" "b"', '"a", b', 'a", "b', "a, b", '"a", ""', '""', '"', "", "'a', 'b'"])
    def test_other_quotes_are_refused(self, text: str) -> None:
        assert read_off(FORM, text, '", "') is None


@pytest.mark.slow
@pytest.mark.parametrize("separator", ["", "\n- ", "\n1. ", '", "'])
def test_100_000_characters_are_split_or_refused(separator: str) -> None:
    for piece in PIECES:
        found = read_off(FORM, piece * (100_000 // len(piece)), separator)
        assert found is None or json.dumps(found), piece
