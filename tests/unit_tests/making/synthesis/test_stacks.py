"""Programs with a stack: the closers of the open items, whether all are closed, or the remaining items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.making.synthesis.stacks import stack_programs
from tests.unit_tests.making.synthesis.rows import outcome, problem, python

Pairs = Sequence[tuple[Any, Any]]

KINDS: dict[str, tuple[Pairs, Pairs]] = {
    "what closes an expression": (
        [("f(a[1] + {b", "})"), ("[x(", ")]"), ("(p) * <q", ">")],
        [("<[y]{(z", ")}>"), ("([", "])")],
    ),
    "what ends open blocks, of words that only the examples show": (
        [
            (["if", "loop", "done"], ["fi"]),
            (["case", "if", "fi", "loop"], ["done", "esac"]),
            (["loop", "case", "esac", "if"], ["fi", "done"]),
        ],
        [(["case", "loop", "done", "if", "if"], ["fi", "fi", "esac"])],
    ),
    "keys that were not deleted": (
        [("ab#c", "ac"), ("xyz##w", "xw"), ("#q#rs", "rs"), ("hello", "hello")],
        [("a##bc#d", "bd")],
    ),
    "a path without its steps back": (
        [(["usr", "lib", "..", "bin"], "usr/bin"), (["a", "b", "..", "..", "c", "d"], "c/d"), (["x", "y"], "x/y")],
        [(["home", "..", "etc", "ssl", "..", "ssh"], "etc/ssh")],
    ),
    "no equal neighbours": (
        [("abbac", "c"), ("xxyz", "yz"), ("qppq", ""), ("mnn", "m")],
        [("azzab", "b")],
    ),
    "how many are open": (
        [("((a)", 1), ("[{(", 3), ("(b[c]{", 2), ("{x}", 0), ("<<(<", 4)],
        [("([{}<", 3)],
    ),
    "whether all are closed": (
        [("(a[b])", "ok"), ("{(}", "broken"), ("<>[]", "ok"), ("(()", "broken"), ("x)", "broken"), ("{[z]}", "ok")],
        [("([)]", "broken"), ("((c))", "ok"), (")(", "broken")],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_solved_and_its_source_agrees(kind: str) -> None:
    shown, unseen = KINDS[kind]
    given = problem(shown, [cell for cell, _ in unseen])
    program = stack_programs(given, Budget(10, 100_000))[0]
    run = python(program)
    for cell, answer in (*shown, *unseen):
        assert program.run({"text": cell}) == run({"text": cell}) == answer, cell


def test_an_unmatched_closing_item_is_an_error() -> None:
    shown, _ = KINDS["what closes an expression"]
    program = stack_programs(problem(shown), Budget(10, 100_000))[0]
    for run in (program.run, python(program)):
        assert outcome(run, {"text": "(a]"}) is ValueError


@pytest.mark.parametrize("column", ["stack", "item", "ends", "given"])
def test_the_parameter_may_have_any_name(column: str) -> None:
    shown, unseen = KINDS["what closes an expression"]
    given = Problem(tuple(({column: cell}, answer) for cell, answer in shown))
    program = stack_programs(given, Budget(10, 100_000))[0]
    assert [python(program)({column: cell}) for cell, _ in unseen] == [answer for _, answer in unseen]


@pytest.mark.parametrize(
    "pairs",
    [
        [(3, 1), (4, 2)],
        [([1, 2], "a"), ([3], "b")],
        [("", "a"), ("b", "c")],
        [("(", None), ("[", None)],
        [("(a", ["x"]), ("[b", ["y"])],
    ],
    ids=str,
)
def test_other_columns_have_no_program(pairs: Pairs) -> None:
    assert stack_programs(problem(pairs), Budget(10, 100_000)) == []


def test_rows_of_two_columns_or_none_have_no_program() -> None:
    assert stack_programs(Problem(()), Budget(1, 10)) == []
    assert stack_programs(Problem((({"a": "(", "b": "["}, ")"),)), Budget(1, 10)) == []


def test_a_spent_budget_ends_the_search() -> None:
    assert stack_programs(problem(KINDS["keys that were not deleted"][0]), Budget(5, 1)) == []


def test_every_engine_together_finds_it() -> None:
    shown, unseen = KINDS["what ends open blocks, of words that only the examples show"]
    program, *_ = synthesise(problem(shown), seconds=20)
    assert [program.run({"text": cell}) for cell, _ in unseen] == [answer for _, answer in unseen]


def test_pairs_that_stand_once_are_copied_from_the_examples_and_found_no_program() -> None:
    rows = [("7 up north", "north-g"), ("3 low south", "south-c"), ("9 mid west", "west-i"), ("4 far east", "east-d")]
    given = problem(rows, ["1 new home"])
    assert not stack_programs(given, Budget(5, 100_000))
