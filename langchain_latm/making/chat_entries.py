"""Reads examples in chat form, as in OpenAI's fine-tuning files and LangSmith: `{"messages": [...]}`.

Source: https://platform.openai.com/docs/guides/supervised-fine-tuning
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_latm.exceptions import TaskError
from langchain_latm.making.task_entries import Entry
from langchain_latm.types import shorten

_SYSTEM = ("system", "developer")
_USER = ("user", "human")
_MODEL = ("assistant", "ai")


def chat_entry(where: str, messages: Any, answer: Any = None) -> Entry:
    """Return the entry of a conversation with one request: a system prompt, if any, a user's message and the answer.

    Args:
        where: Place of the conversation, for errors.
        messages: The messages, in the form of OpenAI or as LangChain dumps them.
        answer: The answer as a text or a message, if it is not the last of the messages.

    Raises:
        TaskError: The request depends on more than the text of one message: there are earlier messages, tool calls, or
            content other than text. Or a message is malformed.
    """
    if not isinstance(messages, list) or not messages:
        raise TaskError(f"{where}: the field 'messages' must be a list of messages, each with 'role' and 'content'")
    read = [_message(f"{where}, message {number}", each) for number, each in enumerate(messages, 1)]
    system = "\n".join(text for role, text in read if role in _SYSTEM)
    rest = [(role, text) for role, text in read if role not in _SYSTEM]
    roles = [role in _USER for role, _ in rest]
    if roles not in ([True], [True, False]) or (len(roles) > 1 and answer is not None):
        raise TaskError(
            f"{where}: a conversation of {len(rest)} messages; give one message of a user and one answer, since a "
            "request with earlier messages depends on them"
        )
    question, said = rest[0][1], answer_of(where, answer)
    if len(rest) > 1 and str(messages[-1].get("weight")) != "0":  # OpenAI does not train on an answer of weight 0
        said = rest[1][1]
    for field, text in (("user", question), ("assistant", said)):
        if text is not None and not text.strip():
            raise TaskError(f"{where}: the message of the {field} is empty")
    return Entry(where, question, said, system=system)


def answer_of(where: str, value: Any) -> str | None:
    """Return an answer that is a text, a message, or a list whose last part is the answer's message.

    Raises:
        TaskError: The value is something else.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and value:
        value = value[-1]
    if not is_message(value):
        raise TaskError(f"{where}: the answer must be a text or a message, not {shorten(repr(value), 60)}")
    role, text = _message(f"{where}, the answer", value)
    if role not in _MODEL:
        raise TaskError(f"{where}: the answer is a message of {role!r}, not of 'assistant'")
    return text


def is_message(value: Any) -> bool:
    """Whether a value looks like a message."""
    return (
        isinstance(value, dict) and bool({"role", "type"} & value.keys()) and bool({"content", "data"} & value.keys())
    )


def is_chat(value: Any) -> bool:
    """Whether a value looks like a list of messages."""
    return isinstance(value, list) and bool(value) and all(is_message(each) for each in value)


def _message(where: str, value: Any) -> tuple[str, str]:
    """Return the role and text of a message."""
    if not is_message(value):
        raise TaskError(f"{where}: a message needs 'role' and 'content'")
    data = value["data"] if isinstance(value.get("data"), dict) else value  # as `message_to_dict` writes it
    role = str(value.get("role") or value.get("type"))
    if role not in (*_SYSTEM, *_USER, *_MODEL):
        raise TaskError(f"{where}: the role {shorten(role, 40)!r} is none of system, developer, user and assistant")
    more = data.get("additional_kwargs") or {}
    if any(source.get(key) for source in (data, more) for key in ("tool_calls", "function_call")):
        raise TaskError(f"{where}: the message calls a tool, so the answer depends on more than the request")
    content = data.get("content")
    parts: Sequence[Any] = content if isinstance(content, list) else [content]
    texts = [each.get("text") if isinstance(each, dict) and each.get("type") == "text" else each for each in parts]
    if not all(type(text) is str for text in texts):  # a number in the file is a `SpelledNumber`
        raise TaskError(f"{where}: the content must be text only")
    return role, "".join(map(str, texts))
