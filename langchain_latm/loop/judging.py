"""Judging whether a request that a tool's parser does not read still asks for what the tool computes.

A parser reads requests with the words that all examples share. For a tool without a parser, these words are found in
its examples (`loop.fixed_wording`). If a request lacks them, a fixed word was changed, added or left out: this may be a
harmless rewording, or ask for another computation ("do not contain"). The wording does not show which.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Calls, Compute, Flow
from langchain_latm.loop.fixed_wording import fixed_wording
from langchain_latm.loop.prompts import JUDGING, NO_CHANGES
from langchain_latm.loop.rewording import Change, changes, nearest
from langchain_latm.models.asking import asking
from langchain_latm.models.failures import model_failure
from langchain_latm.models.replies import reply_text, was_cut
from langchain_latm.tools.library.request_wording import proven_questions
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Dispatch, Doubt, DoubtCode, TokenUsage, shorten

_REPLY_TOKENS: Final = 256
"""Enough for a few sentences before the verdict; a model that replies with one word, as asked, uses two."""
_COMPARED_EXAMPLES: Final = 12
_EXAMPLE_CHARACTERS: Final = 2_000
_MOST_CHANGES: Final = 12
_VERDICT: Final = re.compile(r"\b(?:yes|no)\b", re.IGNORECASE)
_VERDICT_LINE: Final = re.compile(
    r"\W*(?:yes|no)\b.*|.*(?:[:=]|\b(?:answer|verdict) is)\W*(?:yes|no)\W*", re.IGNORECASE
)
"""A line that begins with a verdict, or names it at its end ("The answer is no."): in others, it may be denied."""

_SAME: Final = "the judging model said that it asks for the same"
_DIFFERENT: Final = "the judging model said that it asks for something else"
_KEPT_VERDICTS: Final = 1_000

_log = logging.getLogger(__name__)


class Judgement(NamedTuple):
    """Whether a tool may be used for a request, and the doubt about it.

    Attributes:
        may_use: Whether the tool may be used.
        doubt: None if the request is worded like the tool's examples, or is one of them.
        usage: Tokens of the judging model.
    """

    may_use: bool
    doubt: Doubt | None = None
    usage: TokenUsage = TokenUsage()


class Verdicts:
    """Earlier verdicts of the judging model, so that it is not asked again. Thread-safe.

    A positive verdict is kept for exactly this text, since the data of another request with the same words may contain
    more. A negative verdict is kept for all requests with the same changes; at worst, the strong model answers. The
    least recently used verdicts are dropped.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._same: OrderedDict[tuple[str, object], bool] = OrderedDict()

    def find(self, tool: MadeTool, request: str, changed: Sequence[Change]) -> bool | None:
        """Return whether the request was found to ask for the same; None if nothing is known."""
        with self._lock:
            for key in _verdict_keys(tool, request, changed):
                if key in self._same:
                    self._same.move_to_end(key)
                    return self._same[key]
        return None

    def keep(self, tool: MadeTool, request: str, changed: Sequence[Change], *, same: bool) -> None:
        """Keep a verdict."""
        by_text, *by_change = _verdict_keys(tool, request, changed)
        with self._lock:
            self._same[by_text if same or not by_change else by_change[0]] = same
            while len(self._same) > _KEPT_VERDICTS:
                self._same.popitem(last=False)


def _verdict_keys(tool: MadeTool, request: str, changed: Sequence[Change]) -> list[tuple[str, object]]:
    text = " ".join(request.split())
    return [(tool.id, text), *([(tool.id, tuple(changed))] if changed else [])]


def judge_wording(
    judge: Runnable[Any, Any] | None, request: str, tool: MadeTool, found: Dispatch, verdicts: Verdicts
) -> Flow[Judgement]:
    """Judge a request that was dispatched to a tool: ask a model if it is not worded like the examples.

    The model is not asked if the dispatcher's model has chosen the tool for this request, nor if no model was proven to
    read the tool's arguments. A row of a typed tool has no wording.

    Args:
        judge: The judging model; None to judge no request, so that the tool is not used.
        request: The request.
        tool: The tool.
        found: The dispatcher's decision.
        verdicts: Earlier verdicts.
    """
    if tool.inputs is not None or is_proven_with(tool, request):
        return Judgement(may_use=True)
    worded = yield from _compared(tool, request)
    if worded.alike:
        return Judgement(may_use=True)
    code: DoubtCode = "unjudged"
    usage = TokenUsage()
    if not tool.model_may_read:
        why = "no model was proven to read such requests"
    elif found.by == "model":
        code, why = "same", "the dispatcher's model chose the tool"
    elif judge is None:
        why = "there is no judging model"
    elif (same := verdicts.find(tool, request, worded.changed)) is not None:
        code, why = ("same", _SAME) if same else ("different", _DIFFERENT)
    else:
        code, why, usage = yield from _asked(judge, request, tool, worded.changed)
        if code != "unjudged":
            verdicts.keep(tool, request, worded.changed, same=code == "same")
    unlike = "the request is not worded like the examples of"
    known = unlike if worded.known else "too little in the wording tells requests for"
    sentence = f"{known} {tool.name}{_shown(worded.changed)}: {why}"
    return Judgement(code == "same", Doubt(code=code, sentence=sentence, tool=tool.name), usage)


