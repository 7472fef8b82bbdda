"""Asks a model, with the temperature, limit of tokens and JSON method that it accepts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, get_args

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage
from langchain_core.prompt_values import PromptValue
from langchain_core.runnables import Runnable, RunnableLambda, RunnableWithFallbacks
from langchain_core.runnables.base import RunnableBindingBase

from langchain_latm._core.flow import Calls, Do, Flow, flow_runnable
from langchain_latm.models.capabilities import Method, Setting, capabilities_of, learn, refused_setting, refuses_json
from langchain_latm.models.late import LateModel

if TYPE_CHECKING:
    from langchain_latm.models.resolve import ChatModel

_FIELDS: Final[Mapping[Setting, tuple[str, ...]]] = {
    "temperature": ("temperature",),
    "max_tokens": ("max_tokens", "num_predict", "max_output_tokens"),
}
_JSON_ALONE: Final = "Reply with one JSON object that fits this JSON schema, and nothing else:\n{schema}"


def asking(
    model: Runnable[Any, Any],
    *,
    temperature: float | None = None,
    max_tokens: int | None = None,
    schema: Mapping[str, Any] | None = None,
) -> ChatModel:
    """Return a Runnable that asks a model, and returns its message.

    Settings that the model refuses are left out: see `models.capabilities`. A limit set by the user stays, and so do
    bound parameters. A model that may reason before it answers gets no limit: its reasoning would use it up.

    A Runnable without a chat model, or with one inside a chain, is returned unchanged.

    Args:
        model: A chat model, also with bound parameters, retries or fallbacks; or another Runnable.
        temperature: 0 for the most likely token each time; None for no change.
        max_tokens: Maximum tokens of an answer; None for no change.
        schema: JSON schema of the object to reply with; None for text. The caller reads the object from
            the message, of a tool call or of text.
    """
    if not _holds_chat_model(model):
        return model
    given: dict[Setting, float | None] = {"temperature": temperature, "max_tokens": max_tokens}
    wanted = {setting: value for setting, value in given.items() if value is not None}
    return flow_runnable(lambda prompt: _ask(model, prompt, wanted, schema), name="ask_model")


def _ask(
    model: Runnable[Any, Any], prompt: Any, wanted: Mapping[Setting, float], schema: Mapping[str, Any] | None
) -> Flow[BaseMessage]:
    """Ask until the model accepts the request; remember what it refused."""
    if isinstance(model, LateModel):
        late = model
        (model,) = yield Do(lambda: late.model, late.amodel)
    known = capabilities_of(model)
    unwelcome = known.refused | ({"max_tokens"} if known.reasons else set())
    sent = {setting: value for setting, value in wanted.items() if setting not in unwelcome}
    methods = _methods(model, sent, schema, known.method)
    method, chat = next(methods)
    refused: set[Setting] = set()
    first: Exception | None = None
    while True:
        asked = prompt if schema is None or method != "prompt" else _with_schema(prompt, schema)
        (reply,) = yield Calls(chat, [asked])
        if not isinstance(reply, Exception):
            if refused or first is not None:
                learn(model, refused, known.method if schema is None else method)
            return reply  # type: ignore[no-any-return]  # a Runnable has no type of output
        setting = refused_setting(reply, sent)
        if setting is not None:
            refused.add(setting)
            del sent[setting]
            chat = _prepared(model, sent, schema, method)
            continue
        if schema is None or not refuses_json(reply):
            raise reply
        first = first or reply
        following = next(methods, None)
        if following is None:
            raise first
        method, chat = following


def _holds_chat_model(model: object) -> bool:
    while isinstance(model, RunnableBindingBase):
        model = model.bound
    return isinstance(model, BaseChatModel | LateModel) or (
        isinstance(model, RunnableWithFallbacks) and all(map(_holds_chat_model, model.runnables))
    )


def _prepared(
    model: Any, settings: Mapping[Setting, float], schema: Mapping[str, Any] | None, method: Method
) -> Runnable[Any, Any]:
    """Return the model with these settings, keeping its wrappers."""
    if isinstance(model, RunnableWithFallbacks):
        first, *others = (_prepared(each, settings, schema, method) for each in model.runnables)
        return model.model_copy(update={"runnable": first, "fallbacks": others})
    if isinstance(model, RunnableBindingBase):
        bound = {alias for names in _FIELDS.values() if not model.kwargs.keys().isdisjoint(names) for alias in names}
        left = {setting: value for setting, value in settings.items() if setting not in bound}
        return model.model_copy(update={"bound": _prepared(model.bound, left, schema, method)})
    update = dict(_fields(model, settings))
    chat = model.model_copy(update=update) if update else model
    return chat if schema is None or method == "prompt" else _structured(chat, schema, method)


def _fields(model: BaseChatModel, settings: Mapping[Setting, float]) -> Iterator[tuple[str, float]]:
    """Yield the fields of a model for these settings; a limit set by the user stays."""
    for setting, value in settings.items():
        field = next((name for name in _FIELDS[setting] if name in type(model).model_fields), None)
        chosen = setting == "max_tokens" and field in model.model_fields_set and getattr(model, field) is not None
        if field is not None and not chosen:
            yield field, value


def _structured(chat: BaseChatModel, schema: Mapping[str, Any], method: Method) -> Runnable[Any, Any]:
    """Return the model with a JSON method of its provider's class, without the parser after it."""
    by_method = {} if method == "default" else {"method": method}
    whole = chat.with_structured_output(dict(schema), include_raw=True, **by_method)
    steps = getattr(getattr(whole, "first", None), "steps__", {})
    return steps["raw"] if "raw" in steps else whole | RunnableLambda(lambda reply: reply["raw"])


def _methods(
    model: Any, settings: Mapping[Setting, float], schema: Mapping[str, Any] | None, first: Method
) -> Iterator[tuple[Method, Runnable[Any, Any]]]:
    """Yield the JSON methods of a model's class, starting with the one that worked last, and the model for each.

    Each is prepared on demand, since later ones are needed only if the model refuses the first.
    """
    known, tried = False, list[Any]()
    for method in get_args(Method):
        known = known or method == first
        if not known:
            continue
        if schema is None or method == "prompt":
            yield method, _prepared(model, settings, schema, method)
            continue
        try:
            request = _prepared(model, settings, schema, method)
        except (AttributeError, NotImplementedError, ValueError, TypeError):
            continue  # this class has no such method
        parameters = getattr(request, "kwargs", request)
        if parameters not in tried:
            tried.append(parameters)
            yield method, request


def _with_schema(given: Any, schema: Mapping[str, Any]) -> list[BaseMessage]:
    """Return the messages, with words that ask for JSON."""
    messages = given.to_messages() if isinstance(given, PromptValue) else list(given)
    words = _JSON_ALONE.format(schema=json.dumps(schema, ensure_ascii=False))
    last = messages[-1]
    if not isinstance(last, HumanMessage) or not isinstance(last.content, str):
        return [*messages, HumanMessage(words)]
    return [*messages[:-1], HumanMessage(f"{last.content}\n\n{words}")]
