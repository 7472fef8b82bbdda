"""Failures of the process backend beyond those of all backends (test_conformance.py), and its limits in detail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from langchain_latm.sandbox import FailureKind, Limits, ProcessSandbox, ToolSource

if TYPE_CHECKING:
    from tests.unit_tests.sandbox.conftest import Run

DOUBLE = ToolSource(source="def double(n: int) -> int:\n    return 2 * n\n", entry="double")


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        ("(" * 3000 + ")" * 3000, FailureKind.SOURCE, []),
        ("import numpy\ndef f(): ...", FailureKind.SOURCE, ["ModuleNotFoundError", "'numpy'", "itertools"]),
        ("def f(): ...\nwhile True: pass", FailureKind.WALL, ["longer than"]),
    ],
)
def test_source_that_cannot_be_loaded(run: Run, source: str, kind: FailureKind, words: list[str]) -> None:
    failure = run(source, limits=Limits(wall_seconds=0.3)).failure
    assert failure is not None
    assert failure.kind is kind
    assert all(word in failure.message for word in words), failure.message


@pytest.mark.parametrize(
    ("body", "message"),
    [("exit()", "NameError"), ("import socket", "ModuleNotFoundError"), ("input()", "RuntimeError")],
)
def test_what_is_not_there(run: Run, body: str, message: str) -> None:
    failure = run(f"def f():\n    {body}").failure
    assert failure is not None
    assert failure.kind is FailureKind.EXCEPTION
    assert failure.message.startswith(message)


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "import time; time.sleep(60)",
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "import re; re.match(r'(a+)+$', 'a' * 40 + 'b')",
        "9 ** 9 ** 9",
    ],
)
def test_wall_limit(run: Run, body: str) -> None:
    result = run(f"def f():\n    {body}", limits=Limits(wall_seconds=0.2))
    assert result.failure is not None
    assert result.failure.kind is FailureKind.WALL
    assert "0.2 s" in result.failure.message
    assert 0.2 <= result.seconds < 5


@pytest.mark.slow
def test_cpu_limit(run: Run) -> None:
    """The signal of the soft limit can be caught; the hard one ends it."""
    source = """
import signal
def f():
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True: pass
"""
    failure = run(source, limits=Limits(cpu_seconds=1, wall_seconds=60)).failure
    assert failure is not None
    assert failure.kind is FailureKind.CPU


@pytest.mark.parametrize(
    "body", ["return 'x' * 10**9", "return [0] * 10**9", "x = []\n    while True: x.append(x * 2)"]
)
def test_memory_limit(run: Run, body: str) -> None:
    failure = run(f"def f():\n    {body}", limits=Limits(memory_bytes=64 << 20, wall_seconds=20)).failure
    assert failure is not None
    assert failure.kind is FailureKind.MEMORY


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import os; os._exit(7)", "exit code 7"),
        ("import os; os.abort()", "SIG"),
        ("import os; os.close(3)", ""),
        ("import ast; ast.literal_eval('-' * 10**6 + '1')", ""),
    ],
)
def test_crash(run: Run, body: str, words: str) -> None:
    failure = run(f"def f():\n    {body}").failure
    assert failure is not None
    assert failure.kind in (FailureKind.CRASH, FailureKind.EXCEPTION, FailureKind.MEMORY)
    assert words in failure.message


@pytest.mark.parametrize("number", [0, -1])
@pytest.mark.parametrize("name", list(Limits.model_fields))
def test_limits_must_be_positive(name: str, number: int) -> None:
    with pytest.raises(ValidationError):
        Limits.model_validate({name: number})


@pytest.mark.slow
def test_large_batch(sandbox: ProcessSandbox) -> None:
    """It takes several frames; the order stays."""
    count = 50_000
    results = sandbox.batch(DOUBLE, [{"n": n} for n in range(count)])
    assert [result.value for result in results] == [2 * n for n in range(count)]
    assert sandbox.batch(DOUBLE, []) == []


def test_batch_loses_only_the_set_that_ends_the_child(sandbox: ProcessSandbox) -> None:
    tool = ToolSource(
        source="import os\ndef f(n: int) -> int:\n    if n == 50: os._exit(1)\n"
        "    if n == 70:\n        while True: pass\n    return n",
        entry="f",
    )
    results = sandbox.batch(tool, [{"n": n} for n in range(100)], limits=Limits(wall_seconds=0.3))
    lost = {index: result.failure.kind for index, result in enumerate(results) if result.failure}
    assert lost == {50: FailureKind.CRASH, 70: FailureKind.WALL}
    assert all(result.value == index for index, result in enumerate(results) if result.ok)
