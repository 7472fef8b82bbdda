"""Naming a model, describing it in records, and saying in plain words why a call to it failed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable
from pydantic import BaseModel, SecretStr, ValidationError

from langchain_latm._core.defaults import LOCAL
from langchain_latm.exceptions import ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import LanguageModelInput

    ChatModel = Runnable[LanguageModelInput, BaseMessage]

_ACCEPTED = "'local', a name such as 'openai:gpt-4.1-mini' or 'ollama:qwen3:8b', or a LangChain Runnable"
_LONGEST_DETAIL = 200
_NAME_FIELDS = (
    "model_name",
    "model",
    "model_id",
    "deployment_name",
    "azure_deployment",
    "repo_id",
    "endpoint_name",
)
_ADDRESS_FIELDS = (
    "openai_api_base",
    "azure_endpoint",
    "base_url",
    "endpoint_url",
    "anthropic_api_url",
    "endpoint",
)
_MAX_TOKENS_FIELDS = ("max_tokens", "num_predict", "max_output_tokens")
_SECRET_TEXTS = (
    (re.compile(r"(?<=://)[^\s/@]+@"), ""),  # user:password@ of an address
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), r"\1 ***"),
    (
        re.compile(r"(?i)\b((?:[\w-]*[_-])?(?:key|token|secret|password|sig|signature)=)[^\s&,;'\"]+"),
        r"\1***",
    ),
    (re.compile(r"(?i)(api[_ -]?key(?: provided)?['\"]?\s*:\s*['\"]?)[^\s&,;'\"]+"), r"\1***"),
    (re.compile(r"\b(?:(?:sk|pk|gsk|xai|hf|ls|lsv2|ghp)[-_]|AIza|AKIA)[\w*-]{12,}"), "***"),
)
_BEYOND_HTTP_ERRORS = 600
_SHORTEST_SECRET = 8
_STATUS_REASONS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "refused the API key with status 401: check the key",
    HTTPStatus.FORBIDDEN: "refused the API key with status 403: check what the key is allowed to use",
    HTTPStatus.NOT_FOUND: "was not found there (404): check the model's name and the address",
    HTTPStatus.REQUEST_TIMEOUT: "did not answer in time (408)",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "cannot take a question this long",
    HTTPStatus.TOO_MANY_REQUESTS: "was asked too often or its quota is used up (429)",
}
# Matched against class names and texts of the whole chain of causes, most telling first: each HTTP library
# wraps the error of the socket in its own way, and some drop it.
_UNREACHABLE_REASONS = (
    (
        re.compile(r"gaierror|name or service not known|nodename nor|getaddrinfo"),
        "cannot be reached: no such host",
    ),
    (re.compile(r"certificate"), "cannot be reached: its TLS certificate is not trusted"),
    (re.compile(r"refused|all connection attempts failed"), "cannot be reached: nothing listens there"),
    (re.compile(""), "cannot be reached, or broke off the connection"),
)
_CONNECTION_CLASS = re.compile(r"Connect|ReadError|WriteError|ProtocolError|TransportError|URLError")
# Reasoning models of OpenAI answer a temperature with an error; langchain-openai drops it only at
# construction.
_FIXED_TEMPERATURE = re.compile(r"^(?:o\d|gpt-5(?!.*chat))")


def resolve_model(model: str | Runnable[Any, Any]) -> ChatModel:
    """Turn what a person named into a chat model.

    `local` is the embedded model (`langchain_latm.local`). Any other text goes to LangChain's
    `init_chat_model`, as `provider:model`; what that provider reads from the environment applies, for OpenAI
    among others `OPENAI_API_KEY` and `OPENAI_BASE_URL`. A Runnable is returned as it is. Nothing is sent to
    the model: a wrong key or an address where nobody listens shows at the first call.

    Args:
        model: A name or a Runnable from chat input to a message.

    Raises:
        ModelError: Neither of these, an unknown provider, or one whose package or key is missing.
        WeightsError: `local`, and its weights are missing or wrong.
    """
    if isinstance(model, Runnable):
        return model
    if not isinstance(model, str) or not model.strip():
        shown = "an empty name" if isinstance(model, str) else f"a value of type {type(model).__name__}"
        raise ModelError(f"A model is {_ACCEPTED}, not {shown}.")
    name = model.strip()
    if name == LOCAL:
        from langchain_latm.models.local import create_local_model  # noqa: PLC0415 - the only model that needs it

        return create_local_model()
    from langchain.chat_models import init_chat_model  # noqa: PLC0415 - half a second, for named models only

    shown = _without_secrets(name)
    try:
        return init_chat_model(name)
    except ImportError as error:
        package = re.search(r"pip install[^`'\"]*?([\w-]+)[`'\"]?", str(error))
        needed = package.group(1) if package else str(error.name)
        raise ModelError(f"The model {shown} needs another package: run `pip install {needed}`.") from error
    except Exception as error:
        raise ModelError(_unusable(shown, error)) from error


def model_name(model: object) -> str:
    """Return a short name for records: never a key, never an address with credentials in it.

    A text stands for itself. Of an object the field that names its model is used, looking through `bind` and
    `with_fallbacks` and into chains; else the name of its class.
    """
    if isinstance(model, str):
        return _without_secrets(model)
    for part in _parts(model):
        for field in _NAME_FIELDS:
            value = getattr(part, field, None)
            if isinstance(value, str) and value:
                return _without_secrets(value.removeprefix("models/"))
    return type(model).__name__


def with_sampling(
    model: Runnable[Any, Any], *, temperature: float | None = None, max_tokens: int | None = None
) -> ChatModel:
    """Return the model with another temperature and, unless its user chose one, another limit on answers.

    Only a `BaseChatModel` that has such fields is changed, as a copy that shares its connections; any other
    Runnable, and a model that refuses temperatures, comes back as it is. None leaves a setting alone.

    Args:
        model: A chat model or another Runnable.
        temperature: 0 for the most likely token each time.
        max_tokens: Longest answer, in tokens.
    """
    if not isinstance(model, BaseChatModel):
        return model
    fields = type(model).model_fields
    update: dict[str, Any] = {}
    if temperature is not None and "temperature" in fields and not _FIXED_TEMPERATURE.match(model_name(model)):
        update["temperature"] = temperature
    if max_tokens is not None:
        for field in _MAX_TOKENS_FIELDS:
            if field in fields:
                chosen = field in model.model_fields_set and getattr(model, field) is not None
                if not chosen:
                    update[field] = max_tokens
                break
    return model.model_copy(update=update) if update else model


def reply_text(reply: object) -> str:
    """Return the text of what a model replied: a message, or what another Runnable gave in its place."""
    return str(reply.text) if isinstance(reply, BaseMessage) else str(reply)


def reasons(model: object) -> bool:
    """Whether a model may reason before it answers: its LangChain profile does not deny it."""
    profile = getattr(model, "profile", None)
    return not isinstance(profile, Mapping) or profile.get("reasoning_output") is not False


def model_failure(error: BaseException, model: object = None) -> str:
    """Say in one sentence why a call to a model failed, with its name and address and without secrets.

    Knows the exceptions of openai, httpx and packages built like them by their shape (`status_code`,
    `response`, names of classes), so none of them is imported.

    Args:
        error: What the call raised.
        model: The model or its name, if known.
    """
    name = f"The model {model_name(model)}" if model is not None else "The model"
    address = _address(error, model)
    at = f" at {address}" if address else ""
    chain = list(_causes(error))
    status = next((code for code in map(_status, chain) if code), None)
    detail = _detail(error, model)
    if status is not None:
        reason = _status_reason(status, detail)
    elif any(isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__ for cause in chain):
        reason = "did not answer in time"
    elif any(type(cause).__name__ == "LengthFinishReasonError" for cause in chain):
        reason = "reached its limit of tokens before its answer was complete"
    elif any(type(cause).__name__ == "ContentFilterFinishReasonError" for cause in chain):
        reason = "refused to answer: its content filter stopped it"
    elif (unreachable := _unreachable_reason(chain)) is not None:
        reason = unreachable
    elif isinstance(error, json.JSONDecodeError | LookupError | AttributeError | TypeError):
        reason = f"sent something that is no chat completion ({type(error).__name__}): check the address"
    else:
        reason = f"failed with {type(error).__name__}" + (f": {detail}" if detail else "")
    return f"{name}{at} {reason}".rstrip(".") + "."


def _status_reason(status: int, detail: str) -> str:
    told = f" ({detail})" if detail else ""
    if status == HTTPStatus.BAD_REQUEST and re.search(r"context|too long", detail, re.IGNORECASE):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"has a problem on its side (status {status}): try again later{told}"
    reason = _STATUS_REASONS.get(status, f"refused the request with status {status}")
    # A provider's own words about a key quote the key.
    return reason if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) else reason + told


def _unreachable_reason(chain: list[BaseException]) -> str | None:
    if not any(isinstance(cause, OSError) or _CONNECTION_CLASS.search(type(cause).__name__) for cause in chain):
        return None
    text = " ".join(f"{type(cause).__name__} {cause}" for cause in chain).lower()
    return next(reason for pattern, reason in _UNREACHABLE_REASONS if pattern.search(text))


def _unusable(shown: str, error: Exception) -> str:
    text = str(error)
    if isinstance(error, ValueError) and re.search(r"infer model provider|Unsupported provider", text, re.IGNORECASE):
        return f"The provider of the model {shown!r} is not known: a model is {_ACCEPTED}."
    variables = re.findall(r"\b[A-Z][A-Z0-9_]*_(?:KEY|TOKEN)\b", text)
    if variables:
        hint = " (any text, if your own server asks for none)" if variables[0] == "OPENAI_API_KEY" else ""
        return f"The model {shown} needs an API key: set {variables[0]}{hint}."
    detail = _detail(error, None)
    return f"The model {shown} cannot be set up: {type(error).__name__}" + (
        f": {detail.rstrip('.')}." if detail else "."
    )


def _parts(model: object) -> Iterator[object]:
    """Yield the model and what it wraps, outermost first; each object once."""
    waiting, seen = [model], set[int]()
    while waiting:
        part = waiting.pop(0)
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        config = getattr(part, "__dict__", {}).get("_default_config")
        if isinstance(config, Mapping) and isinstance(config.get("model"), str):
            # A configurable init_chat_model: any other attribute of it would build the model, which may fail.
            yield _Named(config["model"])
            continue
        yield part
        waiting.extend(getattr(part, field, None) for field in ("bound", "default", "runnable"))
        steps = getattr(part, "steps", None)
        waiting.extend(steps if isinstance(steps, list) else ())


class _Named:
    def __init__(self, model: str) -> None:
        self.model = model


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen = set[int]()
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop(0)
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__]
        waiting += cause.exceptions if isinstance(cause, BaseExceptionGroup) else ()


def _status(error: BaseException) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        for field in ("status_code", "code", "http_status"):
            value = getattr(holder, field, None)
            if isinstance(value, int) and HTTPStatus.BAD_REQUEST <= value < _BEYOND_HTTP_ERRORS:
                return value
    return None


def _address(error: BaseException, model: object) -> str:
    """Scheme, host and port; no path, since some gateways put tokens into it."""
    candidates: list[object] = []
    for cause in _causes(error):
        try:
            candidates.append(getattr(getattr(cause, "request", None), "url", None))
        except RuntimeError:  # httpx raises it for an error without a request
            continue
    for part in _parts(model):
        candidates += [getattr(part, field, None) for field in _ADDRESS_FIELDS]
        candidates.append(getattr(getattr(part, "root_client", None), "base_url", None))
    for candidate in candidates:
        try:
            url = urlsplit(str(candidate or ""))
            if url.scheme and url.hostname:
                host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
                return f"{url.scheme}://{host}" + (f":{url.port}" if url.port else "")
        except ValueError:
            continue
    return ""


def _detail(error: BaseException, model: object) -> str:
    """Return the first line of what the error says, shortened, without keys."""
    if isinstance(error, ValidationError):  # its text repeats the input, and the input may be a key
        text = "; ".join(str(item["msg"]) for item in error.errors(include_input=False, include_url=False))
    else:
        body = getattr(error, "body", None)
        told = body.get("message") if isinstance(body, Mapping) else None
        text = told if isinstance(told, str) else str(error)
    for secret in _secrets_of(model):
        text = text.replace(secret, "***")
    text = _without_secrets(next(iter(text.strip().splitlines()), ""))
    return text if len(text) <= _LONGEST_DETAIL else text[:_LONGEST_DETAIL].rstrip() + " ..."


def _secrets_of(model: object) -> Iterator[str]:
    for part in _parts(model):
        if isinstance(part, BaseModel):
            for field in type(part).model_fields:
                value = getattr(part, field, None)
                # A shorter one is no secret but a word for a server that asks for none, and stands in other words.
                if isinstance(value, SecretStr) and len(value.get_secret_value()) >= _SHORTEST_SECRET:
                    yield value.get_secret_value()


def _without_secrets(text: str) -> str:
    for pattern, replacement in _SECRET_TEXTS:
        text = pattern.sub(replacement, text)
    return text
