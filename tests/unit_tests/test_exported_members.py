"""The public names."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import pytest

import langchain_latm
from langchain_latm import exceptions

NAMES = [
    "LATM",
    "AdaptedSandbox",
    "Answer",
    "AnswerCheck",
    "Attempt",
    "Candidate",
    "Comparison",
    "CustomCheck",
    "Difference",
    "DirectCost",
    "Dispatch",
    "DispatchCandidate",
    "Doubt",
    "ExactCheck",
    "Example",
    "ExecutionResult",
    "Failure",
    "FailureKind",
    "Feedback",
    "Guarantee",
    "LATMError",
    "LATMEvent",
    "LATMToolkit",
    "LibraryCosts",
    "Limits",
    "MadeTool",
    "MakingEvent",
    "ModelError",
    "NumericCheck",
    "Package",
    "PackageError",
    "Picture",
    "Provenance",
    "Remaking",
    "RemakingEvent",
    "RequestError",
    "Sandbox",
    "SandboxClosedError",
    "SandboxError",
    "SandboxUnavailableError",
    "TableError",
    "Task",
    "TaskError",
    "TextCheck",
    "TokenUsage",
    "ToolCosts",
    "ToolEvent",
    "ToolLibrary",
    "ToolLibraryError",
    "ToolMaker",
    "ToolMakingError",
    "ToolMakingMiddleware",
    "ToolNotFoundError",
    "ToolProposal",
    "ToolRecordError",
    "ToolRemaker",
    "ToolSource",
    "ToolSummary",
    "ToolUsage",
    "ToolUse",
    "ToolUseError",
    "VerificationCase",
    "VerificationReport",
    "WeightsError",
    "WorkedExample",
    "__version__",
    "alibrary_costs",
    "arecord_feedback",
    "create_direct_answer",
    "create_dispatcher",
    "create_latm",
    "create_local_model",
    "create_paper_maker",
    "create_sandbox",
    "create_tool_maker",
    "create_tool_remaker",
    "create_tool_user",
    "draw_shares",
    "draw_tokens",
    "install_packages",
    "library_costs",
    "load_questions",
    "load_task",
    "open_tool_library",
    "record_feedback",
    "resolve_model",
]


def in_order(names: Iterable[str]) -> list[str]:
    """As ruff sorts `__all__`: names in capitals first."""
    return sorted(names, key=lambda name: (not name.isupper(), name))


def test_all_is_pinned_and_sorted() -> None:
    """A name that comes or goes is a decision: change it here too."""
    assert langchain_latm.__all__ == NAMES
    assert in_order(NAMES) == NAMES


def test_every_name_is_there() -> None:
    assert not [name for name in NAMES if getattr(langchain_latm, name) is not getattr(langchain_latm, name)]
    assert set(NAMES) <= set(dir(langchain_latm))


def test_every_error_is_public() -> None:
    errors = {name for name, value in vars(exceptions).items() if isinstance(value, type)}
    assert errors <= set(NAMES)
    for name in errors:
        assert issubclass(getattr(langchain_latm, name), langchain_latm.LATMError)


def test_type_checkers_see_the_same_names() -> None:
    module = ast.parse(Path(langchain_latm.__file__).read_text(encoding="utf-8"))
    block = next(node for node in module.body if isinstance(node, ast.If) and isinstance(node.test, ast.Name))
    shown = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert in_order([*shown, "__version__"]) == NAMES
    assert shown == langchain_latm._HOME


def test_version() -> None:
    assert langchain_latm.__version__ == version("langchain-latm")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'langchain_latm' has no attribute 'nothing'"):
        langchain_latm.nothing  # type: ignore[attr-defined]  # noqa: B018 - the access is the test


def test_importing_the_package_imports_nothing_else() -> None:
    heavy = "{'langchain', 'langchain_core', 'langgraph', 'openai', 'langchain_openai', 'pydantic', 'typer', 'rich'}"
    script = f"import langchain_latm, sys; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
