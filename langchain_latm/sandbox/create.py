"""The best sandbox that this machine can hold."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

from langchain_latm.exceptions import SandboxUnavailableError

if TYPE_CHECKING:
    from langchain_latm.sandbox.base import Limits, Sandbox


def create_sandbox(
    name: Literal["auto", "process"] = "auto",
    *,
    limits: Limits | None = None,
    isolation: Literal["tool", "call"] = "tool",
    max_children: int = 32,
) -> Sandbox:
    """Return a running sandbox; close it after use, or use it in a `with` statement.

    It fails closed: where no backend can hold untrusted code there is an error, never a weaker sandbox.

    Args:
        name: A backend, or "auto" for the best one here. "process" is the only one so far.
        limits: What one call may use.
        isolation: Whether a process may serve several calls of one tool and tenant ("tool") or just one ("call").
        max_children: How many tools' processes may exist at the same time.

    Raises:
        SandboxUnavailableError: No backend of that name works on this machine.
        ValueError: There is no backend of that name, or a number is out of range.
    """
    if name not in ("auto", "process"):
        raise ValueError(f"there is no sandbox named {name!r}; the names are 'auto' and 'process'")
    if not sys.platform.startswith("linux"):
        raise SandboxUnavailableError(
            f"no sandbox can run generated code on this machine: the process backend needs Linux, this is "
            f"{sys.platform}. Use a Linux machine, a container or WSL."
        )
    from langchain_latm.sandbox.process import ProcessSandbox  # noqa: PLC0415 - Linux only

    return ProcessSandbox(limits=limits, isolation=isolation, max_children=max_children)
