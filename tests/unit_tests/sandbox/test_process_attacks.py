"""Forged messages of a tool on the wire of the process backend. Honest calls stay right."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from langchain_latm.sandbox import ExecutionResult, FailureKind, Limits, ProcessSandbox, ToolSource

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
    """A sandbox for this file only, so that damage shows here."""
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
    "other number": "send(b'=1', number=77)",
    "unknown word": "send(b'=1', word=99); return 2",
    "not JSON": "send(b'=[1,')",
    "not ASCII": "send(b'=\"\\xc3\\xa9\"')",
    "no mark": "send(b'1')",
    "wrong form": "send(b'!{}')",
    "unknown kind": 'send(b\'!["wall","",null]\')',
    "kind of wrong type": "send(b'![[],\"\",null]')",
    "line of wrong type": 'send(b\'!["source","","1"]\')',
    "deep nesting": "send(b'=' + b'[' * 90000)",
    "obituary": "os.write(3, b'\\x00latm:x\\x00' + struct.pack('<id', 9, 1e9))",
    "half an obituary": "os.write(3, b'\\x00latm:x\\x00'); os._exit(0)",
    "half a frame": "os.write(3, struct.pack('<IIB', 100, 1, 16) + b'[1'); os._exit(0)",
    "full socket": "os.write(3, struct.pack('<IIB', 90000, 1, 16) + b'x' * 80000); os._exit(0)",
    "part of a batch": "send(b'=1', word=18)",
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


def test_hosts_own_limits_do_not_matter(target: ProcessSandbox) -> None:
    """A host that raised its recursion limit and its limit of digits is neither led to a stack overflow, nor kept busy.

    Forty thousand quotes once took a search for brackets half a minute.
    """
    before = sys.getrecursionlimit(), sys.get_int_max_str_digits()
    sys.setrecursionlimit(1_000_000)
    sys.set_int_max_str_digits(0)
    try:
        kinds = [
            target.call(ToolSource(source=f"{HEADER}def f():\n    send(b'=' + {body})", entry="f"), {}).failure
            for body in ("b'[' * 90000", "b'\"' + b'\\\\\"' * 40000 + b'[' * 1100", "b'9' * 90000")
        ]
    finally:
        sys.setrecursionlimit(before[0])
        sys.set_int_max_str_digits(before[1])
    assert [failure and failure.kind for failure in kinds] == [FailureKind.PROTOCOL] * 3


DESCRIPTIONS = {
    "no object": "=[]",
    "one part": '={"description":""}',
    "another part": '={"description":"","parameters":{"type":"object","properties":{}},"more":1}',
    "text of wrong type": '={"description":[],"parameters":{"type":"object","properties":{}}}',
    "parameters of wrong type": '={"description":"","parameters":[]}',
    "no properties": '={"description":"","parameters":{"type":"object"}}',
    "too deep": '={"description":"","parameters":{"type":"object","properties":' + '{"":' * 250 + "1" + "}" * 252,
}


def described(target: ProcessSandbox, description: str) -> ExecutionResult:
    """Check a source that sends this description while it is loaded."""
    source = f"{HEADER}send(b'=null', 0)\nsend({description.encode()!r})\nimport time\ntime.sleep(60)"
    return target.check(ToolSource(source=source, entry="f"))


@pytest.mark.parametrize("description", DESCRIPTIONS.values(), ids=DESCRIPTIONS.keys())
def test_forged_description(target: ProcessSandbox, description: str) -> None:
    failure = described(target, description).failure
    assert failure is not None
    assert failure.kind is FailureKind.PROTOCOL


def test_forged_description_of_the_right_form(target: ProcessSandbox) -> None:
    """It says no more than the tool could say itself; and it shows that the others get as far."""
    assert described(target, '={"description":"","parameters":{"type":"object","properties":{}}}').ok


def test_forged_answer_to_the_next_call_does_not_affect_that_call(target: ProcessSandbox) -> None:
    tool = ToolSource(
        source=f"{HEADER}def f(n: int) -> int:\n    if n == 0:\n        import signal\n"
        "        send(b'=0')\n        send(b'=0')\n    return n",
        entry="f",
    )
    target.call(tool, {"n": 0})
    assert target.call(tool, {"n": 5}).value == 5


@pytest.mark.slow
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
