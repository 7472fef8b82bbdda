"""The backend without a wall: the same answers, and a warning."""

from __future__ import annotations

import subprocess
import sys
import warnings

import pytest

from langchain_latm.exceptions import SandboxClosedError
from langchain_latm.sandbox import FailureKind, Limits, Sandbox, ToolSource, create_sandbox
from langchain_latm.sandbox.unsafe import UnsafeSandbox

WARN = """
import warnings
from langchain_latm.sandbox import create_sandbox
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    create_sandbox("unsafe")
    create_sandbox("unsafe")
print([type(each.message).__name__ for each in caught])
"""


@pytest.fixture
def unsafe() -> Sandbox:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return create_sandbox("unsafe", limits=Limits(stdout_bytes=100))


def tool(body: str) -> ToolSource:
    return ToolSource(source=f"def f(n: int = 1):\n    {body}", entry="f")


def test_warns_once_in_a_process() -> None:
    done = subprocess.run([sys.executable, "-c", WARN], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['UnsafeSandboxWarning']"


def test_is_never_chosen_by_itself(unsafe: Sandbox) -> None:
    assert not unsafe.guarantees
    with create_sandbox() as sandbox:
        assert not isinstance(sandbox, UnsafeSandbox)


async def test_answers_as_the_others_do(unsafe: Sandbox) -> None:
    before = sys.stdout, sys.stderr
    result = unsafe.call(tool("print('hello'); return {'n': (n, 2)}"), {"n": 5})
    assert (result.value, result.stdout) == ({"n": [5, 2]}, "hello\n")
    assert (sys.stdout, sys.stderr) == before
    assert "tool" not in sys.modules
    failures = [
        unsafe.call(tool("return 1 / 0"), {}),
        unsafe.call(tool("return {1}"), {}),
        unsafe.call(tool("return n"), {"n": "x"}),
        unsafe.call(tool("print('x' * 1000)"), {}),
        unsafe.call(ToolSource(source="1 / 0", entry="f"), {}),
    ]
    kinds = [result.failure.kind for result in failures if result.failure]
    assert kinds == [
        FailureKind.EXCEPTION,
        FailureKind.RESULT,
        FailureKind.ARGUMENTS,
        FailureKind.OUTPUT,
        FailureKind.SOURCE,
    ]
    described = await unsafe.acheck(tool("return n"))
    assert described.value["parameters"]["properties"] == {"n": {"type": "integer", "default": 1}}
    assert [each.value for each in await unsafe.abatch(tool("return n"), [{"n": 1}, {"n": 2}])] == [1, 2]


def test_use_after_close(unsafe: Sandbox) -> None:
    unsafe.close()
    unsafe.close()
    with pytest.raises(SandboxClosedError, match="closed"):
        unsafe.call(tool("return n"), {})
