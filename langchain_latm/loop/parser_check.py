"""Checks parsers in use: a model reads a sample of their requests too. If the answers differ, the parser is dropped."""

from __future__ import annotations

from zlib import crc32

from langchain_latm._core.flow import Calls, Flow
from langchain_latm.exceptions import ModelError
from langchain_latm.loop.parts import Loop, tell
from langchain_latm.loop.state import RequestState
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.user import create_tool_user, reads_correctly
from langchain_latm.types import Answer, TokenUsage, shorten

_CRC_VALUES: int = 2**32


def is_sampled(request_id: str, share: float) -> bool:
    """Whether a request is in the share that is checked; this depends on its id alone."""
    return crc32(request_id.encode()) < share * _CRC_VALUES


def check_parser(loop: Loop, state: RequestState, tool: MadeTool, answer: Answer) -> Flow[tuple[TokenUsage, list[str]]]:
    """Let the model read a request that the parser has read, and drop the parser if the answers differ.

    The tool continues as a new version without a parser. It is unknown which answer is right, so the parser's stays. If
    the model cannot read the request, nothing changes. Of a tool made without a model, it first has to read unseen
    examples of the proof.

    Returns:
        The tokens of the model's reading, and notes on what went wrong.
    """
    is_proven, usage = yield from _model_reads(loop, tool)
    if not is_proven:
        return usage, []
    if "model" not in tool.read_by:
        tool = MadeTool.model_validate(tool.model_dump() | {"id": "", "read_by": ("parser", "model")})
    plain = tool.without_parser()
    (other,) = yield Calls(create_tool_user(plain, loop.user, sandbox=loop.sandbox), [state["request"]])
    if not isinstance(other, Answer):
        return usage + getattr(other, "usage", TokenUsage()), []
    usage += other.usage.get("using", TokenUsage())
    if other.text == answer.text:
        return usage, []
    reason = f"its parser and the model read {shorten(state['request'], 120)!r} in different ways"
    tell("using", f"{tool.name} continues without a parser: {reason}")
    kept = yield from loop.tried(loop.operations.library.add(plain, reason))
    return usage, [f"{tool.name} continues without a parser: {reason}", *kept]


def _model_reads(loop: Loop, tool: MadeTool) -> Flow[tuple[bool, TokenUsage]]:
    """Return whether the model is proven to read a tool's arguments, and the tokens if it is tried now."""
    known = True if "model" in tool.read_by else loop.tried_readers.get(tool.id)
    if known is not None:
        return known, TokenUsage()
    try:
        is_proven, usage = yield from reads_correctly(tool, loop.user, loop.sandbox)
    except ModelError:  # it is tried again with the next request that is checked
        return False, TokenUsage()
    loop.tried_readers[tool.id] = is_proven
    return is_proven, usage
