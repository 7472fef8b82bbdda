"""Every way in which a call gives no value, and the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from langchain_latm.sandbox import FailureKind, Limits, ProcessSandbox, ToolSource

if TYPE_CHECKING:
    from tests.unit_tests.sandbox.conftest import Run

DOUBLE = ToolSource(source="def double(n: int) -> int:\n    return 2 * n\n", entry="double")


def test_call_returns_value_prints_and_time(run: Run) -> None:
    result = run("def f(a: int, b: str = 'x') -> str:\n    print('hello')\n    return b * a", a=3)
    assert (result.ok, result.value, result.stdout) == (True, "xxx", "hello\n")
    assert 0 < result.seconds < 10


def test_failures_keep_what_was_printed(run: Run) -> None:
    result = run("def f():\n    print('so far')\n    raise ValueError")
    assert result.failure is not None
    assert (result.failure.message, result.stdout) == ("ValueError", "so far\n")


@pytest.mark.parametrize(
    ("source", "words", "line"),
    [
        ("def f(:\n", ["SyntaxError"], 1),
        ("x = 1\n\x00", ["null"], None),
        ("\ndef g(): ...", ["no function named 'f'", "g"], None),
        ("x = 1\n1 / 0\ndef f(): ...", ["while it was loaded", "ZeroDivisionError: division by zero"], 2),
        ("raise SystemExit(1)", ["SystemExit"], 1),
        ("(" * 3000 + ")" * 3000, [], None),
        ("import numpy\ndef f(): ...", ["ModuleNotFoundError", "'numpy'", "itertools"], 1),
        ("while True: pass", ["longer than"], None),
    ],
)
def test_source_that_cannot_be_loaded(run: Run, source: str, words: list[str], line: int | None) -> None:
    failure = run(source, limits=Limits(wall_seconds=0.3)).failure
    assert failure is not None
    assert failure.kind is (FailureKind.WALL if "while True" in source else FailureKind.SOURCE)
    assert all(word in failure.message for word in words), failure.message
    if line is not None:
        assert failure.line == line


@pytest.mark.parametrize(
    ("body", "message", "line"),
    [
        ("raise KeyError('k')", "KeyError: 'k'", 2),
        ("exit()", "NameError", 2),
        ("import sys; sys.exit(3)", "SystemExit: 3", 2),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", 2),
        ("f()", "RecursionError", 2),
        ("import socket", "ModuleNotFoundError", 2),
        ("input()", "RuntimeError", 2),
        ("class E(Exception):\n        def __str__(self): 1 / 0\n    raise E", "E (whose text cannot be read)", 4),
        ("raise ValueError('x' * 10**6)", "ValueError: xxx", 2),
    ],
)
def test_exception_has_type_text_and_line(run: Run, body: str, message: str, line: int) -> None:
    failure = run(f"def f():\n    {body}").failure
    assert failure is not None
    assert failure.kind is FailureKind.EXCEPTION
    assert failure.message.startswith(message)
    assert len(failure.message) < 3_000
    assert failure.line == line


def nested(levels: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(levels):
        inner = [inner]
    return inner


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"x": {1, 2}}, "set"),
        ({"x": object()}, "object"),
        ({"x": b"bytes"}, "bytes"),
        ({"x": float("nan")}, "JSON"),
        ({"x": [float("inf")]}, "JSON"),
        ({"x": {1: 2}}, "key 1 of type int"),
        ({1: 2}, "the name 1"),
        ({"x": nested(5_000)}, "200 levels"),
        ({"x": ["\ud800"]}, "surrogates"),
        ({"x": {"\udfff": 1}}, "surrogates"),
        ({"x": 10**5000}, "JSON"),
        ([1], "JSON"),
    ],
)
def test_arguments_that_are_not_json_are_not_sent(sandbox: ProcessSandbox, arguments: Any, words: str) -> None:
    failure = sandbox.call(DOUBLE, arguments).failure
    assert failure is not None
    assert failure.kind is FailureKind.ARGUMENTS
    assert words in failure.message


@pytest.mark.parametrize(
    "value",
    ["\x00\ufffd\U0001f600", "a\u2028b", list(range(100_000)), "x" * 1_000_000, nested(150), {"": {"": None}}, 1e-300],
)
def test_values_round_trip(run: Run, value: object) -> None:
    result = run("from typing import Any\ndef f(x: Any):\n    return x", x=value)
    assert result.failure is None
    assert result.value == value


@pytest.mark.parametrize("value", ["'\\ud800'", "{'\\udfff': 1}", "['x', '\\U0001f600\\ud83d']"])
def test_half_of_a_surrogate_pair_is_no_value(run: Run, value: str) -> None:
    """No file and no database would take it afterwards; what is printed or raised shows it as an escape."""
    result = run(f"def f():\n    print('\\ud800')\n    return {value}")
    assert result.failure is not None
    assert result.failure.kind is FailureKind.RESULT
    assert "half of a pair" in result.failure.message
    assert result.stdout == "\\ud800\n"
    assert run("def f():\n    raise ValueError('\\ud800')").failure == result.failure.model_copy(
        update={"kind": FailureKind.EXCEPTION, "message": "ValueError: \\ud800", "line": 2}
    )


def test_arguments_and_source_too_large(run: Run, sandbox: ProcessSandbox) -> None:
    small = Limits(input_bytes=1_000)
    for result in (
        sandbox.call(DOUBLE, {"n": "x" * 1_000}, limits=small),
        run("def f(): ...\n" + "#" * 1_000, limits=small),
        run("def f(): ...\n" + "#" * 5_000_000),
    ):
        assert result.failure is not None
        assert result.failure.kind is FailureKind.INPUT


@pytest.mark.parametrize(
    "body",
    [
        "return 'x' * 10_000",
        "print('x' * 10_000)",
        "import sys; sys.stderr.write('x' * 10_000)",
        "try:\n        print('x' * 10_000)\n    except BaseException:\n        return 1",
        "print('x' * 10_000); raise ValueError",
        "print('ü' * 600)",
    ],
)
def test_too_much_output(run: Run, body: str) -> None:
    failure = run(f"def f():\n    {body}", limits=Limits(output_bytes=1_000, stdout_bytes=1_000)).failure
    assert failure is not None
    assert failure.kind is FailureKind.OUTPUT


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


def test_batch_gives_each_set_its_own_result(sandbox: ProcessSandbox) -> None:
    tool = ToolSource(source="def f(n: int) -> float:\n    print(n)\n    return 6 / n", entry="f")
    results = sandbox.batch(tool, [{"n": 1}, {"n": 0}, {"n": "x"}, {"n": {1}}, {}, {"n": 2}])
    kinds = [result.failure.kind if result.failure else result.value for result in results]
    assert kinds == [6, FailureKind.EXCEPTION, FailureKind.ARGUMENTS, FailureKind.ARGUMENTS, FailureKind.ARGUMENTS, 3]
    assert [result.stdout for result in results] == ["1\n", "0\n", "", "", "", "2\n"]


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


def test_batch_of_a_broken_tool(sandbox: ProcessSandbox) -> None:
    results = sandbox.batch(ToolSource(source="1 / 0", entry="f"), [{}, {}])
    assert [result.failure.kind for result in results if result.failure] == [FailureKind.SOURCE] * 2
