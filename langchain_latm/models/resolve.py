"""Resolves the name of a model to a chat model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable

from langchain_latm._core.defaults import LOCAL
from langchain_latm.exceptions import ModelError
from langchain_latm.models.failures import error_detail
from langchain_latm.models.names import without_secrets

if TYPE_CHECKING:
    from langchain_core.language_models import LanguageModelInput
    from langchain_core.messages import BaseMessage

    ChatModel = Runnable[LanguageModelInput, BaseMessage]

_ACCEPTED = "'local', a name such as 'openai:gpt-4.1-mini' or 'ollama:qwen3:8b', or a LangChain Runnable"


def resolve_model(model: str | Runnable[Any, Any]) -> ChatModel:
    """Return the chat model of a name.

    `local` is the embedded model (`langchain_latm.local`). Any other name goes to LangChain's `init_chat_model`, as
    `provider:model`; the environment variables of that provider apply, for OpenAI among others `OPENAI_API_KEY` and
    `OPENAI_BASE_URL`. `provider:model@ADDRESS` names an address too, so that models may have different ones. A Runnable
    is returned unchanged. Nothing is sent to the model, so a wrong key or a wrong address raises only at the first
    call.

    Args:
        model: A name, or a Runnable from chat input to a message.

    Raises:
        ModelError: Neither of these, an unknown provider, or one whose package or key is missing.
        WeightsError: `local`, and its weights are missing or wrong.
    """
    if isinstance(model, Runnable):
        return model
    if not isinstance(model, str) or not model.strip():
        given = "an empty name" if isinstance(model, str) else f"a value of type {type(model).__name__}"
        raise ModelError(f"A model is {_ACCEPTED}, not {given}.")
    name = model.strip()
    if name == LOCAL:
        from langchain_latm.models.local import create_local_model  # noqa: PLC0415 - the only model that needs it

        return create_local_model()
    from langchain.chat_models import init_chat_model  # noqa: PLC0415 - half a second, for named models only

    shown = without_secrets(name)
    bare, address = split_address(name)
    try:
        return init_chat_model(bare) if address is None else init_chat_model(bare, base_url=address)
    except ImportError as error:
        package = re.search(r"pip install (?:-\S+ )*[`'\"]?([\w.-]+(?:\[[\w,-]+\])?)", str(error))
        needed = package.group(1) if package else str(error.name)
        needed = f"'{needed}'" if "[" in needed else needed  # for shells
        raise ModelError(
            f"The model {shown} needs another package: run `pip install {needed}`.", lasting=True
        ) from error
    except Exception as error:
        raise ModelError(_setup_failure(shown, error), lasting=True) from error


def split_address(name: str) -> tuple[str, str | None]:
    """Split `provider:model@ADDRESS` into the name and the address, of http or https; None if it has none."""
    bare, at, address = name.partition("@http")
    return (bare, f"http{address}") if at and address.startswith(("://", "s://")) else (name, None)


def _setup_failure(name: str, error: Exception) -> str:
    text = str(error)
    if isinstance(error, ValueError) and re.search(r"infer model provider|Unsupported provider", text, re.IGNORECASE):
        return f"The provider of the model {name!r} is not known: a model is {_ACCEPTED}."
    variables = re.findall(r"\b[A-Z][A-Z0-9_]*_(?:KEY|TOKEN)\b", text)
    if variables:
        hint = " (any text if your server needs no key)" if variables[0] == "OPENAI_API_KEY" else ""
        return f"The model {name} needs an API key: set {variables[0]}{hint}."
    detail = error_detail(error).rstrip(".")
    return f"The model {name} cannot be set up: {type(error).__name__}{f': {detail}' if detail else ''}."
