"""Rendering of the pages, with templates that escape every text and a policy that forbids scripts."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.library.pending import PendingTool
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.report.page import style_sheet, templates
from langchain_latm.tools.report.shown_text import MAX_TEXT, Allowance, ShownText
from langchain_latm.tools.report.tool_part import RecordPart, record_part

_CHARACTERS: Final = 60_000
"""Approximate number of characters of a tool's own texts on its page."""
_QUESTIONS: Final = 20
"""Maximum number of open differences on a page."""


class AskedDifference(NamedTuple):
    """A request on which proven functions differ, and the answers to choose from."""

    number: int
    question: ShownText
    answers: tuple[tuple[int, ShownText], ...]
    one_fails: bool


class AddedExample(NamedTuple):
    """An example that a person added, with the tool's answer."""

    outcome: str
    question: ShownText
    expected: ShownText
    came: ShownText


class PendingPart(NamedTuple):
    """The content of a pending tool's page.

    Attributes:
        replaces: The id of the current tool of its name; empty without one.
        wrong: On how many added examples it is wrong.
        asked: The open requests on which proven functions differ.
        added: The added examples.
        typed: Whether it takes inputs.
        refuses: Whether it fails on requests on which functions differ.
        lines: The added examples, to copy into a task file; None if there are none, or if the loop that made the tool
            keeps them.
    """

    name: str
    tool_id: str
    description: ShownText
    reason: ShownText
    at: str
    replaces: str
    wrong: int
    asked: tuple[AskedDifference, ...]
    added: tuple[AddedExample, ...]
    typed: bool
    refuses: bool
    lines: ShownText | None
    record: RecordPart


def pending_part(pending: PendingTool, current: MadeTool | None) -> PendingPart:
    """Collect the content of the page of a pending tool.

    Args:
        pending: The tool.
        current: The current tool of its name, which approval would replace.
    """
    tool, allowance = pending.tool, Allowance(_CHARACTERS)
    known = {case.question.strip() for case in pending.examples}
    compared = tool.report.comparison
    asked = [
        AskedDifference(
            number,
            allowance.short(each.question),
            tuple((place, allowance.short(text)) for place, text in enumerate(each.answers) if text is not None),
            None in each.answers,
        )
        for number, each in enumerate(compared.differences if compared else ())
        if each.decided_by is None and each.question.strip() not in known
    ]
    return PendingPart(
        name=tool.name,
        tool_id=tool.id,
        description=allowance.take(tool.description.strip(), most=MAX_TEXT, at_once=1_000),
        reason=allowance.short(pending.reason),
        at=pending.at,
        replaces="" if current is None else current.id,
        wrong=len(pending.wrong),
        asked=tuple(asked[:_QUESTIONS]),
        added=tuple(
            AddedExample(
                "right" if case.passed else "not answered" if case.error is not None else "wrong",
                allowance.short(case.question),
                allowance.short(answer_text(case.expected)),
                allowance.short(case.error if case.error is not None else answer_text(case.value)),
            )
            for case in pending.examples
        ),
        typed=tool.inputs is not None,
        refuses=compared is not None and compared.refuses,
        lines=None if pending.used or not pending.examples else allowance.take(_lines(pending), most=MAX_TEXT),
        record=record_part(tool, current, allowance),
    )


def _lines(pending: PendingTool) -> str:
    """Return the added examples as lines of a task file, since no loop keeps them for the next making."""
    typed = pending.tool.inputs is not None
    rows = [
        {"inputs": json.loads(case.question)} if typed else {"question": case.question} for case in pending.examples
    ]
    answered = [row | {"answer": case.expected} for row, case in zip(rows, pending.examples, strict=True)]
    return "\n".join(map(json.dumps, answered))


def rendered(template: str, **content: Any) -> str:
    """Render a page."""
    style = Markup(_style())  # noqa: S704 - files of this package
    return _templates().get_template(f"{template}.html.jinja").render(style=style, **content)


@cache
def policy() -> str:
    """Return the content security policy of the pages: their own style, forms to this server, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _style() -> str:
    return style_sheet() + Path(__file__).with_name("approval.css").read_text(encoding="utf-8")


@cache
def _templates() -> Environment:
    report = templates()
    return report.overlay(loader=ChoiceLoader([PackageLoader("langchain_latm", "interop/approval"), report.loader]))  # type: ignore[list-item]
