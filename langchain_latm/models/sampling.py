"""Sampling parameters: temperature and answer length, set on a copy of the model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable

from langchain_latm.models.names import model_name

if TYPE_CHECKING:
    from langchain_latm.models.resolve import ChatModel

_MAX_TOKENS_FIELDS = ("max_tokens", "num_predict", "max_output_tokens")
# OpenAI's reasoning models answer a temperature with an error; langchain-openai drops it only at construction.
_FIXED_TEMPERATURE = re.compile(r"^(?:o\d|gpt-5(?!.*chat))")


def with_sampling(
    model: Runnable[Any, Any], *, temperature: float | None = None, max_tokens: int | None = None
) -> ChatModel:
    """Return the model with another temperature and, unless the user set one, another limit on answers.

    Only a `BaseChatModel` that has these fields is changed, as a copy that shares its connections. Any other Runnable,
    and a model that rejects temperatures, is returned as it is.

    Args:
        model: A chat model or another Runnable.
        temperature: 0 for the most likely token each time; None for no change.
        max_tokens: Maximum tokens of an answer; None for no change.
    """
    if not isinstance(model, BaseChatModel):
        return model
    fields = type(model).model_fields
    update: dict[str, Any] = {}
    if temperature is not None and "temperature" in fields and not _FIXED_TEMPERATURE.match(model_name(model)):
        update["temperature"] = temperature
    limit = next((field for field in _MAX_TOKENS_FIELDS if field in fields), None)
    if max_tokens is not None and limit is not None:
        set_by_user = limit in model.model_fields_set and getattr(model, limit) is not None
        if not set_by_user:
            update[limit] = max_tokens
    return model.model_copy(update=update) if update else model
