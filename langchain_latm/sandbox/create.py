"""Chooses the best backend of this machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal, get_args

from langchain_latm.exceptions import SandboxUnavailableError
from langchain_latm.sandbox.base import UNTRUSTED, Limits, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

SandboxName = Literal["auto", "process", "wasm", "unsafe"]
Isolation = Literal["tool", "call"]


def create_sandbox(
    name: SandboxName = "auto",
    *,
    limits: Limits | None = None,
    isolation: Isolation = "tool",
    max_children: int = 32,
) -> Sandbox:
    """Return a running sandbox; close it after use, or use it in a `with` statement.

    If no backend can isolate untrusted code on this machine, it raises an error; it never returns a weaker sandbox.

    Args:
        name: A backend, or "auto" for the best one here: "process" on Linux, and "wasm" (extra `wasm`) on other systems
            or if "process" does not start. "unsafe" runs tools in this process, for tests of code that you wrote
            yourself; "auto" never chooses it. For a sandbox of another service use `AdaptedSandbox`.
        limits: Limits of one call.
        isolation: Whether a process, or a WASM memory, serves several calls of one tool and tenant ("tool") or
            just one ("call"); "unsafe" ignores it.
        max_children: Maximum number of tools' processes at the same time; "process" only.

    Raises:
        SandboxUnavailableError: No backend of that name works on this machine; the message gives the reason for each
            backend.
        ValueError: There is no backend of that name, or a number is out of range.
    """
    if name not in get_args(SandboxName):
        raise ValueError(f"there is no sandbox named {name!r}; the names are {', '.join(get_args(SandboxName))}")

    def process() -> Sandbox:
        from langchain_latm.sandbox.process import ProcessSandbox  # noqa: PLC0415 - Linux only

        return ProcessSandbox(limits=limits, isolation=isolation, max_children=max_children)

    def wasm() -> Sandbox:
        from langchain_latm.sandbox.wasm import WasmSandbox  # noqa: PLC0415 - of an extra

        return WasmSandbox(limits=limits, isolation=isolation)

    def unsafe() -> Sandbox:
        from langchain_latm.sandbox.unsafe import UnsafeSandbox  # noqa: PLC0415 - rarely used

        return UnsafeSandbox(limits=limits)

    if name == "auto":
        return _first({"process": process, "wasm": wasm} if sys.platform.startswith("linux") else {"wasm": wasm})
    return {"process": process, "wasm": wasm, "unsafe": unsafe}[name]()


def _first(backends: dict[str, Callable[[], Sandbox]]) -> Sandbox:
    """Return the first backend that starts and has the guarantees for generated code."""
    reasons = []
    for name, start in backends.items():
        try:
            sandbox = start()
        except SandboxUnavailableError as error:
            reasons.append(f"{name}: {error}")
            continue
        missing = UNTRUSTED - sandbox.guarantees
        if not missing:
            return sandbox
        sandbox.close()
        reasons.append(f"{name}: it does not guarantee {', '.join(sorted(missing))} here")
    raise SandboxUnavailableError(f"no sandbox can run generated code on this machine. {'; '.join(reasons)}")