def is_proven_with(tool: MadeTool, request: str) -> bool:
    """Whether a request is one of those in a tool's proof, white space around it aside."""
    text = request.strip()
    # Not `proven_questions`: with 300 cases it takes three times as long as the tool's parser.
    return any(text == case.question.strip() for case in tool.report.cases) or any(
        text == example.question.strip() for example in tool.worked_examples
    )


class _Worded(NamedTuple):
    """How the wording of a request compares with that of a tool's examples.

    Attributes:
        alike: Whether it has all words that the examples share, and no others.
        known: Whether these words are known, and tell requests of the kind from others.
        changed: The differences.
    """

    alike: bool
    known: bool = True
    changed: tuple[Change, ...] = ()


def _compared(tool: MadeTool, request: str) -> Flow[_Worded]:
    """Compare a request with the examples of a tool in words."""
    if (parser := tool.parser) is not None:
        reads = parser.read(request) is not None
        if reads and parser.is_distinctive:
            return _Worded(alike=True)
        return _Worded(alike=False, known=not reads, changed=changes(parser.literals, request))
    questions = tuple(proven_questions(tool))
    (fixed,) = yield Compute(lambda: fixed_wording(questions))
    if fixed is None:
        return _Worded(alike=False, known=False)
    if fixed.holds(request):
        return _Worded(alike=True)
    return _Worded(alike=False, changed=changes(fixed.parser.literals, request))


def _asked(
    judge: Runnable[Any, Any], request: str, tool: MadeTool, changed: Sequence[Change]
) -> Flow[tuple[DoubtCode, str, TokenUsage]]:
    """Ask the judging model; return its verdict, a sentence about it, and the tokens."""
    examples = proven_questions(tool)[:_COMPARED_EXAMPLES]
    if not examples:  # an imported record: it was dispatched by later examples alone
        return "unjudged", "its proof has no example to compare with", TokenUsage()
    example = shorten(nearest(examples, request), _EXAMPLE_CHARACTERS)
    listed = "\n".join(f"- {change}" for change in changed[:_MOST_CHANGES]) or NO_CHANGES
    chat = asking(judge, temperature=0, max_tokens=_REPLY_TOKENS)
    (reply,) = yield Calls(JUDGING | chat, [{"example": example, "request": request, "changes": listed}])
    if isinstance(reply, Exception):
        failure = model_failure(reply, judge)
        _log.warning("the judging model failed: %s", failure)
        return "unjudged", f"the judging model could not be asked: {failure.rstrip('.')}", TokenUsage()
    usage = TokenUsage.of(reply)
    if was_cut(reply):
        return "unjudged", "the judging model's reply was cut off before its verdict", usage
    if (same := _verdict(reply_text(reply))) is None:
        said = shorten(reply_text(reply), 60)
        return "unjudged", f"the judging model's reply {said!r} is neither yes nor no", usage
    return ("same", _SAME, usage) if same else ("different", _DIFFERENT, usage)


def _shown(changed: Sequence[Change]) -> str:
    """Return the first changes in parentheses."""
    listed = ", ".join(shorten(str(change), 60) for change in changed[:3])
    return f" ({listed})" if listed else ""


def _verdict(reply: str) -> bool | None:
    """Return what a reply says; None if it says neither, or both.

    Of a reply with reasons before the verdict, the last line counts.
    """
    last = next((line for line in reversed(reply.strip().splitlines()) if line.strip()), "")
    said = {word.lower() for word in _VERDICT.findall(last)}
    return said == {"yes"} if len(said) == 1 and _VERDICT_LINE.fullmatch(last) else None
