"""The backend without protection: the same answers, and a warning."""

from __future__ import annotations

import subprocess
import sys
import warnings

import pytest

from langchain_latm.sandbox import Limits, Sandbox, ToolSource, create_sandbox
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


@pytest.mark.slow
def test_warns_once_in_a_process() -> None:
    done = subprocess.run([sys.executable, "-c", WARN], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['UnsafeSandboxWarning']"


def test_is_never_chosen_by_itself(unsafe: Sandbox) -> None:
    assert not unsafe.guarantees
    with create_sandbox() as sandbox:
        assert not isinstance(sandbox, UnsafeSandbox)


def test_leaves_the_process_as_it_was(unsafe: Sandbox) -> None:
    before = sys.stdout, sys.stderr
    assert unsafe.call(tool("print('hello')"), {}).stdout == "hello\n"
    assert (sys.stdout, sys.stderr) == before
    assert "tool" not in sys.modules
