"""Constant data: dates and numbers in the literals, the same in all questions of a kind.

They look like content, and are constant only because there are few examples: all meetings of a day have the same date.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from langchain_latm.text.lexing.dates import is_month_name
from langchain_latm.text.lexing.words import WORD
from langchain_latm.text.reading.gaps import Template, columns_of, gaps_in

_CHUNK: Final = re.compile(r"\S+")
_SMALL_WORD: Final = 3
_MARKS_BEFORE: Final = "([{<\"'\u201c\u00ab"
_MARKS_BEHIND: Final = ")]}>\"'\u201d\u00bb.,;:!?"
_RUN: Final = re.compile(rf"\d+|{WORD.pattern}")


def opened_constants(template: Template, questions: Sequence[str], wanted: Callable[[str], bool]) -> Template:
    """Turn constant data into gaps.

    Args:
        template: Literals that all questions hold.
        questions: Questions of one kind.
        wanted: Whether a date or number is to become an argument.
    """
    literals: list[str] = []
    for place, literal in enumerate(template):
        begun, edge = "", 0
        for start, end in _data_in(literal, after_gap=place > 0, before_gap=place < len(template) - 1):
            # A literal between two gaps cannot be empty.
            if not wanted(literal[start:end]) or (not literal[edge:start] and literals):
                continue
            literals.append(literal[edge:start])
            begun, edge = literal[start:end], end
        literals.append(literal[edge:])
        if begun and not literals[-1] and place < len(template) - 1:
            return template
    opened = tuple(literals)
    return opened if opened == template or _reads(opened, questions) else template


def _reads(template: Template, questions: Sequence[str]) -> bool:
    """Whether all questions fit, and some gap is constant, so that the other gaps were not moved."""
    if any(gaps_in(template, question) is None for question in questions):
        return False
    return any(len(set(column)) == 1 for column in columns_of(template, questions))


def needed_in(answers: Sequence[str]) -> Callable[[str], bool]:
    """Return a test whether every answer holds the longest number of a constant or, without numbers, its longest word.

    A digit that an answer holds more than once is a coincidence, as in a matrix.

    Args:
        answers: Known answers; without any, no constant passes.
    """
    held = [_taken(list(map(_bare, _RUN.findall(answer)))) for answer in answers]
    shared = set.intersection(*held) if held else set()
    return lambda constant: _longest(constant) in shared


def _taken(runs: Sequence[str]) -> set[str]:
    """Return the numbers and words of an answer that may be copied from its question."""
    return {run for run, count in Counter(runs).items() if count == 1 or len(run) > 1}


def _longest(constant: str) -> str:
    runs = _RUN.findall(constant)
    return _bare(max([run for run in runs if run.isdigit()] or runs, key=len, default=""))


def _bare(run: str) -> str:
    return run.lstrip("0") or "0" if run.isdigit() else run.casefold()


def _data_in(literal: str, *, after_gap: bool, before_gap: bool) -> Iterator[tuple[int, int]]:
    """Yield where constant data begins and ends: chunks that hold a digit, and the other chunks of a date."""
    chunks = [(found.start(), found.end()) for found in _CHUNK.finditer(literal)]
    types = [_chunk_type(literal[start:end]) for start, end in chunks]
    runs: list[list[int]] = []
    for place, each in enumerate(types):
        joins = each == "small" and {"month", "number"} == {
            *types[max(0, place - 1) : place],
            *types[place + 1 : place + 2],
        }
        if each in {"number", "month"} or joins:
            if runs and runs[-1][-1] == place - 1:
                runs[-1].append(place)
            else:
                runs.append([place])
    for run in runs:
        start, end = _trimmed(literal, chunks[run[0]][0], chunks[run[-1]][1])
        touches = (after_gap and chunks[run[0]][0] == 0) or (before_gap and chunks[run[-1]][1] == len(literal))
        if not touches and re.search(r"\d", literal[start:end]):
            yield start, end


def _chunk_type(chunk: str) -> str:
    bare = chunk.strip(_MARKS_BEFORE + _MARKS_BEHIND)
    if re.search(r"\d", bare):
        return "number"
    if is_month_name(bare):
        return "month"
    return "small" if bare == chunk and len(bare) <= _SMALL_WORD and bare.isalpha() else ""


def _trimmed(literal: str, start: int, end: int) -> tuple[int, int]:
    while start < end and literal[start] in _MARKS_BEFORE:
        start += 1
    while end > start and literal[end - 1] in _MARKS_BEHIND:
        end -= 1
    return start, end
