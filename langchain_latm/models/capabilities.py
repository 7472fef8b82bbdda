"""What a chat model accepts: how providers differ, by capability and never by a model's name.

LangChain's profile of the model says what it accepts, as far as it is known. A provider's refusal says the rest: a
request that was refused (status 400 or the like) is sent again without what the refusal names, and every later request
to this model, from anywhere in this process, leaves it out from the start.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final, Literal, NamedTuple, get_args

from langchain_core.exceptions import OutputParserException

from langchain_latm.models.failures import full_text, status_of
from langchain_latm.models.names import model_name, parts_of

Setting = Literal["temperature", "max_tokens"]
"""What is set besides the prompt."""

Method = Literal["default", "function_calling", "json_schema", "prompt"]
"""How JSON is asked for: by what the provider's class prefers, by another method of it, or in words alone."""

_NAMES: Final[Mapping[Setting, re.Pattern[str]]] = {
    "temperature": re.compile(r"temperature", re.IGNORECASE),
    "max_tokens": re.compile(r"max_?(?:new_?|completion_?|output_?)?tokens|num_?predict", re.IGNORECASE),
}
# Refusals of a request that the provider understood; a server that cannot build a grammar answers 500 or 501.
_REFUSALS: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.NOT_IMPLEMENTED,
    }
)
_VAGUE_REFUSALS: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
"""Refusals that are about the request even where their text says nothing."""
_ABOUT_JSON: Final = re.compile(
    r"response_?format|json|schema|grammar|structured|\btools?\b|tool_|function|format", re.IGNORECASE
)
_ABOUT_LENGTH: Final = re.compile(r"context|too long|too many tokens|prompt is too", re.IGNORECASE)
_REMEMBERED_MODELS: Final = 256


class Capabilities(NamedTuple):
    """What a model is known to accept.

    Attributes:
        reasons: Whether it may reason before it answers: unless its profile says no.
        refused: Settings that it refuses.
        method: How it is asked for JSON.
    """

    reasons: bool = True
    refused: frozenset[Setting] = frozenset()
    method: Method = "default"


_learned: OrderedDict[tuple[str, ...], Capabilities] = OrderedDict()
_lock = threading.Lock()


def capabilities_of(model: object) -> Capabilities:
    """Return what a model's profile says, and what was learned about its class, name and address."""
    found = [getattr(part, "profile", None) for part in parts_of(model)]
    profiles = [profile for profile in found if isinstance(profile, Mapping)]
    reasons = not profiles or any(profile.get("reasoning_output") is not False for profile in profiles)
    fixed = any(profile.get("temperature") is False for profile in profiles)
    with _lock:
        learned = _learned.get(_key(model), Capabilities())
    return learned._replace(reasons=reasons, refused=learned.refused | ({"temperature"} if fixed else set()))


def learn(model: object, refused: Iterable[Setting], method: Method) -> None:
    """Remember what a model refused, and how it was asked for JSON when it answered."""
    key = _key(model)
    with _lock:
        before = _learned.get(key, Capabilities())
        _learned[key] = before._replace(refused=before.refused | frozenset(refused), method=method)
        _learned.move_to_end(key)
        if len(_learned) > _REMEMBERED_MODELS:
            _learned.popitem(last=False)


def _key(model: object) -> tuple[str, ...]:
    """Return a key that identifies a model: copies of one model share it."""
    parts = list(parts_of(model))
    addresses = [str(getattr(part, field, None) or "") for part in parts for field in ("openai_api_base", "base_url")]
    return (type(parts[-1]).__qualname__, model_name(model), *filter(None, addresses))


def refused_setting(error: Exception, sent: Iterable[Setting]) -> Setting | None:
    """Return which of the settings that were sent a refusal names; None if it names none, or is not a refusal."""
    if status_of(error) not in _VAGUE_REFUSALS:
        return None
    text = full_text(error)
    return next((setting for setting in get_args(Setting) if setting in sent and _NAMES[setting].search(text)), None)


def refuses_json(error: Exception) -> bool:
    """Whether an error may be a refusal of the way in which JSON was asked for."""
    status, text = status_of(error), full_text(error)
    if status not in _REFUSALS or _ABOUT_LENGTH.search(text):
        # Anthropic's class raises the latter where a thinking model called no tool, since it cannot be forced to.
        return isinstance(error, NotImplementedError | OutputParserException)
    return status in _VAGUE_REFUSALS or _ABOUT_JSON.search(text) is not None
