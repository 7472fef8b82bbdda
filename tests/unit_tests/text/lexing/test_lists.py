"""Separators of list items. Splitting items is tested with the form `texts`."""

from __future__ import annotations

import pytest

from langchain_latm.text.lexing.lists import (
    are_first_items,
    are_last_items,
    each_of,
    is_bullet,
    is_lettered,
    is_mark,
    marked_list_in,
    may_separate,
)
from langchain_latm.text.lexing.numbers import read_integer
from langchain_latm.text.reading.views import views


@pytest.mark.parametrize("separator", ["\n- ", "\n\u2022 ", "\n1. ", "\n(a) ", "\nA: "])
def test_marks(separator: str) -> None:
    assert is_mark(separator)
    assert is_lettered(separator) == (separator.strip(" \n()") in {"a", "A:"})


@pytest.mark.parametrize("separator", ["\n", ", ", "- ", "\n2. ", ""])
def test_separators_that_are_not_marks(separator: str) -> None:
    assert not is_mark(separator)


def test_a_marked_list_continues_to_the_end() -> None:
    text = "Which?\n(A) one\n(B) two"
    assert marked_list_in(text) == (len("Which?"), ["one", "two"])
    assert marked_list_in(f"{text}\nThink first.") is None
    assert marked_list_in("Which?") is None


@pytest.mark.parametrize(
    ("text", "bullet"), [("- ", True), (" (b) ", True), ("12: ", True), ("a ", False), ("-", False)]
)
def test_bullets(text: str, bullet: bool) -> None:
    assert is_bullet(text) is bullet


def test_items_with_their_separators() -> None:
    assert are_first_items("a red pear, fig; ")
    assert are_last_items(", a red pear; fig")
    assert not are_first_items("one two three four, ")
    assert not are_last_items("fig, ")


@pytest.mark.parametrize(("sign", "may"), [(", ", True), ("->", True), (" & ", True), ("'", False), ("/", False)])
def test_signs_between_words(sign: str, may: bool) -> None:
    assert may_separate(sign) is may


def test_all_parts_are_read_or_none() -> None:
    assert each_of(read_integer, ["1", "0"]) == [1, 0]
    assert each_of(read_integer, ["1", "x"]) is None
    assert each_of(read_integer, []) is None
    assert each_of(read_integer, None) is None


def test_marks_of_other_scripts_separate_items() -> None:
    for mark, lists in (
        ("、", ("犬、猫", "山、川、海", "春、夏")),
        ("، ", ("قلم، بيت", "بحر، جبل، ورد", "شجرة، كتاب")),
    ):
        parser = views([f"Join these words with a dash: {each}" for each in lists])[0].parser
        for each in lists:
            found = parser.parse(f"Join these words with a dash: {each}") or {}
            assert list(found.values()) == [each.split(mark)]
