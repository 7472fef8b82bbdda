"""One running sandbox for many tests, and small ways to call it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from langchain_latm.sandbox import ExecutionResult, Limits, ProcessSandbox, ToolSource

Run = Callable[..., ExecutionResult]

if not sys.platform.startswith("linux"):
    collect_ignore = [
        "test_process.py",
        "test_signature.py",
        "test_process_attacks.py",
        "test_system_calls.py",
        "test_failures.py",
        "test_concurrency.py",
    ]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[ProcessSandbox]:
    with ProcessSandbox() as running:
        yield running


@pytest.fixture
def run(sandbox: ProcessSandbox) -> Run:
    """Call the function `f` of some source."""

    def call(source: str, limits: Limits | None = None, **arguments: Any) -> ExecutionResult:
        return sandbox.call(ToolSource(source=source, entry="f"), arguments, limits=limits)

    return call


@pytest.fixture
def described(sandbox: ProcessSandbox) -> Run:
    """Describe the function `f` of some source."""
    return lambda source: sandbox.check(ToolSource(source=source, entry="f"))
