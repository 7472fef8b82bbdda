"""The settings that a chat model accepts. Providers differ; this module looks at capabilities, not at names of models.

LangChain's profile of the model lists known capabilities. The rest is learned from refusals of the provider: a refused
request (such as status 400) is repeated without the setting that the refusal names, and all later requests to this
model in this process leave it out.
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
"""Settings besides the prompt."""

Method = Literal["default", "function_calling", "json_schema", "prompt"]
"""How JSON is requested: by the default method of the provider's class, by another method, or only in words."""

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
"""Refusals that concern the request even if their text does not say so."""
_ABOUT_JSON: Final = re.compile(
    r"response_?format|json|schema|grammar|structured|\btools?\b|tool_|function|format", re.IGNORECASE
)
_ABOUT_LENGTH: Final = re.compile(r"context|too long|too many tokens|prompt is too", re.IGNORECASE)
_REMEMBERED_MODELS: Final = 256


class Capabilities(NamedTuple):
    """The known capabilities of a model.

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
    """Return the capabilities from a model's profile and from earlier refusals, by its class, name and address."""
    found = [getattr(part, "profile", None) for part in parts_of(model)]
    profiles = [profile for profile in found if isinstance(profile, Mapping)]
    reasons = not profiles or any(profile.get("reasoning_output") is not False for profile in profiles)
    fixed = any(profile.get("temperature") is False for profile in profiles)
    with _lock:
        learned = _learned.get(_key(model), Capabilities())
    return learned._replace(reasons=reasons, refused=learned.refused | ({"temperature"} if fixed else set()))


def learn(model: object, refused: Iterable[Setting], method: Method) -> None:
    """Store what a model refused, and the JSON method with which it answered."""
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
    """Return the sent setting that a refusal names; None if it names none, or is not a refusal."""
    if status_of(error) not in _VAGUE_REFUSALS:
        return None
    text = full_text(error)
    return next((setting for setting in get_args(Setting) if setting in sent and _NAMES[setting].search(text)), None)


def refuses_json(error: Exception) -> bool:
    """Whether an error may be a refusal of the JSON method."""
    status, text = status_of(error), full_text(error)
    if status not in _REFUSALS or _ABOUT_LENGTH.search(text):
        # Anthropic's class raises the latter if a thinking model called no tool, which it cannot be forced to do.
        return isinstance(error, NotImplementedError | OutputParserException)
    return status in _VAGUE_REFUSALS or _ABOUT_JSON.search(text) is not None
