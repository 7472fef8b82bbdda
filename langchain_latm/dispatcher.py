"""The dispatcher: which tool a request is for, or that none fits (paper, section 3.3).

The paper asks a model for every request. Here words decide, by what the example questions of each tool share
(`_lexical`), and no model is called.
"""

from __future__ import annotations

import logging
import math
import threading
import time

from langchain_core.runnables import Runnable, RunnableLambda

from langchain_latm._lexical import LexicalIndex, Match, Profile
from langchain_latm._library_flows import Flow
from langchain_latm.exceptions import RequestError, ToolRecordError
from langchain_latm.made_tool import MadeTool
from langchain_latm.tool_library import ToolLibrary
from langchain_latm.types import MAX_QUESTION_CHARACTERS, Dispatch, DispatchCandidate

_log = logging.getLogger(__name__)


def create_dispatcher(library: ToolLibrary, *, refresh_seconds: float = 1.0) -> Runnable[str, Dispatch]:
    """Create the Runnable that finds the tool for a request.

    It keeps an index of the library's tools in memory, and looks for changes of the library, those by other processes
    included, before a request when the last look is `refresh_seconds` old. A tool whose record is damaged is left out,
    with a warning in the log. It runs no tool and calls no model. It judges by words: a request of a known kind that is
    put in quite other words than the examples goes to "answer".

    Args:
        library: Where the tools are.
        refresh_seconds: How long a change of the library may go unnoticed.

    Returns:
        A Runnable from a request to a `Dispatch`; sync, async, batch.

    Raises:
        RequestError: By the Runnable: the request is empty or longer than 100,000 characters.
        ToolLibraryError: By the Runnable: the library's store failed.
    """
    known = _KnownTools(library, refresh_seconds)

    def dispatch(request: str) -> Dispatch:
        _refuse_odd(request)
        if known.stale:
            library.run(known.refresh())
        return known.decide(request)

    async def adispatch(request: str) -> Dispatch:
        _refuse_odd(request)
        if known.stale:
            await library.arun(known.refresh())
        return known.decide(request)

    return RunnableLambda(dispatch, afunc=adispatch, name="dispatcher")


class _KnownTools:
    """What the dispatcher knows of the library.

    Args:
        library: Where the tools are.
        refresh_seconds: For how long it trusts what it knows.
    """

    def __init__(self, library: ToolLibrary, refresh_seconds: float) -> None:
        self._flows = library.flows
        self._refresh_seconds = refresh_seconds
        self._lock = threading.Lock()
        self._index = LexicalIndex()
        self._ids: dict[str, str] = {}
        self._stamp: str | None = None
        self._looked = float("-inf")

    @property
    def stale(self) -> bool:
        """Whether it is time to look for changes."""
        return time.monotonic() - self._looked >= self._refresh_seconds

    def refresh(self) -> Flow[None]:
        """Read what has changed in the library."""
        looked = time.monotonic()
        stamp = yield from self._flows.stamp()
        if stamp != self._stamp:
            current = {each.name: each.id for each in (yield from self._flows.list())}
            tools = []
            for name, tool_id in current.items():
                if self._ids.get(name) != tool_id:
                    try:
                        tools.append((yield from self._flows.get_by_id(tool_id)))
                    except ToolRecordError as error:
                        _log.warning("the dispatcher leaves out %s: %s", name, error)
            self._take(current, tools)
            self._stamp = stamp
        self._looked = looked

    def decide(self, request: str) -> Dispatch:
        """Return what is to be done with a request."""
        with self._lock:
            matches = self._index.search(request)
            best = next((match for match in matches if match.fits), None)
            tool_id = self._ids[best.name] if best else None
        return Dispatch(
            action="reuse" if best else "answer",
            tool=best.name if best else None,
            tool_id=tool_id,
            score=matches[0].score if matches else 0.0,
            candidates=tuple(map(_candidate, matches)),
            reason=_reason(best, matches),
        )

    def _take(self, current: dict[str, str], tools: list[MadeTool]) -> None:
        with self._lock:
            for name in set(self._ids) - set(current):
                self._index.remove(name)
                del self._ids[name]
            for tool in tools:
                self._index.put(tool.name, Profile.of(_questions(tool)))
                self._ids[tool.name] = tool.id


def _questions(tool: MadeTool) -> list[str]:
    """Return the proven questions of a tool, each once."""
    proven = [case.question for case in tool.report.cases]
    return list(dict.fromkeys([*proven, *(example.question for example in tool.worked_examples)]))


def _refuse_odd(request: str) -> None:
    if not request.strip():
        raise RequestError("the request is empty")
    if len(request) > MAX_QUESTION_CHARACTERS:
        raise RequestError(f"the request is longer than {MAX_QUESTION_CHARACTERS:,} characters")


def _candidate(match: Match) -> DispatchCandidate:
    threshold = match.threshold if math.isfinite(match.threshold) else None
    return DispatchCandidate(name=match.name, score=match.score, threshold=threshold)


def _reason(best: Match | None, matches: list[Match]) -> str:
    if best is not None:
        return f"it holds {best.score:.0%} of what the examples of {best.name} share; {best.threshold:.0%} are needed"
    if not matches:
        return "it has nothing in common with the examples of any tool"
    near = matches[0]
    told = f"none fits: it holds {near.score:.0%} of what the examples of {near.name} share, and "
    if math.isinf(near.threshold):
        return told + "these share too little to go by words"
    return told + f"{near.threshold:.0%} are needed"
