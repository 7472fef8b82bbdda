"""A library with content for a report: uses, feedback, a remake, a removed tool, a failed making."""

from __future__ import annotations

from typing import Any

from langchain_latm import MadeTool, TokenUsage, ToolLibrary, VerificationCase, VerificationReport
from langchain_latm._core.flow import run_flow
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from langchain_latm.tools.library.instances import Instance, failed_making
from langchain_latm.tools.library.library import loop_operations_of, operations_of
from langchain_latm.tools.library.loop_operations import AnswerNote
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.word_task import GOOD

PARSER = RequestParser(literals=("Sort: ", ""), slots=(Slot(name="words", form="texts", gaps=(0,)),))
DIRECT = TokenUsage(input_tokens=8, output_tokens=2, calls=1)
"""Tokens of a direct answer."""


def sorting(**changes: Any) -> MadeTool:
    """A tool with a parser, proven on one shown and one unseen example; its making took 7 tokens."""
    cases = (
        VerificationCase(
            role="demonstration",
            question="Sort: b a",
            expected="a b",
            arguments={"words": ["b", "a"]},
            value="a b",
            passed=True,
            seconds=0.0123,
        ),
        *made_tool().report.cases,
    )
    report = VerificationReport(cases=cases, complete=True)
    return made_tool(**{"parser": PARSER, "read_by": ("parser", "model"), "report": report, **changes})


def use(library: ToolLibrary, tool: MadeTool, key: str, *, tokens: int = 0, failed: bool = False) -> None:
    """Note a use as the loop does."""
    usage = TokenUsage(input_tokens=tokens, calls=1 if tokens else 0)
    note = AnswerNote(question="Sort: b a", text="a b", tool=tool.name, tool_id=tool.id, at="2026")
    run_flow(loop_operations_of(library).keep_use(key, note, operations_of(library).use(tool, failed, usage, None)))


def made_of_requests(library: ToolLibrary, tool: MadeTool, reason: str = "made of 3 requests") -> None:
    """Let a tool enter that was made of three requests, each of which had taken 10 tokens."""
    instances = [
        Instance(id=f"{tool.name}-{number}", question=f"Sort: {number}", answer="x", model="strong", usage=DIRECT)
        for number in range(3)
    ]
    run_flow(loop_operations_of(library).add_made(tool, instances, [], reason))


def fill(library: ToolLibrary) -> None:
    """Fill a library. It spent 14 + 7 + 7 tokens on making and 1,000 in vain; direct answers would have taken 40."""
    kept = loop_operations_of(library)
    first = sorting()
    made_of_requests(library, first)
    use(library, first, "use-0", failed=True)
    for number in range(1, 5):
        use(library, first, f"use-{number}", tokens=2)
    run_flow(kept.record_verdict(first.name, "use-1", first.id, True))
    run_flow(kept.record_verdict(first.name, "use-2", first.id, False))
    second = sorting(source=GOOD.replace("sorted(words)", "sorted(words, key=str.casefold)"))
    library.add(second, reason="feedback found 1 of 2 answers wrong")
    library.add(made_tool(name="spare", description="Kept in case.\nNever used."), reason="from a file")
    library.add(made_tool(name="gone"), reason="tried")
    library.remove("gone", reason="no longer needed")
    lost = failed_making("riddles", [], "no", {"proposing": TokenUsage(input_tokens=1_000)}, {"proposing": "strong"})
    run_flow(kept.record_failure(lost))
