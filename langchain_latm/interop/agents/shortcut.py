"""Finds the tools of a library for an agent's request, and the answer if one of them is certain to give it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Final

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from langchain_latm._core.caller import Caller
from langchain_latm._core.flow import Flow
from langchain_latm._core.telemetry import answered
from langchain_latm.exceptions import LATMError
from langchain_latm.interop.agents.agent_library import AgentLibrary, Found
from langchain_latm.loop.context import context_doubts, system_key
from langchain_latm.loop.dispatch.decisions import doubtful
from langchain_latm.loop.dispatch.dispatcher import Dispatcher
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.text.answer_check import answer_text
from langchain_latm.text.lexing.words import FUNCTION_WORDS, WORD
from langchain_latm.tools.library.library import loop_operations_of
from langchain_latm.tools.library.loop_operations import AnswerNote
from langchain_latm.tools.library.store_batch import now, unique_key
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import call_tool
from langchain_latm.types import Dispatch, TokenUsage, ToolSummary

_LIKELY: Final = 0.5
"""A tool is offered from this share of the score that its reuse needs.

On everyday intents with 6 examples each, 90 % of the requests are offered the right one of 5 tools, and 7 % of foreign
requests any tool; with 75 tools, 79 and 28 %.
"""

_FEW: Final = 4

ANSWER_ID: Final = "latm_answer"
"""The key of a message's `response_metadata` with the id of the answer, which takes feedback."""

_log = logging.getLogger(__name__)


class Shortcut:
    """Finds the tools for the requests of an agent.

    Args:
        sandbox: Where they run.
        any_prompt: Whether tools answer under other system prompts than that of their requests.
    """

    def __init__(self, sandbox: Sandbox, *, any_prompt: bool) -> None:
        self._sandbox = sandbox
        self._any_prompt = any_prompt

    @staticmethod
    def offer(request: str, known: Sequence[ToolSummary], own: AgentLibrary) -> Flow[list[str]]:
        """Return the names of the tools that may fit a request, by its wording, then by their descriptions.

        Args:
            request: The request.
            known: The tools that may be offered.
            own: The library of the run.

        Raises:
            LATMError: The library cannot be read.
        """
        dispatcher = own.dispatchers.plain
        found, seen = yield from dispatcher.find(request)
        own.hand_over(request, Found(found, dispatcher.revision))
        likely = [each for each in seen.candidates if each.score >= _LIKELY * each.threshold]
        first = [found.tool] if found is not None and found.tool is not None else []
        by_wording = [*first, *(each.name for each in (*doubtful(seen), *likely))]
        names = {each.name for each in known}
        return [each for each in dict.fromkeys([*by_wording, *_described_like(request, known)]) if each in names]

    def answer(self, conversation: Sequence[BaseMessage], own: AgentLibrary, caller: Caller) -> Flow[AIMessage | None]:
        """Answer a conversation without a model; None if that is not certain to be right.

        It is certain if the last message is the whole request, the dispatcher is certain of a tool, its parser reads
        the request, no feedback disputes the answer, and the function returns a value. A failure of the library or the
        sandbox is logged, and the model answers.

        Args:
            conversation: The system prompt, if there is one, and the messages.
            own: The library of the run.
            caller: The caller of the agent.
        """
        if not isinstance(conversation[-1], HumanMessage) or context_doubts(conversation):
            return None
        request = str(conversation[-1].text)
        try:
            key = "" if self._any_prompt else system_key(conversation)
            return (yield from self._answered(request, key, own, caller))
        except LATMError as error:
            _log.warning("no made tool answers directly: %s", error)
            return None

    def _answered(self, request: str, key: str, own: AgentLibrary, caller: Caller) -> Flow[AIMessage | None]:
        if not request.strip():
            return None
        dispatcher = own.dispatchers.of(key)
        found = yield from self._find(dispatcher, request, key, own)
        if found is None or found.tool is None or dispatcher.is_disputed(found.tool, request):
            return None
        operations = loop_operations_of(own.library)
        tool = yield from operations.library.get_by_id(found.tool_id or "")
        reads = tool.parser is not None and tool.parser.is_distinctive  # a parser that reads any text is no evidence
        arguments = tool.parser.read(request) if tool.parser is not None and reads else None
        if arguments is None:
            return None
        result = yield from call_tool(self._sandbox, tool, arguments, tenant=own.tenant or caller.tenant)
        if not result.ok:
            return None
        text, answer_id = answer_text(result.value), unique_key()
        answered("parser", answer=answer_id, tool=tool.id)
        note = AnswerNote(
            question=request, text=text, tool=tool.name, tool_id=tool.id, system_key=key, user=caller.user, at=now()
        )
        try:
            yield from operations.keep_use(answer_id, note, operations.library.use(tool, False, TokenUsage(), None))
        except LATMError as error:  # the answer is right anyway
            _log.warning("a use of %s is not counted: %s", tool.name, error)
        return _message(text, answer_id, tool)

    @staticmethod
    def _find(dispatcher: Dispatcher, request: str, key: str, own: AgentLibrary) -> Flow[Dispatch | None]:
        """Return the tool for a request as `offer` found it for this run, unless the library has changed since."""
        handed_over = None if key else own.handed_over(request.strip())
        yield from dispatcher.refresh()
        if handed_over is not None and handed_over.revision == dispatcher.revision:
            return handed_over.decision
        found, _ = yield from dispatcher.find(request)
        return found


def _described_like(request: str, known: Sequence[ToolSummary]) -> list[str]:
    """Return the tools whose name or description shares a rare word with a request, those that share most first.

    A word of many tools does not count.
    """
    words = {each.name: _words(f"{each.name.replace('_', ' ')} {each.description}") for each in known}
    counts = Counter(chain.from_iterable(words.values()))
    most = max(2, len(known) // _FEW)
    asked = {word for word in _words(request) if counts[word] <= most}
    shared = {name: len(asked & own) for name, own in words.items()}
    return [name for name in sorted(shared, key=lambda name: -shared[name]) if shared[name]]


def _words(text: str) -> set[str]:
    """Return the words of a text that may name a computation."""
    return {*WORD.findall(text.casefold())} - FUNCTION_WORDS


def _message(text: str, answer_id: str, tool: MadeTool) -> AIMessage:
    return AIMessage(
        text,
        id=answer_id,
        response_metadata={"latm_tool": tool.name, "latm_id": tool.id, ANSWER_ID: answer_id},
        usage_metadata={"input_tokens": 0, "output_tokens": 0, "total_tokens": 0},
    )
