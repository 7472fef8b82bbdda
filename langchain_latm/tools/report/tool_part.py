"""The content of one tool's part of the page, without its layout."""

from __future__ import annotations

import json
import re
from difflib import unified_diff
from typing import Final, Literal, NamedTuple

from markupsafe import Markup

from langchain_latm._core.visible import visible
from langchain_latm.exceptions import ToolRecordError
from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.display.highlighting import changed_lines, highlighted
from langchain_latm.tools.display.signature import signature
from langchain_latm.tools.display.sureness import sureness
from langchain_latm.tools.library.accounting import ToolCosts
from langchain_latm.tools.library.contents import LibraryContents
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.report.shown_text import MAX_TEXT, Allowance, ShownText
from langchain_latm.types import ToolEvent, VerificationCase, shorten

_LINE: Final = 160
"""Characters of a description in the list."""
_MAX_COMPARED: Final = 400
"""Maximum number of lines of sources that are compared: the time grows with the square."""


class CasePart(NamedTuple):
    """One example of the proof."""

    case: VerificationCase
    question: ShownText
    arguments: ShownText
    expected: ShownText
    came: ShownText


class EventPart(NamedTuple):
    """One line of the history."""

    event: ToolEvent
    reason: ShownText


class RecordPart(NamedTuple):
    """The content of a record.

    Attributes:
        tool: The record.
        signature: The signature of its function.
        parameters: Each parameter that has a description.
        source: The visible part of the source, in colours.
        source_left_out: Number of characters of the source that are not shown.
        pattern: Pattern of requests that need no model; every second part is the place of an argument. Empty without a
            parser.
        sureness: How sure the proof is, in sentences; empty if that is not known.
        cases: The proof.
        cases_left_out: Number of cases that are not shown.
        changed: Changes of the source since the version before; None if there are none, or that is not known.
    """

    tool: MadeTool
    signature: ShownText
    parameters: tuple[tuple[str, ShownText], ...]
    source: Markup
    source_left_out: int
    pattern: tuple[str, ...]
    sureness: tuple[str, ...]
    cases: tuple[CasePart, ...]
    cases_left_out: int
    changed: Markup | None


class ToolPart(NamedTuple):
    """One tool.

    Attributes:
        name: Its name.
        state: Whether it is in use, and its record can be read.
        problem: Why its record cannot be read.
        line: What it does, on one line.
        description: The whole description.
        record: The content of its record, if it can be read.
        events: Its history, newest first.
        events_left_out: Number of older events that are not shown.
        versions: Number of records that the name has had.
        since: Time from which this record is the current one.
        last_use: Time of the last use.
        costs: Its account; None if it was added after the accounts were drawn up.
    """

    name: str
    state: Literal["current", "removed", "damaged"]
    problem: str
    line: str
    description: ShownText
    record: RecordPart | None
    events: tuple[EventPart, ...]
    events_left_out: int
    versions: int
    since: str
    last_use: str
    costs: ToolCosts | None


def tool_part(
    name: str, found: LibraryContents, costs: ToolCosts | None, last_use: str, allowance: Allowance
) -> ToolPart:
    """Collect the content of one name, of a current or a former tool, within its allowance."""
    events = found.history.get(name, ())
    set_by = [event for event in events if event.action != "removed"]
    tool_id = found.current.get(name) or (set_by[-1].id if set_by else "")
    read = found.records.get(tool_id, ToolRecordError("there is no record of it in the library"))
    tool = read if isinstance(read, MadeTool) else None
    description = "" if tool is None else tool.description
    before = [event.id for event in set_by if event.id != tool_id]
    kept = [EventPart(event, allowance.short(event.reason)) for event in reversed(events[-allowance.rows :])]
    return ToolPart(
        name=name,
        state="damaged" if tool is None else "current" if name in found.current else "removed",
        problem=visible(shorten(str(read), 300)) if tool is None else "",
        line=visible(shorten(description.strip().partition("\n")[0], _LINE)),
        description=allowance.take(description.strip(), most=MAX_TEXT, at_once=1_000),
        record=None
        if tool is None
        else record_part(tool, found.records.get(before[-1]) if before else None, allowance),
        events=tuple(kept),
        events_left_out=len(events) - len(kept),
        versions=len({event.id for event in events}),
        since=set_by[-1].at if set_by else "",
        last_use=last_use,
        costs=costs,
    )


def record_part(tool: MadeTool, before: MadeTool | ToolRecordError | None, allowance: Allowance) -> RecordPart:
    """Collect the content of a record; `before` is the version that it is compared with."""
    source = allowance.take(tool.source.strip("\n"), most=allowance.half)
    properties = tool.parameters.get("properties", {})
    described = {name: part.get("description") or "" for name, part in properties.items() if isinstance(part, dict)}
    cases = tool.report.cases[: allowance.rows]
    return RecordPart(
        tool=tool,
        signature=allowance.take(signature(tool.source, tool.entry, tool.parameters), most=500),
        parameters=tuple(
            (visible(shorten(name)), allowance.short(str(text)))
            for name, text in list(described.items())[: allowance.rows]
            if text
        ),
        source=highlighted(source.head),
        source_left_out=source.left_out,
        pattern=_pattern(tool, allowance),
        sureness=tuple(sureness(tool.report)),
        cases=tuple(_case_part(case, allowance) for case in cases),
        cases_left_out=len(tool.report.cases) - len(cases),
        changed=_changed(before, tool, allowance) if isinstance(before, MadeTool) else None,
    )


def _case_part(case: VerificationCase, allowance: Allowance) -> CasePart:
    came = f"error: {case.error}" if case.error else answer_text(case.value)
    return CasePart(
        case=case,
        question=allowance.short(case.question),
        arguments=allowance.short(json.dumps(case.arguments, ensure_ascii=False) if case.arguments is not None else ""),
        expected=allowance.short(answer_text(case.expected)),
        came=allowance.short(came),
    )


def _pattern(tool: MadeTool, allowance: Allowance) -> tuple[str, ...]:
    if tool.parser is None:
        return ()
    shown = allowance.take(tool.parser.pattern, most=MAX_TEXT)
    gaps = "|".join(["[.]{3}", *(re.escape(f"{{{slot.name}}}") for slot in tool.parser.slots)])
    return tuple(re.split(f"({gaps})", shown.head + ("…" if shown.left_out else "")))


def _changed(before: MadeTool, tool: MadeTool, allowance: Allowance) -> Markup | None:
    old, new = (each.source.strip("\n").splitlines() for each in (before, tool))
    if old == new or max(len(old), len(new)) > _MAX_COMPARED:
        return None
    diff = "\n".join(list(unified_diff(old, new, lineterm="", n=2))[2:])  # without the two file names
    shown = allowance.take(diff, most=allowance.half)
    return changed_lines([*shown.head.split("\n"), *(["…"] if shown.left_out else ())])
