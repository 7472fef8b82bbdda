"""Language models that make their own tools (LATM, arXiv 2305.17126), for LangChain.

    tool = create_tool_maker("openai:gpt-4.1", "local", sandbox=sandbox).invoke(load_task("word_sorting.jsonl"))
    answer = create_tool_user(tool, "local", sandbox=sandbox).invoke("Sort these words: pear fig apple")

Every public name stands here. Each is imported when it is first used, so `import langchain_latm` itself takes no time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_latm._loop.remaking import Remaking, RemakingEvent
    from langchain_latm._loop.state import LATMEvent
    from langchain_latm.accounting import LibraryCosts, ToolCosts, alibrary_costs, library_costs
    from langchain_latm.answer_check import AnswerCheck, CustomCheck, ExactCheck, NumericCheck, TextCheck
    from langchain_latm.direct_answer import create_direct_answer
    from langchain_latm.dispatcher import create_dispatcher
    from langchain_latm.exceptions import (
        LATMError,
        ModelError,
        RequestError,
        SandboxClosedError,
        SandboxError,
        SandboxUnavailableError,
        TaskError,
        ToolLibraryError,
        ToolMakingError,
        ToolNotFoundError,
        ToolRecordError,
        ToolUseError,
        WeightsError,
    )
    from langchain_latm.latm import LATM, create_latm
    from langchain_latm.local import create_local_model
    from langchain_latm.made_tool import MadeTool
    from langchain_latm.middleware import ToolMakingMiddleware
    from langchain_latm.models import resolve_model
    from langchain_latm.remaking import ToolRemaker, create_tool_remaker
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
    from langchain_latm.task_file import load_questions, load_task
    from langchain_latm.tool_library import ToolLibrary, open_tool_library
    from langchain_latm.tool_maker import MakingEvent, ToolMaker, create_tool_maker
    from langchain_latm.tool_user import create_tool_user
    from langchain_latm.toolkit import LATMToolkit
    from langchain_latm.types import (
        Answer,
        Attempt,
        Candidate,
        Dispatch,
        DispatchCandidate,
        Example,
        Feedback,
        Provenance,
        Task,
        TokenUsage,
        ToolEvent,
        ToolProposal,
        ToolSummary,
        ToolUsage,
        ToolUse,
        VerificationCase,
        VerificationReport,
        WorkedExample,
    )

    __version__: str

__all__ = [
    "LATM",
    "AdaptedSandbox",
    "Answer",
    "AnswerCheck",
    "Attempt",
    "Candidate",
    "CustomCheck",
    "Dispatch",
    "DispatchCandidate",
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
    "Provenance",
    "Remaking",
    "RemakingEvent",
    "RequestError",
    "Sandbox",
    "SandboxClosedError",
    "SandboxError",
    "SandboxUnavailableError",
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
    "create_direct_answer",
    "create_dispatcher",
    "create_latm",
    "create_local_model",
    "create_sandbox",
    "create_tool_maker",
    "create_tool_remaker",
    "create_tool_user",
    "library_costs",
    "load_questions",
    "load_task",
    "open_tool_library",
    "resolve_model",
]

_MODULES = {
    "_loop.remaking": ("Remaking", "RemakingEvent"),
    "_loop.state": ("LATMEvent",),
    "accounting": ("LibraryCosts", "ToolCosts", "alibrary_costs", "library_costs"),
    "answer_check": ("AnswerCheck", "CustomCheck", "ExactCheck", "NumericCheck", "TextCheck"),
    "direct_answer": ("create_direct_answer",),
    "dispatcher": ("create_dispatcher",),
    "exceptions": (
        "LATMError",
        "ModelError",
        "RequestError",
        "SandboxClosedError",
        "SandboxError",
        "SandboxUnavailableError",
        "TaskError",
        "ToolLibraryError",
        "ToolMakingError",
        "ToolNotFoundError",
        "ToolRecordError",
        "ToolUseError",
        "WeightsError",
    ),
    "latm": ("LATM", "create_latm"),
    "local": ("create_local_model",),
    "made_tool": ("MadeTool",),
    "middleware": ("ToolMakingMiddleware",),
    "models": ("resolve_model",),
    "remaking": ("ToolRemaker", "create_tool_remaker"),
    "sandbox.adapted": ("AdaptedSandbox",),
    "sandbox.base": ("ExecutionResult", "Failure", "FailureKind", "Guarantee", "Limits", "Sandbox", "ToolSource"),
    "sandbox.create": ("create_sandbox",),
    "task_file": ("load_questions", "load_task"),
    "tool_library": ("ToolLibrary", "open_tool_library"),
    "tool_maker": ("MakingEvent", "ToolMaker", "create_tool_maker"),
    "tool_user": ("create_tool_user",),
    "toolkit": ("LATMToolkit",),
    "types": (
        "Answer",
        "Attempt",
        "Candidate",
        "Dispatch",
        "DispatchCandidate",
        "Example",
        "Feedback",
        "Provenance",
        "Task",
        "TokenUsage",
        "ToolEvent",
        "ToolProposal",
        "ToolSummary",
        "ToolUsage",
        "ToolUse",
        "VerificationCase",
        "VerificationReport",
        "WorkedExample",
    ),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415 - reads the disk

        value: Any = version("langchain-latm")
    elif name in _HOME:
        value = getattr(import_module(f"langchain_latm.{_HOME[name]}"), name)
    else:
        raise AttributeError(f"module 'langchain_latm' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
