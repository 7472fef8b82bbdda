"""Scores how near the values of a variant are to the answers."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final, NamedTuple

from langchain_latm.text.answer_check import AnswerCheck, answer_text
from langchain_latm.text.json_values import is_number

_COMPARED: Final = 400
"""Number of characters or parts of a value that are compared."""
_OTHER_TYPE: Final = 0.3
_OTHER_FORM: Final = 0.9
_NO_VALUE: Final = -0.1
_CONSTANT: Final = 0.5
"""Factor for the score of a variant that returns the same value for all demonstrations although they differ."""


class Score(NamedTuple):
    """A variant's score; the greater tuple is better.

    Attributes:
        right: Number of demonstrations on which it is right; 0 if it returns the same value for all, right on some.
        near: Sum of the nearness to each answer, from 0 (or a little less, if there is no value) to 1.
    """

    right: int
    near: float


@dataclass(frozen=True)
class Target:
    """The target of one demonstration.

    Attributes:
        answer: The answer: a text, or any JSON value.
        values: Values that a form of answer writes as the answer; equal ones are right too.
        check: How answers are compared.
    """

    answer: Any
    values: Sequence[Any]
    check: AnswerCheck

    def is_right(self, value: Any) -> bool:
        """Whether a value is the answer, or a form of answer writes it as the answer."""
        return any(_equal(value, each) for each in self.values) or self.check.matches(value, self.answer)

    def nearness(self, value: Any) -> float:
        """Return the nearness of a value to the answer: 1 if it is right, otherwise less."""
        if self.is_right(value):
            return 1.0
        return 0.98 * max(_nearness(value, wanted) for wanted in (*self.values, self.answer))


def score(values: Sequence[Any], failed: Sequence[bool], targets: Sequence[Target]) -> Score:
    """Score the values of one variant, in the order of the demonstrations."""
    near = [
        _NO_VALUE if bad else target.nearness(value) for value, bad, target in zip(values, failed, targets, strict=True)
    ]
    right = sum(each >= 1 for each in near)
    if right < len(targets) and len(targets) > 1 and len(set(map(repr, values))) == 1:
        return Score(0, round(_CONSTANT * sum(near), 6))
    return Score(right, round(sum(near), 6))


def _equal(value: Any, wanted: Any) -> bool:
    return type(value) is type(wanted) and bool(value == wanted)


def _nearness(value: Any, wanted: Any) -> float:
    """Return a similarity from 0 to 1, in linear time: by type, length, common ends and common parts."""
    if is_number(value) and is_number(wanted):
        difference = abs(value - wanted) if max(abs(value), abs(wanted)) < 1e300 else math.inf  # noqa: PLR2004
        grown = 1 + min(abs(wanted), 1e300)
        return float(0.5 + 0.5 / (1 + difference / grown + min(difference, 1e6) * 0.01))
    if isinstance(value, list) and isinstance(wanted, list):
        return 0.1 + 0.9 * _sequences([repr(each) for each in value[:_COMPARED]], [*map(repr, wanted[:_COMPARED])])
    if isinstance(value, str) and isinstance(wanted, str):
        return 0.1 + 0.9 * _sequences(value[:_COMPARED], wanted[:_COMPARED])
    if isinstance(value, dict) and isinstance(wanted, dict):
        return _sequences([*map(repr, value.items())], [*map(repr, wanted.items())])
    if isinstance(wanted, str):
        return _as_written(value, wanted)
    return _OTHER_TYPE * _sequences(answer_text(value)[:_COMPARED], answer_text(wanted)[:_COMPARED])


def _as_written(value: Any, wanted: str) -> float:
    """Return the nearness of a number or list to an answer that holds one; for others, the similarity of the texts."""
    if is_number(value) and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", wanted.strip()):
        return _OTHER_FORM * _nearness(value, float(wanted))
    if isinstance(value, list):
        parts = re.findall(r"\w+|[^\w\s,]", wanted[:_COMPARED])
        return _OTHER_FORM * _sequences([answer_text(each) for each in value[:_COMPARED]], parts)
    return _OTHER_TYPE * _sequences(answer_text(value)[:_COMPARED], wanted[:_COMPARED])


def _sequences(one: Sequence[str], other: Sequence[str]) -> float:
    longest = max(len(one), len(other))
    if not longest:
        return 1.0
    common = (Counter(one) & Counter(other)).total() / longest
    begin = _common_prefix(one, other) / longest
    end = _common_prefix(one[::-1], other[::-1]) / longest
    places = sum(a == b for a, b in zip(one, other, strict=False)) / longest
    return 0.4 * common + 0.2 * begin + 0.2 * end + 0.2 * places


def _common_prefix(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
