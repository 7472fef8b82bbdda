"""Answer checks: comparisons of values with known answers."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from langchain_latm.exceptions import TaskError
from langchain_latm.text.answer_check import AnswerCheck, CustomCheck, ExactCheck, NumericCheck, TextCheck, answer_text

CHECK: TypeAdapter[AnswerCheck] = TypeAdapter(AnswerCheck)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("as it is ", "as it is "),
        (3, "3"),
        (3.0, "3.0"),
        (True, "True"),
        (None, "None"),
        (["ä", 1], '["ä", 1]'),
        ({"a": None}, '{"a": null}'),
    ],
)
def test_answer_text(value: Any, text: str) -> None:
    assert answer_text(value) == text


@pytest.mark.parametrize(
    ("check", "value", "answer", "right"),
    [
        (ExactCheck(), " a b\n", "a b", True),
        (ExactCheck(), "a  b", "a b", False),
        (ExactCheck(), "A", "a", False),
        (ExactCheck(), 12, "12", True),
        (ExactCheck(), True, "True", True),
        (ExactCheck(), ["x"], '["x"]', True),
        (ExactCheck(), None, "", False),
        (TextCheck(), "A\t b", "a B", True),
        (TextCheck(), "STRASSE", "straße", True),
        (TextCheck(), "ab", "a b", False),
        (NumericCheck(), 1000, "1,000", True),
        (NumericCheck(), "$5.50", "5.5", True),
        (NumericCheck(), "-$5", -5, True),
        (NumericCheck(), "1\u202f000", "1000", True),
        (NumericCheck(), 0.1 + 0.2, "0.3", True),
        (NumericCheck(), "5 apples", "5", False),
        (NumericCheck(), "five", "five", False),
        (NumericCheck(), math.nan, "nan", False),
        (NumericCheck(), "inf", "inf", False),
        (NumericCheck(), "", "", False),
        (NumericCheck(), True, "1", False),
        (NumericCheck(absolute=0.5), 1.5, "1", True),
        (NumericCheck(absolute=0.5), 1.6, "1", False),
        (NumericCheck(relative=0.1), 95, "100", True),
        (NumericCheck(relative=0.1), 89, "100", False),
    ],
)
def test_matches(check: AnswerCheck, value: Any, answer: Any, *, right: bool) -> None:
    assert check.matches(value, str(answer)) is right


@pytest.mark.parametrize("tolerance", [-1.0, math.inf, math.nan])
@pytest.mark.parametrize("side", ["absolute", "relative"])
def test_a_tolerance_is_a_finite_number_from_zero(side: str, tolerance: float) -> None:
    with pytest.raises(ValidationError):
        CHECK.validate_python({"kind": "numeric", side: tolerance})


@pytest.mark.parametrize(
    ("given", "check"),
    [("exact", ExactCheck()), ("text", TextCheck()), ("numeric", NumericCheck()), (TextCheck(), TextCheck())],
)
def test_a_check_may_be_given_by_name(given: Any, check: AnswerCheck) -> None:
    assert CHECK.validate_python(given) == check


@pytest.mark.parametrize("given", ["fuzzy", "custom", "", 5, None, {"kind": "exact", "more": 1}])
def test_anything_else_is_refused(given: Any) -> None:
    with pytest.raises(ValidationError):
        CHECK.validate_python(given)


def first_letter(value: Any, answer: str) -> bool:
    return str(value)[:1] == answer[:1]


class SameLength:
    def __call__(self, value: Any, answer: str) -> bool:
        return len(value) == len(answer)


def test_a_function_becomes_a_check_of_its_name() -> None:
    check = CHECK.validate_python(first_letter)
    assert isinstance(check, CustomCheck)
    assert check.name == "first_letter"
    assert check.matches("apple", "avocado")
    assert not check.matches("apple", "fig")


def test_an_object_that_can_be_called_becomes_a_check() -> None:
    check = CHECK.validate_python(SameLength())
    assert isinstance(check, CustomCheck)
    assert check.name == "SameLength"
    assert check.matches("ab", "cd")


def test_a_function_is_not_stored_and_its_use_is_an_error() -> None:
    stored = CHECK.dump_python(CHECK.validate_python(first_letter), mode="json")
    assert stored == {"kind": "custom", "name": "first_letter"}
    with pytest.raises(TaskError, match="'first_letter' is a function that is not stored"):
        CHECK.validate_python(stored).matches("a", "a")


@pytest.mark.parametrize("check", [ExactCheck(), TextCheck(), NumericCheck(absolute=0.25)])
def test_a_check_comes_back_from_json(check: AnswerCheck) -> None:
    assert CHECK.validate_json(CHECK.dump_json(check)) == check


def test_a_check_is_frozen() -> None:
    with pytest.raises(ValidationError):
        NumericCheck().absolute = 1.0  # type: ignore[misc]  # that it cannot be set is the test
