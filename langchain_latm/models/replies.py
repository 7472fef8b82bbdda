"""The text of a model's reply, without its thoughts."""

from __future__ import annotations

import re
from typing import Any, Final

from langchain_core.messages import BaseMessage

# Marks of thoughts in plain text, if the server does not separate them: DeepSeek, Qwen and most others
# <think>; Magistral [THINK]; Seed <seed:think>; Kimi ◁think▷; Sky-T1 and OpenThinker <|begin_of_thought|>; gpt-oss
# channels (https://developers.openai.com/cookbook/articles/openai-harmony).
_WORDS: Final = r"think|thinking|thoughts?|reasoning|scratchpad|seed:think"
_MARK: Final = re.compile(
    rf"(?P<open>[<\[◁](?:{_WORDS})[>\]▷]|<\|begin_of_(?:thought|thinking)\|>)"
    rf"|(?P<close>[<\[◁]/(?:{_WORDS})[>\]▷]|<\|end_of_(?:thought|thinking)\|>)"
    r"|(?P<fence>^[ \t]*(?:```|~~~))",
    re.IGNORECASE | re.MULTILINE,
)
_CHANNEL: Final = re.compile(r"<\|channel\|>\s*(?P<name>\w+)[^<]*<\|message\|>", re.IGNORECASE)
_STOPS: Final = ("finish_reason", "stop_reason", "stopReason", "done_reason")
_AT_THE_LIMIT: Final = frozenset(
    {"length", "model_length", "max_tokens", "max_output_tokens", "model_context_window_exceeded"}
)
_CONTROL: Final = re.compile(r"<\|(?:end|return|start)\|>", re.IGNORECASE)


def reply_text(reply: object) -> str:
    """Return the text of a reply: of a message, or `str` of what another Runnable returned.

    Thoughts are left out, both content blocks and marked text. A reply that was cut off while thinking has no text.
    """
    return without_thoughts(str(reply.text) if isinstance(reply, BaseMessage) else str(reply))


def was_cut(reply: object) -> bool:
    """Whether a provider reports that it stopped at the limit of tokens; providers use different words."""
    metadata: Any = getattr(reply, "response_metadata", None) or {}
    incomplete: Any = metadata.get("incomplete_details") or {}  # of OpenAI's Responses
    reasons = [*(metadata.get(key) for key in _STOPS), incomplete.get("reason")]
    return any(isinstance(reason, str) and reason.lower() in _AT_THE_LIMIT for reason in reasons)


def without_thoughts(text: str) -> str:
    """Return a text without the thoughts that are marked in it.

    An end mark without a start mark ends thoughts that began in the prompt. Marks in a block of code are part of the
    code, unless the block is part of the thoughts.
    """
    channels = list(_CHANNEL.finditer(text))
    if channels:
        last = channels[-1]
        return _CONTROL.split(text[last.end() :])[0].strip() if last["name"].lower() == "final" else ""
    kept, start, thinking, in_code = list[str](), 0, False, False
    for mark in _MARK.finditer(text):
        if mark["fence"]:
            in_code = in_code if thinking else not in_code
        elif in_code:
            continue
        elif mark["close"]:
            if not thinking:
                kept.clear()
            thinking, start = False, mark.end()
        elif not thinking:
            kept.append(text[start : mark.start()])
            thinking = True
    if not kept and not start:
        return text
    return "".join(kept if thinking else [*kept, text[start:]]).strip()
