"""The error message of a making without a tool."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.exceptions import ToolMakingError
from langchain_latm.making.failure import different_answers, why_no_tool
from langchain_latm.making.proposing import feedback
from langchain_latm.sandbox import Sandbox
from langchain_latm.types import Attempt, Candidate, Difference, VerificationCase, VerificationReport
from tests.unit_tests.making.sorting import sorting_maker, sorting_task


def case(number: int, *, role: str = "demonstration", **changes: Any) -> VerificationCase:
    known = {"question": f"Double {number}", "expected": str(2 * number), "arguments": {"n": number}}
    return VerificationCase.model_validate({"role": role, "value": 2 * number, "passed": True, **known, **changes})


def failure(value: Any = 7, **changes: Any) -> VerificationCase:
    return case(3, role="validation", value=value, passed=False, **changes)


def run(*cases: VerificationCase, **found: Any) -> Candidate:
    return Candidate(reply="", report=VerificationReport(cases=cases, complete=True, **found))


def message(*candidates: Candidate) -> str:
    attempts = [Attempt(number=number, candidates=(each,)) for number, each in enumerate(candidates, 1)]
    return why_no_tool(attempts)


def test_the_best_candidate_is_described_with_its_failures_on_all_examples() -> None:
    text = message(run(case(1, value=5, passed=False)), run(case(1), failure()), Candidate(reply="", refusal="no code"))
    assert text.startswith(
        "no tool was proven in 3 attempts: of 3 candidates, 1 was invalid, and 2 failed the "
        "examples. "
        "The best one was right on 1 of 2 examples."
    )
    assert text.endswith("On 'Double 3', which the maker did not see, it gave 7, but the answer is '6'.")


def test_an_answer_that_contradicts_all_candidates_is_questioned() -> None:
    doubt = "is the answer in the example right?"
    assert doubt in message(run(case(1), failure()), run(case(1), failure()))
    assert doubt not in message(run(case(1), failure()), run(case(1), failure(8)))
    assert doubt not in message(run(case(1), failure()))  # one alone proves nothing
    assert doubt not in message(run(failure()), run(failure()))  # right on nothing: the candidates are the mistake
    raising = failure(None, error="ValueError")
    assert doubt not in message(run(case(1), raising), run(case(1), raising))


def test_an_error_of_the_function_is_reported() -> None:
    assert "it failed: ValueError: bad, but the answer is '6'." in message(run(failure(None, error="ValueError: bad")))


def test_many_failures_are_counted_and_long_texts_cut() -> None:
    wrong = [case(number, question="x" * 10_000 + str(number), value=0, passed=False) for number in range(1, 10)]
    text = message(run(*wrong))
    assert text.count("but the answer is") == 3
    assert text.endswith("It failed on 6 more.")
    assert len(text) < 2_000


def test_the_findings_of_the_probes_are_reported() -> None:
    text = message(run(case(1), unstable=("Double 1",), hard_coded=("2",)))
    assert "Called twice with the same arguments, it gave different values." in text
    assert "Its code contains answers literally." in text


def test_refused_candidates_and_no_candidates() -> None:
    assert message(Candidate(reply="", refusal="it imports 'os'")).endswith(
        "The best one was rejected: it imports 'os'."
    )
    assert why_no_tool([]).startswith("no tool was proven in 0 attempts")


def test_the_error_of_a_making_that_ended_early_says_what_was_spent(sandbox: Sandbox) -> None:
    for unit, limit in (("tokens", 1), ("seconds", 0)):
        maker = sorting_maker(sandbox, "return 'x'", attempts=9, repair=0, search=False, **{unit: limit})
        with pytest.raises(ToolMakingError, match=rf"It ended after 1 of 9 attempts: \d+ of {limit} {unit} are spent "):
            maker.invoke(sorting_task())
    with pytest.raises(ToolMakingError) as error:
        sorting_maker(sandbox, "return 'x'", "return 'y'", attempts=2, repair=0, search=False).invoke(sorting_task())
    assert "ended after" not in str(error.value)


def test_a_maker_is_told_of_the_smallest_case_that_failed() -> None:
    failed = [case(number, value=0, passed=False) for number in (1000, 7, 55)]
    told = feedback(run(*failed, case(1)), {})
    assert told.startswith("Called with n=7 it returned 0, but the answer is '14'.")
    assert "n=55" not in told
    assert told.endswith("It fails on 2 more of the examples above.")


def test_each_answer_to_a_difference_is_named_once() -> None:
    assert different_answers(Difference(question="q", answers=("a", "a", None, "b", None))) == "'a' or none or 'b'"
