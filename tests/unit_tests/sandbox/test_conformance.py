"""Common behaviour of all backends: values, failures, limits, concurrency, recovery."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from langchain_latm.exceptions import SandboxClosedError
from langchain_latm.sandbox import ExecutionResult, FailureKind, Guarantee, Limits, Sandbox, ToolSource
from tests.unit_tests.sandbox.backends import BACKENDS, marks
from tests.unit_tests.sandbox.typical_tools import TOOLS, Typical

LIMITS = Limits(wall_seconds=10, memory_bytes=128 << 20)
SMALL = Limits(wall_seconds=10, output_bytes=1_000, stdout_bytes=1_000, input_bytes=1_000)
DOUBLE = ToolSource(
    source='def double(n: int) -> int:\n    """Double it."""\n    print("n", n)\n    return 2 * n', entry="double"
)


@pytest.fixture(scope="module", params=[pytest.param(name, marks=marks(name)) for name in BACKENDS])
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    if BACKENDS[found].missing:
        pytest.skip(BACKENDS[found].missing)
    return found


@pytest.fixture(scope="module")
def sandbox(name: str) -> Iterator[Sandbox]:
    with BACKENDS[name].open(LIMITS) as running:
        yield running


@pytest.fixture
def kind_of_backend(name: str) -> None:
    """Skip the variant of a backend that runs the same code inside, only with a new process or memory for each call."""
    if BACKENDS[name].guarantees == frozenset(Guarantee):
        pytest.skip("the backend's other isolation answers with the same code")


@pytest.fixture
def holds_time(name: str) -> None:
    """Skip where a tool that does not end, or ends the process, would take the test with it."""
    if name == "unsafe":
        pytest.skip("it says that it cannot end a tool")


def tool(body: str, head: str = "") -> ToolSource:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return ToolSource(source=f"from typing import Any\n{head}\ndef f(x: Any = None):\n{lines}", entry="f")


def kind_of(result: ExecutionResult) -> FailureKind | None:
    return result.failure.kind if result.failure else None


def nested(levels: int) -> list[Any]:
    inner: list[Any] = []
    for _ in range(levels):
        inner = [inner]
    return inner


@pytest.mark.usefixtures("kind_of_backend")
@pytest.mark.parametrize("typical", TOOLS.values(), ids=TOOLS.keys())
def test_typical_tool(sandbox: Sandbox, typical: Typical) -> None:
    result = sandbox.call(ToolSource(source=typical.source, entry="f"), typical.arguments)
    assert result.failure is None
    assert result.value == typical.value
    assert type(result.value) is type(typical.value)


def test_value_prints_and_time(sandbox: Sandbox) -> None:
    result = sandbox.call(DOUBLE, {"n": 21})
    assert (result.ok, result.value, result.stdout, result.failure) == (True, 42, "n 21\n", None)
    assert 0 < result.seconds < 10


def test_description(sandbox: Sandbox) -> None:
    assert sandbox.check(DOUBLE).value == {
        "description": "Double it.",
        "parameters": {
            "type": "object",
            "properties": {"n": {"type": "integer"}},
            "additionalProperties": False,
            "required": ["n"],
        },
    }


@pytest.mark.usefixtures("kind_of_backend")
@pytest.mark.parametrize(
    "value",
    [
        "\x00\u2028\ufffd\U0001f600'\"\\",
        "ünï" * 100,
        list(range(50_000)),
        "x" * 1_000_000,
        nested(150),
        {"": {"": None}, "\x00": [True, False, None]},
        [0, -1, 2**63, -(10**300), 0.1, -0.0, 1e-300, 1.7976931348623157e308],
    ],
    ids=["odd characters", "letters", "many", "1 MB", "deep", "keys", "numbers"],
)
def test_values_go_through_unchanged(sandbox: Sandbox, value: object) -> None:
    result = sandbox.call(tool("return x"), {"x": value})
    assert result.failure is None
    assert repr(result.value) == repr(value)  # tells 1 from 1.0, and -0.0 from 0


def test_tuples_arrive_as_lists(sandbox: Sandbox) -> None:
    assert sandbox.call(tool("return (1, (2,), {'a': (3,)})"), {}).value == [1, [2], {"a": [3]}]
    assert sandbox.call(tool("return x"), {"x": (1, (2,))}).value == [1, [2]]


@pytest.mark.usefixtures("kind_of_backend")
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("float('nan')", "nan"),
        ("[1, float('inf')]", "inf"),
        ("{1: 2}", "keys are strings"),
        ("{(1, 2): 3}", "keys are strings"),
        ("{None: 1}", "keys are strings"),
        ("{1, 2}", "sorted list"),
        ("b'x'", "bytes"),
        ("1j", "complex"),
        ("object()", "object"),
        ("lambda: 0", "function"),
        ("(n for n in [1])", "generator"),
        ("10**5000", "digits"),
        ("'\\ud800'", "lone surrogate"),
        ("__import__('functools').reduce(lambda inner, _: [inner], range(300), 0)", "levels"),
    ],
)
def test_what_is_not_json_is_not_a_value(sandbox: Sandbox, value: str, words: str) -> None:
    result = sandbox.call(tool(f"return [{value}]"), {})
    assert kind_of(result) is FailureKind.RESULT
    assert result.failure is not None
    assert words in result.failure.message


@pytest.mark.usefixtures("kind_of_backend")
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
        ({"y": 1}, "'y'"),
    ],
)
def test_arguments_that_cannot_be_given(sandbox: Sandbox, arguments: Any, words: str) -> None:
    result = sandbox.call(tool("return 1"), arguments)
    assert kind_of(result) is FailureKind.ARGUMENTS
    assert result.failure is not None
    assert words in result.failure.message


@pytest.mark.usefixtures("kind_of_backend")
@pytest.mark.parametrize(
    ("source", "words", "line"),
    [
        ("def f(:\n", "SyntaxError", 1),
        ("x = 1\n\x00", "null", None),
        ("\ndef g(): ...", "no function named 'f'; the functions are: g", None),
        ("f = 1", "'f' is not a function", None),
        ("async def f(): ...", "'f' is async", None),
        ("def f(x): ...", "no annotation", 1),
        ("x = 1\n1 / 0\ndef f(): ...", "ZeroDivisionError: division by zero", 2),
        ("raise SystemExit(1)", "SystemExit", 1),
        ("import numpy\ndef f(): ...", "numpy", 1),
    ],
)
def test_source_that_cannot_be_loaded(sandbox: Sandbox, name: str, source: str, words: str, line: int | None) -> None:
    if "numpy" in source and name == "unsafe":
        pytest.skip("it imports whatever the caller can")
    result = sandbox.call(ToolSource(source=source, entry="f"), {})
    assert kind_of(result) is FailureKind.SOURCE
    assert result.failure is not None
    assert words in result.failure.message
    assert line is None or result.failure.line == line


def test_check_and_batch_refuse_a_broken_source(sandbox: Sandbox) -> None:
    broken = ToolSource(source="def f(:\n", entry="f")
    for result in (sandbox.check(broken), *sandbox.batch(broken, [{}, {}])):
        assert kind_of(result) is FailureKind.SOURCE
        assert result.failure is not None
        assert "SyntaxError" in result.failure.message


@pytest.mark.usefixtures("kind_of_backend")
@pytest.mark.parametrize(
    ("body", "message", "line"),
    [
        ("raise KeyError('k')", "KeyError: 'k'", 4),
        ("import sys; sys.exit(3)", "SystemExit: 3", 4),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", 4),
        ("f(x)", "RecursionError", 4),
        ("class E(Exception):\n    def __str__(self): 1 / 0\nraise E", "E (whose text cannot be read)", 6),
        ("raise ValueError('x' * 10**6)", "ValueError: xxx", 4),
        ("raise ValueError('\\ud800')", "ValueError: \\ud800", 4),
    ],
)
def test_exception_has_type_text_and_line(sandbox: Sandbox, body: str, message: str, line: int) -> None:
    result = sandbox.call(tool(body), {})
    assert kind_of(result) is FailureKind.EXCEPTION
    assert result.failure is not None
    assert result.failure.message.startswith(message)
    assert len(result.failure.message) < 3_000
    assert result.failure.line == line


def test_failures_keep_what_was_printed(sandbox: Sandbox) -> None:
    result = sandbox.call(tool("print('so far', '\\ud800')\nraise ValueError"), {})
    assert (kind_of(result), result.stdout) == (FailureKind.EXCEPTION, "so far \\ud800\n")


@pytest.mark.usefixtures("kind_of_backend")
@pytest.mark.parametrize(
    "body",
    [
        "return 'x' * 10_000",
        "print('x' * 10_000)",
        "import sys; sys.stderr.write('x' * 10_000)",
        "try: print('x' * 10_000)\nexcept BaseException: return 1",
        "print('x' * 10_000); raise ValueError",
        "print('ü' * 600)",
    ],
)
def test_too_much_output(sandbox: Sandbox, body: str) -> None:
    assert kind_of(sandbox.call(tool(body), {}, limits=SMALL)) is FailureKind.OUTPUT


def test_too_much_input(sandbox: Sandbox) -> None:
    assert kind_of(sandbox.call(DOUBLE, {"n": "x" * 1_000}, limits=SMALL)) is FailureKind.INPUT
    for result in (
        sandbox.call(tool("#" * 5_000_000), {}),
        *sandbox.batch(tool("#" * 1_000), [{}, {"x": 1}], limits=SMALL),
    ):
        assert kind_of(result) is FailureKind.INPUT
        assert result.failure is not None
        assert "bytes" in result.failure.message


@pytest.mark.usefixtures("holds_time")
@pytest.mark.parametrize("body", ["while True: pass", "import time; time.sleep(60)"])
def test_time_limit(sandbox: Sandbox, body: str) -> None:
    result = sandbox.call(tool(body), {}, limits=Limits(wall_seconds=0.2))
    assert kind_of(result) is FailureKind.WALL
    assert 0.2 <= result.seconds < 30


@pytest.mark.usefixtures("holds_time")
@pytest.mark.parametrize("body", ["return [0] * 10**9", "x = []\nwhile True: x.append(x * 2)"])
def test_memory_limit(sandbox: Sandbox, body: str) -> None:
    limits = Limits(memory_bytes=64 << 20, wall_seconds=20)
    assert kind_of(sandbox.call(tool(body), {}, limits=limits)) is FailureKind.MEMORY
    assert sandbox.call(DOUBLE, {"n": 1}).value == 2


@pytest.mark.slow
@pytest.mark.usefixtures("holds_time")
def test_cpu_limit(sandbox: Sandbox) -> None:
    result = sandbox.call(tool("while True: pass"), {}, limits=Limits(cpu_seconds=1, wall_seconds=60))
    assert kind_of(result) is FailureKind.CPU


@pytest.mark.usefixtures("holds_time")
@pytest.mark.parametrize("body", ["import os; os._exit(7)", "import os; os.abort()"])
def test_a_tool_that_ends_its_process_affects_only_its_own_call(sandbox: Sandbox, body: str) -> None:
    assert kind_of(sandbox.call(tool(body), {})) is FailureKind.CRASH
    assert sandbox.call(DOUBLE, {"n": 1}).value == 2


def test_batch_gives_each_set_its_own_result(sandbox: Sandbox) -> None:
    divide = ToolSource(source="def f(n: int) -> float:\n    print(n)\n    return 6 / n", entry="f")
    results = sandbox.batch(divide, [{"n": 1}, {"n": 0}, {"n": "x"}, {"n": {1}}, {}, {"n": 2}])
    kinds = [result.failure.kind if result.failure else result.value for result in results]
    assert kinds == [6, FailureKind.EXCEPTION, FailureKind.ARGUMENTS, FailureKind.ARGUMENTS, FailureKind.ARGUMENTS, 3]
    assert [result.stdout for result in results] == ["1\n", "0\n", "", "", "", "2\n"]
    assert sandbox.batch(divide, []) == []


@pytest.mark.usefixtures("holds_time")
def test_batch_loses_only_the_set_that_ends_the_process(sandbox: Sandbox) -> None:
    hostile = tool("if x == 5: import os; os._exit(1)\nif x == 7: import time; time.sleep(60)\nreturn x")
    results = sandbox.batch(hostile, [{"x": n} for n in range(10)], limits=Limits(wall_seconds=2))
    lost = {index: result.failure.kind for index, result in enumerate(results) if result.failure}
    assert lost == {5: FailureKind.CRASH, 7: FailureKind.WALL}
    assert all(result.value == index for index, result in enumerate(results) if result.ok)


def test_threads(sandbox: Sandbox) -> None:
    """Each gets the answer to its own question, over more tools than there are processes."""
    tools = [tool(f"return [{n}, x]") for n in range(4)]
    wrong: list[object] = []

    def work(start: int) -> None:
        for n in range(start, start + 5):
            value = sandbox.call(tools[n % 4], {"x": n}).value
            if value != [n % 4, n]:
                wrong.append(value)

    threads = [threading.Thread(target=work, args=(10 * n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


async def test_tasks(sandbox: Sandbox) -> None:
    results = await asyncio.gather(*(sandbox.acall(tool(f"return [{n % 4}, x]"), {"x": n}) for n in range(20)))
    assert [result.value for result in results] == [[n % 4, n] for n in range(20)]
    assert (await sandbox.acheck(DOUBLE)).ok
    assert [result.value for result in await sandbox.abatch(DOUBLE, [{"n": 1}, {"n": 2}])] == [2, 4]


def test_state_of_a_call(sandbox: Sandbox, name: str) -> None:
    """A tenant never sees another's state; with `CALLS`, no call sees the state of another call."""
    counter = tool("SEEN.append(x)\nreturn SEEN", head="SEEN = []")
    first, second = (sandbox.call(counter, {"x": n}, tenant="a").value for n in (1, 2))
    assert first == [1]
    assert Guarantee.CALLS not in BACKENDS[name].guarantees or second == [2]
    if Guarantee.TOOLS in BACKENDS[name].guarantees:
        assert sandbox.call(counter, {"x": 3}, tenant="b").value == [3]


@pytest.mark.parametrize(
    "use",
    [
        lambda sandbox: sandbox.call(DOUBLE, {"n": 1}),
        lambda sandbox: sandbox.check(DOUBLE),
        lambda sandbox: sandbox.batch(DOUBLE, [{"n": 1}]),
        lambda sandbox: asyncio.run(sandbox.acall(DOUBLE, {"n": 1})),
        lambda sandbox: asyncio.run(sandbox.abatch(DOUBLE, [{"n": 1}])),
        lambda sandbox: asyncio.run(sandbox.acheck(DOUBLE)),
    ],
    ids=["call", "check", "batch", "acall", "abatch", "acheck"],
)
def test_use_after_close(closed: Sandbox, use: Callable[[Sandbox], object]) -> None:
    with pytest.raises(SandboxClosedError, match="closed"):
        use(closed)
    closed.close()


@pytest.fixture(scope="module")
def closed(name: str) -> Iterator[Sandbox]:
    with BACKENDS[name].open(LIMITS) as sandbox:
        sandbox.close()
        yield sandbox
