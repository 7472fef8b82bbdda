"""Sandboxes: the only place where generated code runs. The backends are imported on first use."""

from typing import TYPE_CHECKING

from langchain_latm._core.lazy import lazy_getattr
from langchain_latm.sandbox.base import (
    ExecutionResult,
    Failure,
    FailureKind,
    Guarantee,
    Limits,
    Sandbox,
    ToolSource,
)

if TYPE_CHECKING:
    from langchain_latm.sandbox.adapted import AdaptedSandbox
    from langchain_latm.sandbox.create import create_sandbox
    from langchain_latm.sandbox.process import ProcessSandbox
else:
    __getattr__ = lazy_getattr(
        __name__,
        {
            "AdaptedSandbox": "langchain_latm.sandbox.adapted",
            "ProcessSandbox": "langchain_latm.sandbox.process",
            "create_sandbox": "langchain_latm.sandbox.create",
        },
    )

__all__ = [
    "AdaptedSandbox",
    "ExecutionResult",
    "Failure",
    "FailureKind",
    "Guarantee",
    "Limits",
    "ProcessSandbox",
    "Sandbox",
    "ToolSource",
    "create_sandbox",
]
