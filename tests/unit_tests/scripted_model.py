"""A chat model that answers from a script and keeps its prompts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import LanguageModelInput
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from pydantic import Field

Reply = str | dict[str, Any] | AIMessage | Exception
"""Text; arguments of a tool call; a whole message; or an error to raise."""


class ScriptedChatModel(BaseChatModel):
    """Answers by calling `script` with the messages, and keeps every prompt in `prompts`.

    A reply that is a dict becomes a call of the tool that was bound. Tokens are counted as words.
    """

    # LangChain takes the repr of a model at each call: with all prompts in it, that takes longer than the tests.
    script: Callable[[list[BaseMessage]], Reply] = Field(repr=False)
    prompts: list[list[BaseMessage]] = Field(default_factory=list, repr=False)
    temperature: float | None = None

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[LanguageModelInput, AIMessage]:
        return self.bind(tools=tools, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 - the names are BaseChatModel's
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002 - as above
        **kwargs: Any,
    ) -> ChatResult:
        self.prompts.append(messages)
        reply = self.script(messages)
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, dict):
            name = kwargs["tools"][0].get("title", "tool") if "tools" in kwargs else "tool"
            reply = AIMessage("", tool_calls=[{"name": name, "args": reply, "id": "call_1"}])
        elif isinstance(reply, str):
            reply = AIMessage(reply)
        words = sum(len(str(message.content).split()) for message in messages)
        usage = {"input_tokens": words, "output_tokens": 10, "total_tokens": words + 10}
        reply = reply.model_copy(update={"usage_metadata": usage})
        return ChatResult(generations=[ChatGeneration(message=reply)])


def in_turn(*replies: Reply) -> Callable[[list[BaseMessage]], Reply]:
    """Give these replies one after the other, and then repeat the last one."""
    left = list(replies)
    return lambda _messages: left.pop(0) if len(left) > 1 else left[0]
