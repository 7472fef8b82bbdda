"""Tools with packages in the sandbox: what they compute, and what packages cannot give them."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator

import pytest

from langchain_latm import Package, PackageError, Sandbox, ToolSource
from langchain_latm.sandbox.process import ProcessSandbox
from langchain_latm.sandbox.unsafe import UnsafeSandbox, UnsafeSandboxWarning
from langchain_latm.types import packages_key

pytestmark = pytest.mark.slow

SOURCE = """\
import sys
import wordy

calls = 0

def count(text: str) -> int:
    return wordy.count(text) + wordy.VALUE

def later(text: str) -> str:
    return wordy.later(text)

def state(text: str) -> int:
    global calls
    calls += 1
    return calls

def evaluated(text: str) -> str:
    global calls
    calls += 1
    return f"{wordy.evaluate(text)} {calls}"

def seen(text: str) -> str:
    return wordy.kernel()

def opened(text: str) -> str:
    return wordy.opened(text)

def system(text: str) -> int:
    return wordy.os.system(text)

def forked(text: str) -> int:
    return wordy.os.fork()

def imported(text: str) -> str:
    return __import__(text).__name__

def shown(text: str) -> list[str]:
    return [str(getattr(module, "__file__", "")) for module in sys.modules.values()] + sys.path
"""


@pytest.fixture(scope="module")
def key(wordy: tuple[Package, ...]) -> str:
    return packages_key(wordy)


@pytest.fixture(scope="module")
def process() -> Iterator[ProcessSandbox]:
    with ProcessSandbox() as running:
        yield running


def call(sandbox: Sandbox, key: str, entry: str, text: str) -> object:
    result = sandbox.call(ToolSource(source=SOURCE, entry=entry, packages=key), {"text": text})
    return result.value if result.failure is None else f"{result.failure.kind}: {result.failure.message}"


def test_packages_compute(process: ProcessSandbox, key: str) -> None:
    assert call(process, key, "count", "one two") == 9
    assert call(process, key, "later", "one two") == "One Two"
    described = process.check(ToolSource(source=SOURCE, entry="count", packages=key))
    assert described.value["parameters"]["properties"] == {"text": {"type": "string"}}


def test_without_the_declaration_they_are_not_there(process: ProcessSandbox, key: str) -> None:
    assert call(process, key, "count", "one") == 8
    assert "no module named 'wordy'" in str(call(process, "", "count", "one"))


def test_a_package_opens_no_hole(process: ProcessSandbox, key: str) -> None:
    assert "PermissionError" in str(call(process, key, "opened", "/etc/hostname"))
    assert call(process, key, "system", "true") != 0
    assert "PermissionError" in str(call(process, key, "forked", ""))
    assert call(process, key, "seen", "") == "5.13"  # not this machine's
    for name in ("ctypes", "socket", "subprocess", "mmap", "multiprocessing", "langchain_latm", "landlockpy", "pip"):
        assert "ModuleNotFoundError" in str(call(process, key, "imported", name)), name
    assert set(call(process, key, "shown", "")) == {""}  # type: ignore[call-overload]
    held = call(process, key, "evaluated", "__import__('os').open('/', 0)")
    assert "PermissionError" in str(held)


def test_what_ran_a_text_as_code_serves_no_other_call(process: ProcessSandbox, key: str) -> None:
    assert [call(process, key, "state", "") for _ in range(3)] == [1, 2, 3]
    assert [call(process, key, "evaluated", "1 + 1") for _ in range(3)] == ["2 1"] * 3
    assert [call(process, key, "state", "") for _ in range(2)] == [4, 5]
    # It cannot undo that, however it tries.
    poison = (
        "[vars(m).update(count=None, shutdown=lambda *_: 0) "
        "for m in __import__('sys').modules.values() if hasattr(m, 'VALUE')] and 5"
    )
    assert [call(process, key, "evaluated", poison) for _ in range(2)] == ["5 1"] * 2


FORGING = """
import os, struct, sys, time

def send(number, body, os=os, struct=struct):
    os.write(3, struct.pack("<IIB", len(body), number, 16) + body)

frame = sys._getframe()
while "number" not in frame.f_locals:
    frame = frame.f_back
number = frame.f_locals["number"]
send(number, b'="mine"')
time.sleep(0.05)
for further in range(1, 20):
    send(number + further, b'="forged"')
time.sleep(60)
"""


async def test_what_ran_a_text_as_code_cannot_answer_in_advance(key: str) -> None:
    tool = ToolSource(source=SOURCE, entry="evaluated", packages=key)
    with ProcessSandbox(children_per_tool=1) as process:
        for _ in range(2):
            assert call(process, key, "evaluated", f"exec({FORGING!r})") == "mine"
            await asyncio.sleep(0.2)  # the forged answers wait for the host
            assert call(process, key, "evaluated", "1 + 1") == "2 1"
            assert (await process.acall(tool, {"text": f"exec({FORGING!r})"})).value == "mine"
            await asyncio.sleep(0.2)
            assert (await process.acall(tool, {"text": "1 + 1"})).value == "2 1"
            assert call(process, key, "evaluated", f"exec({FORGING!r})") == "mine"
            await asyncio.sleep(0.2)
            assert [each.value for each in process.batch(tool, [{"text": "3"}] * 2)] == ["3 1"] * 2


async def test_a_text_in_a_batch_changes_no_other_answer(process: ProcessSandbox, key: str) -> None:
    poison = (
        "[vars(m).update(evaluate=lambda _: 'poisoned') "
        "for m in __import__('sys').modules.values() if hasattr(m, 'in_order')] and 5"
    )
    tool = ToolSource(source=SOURCE, entry="evaluated", packages=key)
    rows = [{"text": text} for text in ("1", poison, "3", poison, "4")]
    for results in (process.batch(tool, rows), await process.abatch(tool, rows)):
        assert [each.value for each in results] == ["1 1", "5 1", "3 1", "5 1", "4 1"]


async def test_async_and_batches(process: ProcessSandbox, key: str) -> None:
    tool = ToolSource(source=SOURCE, entry="evaluated", packages=key)
    for _ in range(2):
        assert (await process.acall(tool, {"text": "2"})).value == "2 1"
    assert [each.value for each in process.batch(tool, [{"text": "3"}] * 2)] == ["3 1", "3 1"]
    assert (await process.abatch(tool, [{"text": "4"}]))[0].value == "4 1"


def test_each_seed_has_its_own_processes(process: ProcessSandbox, key: str) -> None:
    tool = ToolSource(source=SOURCE, entry="count", packages=key, hash_seed=3)
    assert process.call(tool, {"text": "a"}).value == 8


def test_other_backends_say_what_to_do(key: str) -> None:
    tool = ToolSource(source=SOURCE, entry="count", packages=key)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnsafeSandboxWarning)
        unsafe = UnsafeSandbox()
    for use in (unsafe.check, lambda tool: unsafe.call(tool, {"text": "a"}), lambda tool: unsafe.batch(tool, [])):
        with pytest.raises(PackageError, match=r"UnsafeSandbox loads no packages.*create_sandbox\(\"process\"\)"):
            use(tool)
    unsafe.close()


def test_a_set_that_is_not_there(process: ProcessSandbox) -> None:
    with pytest.raises(PackageError, match="not installed on this machine"):
        process.call(ToolSource(source=SOURCE, entry="count", packages="0" * 64), {"text": "a"})
