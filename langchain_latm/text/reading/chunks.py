"""Gaps of words and numbers: "above 3" is two values, a word and a number.

Words that change together with a number beside them, as comparatives and units do, are missed by aligning questions: no
literal stands between the two. Where all questions have as many words and numbers there, in the same order, each is a
value of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from langchain_latm.text.lexing.dates import MONTHS
from langchain_latm.text.lexing.numbers import PLAIN_NUMBER, read_number
from langchain_latm.text.lexing.words import UNSPACED, WORD
from langchain_latm.text.reading.gaps import Template, columns_of, gaps_in

_MONTHS: Final = frozenset(month.casefold() for months in MONTHS.values() for month in months)
_BETWEEN_NUMBERS: Final = re.compile(
    rf"{PLAIN_NUMBER}({UNSPACED.pattern}|{WORD.pattern} ){PLAIN_NUMBER}({WORD.pattern})?"
)
_MOST_CHUNKS: Final = 3
_MOST_VALUES: Final = 4
"""Different texts of a gap that may still be a choice among few."""


def in_chunks(template: Template, questions: Sequence[str]) -> Template:
    """Return a template with a gap for each word and number of the gaps that hold the same sequence of both.

    A word that is the same in all questions is wording, as in "10 x 5", or "와" in "3와 4", which touches a number.

    Args:
        template: Literals that all questions hold.
        questions: The questions.
    """
    literals = [template[0]]
    for column, literal in zip(columns_of(template, questions), template[1:], strict=True):
        between, behind = _touching(column)
        literals += [between] if between else _between(column)
        literals.append(behind + literal)
    cut = tuple(literals)
    return cut if all(all(gaps_in(cut, question) or [""]) for question in questions) else template


def is_choice(column: Sequence[str]) -> bool:
    """Whether the texts of a gap are a choice among few, such as "keep" and "remove": short, and most come again."""
    texts = {text.casefold() for text in column}
    few = len(texts) <= _MOST_VALUES and len(texts) * 2 <= len(column)
    return few and all(text and len(text.split()) <= _MOST_CHUNKS and not _has_digit(text) for text in texts)


def _touching(column: Sequence[str]) -> tuple[str, str]:
    """Return the words that touch the two numbers in a gap, between and behind them; empty where they differ."""
    found = {each and (each[1], each[2] or "") for each in map(_BETWEEN_NUMBERS.fullmatch, column)}
    return (found.pop() if len(found) == 1 else None) or ("", "")


def _between(column: Sequence[str]) -> list[str]:
    """Return what stands between the words and numbers of a gap; nothing where they differ, or are no such sequence."""
    rows = [text.split(" ") for text in column]
    kinds = {tuple(read_number(chunk) is not None for chunk in row) for row in rows}
    if len(kinds) > 1 or not 1 < len(rows[0]) <= _MOST_CHUNKS:
        return []
    (kind,) = kinds
    words = [chunk for row in rows for chunk, number in zip(row, kind, strict=True) if not number]
    if not (any(kind) and words and all(word.isalpha() and word.casefold() not in _MONTHS for word in words)):
        return []
    if kind == (True, False, True) and len(set(words)) == 1:
        return [f" {words[0]} "]
    return [" "] * (len(kind) - 1)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
