"""Every backend, as the suites that all of them run start it."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, NamedTuple

import pytest

from langchain_latm.sandbox import Guarantee, Limits, Sandbox
from langchain_latm.sandbox.base import UNTRUSTED
from langchain_latm.sandbox.create import create_sandbox


@contextmanager
def _created(
    name: Literal["process", "wasm", "unsafe"], isolation: Literal["tool", "call"], limits: Limits
) -> Iterator[Sandbox]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the warning of "unsafe" has a test of its own
        made = create_sandbox(name, isolation=isolation, limits=limits)
    with made as sandbox:
        yield sandbox


@contextmanager
def _adapted(limits: Limits) -> Iterator[Sandbox]:
    from deepagents.backends import LocalShellBackend  # noqa: PLC0415 - skipped where it is missing

    from langchain_latm.sandbox.adapted import AdaptedSandbox  # noqa: PLC0415 - the same

    with tempfile.TemporaryDirectory() as folder:
        backend = LocalShellBackend(root_dir=folder, virtual_mode=False)
        with AdaptedSandbox(backend, limits=limits, python=sys.executable, folder=folder) as sandbox:
            yield sandbox


class Backend(NamedTuple):
    """A backend under test.

    Attributes:
        open: Starts it with limits, and closes it.
        guarantees: What it declares, known before it starts.
        depth: How many generations of processes it has below this one.
        missing: Why it cannot run here; empty where it can.
        slow: Whether a call starts a process or a WebAssembly memory: `make unit` leaves it to `make slow`.
    """

    open: Callable[[Limits], AbstractContextManager[Sandbox]]
    guarantees: frozenset[Guarantee]
    depth: int
    missing: str = ""
    slow: bool = True


_LINUX = "" if sys.platform.startswith("linux") else "the process sandbox is of Linux"
_WASM = "" if importlib.util.find_spec("eryx") else "pyeryx is missing (extra `wasm`, Python 3.12 or newer)"
_DEEPAGENTS = "" if importlib.util.find_spec("deepagents") else "deepagents is missing"
_ALL = frozenset(Guarantee)

BACKENDS = {
    "process": Backend(lambda limits: _created("process", "tool", limits), UNTRUSTED, 2, _LINUX, slow=False),
    "process, a child a call": Backend(lambda limits: _created("process", "call", limits), _ALL, 2, _LINUX),
    "wasm": Backend(lambda limits: _created("wasm", "tool", limits), UNTRUSTED, 1, _WASM),
    "wasm, a memory a call": Backend(lambda limits: _created("wasm", "call", limits), _ALL, 1, _WASM),
    "adapted": Backend(_adapted, frozenset({Guarantee.HOST, Guarantee.OUTPUT}), 1, _DEEPAGENTS),
    "unsafe": Backend(lambda limits: _created("unsafe", "tool", limits), frozenset(), 0, slow=False),
}


def marks(name: str) -> list[pytest.MarkDecorator]:
    """The marks of a test with this backend: such tests share one sandbox, in one worker process of xdist."""
    return [pytest.mark.xdist_group(name), *([pytest.mark.slow] if BACKENDS[name].slow else [])]
