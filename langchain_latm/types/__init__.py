"""The values that pass between the stages. All are frozen, and plain data once dumped.

    Example -> Task -> (maker) -> ToolProposal -> VerificationReport -> MadeTool -> (user) -> Answer

Import them from here: the modules inside are where they are defined. `MadeTool` has a module of its own
(`langchain_latm.tools.made_tool`), since it is also served as a LangChain tool.
"""

from __future__ import annotations

from langchain_latm.types.answer import Answer, Dispatch, DispatchCandidate, Doubt, DoubtCode, Feedback, ToolUse
from langchain_latm.types.base import MAX_QUESTION_CHARACTERS, Stage, StoredValue, TokenUsage, ToolName, Value
from langchain_latm.types.checkpoints import CHECKPOINT_TYPES
from langchain_latm.types.comparison import Comparison, Difference
from langchain_latm.types.feedback import FeedbackEntry, FeedbackSource, ReplacedItem
from langchain_latm.types.library import ToolEvent, ToolSummary, ToolUsage
from langchain_latm.types.making import (
    MAX_CHANCE,
    Attempt,
    Candidate,
    DirectCost,
    InlinedHelper,
    Provenance,
    ToolProposal,
    VerificationCase,
    VerificationReport,
    WorkedExample,
    is_chance,
)
from langchain_latm.types.messages import argument_errors, first_error, shorten
from langchain_latm.types.packages import Package, declared, may_be_imported, packages_key
from langchain_latm.types.task import MIN_GIVEN_EXAMPLES, Example, Inputs, Task, check_inputs, inputs_text

__all__ = [
    "CHECKPOINT_TYPES",
    "MAX_CHANCE",
    "MAX_QUESTION_CHARACTERS",
    "MIN_GIVEN_EXAMPLES",
    "Answer",
    "Attempt",
    "Candidate",
    "Comparison",
    "Difference",
    "DirectCost",
    "Dispatch",
    "DispatchCandidate",
    "Doubt",
    "DoubtCode",
    "Example",
    "Feedback",
    "FeedbackEntry",
    "FeedbackSource",
    "InlinedHelper",
    "Inputs",
    "Package",
    "Provenance",
    "ReplacedItem",
    "Stage",
    "StoredValue",
    "Task",
    "TokenUsage",
    "ToolEvent",
    "ToolName",
    "ToolProposal",
    "ToolSummary",
    "ToolUsage",
    "ToolUse",
    "Value",
    "VerificationCase",
    "VerificationReport",
    "WorkedExample",
    "argument_errors",
    "check_inputs",
    "declared",
    "first_error",
    "inputs_text",
    "is_chance",
    "may_be_imported",
    "packages_key",
    "shorten",
]

# Checkpoints and pickles name a value by its public module, which stays the same wherever the value is defined.
for _value in [value for value in vars().values() if isinstance(value, type) and issubclass(value, Value)]:
    _value.__module__ = __name__
del _value
