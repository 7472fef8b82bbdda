"""Splits gaps of words and numbers: "above 3" is two values, a word and a number.

Aligning questions does not separate a word from a number beside it, such as a comparative or a unit, since there is no
literal between them. If all questions have the same sequence of words and numbers in a gap, each is a value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from langchain_latm.text.lexing.dates import is_month_name
from langchain_latm.text.lexing.numbers import PLAIN_NUMBER, read_number
from langchain_latm.text.lexing.words import UNSPACED, WORD
from langchain_latm.text.reading.gaps import Template, columns_of, gaps_in

_BETWEEN_NUMBERS: Final = re.compile(
    rf"{PLAIN_NUMBER}({UNSPACED.pattern}|{WORD.pattern} ){PLAIN_NUMBER}({WORD.pattern})?"
)
_COLON: Final = re.compile(r":\s+|\uff1a\s*")
_MOST_CHUNKS: Final = 3
_MOST_VALUES: Final = 4
"""Maximum number of different texts of a choice."""


def in_chunks(template: Template, questions: Sequence[str]) -> Template:
    """Return a template in which gaps that hold the same sequence of words and numbers are split into single ones.

    A word that is the same in all questions is wording, such as "x" in "10 x 5", or "와" in "3와 4".

    Args:
        template: Literals that all questions hold.
        questions: Questions of one kind.
    """
    literals = [template[0]]
    for column, literal in zip(columns_of(template, questions), template[1:], strict=True):
        between, after = _touching(column)
        literals += [between] if between else _between(column) or _colon(column)
        literals.append(after + literal)
    cut = tuple(literals)
    return cut if all(all(gaps_in(cut, question) or [""]) for question in questions) else template


def is_choice(column: Sequence[str]) -> bool:
    """Whether the texts of a gap are a choice, such as "keep" and "remove": few, short and repeated."""
    texts = {text.casefold() for text in column}
    few = len(texts) <= _MOST_VALUES and len(texts) * 2 <= len(column)
    return few and all(text and len(text.split()) <= _MOST_CHUNKS and not _has_digit(text) for text in texts)


def _touching(column: Sequence[str]) -> tuple[str, str]:
    """Return the words that touch the two numbers in a gap, between and after them; empty if they differ."""
    found = {each and (each[1], each[2] or "") for each in map(_BETWEEN_NUMBERS.fullmatch, column)}
    return (found.pop() if len(found) == 1 else None) or ("", "")


def _between(column: Sequence[str]) -> list[str]:
    """Return the literals between the words and numbers of a gap; none if the questions differ in their sequence."""
    rows = [text.split(" ") for text in column]
    sequences = {tuple(read_number(chunk) is not None for chunk in row) for row in rows}
    if len(sequences) > 1 or not 1 < len(rows[0]) <= _MOST_CHUNKS:
        return []
    (are_numbers,) = sequences
    words = [chunk for row in rows for chunk, is_number in zip(row, are_numbers, strict=True) if not is_number]
    if not (any(are_numbers) and words and all(word.isalpha() and not is_month_name(word) for word in words)):
        return []
    if are_numbers == (True, False, True) and len(set(words)) == 1:
        return [f" {words[0]} "]
    return [" "] * (len(are_numbers) - 1)


def _colon(column: Sequence[str]) -> list[str]:
    """Return the only colon of each text, if a choice stands before it: "Sort ascending: 3, 1"."""
    found = [_COLON.findall(text) for text in column]
    if any(colons != found[0] or len(colons) != 1 for colons in found):
        return []
    ((colon,),) = {tuple(colons) for colons in found}
    return [colon] if is_choice([text.partition(colon)[0] for text in column]) else []


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
