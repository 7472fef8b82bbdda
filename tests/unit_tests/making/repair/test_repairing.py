"""Repairs of candidates in the real sandbox; hopeless ones end in time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest

from langchain_latm._core.flow import run_flow
from langchain_latm.making.repair.repairing import Repairs, repaired
from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.text.answer_check import ExactCheck
from langchain_latm.text.writing.answer_forms import answer_forms
from langchain_latm.tools.gate.gate import check_source
from langchain_latm.types import Candidate, Example, Task, ToolProposal, VerificationCase, VerificationReport
from tests.unit_tests.making.repair.near_misses import NEAR_MISSES, NearMiss

Pairs = Sequence[tuple[dict[str, Any], str]]

_SECONDS = 600.0
"""Time limit of a search that should succeed; on a slow machine the number of variants ends it first."""
_QUICK = {
    "celsius",
    "'aeio'",
    "value > limit",
    "not number > best",
    "price * count",
    "'.'",
    "turned = [word",
    "break",
    "stock - sold",
}
"""Fragments of the near misses that are fast enough for every run: one for each bug."""


def candidate(source: str, shown: Pairs, sandbox: Sandbox) -> Candidate:
    """A candidate that ran on demonstrations, with arguments read by a model."""
    results = sandbox.batch(ToolSource(source=source, entry="f"), [arguments for arguments, _ in shown])
    cases = [
        VerificationCase(
            role="demonstration",
            question=f"What is f of {arguments}?",
            expected=answer,
            arguments=arguments,
            value=result.value,
            passed=result.ok and ExactCheck().matches(result.value, answer),
        )
        for (arguments, answer), result in zip(shown, results, strict=True)
    ]
    proposal = ToolProposal(source=source, entry="f", description="", parameters={"properties": {}})
    return Candidate(reply="", proposal=proposal, report=VerificationReport(cases=tuple(cases)))


def task_of(base: Candidate) -> Task:
    assert base.report is not None
    shown = tuple(Example(question=case.question, answer=case.expected) for case in base.report.cases)
    return Task(name="f", demonstrations=shown, validation=(Example(question="Another one?", answer="unknown"),))


def repairs_of(
    sandbox: Sandbox, source: str, shown: Pairs, *, others: Sequence[str] = (), seconds: float = _SECONDS
) -> Repairs:
    base = candidate(source, shown, sandbox)
    donors = [candidate(other, shown, sandbox) for other in others]
    return run_flow(repaired([base], donors, task_of(base), sandbox, seconds))


def is_quick(miss: NearMiss) -> bool:
    return any(part in miss.source for part in _QUICK)


def check_repaired(miss: NearMiss, sandbox: Sandbox) -> None:
    """The simplest repair is right on cases it was not chosen by, and passes the gate."""
    base = candidate(miss.source, miss.shown, sandbox)
    assert base.report is not None
    assert base.report.passed < len(base.report.cases), "the function has no bug"
    first, *_ = repairs_of(sandbox, miss.source, miss.shown).found
    check_source(first.proposal.source, "f")
    source = ToolSource(source=first.proposal.source, entry="f")
    results = [sandbox.call(source, arguments) for arguments, _ in miss.unseen]
    answers = [answer for _, answer in miss.unseen]
    are_answers = all(ExactCheck().matches(each.value, answer) for each, answer in zip(results, answers, strict=True))
    # What a form of answer writes as the answers is right, too: "elm, oak" is written of a list.
    are_written = tuple(each.value for each in results) in [form.values for form in answer_forms(answers)]
    assert are_answers or are_written, f"{first.changes} gave {results}"


def test_one_near_miss_of_each_of_nine_bugs_is_in_every_run() -> None:
    sorts = {miss.bug for miss in NEAR_MISSES}
    assert len(NEAR_MISSES) >= 25
    assert len(sorts) >= 9
    assert {miss.bug for miss in NEAR_MISSES if is_quick(miss)} >= sorts - {"two bugs", "wrapping"}


@pytest.mark.slow
@pytest.mark.parametrize("miss", [each for each in NEAR_MISSES if is_quick(each)], ids=lambda miss: miss.bug)
def test_a_near_miss_is_repaired(miss: NearMiss, sandbox: Sandbox) -> None:
    check_repaired(miss, sandbox)


@pytest.mark.slow
@pytest.mark.parametrize("miss", [each for each in NEAR_MISSES if not is_quick(each)], ids=lambda miss: miss.bug)
def test_every_near_miss_is_repaired(miss: NearMiss, sandbox: Sandbox) -> None:
    check_repaired(miss, sandbox)


def test_a_repair_describes_the_change_and_its_place(sandbox: Sandbox) -> None:
    source = "def f(a: int, b: int) -> int:\n    return a * b\n"
    first, *_ = repairs_of(sandbox, source, [({"a": 2, "b": 3}, "5"), ({"a": 4, "b": 4}, "8")]).found
    assert first.changes == ("line 2: `a * b` became `a + b`",)
    assert first.proposal.source.endswith("    return a + b\n")


def test_of_equally_likely_repairs_the_shortest_is_taken(sandbox: Sandbox) -> None:
    source = "def f(words: list[str]) -> list[str]:\n    return sorted(words + 1)\n"
    first, *_ = repairs_of(sandbox, source, [({"words": ["b", "a"]}, '["a", "b"]'), ({"words": ["c"]}, '["c"]')]).found
    assert first.proposal.source.endswith("return sorted(words)\n")


def test_what_several_candidates_agree_on_comes_first_and_once(sandbox: Sandbox) -> None:
    """Pairs of equal numbers do not tell a sum from a double; two ways to write a sum do."""
    rows = [({"a": 2, "b": 2}, "4"), ({"a": 0, "b": 0}, "0"), ({"a": 3, "b": 5}, "8")]
    examples = [Example(inputs=inputs, answer=answer) for inputs, answer in rows]
    task = Task(name="f", demonstrations=examples[:2], validation=examples[2:])

    def base(body: str) -> Candidate:
        made = candidate(f"def f(a: int, b: int) -> int:\n    return {body}\n", rows[:2], sandbox)
        assert made.proposal is not None
        return made.model_copy(update={"proposal": made.proposal.model_copy(update={"inputs": {"a": "a", "b": "b"}})})

    doubled, *sums = base("a * 3"), base("a - b"), base("1 + sum([a, b])")
    alone = run_flow(repaired([doubled, sums[0]], [], task, sandbox, _SECONDS)).found
    assert [each.base for each in alone] == [doubled, sums[0]]
    found = run_flow(repaired([doubled, *sums], [], task, sandbox, _SECONDS)).found
    assert [each.base in sums for each in found] == [True, False]


@pytest.mark.slow
def test_the_same_candidate_gets_the_same_repair_each_time(sandbox: Sandbox) -> None:
    shown: Pairs = [({"a": 9, "b": 3}, "6"), ({"a": 7, "b": 2}, "5")]
    source = "def f(a: int, b: int) -> int:\n    return a * b + 1\n"
    once, again = (repairs_of(sandbox, source, shown) for _ in range(2))
    assert once.found
    assert [each.proposal.source for each in once.found] == [each.proposal.source for each in again.found]
    assert once.tried == again.tried


def test_a_statement_of_another_candidate_completes_one(sandbox: Sandbox) -> None:
    """Neither candidate is right: one lacks a step that only the other has."""
    step = "        kept = sum(int(digit) ** 3 for digit in str(number) if digit > '4')\n"
    one = (
        "def f(numbers: list[int]) -> int:\n    kept = 0\n    total = 0\n    for number in numbers:\n"
        "        total += kept\n    return total\n"
    )
    other = (
        "def f(numbers: list[int]) -> int:\n    kept = 0\n    for number in numbers:\n"
        + step
        + "    return kept * 1000\n"
    )
    shown: Pairs = [({"numbers": [15, 6]}, "341"), ({"numbers": [72, 81]}, "855"), ({"numbers": [3, 55]}, "250")]
    found = repairs_of(sandbox, one, shown, others=[other]).found
    assert found
    assert "int(digit) ** 3 for digit in str(number) if digit > '4'" in found[0].proposal.source


HOPELESS = {
    "another task": "def f(n: int) -> int:\n    return n\n",
    "endless": "def f(n: int) -> int:\n    total = 0\n    while True:\n        total += n\n    return total\n",
    "endless, and catching all": (
        "def f(n: int) -> int:\n    while True:\n        try:\n            n += 1\n"
        "        except BaseException:\n            pass\n"
    ),
    "memory": "def f(n: int) -> int:\n    return len([0] * 10**10) + n\n",
    "recursion": "def f(n: int) -> int:\n    return f(n + 1)\n",
    "a great power": "def f(n: int) -> int:\n    return 9 ** 9 ** 9 + n\n",
    "backtracking": "import re\n\ndef f(n: int) -> int:\n    return bool(re.fullmatch('(a+)+b', 'a' * 40)) + n\n",
    "an endless iterator": "import itertools\n\ndef f(n: int) -> int:\n    return sum(i for i in itertools.count())\n",
    "exit": "import sys\n\ndef f(n: int) -> int:\n    sys.exit(3)\n",
    "prints": "def f(n: int) -> int:\n    print('x' * 10**7)\n    return n\n",
    "chance": "import random\n\ndef f(n: int) -> int:\n    return random.randint(1, 10**9)\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("source", HOPELESS.values(), ids=HOPELESS)
def test_a_hopeless_repair_ends_in_time(source: str, sandbox: Sandbox) -> None:
    """Each call may overrun by a second, and a slice of calls by a few seconds; the rest is for slow machines."""
    base = candidate(
        "def f(n: int) -> int:\n    return n\n", [({"n": 3}, "8"), ({"n": 5}, "21"), ({"n": 9}, "-4")], sandbox
    )
    assert base.proposal is not None
    base = base.model_copy(update={"proposal": base.proposal.model_copy(update={"source": source})})
    began = time.monotonic()
    found = run_flow(repaired([base], [], task_of(base), sandbox, 1.0))
    assert time.monotonic() - began < 60
    assert found.found == ()


@pytest.mark.slow
def test_an_endless_candidate_is_stopped_by_steps_not_by_time(sandbox: Sandbox) -> None:
    source = "def f(n: int) -> int:\n    total = 0\n    while n != 100:\n        n += 1; total += 2\n    return total\n"
    shown: Pairs = [({"n": 200}, "0"), ({"n": 98}, "4"), ({"n": 95}, "10")]
    base = candidate(source, shown[1:], sandbox)
    assert base.report is not None
    stuck = VerificationCase(role="demonstration", question="200?", expected="0", arguments={"n": 200}, error="wall")
    report = base.report.model_copy(update={"cases": (stuck, *base.report.cases)})
    base = base.model_copy(update={"report": report})
    (first, *_) = run_flow(repaired([base], [], task_of(base), sandbox, _SECONDS)).found
    assert "n < 100" in first.proposal.source
