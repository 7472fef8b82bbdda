"""Mutant schemata: each number of a schema is the program after that edit."""

from __future__ import annotations

from typing import Any

import pytest

from langchain_latm.making.repair.material import Material
from langchain_latm.making.repair.mutations import edits
from langchain_latm.making.repair.program import Edit, Program, edit
from langchain_latm.making.repair.schema import schemata
from langchain_latm.sandbox import ExecutionResult, Sandbox, ToolSource
from langchain_latm.types import VerificationCase

SOURCE = """\
from __future__ import annotations
import math
from collections import Counter

TABLE = {'a': 1, 'b': 2}
seen = 0

class Pair:
    def __init__(self, left: int) -> None:
        self.left = left

def weight(letter: str, more: int = 1) -> int:
    global seen
    seen += 1
    return TABLE.get(letter, 0) * more

def f(text: str, n: int) -> str:
    \"\"\"Weigh a text.\"\"\"
    global seen
    total = seen = 0
    for i, letter in enumerate(text):
        if letter == 'x' or i > n:
            continue
        elif letter in TABLE:
            total += weight(letter, more=n)
        else:
            total -= 1
    while total > 20:
        total //= 2
    words = [word.strip() for word in text.split() if word]
    most = max(Counter(words).items(), key=lambda pair: pair[1])[0] if words else ''
    return f'{Pair(total).left:02d}/' + most[0:3] + str(math.floor(total / 3)) + str(seen)
"""
GIVEN: list[dict[str, Any]] = [{"text": "ab cab x ab", "n": 9}, {"text": "", "n": 0}]


def found_edits() -> tuple[Program, list[Edit]]:
    program = Program(SOURCE, "f")
    cases = [
        VerificationCase(role="demonstration", question="?", expected="08/ab2", arguments=given) for given in GIVEN
    ]
    other = Program(SOURCE.replace("total -= 1", "total -= len(letter)").replace("> 20", ">= 10"), "f")
    return program, list(edits(program, Material(cases, [other])))


def came(result: ExecutionResult) -> tuple[Any, str]:
    kind = result.failure.kind.value if result.failure else ""
    return result.value, "exception" if kind == "source" else kind  # a schema loads the program at each call


@pytest.mark.slow
def test_each_number_of_a_schema_computes_like_the_edited_source(sandbox: Sandbox) -> None:
    program, found = found_edits()
    chosen = found[::23]  # each takes a process of its own
    compared = 0
    for schema in schemata(program, chosen):
        tool = ToolSource(source=schema.source, entry=schema.entry)
        sets = [
            {**given, schema.number: number, schema.steps: 10_000}
            for number in range(len(schema.edits) + 1)
            for given in GIVEN
        ]
        results = iter(sandbox.batch(tool, sets))
        for each in [None, *schema.edits]:
            edited = program if each is None else program.with_edit(each)
            for given in GIVEN:
                alone = sandbox.call(ToolSource(source=edited.source, entry="f"), given)
                together = came(next(results))
                if together != (None, "exception") or not alone.failure or alone.failure.kind.value != "wall":
                    assert together == came(alone), f"{each}\n{edited.source}"
                compared += 1
    assert compared > 100


@pytest.mark.slow
def test_without_an_edit_the_schema_is_the_program(sandbox: Sandbox) -> None:
    program, found = found_edits()
    (schema, *_) = schemata(program, found[:40])
    tool = ToolSource(source=schema.source, entry=schema.entry)
    together = sandbox.batch(tool, [{**given, schema.number: 0, schema.steps: 10_000} for given in GIVEN])
    alone = [sandbox.call(ToolSource(source=SOURCE, entry="f"), given) for given in GIVEN]
    assert [came(each) for each in together] == [came(each) for each in alone]
    assert all(each.ok for each in alone)


def test_edits_keep_names_that_the_schema_would_use(sandbox: Sandbox) -> None:
    source = "def f(chosen: int, number: int) -> int:\n    run, left = chosen, number\n    return run - left\n"
    program = Program(source, "f")
    (schema,) = schemata(program, list(edits(program, Material([])))[:20])
    tool = ToolSource(source=schema.source, entry=schema.entry)
    result = sandbox.call(tool, {"chosen": 5, "number": 3, schema.number: 0, schema.steps: 100})
    assert result.value == 2


def test_an_edit_that_the_gate_refuses_is_left_out_and_the_others_stay() -> None:
    program = Program("def f(n: int) -> int:\n    return n + 1\n", "f")
    (returned,) = program.entry_function.body
    good = [each for each in edits(program, Material([])) if each.changes[0].target is not returned][:5]
    bad = edit(program.expressions[0], Program("x = open('/etc/passwd')", "").expressions[0])
    kept = [each for schema in schemata(program, [*good[:2], bad, *good[2:]]) for each in schema.edits]
    assert kept == good


@pytest.mark.slow
def test_the_source_itself_is_not_changed() -> None:
    program, found = found_edits()
    before = program.with_edit(Edit((), 0)).source
    list(schemata(program, found[:60]))
    assert program.with_edit(Edit((), 0)).source == before
