"""Joined functions, which fail where they differ."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.making.joining import joined
from langchain_latm.sandbox import ExecutionResult, Sandbox, ToolSource
from langchain_latm.text.answer_check import ExactCheck, NumericCheck
from langchain_latm.types import ToolProposal


def proposal(source: str, entry: str = "f") -> ToolProposal:
    return ToolProposal(source=source, entry=entry, description="Do it.", parameters={"properties": {}})


def called(
    sandbox: Sandbox, one: str, others: list[str], arguments: dict[str, Any], names: dict[str, str], **check: Any
) -> ExecutionResult:
    pairs = [(proposal(other), names) for other in others]
    both = joined(proposal(one), pairs, NumericCheck(**check) if check else ExactCheck())
    return sandbox.call(ToolSource(source=both.source, entry=both.entry), arguments)


ONE = 'def f(n: int, *, by: int = 2) -> float:\n    """Halve."""\n    return n / by\n'


@pytest.mark.parametrize(("n", "agree"), [(4, True), (5, False)])
def test_it_answers_if_they_agree(sandbox: Sandbox, n: int, agree: bool) -> None:
    result = called(sandbox, ONE, ["def f(m, k):\n    return m // k\n"], {"n": n, "by": 2}, {"m": "n", "k": "by"})
    assert result.ok is agree
    assert result.value == (2 if agree else None)
    assert agree or "give different answers here" in str(result.failure)


def test_all_of_several_must_agree(sandbox: Sandbox) -> None:
    others = ["def f(n):\n    return n / 2\n", "def f(n):\n    return 2 if n > 3 else 1\n"]
    assert called(sandbox, ONE, others, {"n": 4}, {"n": "n"}).value == 2
    assert not called(sandbox, ONE, others, {"n": 5}, {"n": "n"}).ok


def test_one_that_fails_makes_it_fail(sandbox: Sandbox) -> None:
    assert not called(sandbox, ONE, ["def f(n):\n    return 1 / 0\n"], {"n": 4}, {"n": "n"}).ok


def test_helpers_of_the_same_name_do_not_clash(sandbox: Sandbox) -> None:
    one = (
        "from __future__ import annotations\nimport math as m\nSTEP = 1\n\n\ndef helper(n):\n    return n + STEP\n\n\n"
        'def f(items: list[int]) -> int:\n    """Do it."""\n    items.pop()\n    return sum(map(helper, items))\n'
    )
    other = (
        "from __future__ import annotations\nSTEP = 2\n\n\nclass m:\n    step = 'a\\nb'\n\n\ndef helper(n):\n"
        "    return n + STEP - len(m.step) + 2\n\n\ndef f(things):\n    return sum(map(helper, things[:-1]))\n"
    )
    assert called(sandbox, one, [other], {"items": [1, 2, 9]}, {"things": "items"}).value == 5


def test_its_own_names_avoid_those_of_the_functions(sandbox: Sandbox) -> None:
    one = "def f(answer: int, other: int, deepcopy: int) -> int:\n    return answer + other + deepcopy\n"
    names = {"answer": "answer", "other": "other", "deepcopy": "deepcopy"}
    arguments = {"answer": 1, "other": 2, "deepcopy": 3}
    assert called(sandbox, one, [one], arguments, names).value == 6


def test_numbers_within_the_tolerance_are_the_same(sandbox: Sandbox) -> None:
    other = "def f(n):\n    return n / 2 + 0.001\n"
    assert called(sandbox, ONE, [other], {"n": 4}, {"n": "n"}, absolute=0.01).value == 2.0
    assert not called(sandbox, ONE, [other], {"n": 4}, {"n": "n"}, absolute=0.0001).ok
    assert not called(sandbox, ONE, [other], {"n": 4}, {"n": "n"}).ok


def test_texts_of_values_are_compared(sandbox: Sandbox) -> None:
    assert called(sandbox, ONE, ["def f(n):\n    return str(n / 2) + ' '\n"], {"n": 4}, {"n": "n"}).value == 2


def test_the_signature_is_that_of_the_first(sandbox: Sandbox) -> None:
    both = joined(proposal(ONE), [(proposal("def f(m):\n    return m / 2\n"), {"m": "n"})], ExactCheck())
    described = sandbox.check(ToolSource(source=both.source, entry=both.entry)).value
    assert list(described["parameters"]["properties"]) == ["n", "by"]
    assert described["description"] == "Halve."


def test_what_all_define_alike_stands_once_if_it_needs_nothing_else(sandbox: Sandbox) -> None:
    head = "STEP = {}\n\n\ndef helper(n):\n    return n + STEP\n\n\ndef f(n: int) -> int:\n"
    source = head + '    """Do it."""\n    return helper(n) - {}\n'
    one, same, other = source.format(7, 7), source.format(7, "3 - 4"), source.format(1, 1)
    names = {"n": "n"}
    assert joined(proposal(one), [(proposal(same), names)], ExactCheck()).source.count("def helper") == 1
    assert joined(proposal(one), [(proposal(other), names)], ExactCheck()).source.count("def helper") == 2
    for each in (same, other):
        assert called(sandbox, one, [each], {"n": 5}, names).value == 5
