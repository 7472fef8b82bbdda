"""What a tool may send on the wire of the process backend in place of an answer. An honest call goes on being right."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from langchain_latm.sandbox import FailureKind, Limits, ProcessSandbox, ToolSource

if TYPE_CHECKING:
    from collections.abc import Iterator

HONEST = ToolSource(
    source="import json\ndef add(a: int, b: int) -> str:\n    return json.dumps(sorted([a, b]) + [len('abc')])",
    entry="add",
)
SECRET = "the host's secret"
LIMITS = Limits(wall_seconds=0.3, memory_bytes=64 << 20, output_bytes=100_000, stdout_bytes=10_000)

HEADER = """
import os, struct
def send(body, number=1, word=16):
    os.write(3, struct.pack('<IIB', len(body), number, word) + body)
"""


@pytest.fixture(scope="module")
def target() -> Iterator[ProcessSandbox]:
    """A sandbox of this file alone: what is broken here shows here."""
    os.environ["LATM_TEST_SECRET"] = SECRET
    with ProcessSandbox(limits=LIMITS) as sandbox:
        yield sandbox
    del os.environ["LATM_TEST_SECRET"]


@pytest.fixture(autouse=True)
def honest_call_is_right_afterwards(target: ProcessSandbox) -> Iterator[None]:
    yield
    result = target.call(HONEST, {"a": 5, "b": 2})
    assert result.value == "[2, 5, 3]", result.failure


def test_environment_is_empty(target: ProcessSandbox) -> None:
    source = "import os, sys, gc\ndef f():\n    return [dict(os.environ), sys.argv, sys.path]"
    assert target.call(ToolSource(source=source, entry="f"), {}).value == [{"TZ": "UTC0"}, ["tool"], []]


FORGERIES = {
    "garbage": "os.write(3, b'garbage' * 1000)",
    "flood": "while True: os.write(3, b'x' * 65536)",
    "huge length": "os.write(3, struct.pack('<IIB', 2**32 - 1, 1, 16))",
    "other number": "send(b'[1,\"\"]', number=77)",
    "unknown word": "send(b'[1,\"\"]', word=99); return 2",
    "not JSON": "send(b'[1,')",
    "not ASCII": 'send(b\'["\\xff",""]\')',
    "NaN": "send(b'[NaN,\"\"]')",
    "infinity": "send(b'[1e999,\"\"]')",
    "wrong form": "send(b'{}')",
    "unknown kind": 'send(b\'["wall","",null,""]\')',
    "kind of wrong type": 'send(b\'[[],"",null,""]\')',
    "line of wrong type": 'send(b\'["source","","1",""]\')',
    "long integer": "send(b'[' + b'1' * 10000 + b',\"\"]')",
    "deep nesting": "send(b'[' * 90000)",
    "deep objects": "send(b'{\"a\":' * 15000)",
    "obituary": "os.write(3, b'\\x00latm:x\\x00' + struct.pack('<id', 9, 1e9))",
    "half an obituary": "os.write(3, b'\\x00latm:x\\x00'); os._exit(0)",
    "half a frame": "os.write(3, struct.pack('<IIB', 100, 1, 16) + b'[1'); os._exit(0)",
    "full socket": "os.write(3, struct.pack('<IIB', 90000, 1, 16) + b'x' * 80000); os._exit(0)",
    "part of a batch": "send(b'[[1,\"\"]]', word=18)",
    "dripping": """
    import time
    os.write(3, struct.pack('<IIB', 90000, 1, 16))
    while True:
        os.write(3, b'1')
        time.sleep(0.01)""",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
def test_forged_frame(target: ProcessSandbox, forgery: str) -> None:
    """The host takes it for nonsense, in bounded time and memory, and no exception escapes."""
    tool = ToolSource(source=f"{HEADER}def f():\n    {forgery}", entry="f")
    for result in (target.call(tool, {}), *target.batch(tool, [{}, {}])):
        assert result.failure is not None or result.value in (1, 2)
        if result.failure:
            assert result.failure.kind in (
                FailureKind.PROTOCOL,
                FailureKind.WALL,
                FailureKind.CRASH,
                FailureKind.CPU,
                FailureKind.SOURCE,
            )


def test_deep_nesting_with_a_raised_recursion_limit(target: ProcessSandbox) -> None:
    """A host that raised its limit is not led to a stack overflow."""
    import sys  # noqa: PLC0415 - this test alone changes the interpreter

    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    try:
        tool = ToolSource(source=f"{HEADER}def f():\n    send(b'[' * 90000)", entry="f")
        failure = target.call(tool, {}).failure
    finally:
        sys.setrecursionlimit(before)
    assert failure is not None
    assert failure.kind is FailureKind.PROTOCOL


def test_forged_answer_to_the_next_call_costs_that_call_nothing(target: ProcessSandbox) -> None:
    tool = ToolSource(
        source=f"{HEADER}def f(n: int) -> int:\n    if n == 0:\n        import signal\n"
        "        send(b'[0,\"\"]')\n        send(b'[0,\"\"]')\n    return n",
        entry="f",
    )
    target.call(tool, {"n": 0})
    assert target.call(tool, {"n": 5}).value == 5


def test_attacks_while_others_work(target: ProcessSandbox) -> None:
    """Honest calls are right while a tool next door crashes again and again."""
    stop = threading.Event()

    def attack() -> None:
        tool = ToolSource(source="import os\ndef f():\n    os._exit(1)", entry="f")
        while not stop.is_set():
            target.call(tool, {})

    thread = threading.Thread(target=attack)
    thread.start()
    try:
        assert all(target.call(HONEST, {"a": n, "b": 0}).value == f"[0, {n}, 3]" for n in range(200))
    finally:
        stop.set()
        thread.join()
