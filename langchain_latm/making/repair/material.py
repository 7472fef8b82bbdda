"""The material of mutations: values of the examples, and parts of other candidates."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any, Final

from langchain_latm.making.repair.program import Program
from langchain_latm.text.answer_check import answer_text
from langchain_latm.types import VerificationCase

_MOST_NUMBERS: Final = 10
_MOST_TOKENS: Final = 8
_MOST_SEPARATORS: Final = 6
_MOST_READ: Final = 2_000
"""Number of characters of an argument or answer that are used."""
_LONGEST_TOKEN: Final = 12


@dataclass(frozen=True)
class Material:
    """The demonstrations as arguments and answers, and the other candidates of the making.

    Attributes:
        cases: The demonstrations of a candidate, with the arguments that were read.
        others: Programs of other candidates.
    """

    cases: Sequence[VerificationCase]
    others: Sequence[Program] = ()

    @cached_property
    def answers(self) -> list[str]:
        """The answers as text."""
        return [answer_text(case.expected).strip()[:_MOST_READ] for case in self.cases]

    @cached_property
    def given(self) -> list[str]:
        """The texts among the arguments, lists joined."""
        return [text[:_MOST_READ] for case in self.cases for text in _texts(case.arguments)]

    @cached_property
    def numbers(self) -> list[int | float]:
        """Numbers in the arguments and answers, those of most demonstrations first."""
        found: dict[int | float, int] = {}
        for case in self.cases:
            text = " ".join([*_texts(case.arguments), answer_text(case.expected)])[:_MOST_READ]
            own = {_number(each) for each in re.findall(r"\d+(?:\.\d+)?", text)[: 2 * _MOST_NUMBERS]}
            for number in own:
                found[number] = found.get(number, 0) + 1
        ordered = sorted(found, key=lambda number: (-found[number], abs(number), number))
        return ordered[:_MOST_NUMBERS]

    @cached_property
    def separators(self) -> list[str]:
        """Separators of the words in answers and arguments, those of the answers first."""
        found: dict[str, int] = {}
        for weight, texts in ((10, self.answers), (1, self.given)):
            for text in texts:
                for each in {*re.findall(r"(?<=\w)\W{1,3}(?=\w)", text), *re.findall(r"\s+", text)}:
                    found[each] = found.get(each, 0) + weight
        return sorted(found, key=lambda each: (-found[each], each))[:_MOST_SEPARATORS]

    @cached_property
    def answer_tokens(self) -> list[str]:
        """Short words and marks of the answers."""
        return _tokens(self.answers)

    @cached_property
    def given_tokens(self) -> list[str]:
        """Short words and marks of the arguments."""
        return _tokens(self.given)

    @cached_property
    def characters(self) -> list[str]:
        """The characters of the arguments and answers, the most frequent first."""
        found = Counter(each for text in (*self.given, *self.answers) for each in set(text))
        return sorted(found, key=lambda each: (-found[each], each))

    @cached_property
    def shifts(self) -> list[int | float]:
        """The number to add to each value of the candidate to get its answer, if it is always the same."""
        found = {_difference(case.value, answer_text(case.expected).strip()) for case in self.cases}
        (shift,) = found if len(found) == 1 else (None,)
        return [shift] if shift else []

    @cached_property
    def edges(self) -> tuple[str, str]:
        """The shared beginning and end of all answers; empty if only one answer is known."""
        if len(set(self.answers)) < 2:  # noqa: PLR2004 - a single answer is all common
            return "", ""
        return _common(self.answers), _common([each[::-1] for each in self.answers])[::-1]


def _common(texts: Sequence[str]) -> str:
    """Return the common beginning of texts."""
    same = takewhile(lambda column: len(set(column)) == 1, zip(*texts, strict=False))
    return "".join(column[0] for column in same)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        yield " ".join(map(answer_text, value))
    else:
        yield answer_text(value)


def _tokens(texts: Iterable[str]) -> list[str]:
    """Return the words and marks of texts, those of most texts first."""
    found: dict[str, int] = {}
    for text in texts:
        for each in set(re.findall(r"\w+|[^\w\s]", text)):
            if len(each) <= _LONGEST_TOKEN:
                found[each] = found.get(each, 0) + 1
    return sorted(found, key=lambda each: (-found[each], len(each), each))[:_MOST_TOKENS]


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text[:15])


def _difference(value: Any, answer: str) -> int | float | None:
    """Return the difference between an answer and a value, if both are numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not re.fullmatch(r"-?\d{1,15}(\.\d+)?", answer):
        return None
    difference = round(float(answer) - value, 6)
    return int(difference) if difference == int(difference) else difference


def constant(value: object) -> ast.Constant:
    """Return a literal."""
    return ast.Constant(value)  # type: ignore[arg-type]  # any literal
