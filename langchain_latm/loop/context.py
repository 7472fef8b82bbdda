"""The context of a request: earlier messages, content other than text, a system prompt."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from langchain_core.messages import BaseMessage, SystemMessage

from langchain_latm.types import Doubt

_KEY_CHARACTERS: Final = 16


def context_doubts(conversation: Sequence[BaseMessage]) -> tuple[Doubt, ...]:
    """Return the reasons why the text of the last message is not the whole request; empty if it is.

    A system prompt is not such a reason: it belongs to the kind of the request (`system_key`).
    """
    earlier = sum(not isinstance(message, SystemMessage) for message in conversation[:-1])
    doubts: list[Doubt] = []
    if earlier:
        many = "1 earlier message" if earlier == 1 else f"{earlier:,} earlier messages"
        sentence = f"the request follows {many}, so the strong model answers with the whole conversation"
        doubts.append(Doubt(code="history", sentence=sentence))
    other = sorted({kind for message in conversation for kind in _other_content(message)})
    if other:
        sentence = f"the request contains more than text ({', '.join(other)}), so the strong model answers it"
        doubts.append(Doubt(code="content", sentence=sentence))
    return tuple(doubts)


def system_key(conversation: Sequence[BaseMessage]) -> str:
    """Return the key of the system prompt of a conversation; empty without one.

    Prompts that differ in white space or in the composition of Unicode characters alone have the same key.
    """
    prompts = (str(message.text) for message in conversation if isinstance(message, SystemMessage))
    text = " ".join(unicodedata.normalize("NFC", "\n".join(prompts)).split())
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:_KEY_CHARACTERS] if text else ""


def _other_content(message: BaseMessage) -> list[str]:
    """Return the types of the content blocks of a message that are not text."""
    blocks = [message.content] if isinstance(message.content, str) else message.content
    types = [str(block.get("type", "unknown")) for block in blocks if not isinstance(block, str)]
    return [kind for kind in types if kind != "text"]
