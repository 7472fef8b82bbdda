"""Data in quotes, or with other separators than in the examples."""

# ruff: noqa: RUF001 - signs of several scripts
from __future__ import annotations

import pytest

from langchain_latm.text.lexing.lists import split
from langchain_latm.text.reading.data_style import DataStyle, in_style

WORD = DataStyle(is_measured=True, is_prose=False, has_ends=False)
COMMAS = WORD._replace(separator=", ")
TITLES = COMMAS._replace(is_measured=False)
SPACES = WORD._replace(separator="")
NUMBERS = DataStyle(separator=", ", is_values=True)


@pytest.mark.parametrize(
    ("style", "text", "expected"),
    [
        (WORD, "“harp”", "harp"),
        (WORD, "'harp'", "harp"),
        (WORD, "「harp」", "harp"),
        (WORD, "» harp «", "harp"),
        (WORD, "iPhone 5", "iPhone 5"),
        (COMMAS, "harp,lute;drum", "harp,lute;drum"),  # two sorts of separators
        (COMMAS, "harp,lute , drum", "harp, lute, drum"),
        (COMMAS, "harp，lute、drum", "harp, lute, drum"),
        (COMMAS, "harp; lute", "harp, lute"),
        (COMMAS, "harp\nlute\ndrum", "harp, lute, drum"),
        (COMMAS, "1. harp\n2. lute", "harp, lute"),
        (COMMAS, '"harp", "lute"', "harp, lute"),
        (COMMAS, "harp, lute, drum.", "harp, lute, drum"),
        (COMMAS, "harp, St. John, drum.", "harp, St. John, drum."),
        (COMMAS, "harp,,lute", "harp,,lute"),
        (COMMAS, "harp 1,5", "harp 1,5"),
        (COMMAS, "30 分、5 秒", "30分, 5秒"),
        (TITLES, "Up and Down; Now", "Up and Down; Now"),  # what follows may be another sentence
        (TITLES, "Up and Down\nSort it", "Up and Down\nSort it"),
        (SPACES, "harp, lute, drum", "harp lute drum"),
        (SPACES, "harp, lute", "harp, lute"),  # may be a sentence
        (SPACES, "bass drum, lute, harp", "bass drum, lute, harp"),
        (NUMBERS, "4,8,15", "4, 8, 15"),
        (NUMBERS, "4;8", "4, 8"),
        (NUMBERS, "4,8", "4,8"),  # may be a decimal
        (NUMBERS, "4,800,150", "4,800,150"),  # may be one number
        (NUMBERS, "4、8", "4, 8"),
        (WORD, "\"harp\" or 'lute'", "\"harp\" or 'lute'"),
        (WORD, '"say "harp""', '"say "harp""'),
    ],
)
def test_unambiguous_data_is_written_as_in_the_examples(style: DataStyle, text: str, expected: str) -> None:
    assert in_style(text, style) == expected


@pytest.mark.parametrize(("separator", "text"), [("، ", "سمك،لحم،رز"), ("; ", "harp；lute"), (", ", "harp，lute")])
def test_items_between_signs_of_another_script_are_several_items(separator: str, text: str) -> None:
    assert split(text, separator) is None
