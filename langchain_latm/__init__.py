"""Language models that make their own tools (LATM, arXiv 2305.17126), for LangChain.

    tool = create_tool_maker("openai:gpt-4.1", "local", sandbox=sandbox).invoke(load_task("word_sorting.jsonl"))
    answer = create_tool_user(tool, "local", sandbox=sandbox).invoke("Sort these words: pear fig apple")

Every public name is listed here. Each is imported on first use, so `import langchain_latm` itself is fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from langchain_latm._core.lazy import lazy_getattr

if TYPE_CHECKING:
    # Type checkers and editors read this list, the interpreter reads `_MODULES`; a test compares them. One list cannot
    # do both: type checkers follow import statements only, and these would import everything at once.
    # isort: off
    from langchain_latm.exceptions import (
        LATMError as LATMError,
        ModelError as ModelError,
        PackageError as PackageError,
        RequestError as RequestError,
        SandboxClosedError as SandboxClosedError,
        SandboxError as SandboxError,
        SandboxUnavailableError as SandboxUnavailableError,
        TableError as TableError,
        TaskError as TaskError,
        ToolLibraryError as ToolLibraryError,
        ToolMakingError as ToolMakingError,
        ToolNotFoundError as ToolNotFoundError,
        ToolRecordError as ToolRecordError,
        ToolUseError as ToolUseError,
        WeightsError as WeightsError,
    )
    from langchain_latm.interop.agents.middleware import ToolMakingMiddleware as ToolMakingMiddleware
    from langchain_latm.interop.agents.toolkit import LATMToolkit as LATMToolkit
    from langchain_latm.loop.create import create_latm as create_latm
    from langchain_latm.loop.dispatch.dispatcher import create_dispatcher as create_dispatcher
    from langchain_latm.loop.feedback import arecord_feedback as arecord_feedback, record_feedback as record_feedback
    from langchain_latm.loop.latm import LATM as LATM
    from langchain_latm.loop.remaker import ToolRemaker as ToolRemaker, create_tool_remaker as create_tool_remaker
    from langchain_latm.loop.remaking import Remaking as Remaking, RemakingEvent as RemakingEvent
    from langchain_latm.loop.state import LATMEvent as LATMEvent
    from langchain_latm.making.maker import ToolMaker as ToolMaker, create_tool_maker as create_tool_maker
    from langchain_latm.making.paper.maker import create_paper_maker as create_paper_maker
    from langchain_latm.making.state import MakingEvent as MakingEvent
    from langchain_latm.making.task_files import load_questions as load_questions, load_task as load_task
    from langchain_latm.models.local import create_local_model as create_local_model
    from langchain_latm.models.resolve import resolve_model as resolve_model
    from langchain_latm.sandbox.adapted import AdaptedSandbox as AdaptedSandbox
    from langchain_latm.sandbox.base import (
        ExecutionResult as ExecutionResult,
        Failure as Failure,
        FailureKind as FailureKind,
        Guarantee as Guarantee,
        Limits as Limits,
        Sandbox as Sandbox,
        ToolSource as ToolSource,
    )
    from langchain_latm.sandbox.create import create_sandbox as create_sandbox
    from langchain_latm.sandbox.packages.installing import install_packages as install_packages
    from langchain_latm.text.answer_check import (
        AnswerCheck as AnswerCheck,
        CustomCheck as CustomCheck,
        ExactCheck as ExactCheck,
        NumericCheck as NumericCheck,
        TextCheck as TextCheck,
    )
    from langchain_latm.tools.direct_answer import create_direct_answer as create_direct_answer
    from langchain_latm.tools.display.drawing import Picture as Picture
    from langchain_latm.tools.display.pictures import draw_shares as draw_shares, draw_tokens as draw_tokens
    from langchain_latm.tools.library.accounting import (
        LibraryCosts as LibraryCosts,
        ToolCosts as ToolCosts,
        alibrary_costs as alibrary_costs,
        library_costs as library_costs,
    )
    from langchain_latm.tools.library.library import ToolLibrary as ToolLibrary
    from langchain_latm.tools.library.opening import open_tool_library as open_tool_library
    from langchain_latm.tools.made_tool import MadeTool as MadeTool
    from langchain_latm.tools.user import create_tool_user as create_tool_user
    from langchain_latm.types import (
        Answer as Answer,
        Attempt as Attempt,
        Candidate as Candidate,
        Comparison as Comparison,
        Difference as Difference,
        DirectCost as DirectCost,
        Dispatch as Dispatch,
        DispatchCandidate as DispatchCandidate,
        Doubt as Doubt,
        Example as Example,
        Feedback as Feedback,
        Package as Package,
        Provenance as Provenance,
        Task as Task,
        TokenUsage as TokenUsage,
        ToolEvent as ToolEvent,
        ToolProposal as ToolProposal,
        ToolSummary as ToolSummary,
        ToolUsage as ToolUsage,
        ToolUse as ToolUse,
        VerificationCase as VerificationCase,
        VerificationReport as VerificationReport,
        WorkedExample as WorkedExample,
    )
    # isort: on

    __version__: str

_MODULES = {
    "exceptions": (
        "LATMError",
        "ModelError",
        "PackageError",
        "RequestError",
        "SandboxClosedError",
        "SandboxError",
        "SandboxUnavailableError",
        "TableError",
        "TaskError",
        "ToolLibraryError",
        "ToolMakingError",
        "ToolNotFoundError",
        "ToolRecordError",
        "ToolUseError",
        "WeightsError",
    ),
    "interop.agents.middleware": ("ToolMakingMiddleware",),
    "interop.agents.toolkit": ("LATMToolkit",),
    "loop.create": ("create_latm",),
    "loop.dispatch.dispatcher": ("create_dispatcher",),
    "loop.feedback": ("arecord_feedback", "record_feedback"),
    "loop.latm": ("LATM",),
    "loop.remaker": ("ToolRemaker", "create_tool_remaker"),
    "loop.remaking": ("Remaking", "RemakingEvent"),
    "loop.state": ("LATMEvent",),
    "making.maker": ("ToolMaker", "create_tool_maker"),
    "making.paper.maker": ("create_paper_maker",),
    "making.state": ("MakingEvent",),
    "making.task_files": ("load_questions", "load_task"),
    "models.local": ("create_local_model",),
    "models.resolve": ("resolve_model",),
    "sandbox.adapted": ("AdaptedSandbox",),
    "sandbox.base": ("ExecutionResult", "Failure", "FailureKind", "Guarantee", "Limits", "Sandbox", "ToolSource"),
    "sandbox.create": ("create_sandbox",),
    "sandbox.packages.installing": ("install_packages",),
    "text.answer_check": ("AnswerCheck", "CustomCheck", "ExactCheck", "NumericCheck", "TextCheck"),
    "tools.direct_answer": ("create_direct_answer",),
    "tools.display.drawing": ("Picture",),
    "tools.display.pictures": ("draw_shares", "draw_tokens"),
    "tools.library.accounting": ("LibraryCosts", "ToolCosts", "alibrary_costs", "library_costs"),
    "tools.library.library": ("ToolLibrary",),
    "tools.library.opening": ("open_tool_library",),
    "tools.made_tool": ("MadeTool",),
    "tools.user": ("create_tool_user",),
    "types": (
        "Answer",
        "Attempt",
        "Candidate",
        "Comparison",
        "Difference",
        "DirectCost",
        "Dispatch",
        "DispatchCandidate",
        "Doubt",
        "Example",
        "Feedback",
        "Package",
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
_HOME = {name: f"langchain_latm.{module}" for module, names in _MODULES.items() for name in names}

__all__ = sorted([*_HOME, "__version__"], key=lambda name: (not name.isupper(), name))  # noqa: PLE0605 - derived, so that no name is listed twice


if not TYPE_CHECKING:  # with this function, a type checker would accept every name
    _load = lazy_getattr(__name__, _HOME)

    def __getattr__(name: str) -> Any:
        if name != "__version__":
            return _load(name)
        from importlib.metadata import version  # noqa: PLC0415 - reads the disk

        globals()[name] = value = version("langchain-latm")
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
