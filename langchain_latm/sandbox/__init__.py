"""Sandboxes: the only place where generated code runs."""

from langchain_latm.sandbox.adapted import AdaptedSandbox
from langchain_latm.sandbox.base import (
    ExecutionResult,
    Failure,
    FailureKind,
    Guarantee,
    Limits,
    Sandbox,
    ToolSource,
)
from langchain_latm.sandbox.create import create_sandbox
from langchain_latm.sandbox.process import ProcessSandbox

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
