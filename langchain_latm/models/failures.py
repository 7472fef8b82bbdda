"""Describes why a call to a model failed, in one sentence without secrets, and whether later calls would fail too."""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from enum import Enum
from http import HTTPStatus
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr, ValidationError

from langchain_latm.exceptions import ModelError
from langchain_latm.models.names import model_name, parts_of, without_secrets

_LONGEST_DETAIL = 200
_SEARCHED = 20_000
_BEYOND_HTTP_ERRORS = 600
_SHORTEST_SECRET = 8
_ADDRESS_FIELDS = (
    "openai_api_base",
    "azure_endpoint",
    "base_url",
    "endpoint_url",
    "anthropic_api_url",
    "endpoint",
)
_STATUS_REASONS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "refused the API key with status 401: check the key",
    HTTPStatus.FORBIDDEN: "refused the API key with status 403: check what the key is allowed to use",
    HTTPStatus.NOT_FOUND: "was not found there (404): check the model's name and the address",
    HTTPStatus.REQUEST_TIMEOUT: "did not answer in time (408)",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "cannot take a question this long",
    HTTPStatus.TOO_MANY_REQUESTS: "refused because of too many requests or an exhausted quota (429)",
}
_LASTING_STATUSES = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
)
# Gateways also answer 403 to a text that their moderation blocked.
_MODERATED = re.compile(r"moderat|content.?(?:policy|filter)|flagged|safety", re.IGNORECASE)
# Providers that answer 400 or 429 to a wrong key, an unknown model or an empty account. "You exceeded your current
# quota" is not among them, since Google also sends it at the limit of requests per minute.
_LASTING_CODES = re.compile(
    r"insufficient_quota|billing_(?:hard_limit_reached|not_active)|credit balance is too low|insufficient.balance|"
    r"api_key_invalid|invalid_api_key|api key not valid|model_not_found|\binvalid_model\b|model not exist",
    re.IGNORECASE,
)


class _Unreachable(Enum):
    """Why there is no connection to a server; the value is the message."""

    HOST = "cannot be reached: no such host"
    CERTIFICATE = "cannot be reached: its TLS certificate is not trusted"
    REFUSED = "cannot be reached: nothing listens there"
    OTHER = "cannot be reached, or broke off the connection"

    @property
    def lasting(self) -> bool:
        """Whether the next request would fail in the same way."""
        return self is not _Unreachable.OTHER


# Searched in the chain of causes, the most specific first. Each HTTP library wraps the socket's error differently, and
# some drop it; class names and texts are the fallback.
_UNREACHABLE: tuple[tuple[_Unreachable, type[OSError], re.Pattern[str]], ...] = (
    (
        _Unreachable.HOST,
        socket.gaierror,
        re.compile(r"gaierror|name or service not known|nodename nor|getaddrinfo"),
    ),
    (_Unreachable.CERTIFICATE, ssl.SSLCertVerificationError, re.compile(r"certificate")),
    (_Unreachable.REFUSED, ConnectionRefusedError, re.compile(r"refused|all connection attempts failed")),
)
_PROXY_HINT = "unset HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, or list the host in NO_PROXY"
_CONNECTION_CLASS = re.compile(r"Connect|ReadError|WriteError|ProtocolError|TransportError|URLError")


def model_failure(error: BaseException, model: object = None) -> str:
    """Describe in one sentence why a call to a model failed, with name and address, without secrets.

    Recognises the exceptions of openai, httpx and packages built like them by their shape (`status_code`, `response`,
    class names), so none of them is imported.

    Args:
        error: The exception of the call.
        model: The model or its name, if known.
    """
    if isinstance(error, ModelError):
        return str(error).rstrip(".") + "."
    name = f"The model {model_name(model)}" if model is not None else "The model"
    address = _address(error, model)
    at = f" at {address}" if address else ""
    chain = list(_causes(error))
    detail = error_detail(error, model)
    status = status_of(error)
    reason = _reason_without_status(chain, detail) if status is None else _status_reason(status, detail)
    proxy = _proxy_for(address, model) if status is None and _unreachable(chain) is not None else None
    if proxy:
        return f"{name}{at} cannot be reached: it is asked through the proxy {proxy}, which may be down; {_PROXY_HINT}."
    return f"{name}{at} {reason}".rstrip(".") + "."


def model_error(error: BaseException, model: object = None) -> ModelError:
    """Return the error to raise for a failed call to a model: with the text of `model_failure`, and whether it lasts.

    A wrong key, an unknown model, host or certificate, a refused connection and an empty account last. A timeout, a
    broken connection, too many requests, a server error (status 500 and above), and the refusal of a single text do
    not.
    """
    lasting = error.lasting if isinstance(error, ModelError) else _is_lasting(error)
    return ModelError(model_failure(error, model), lasting=lasting)


def _is_lasting(error: BaseException) -> bool:
    status = status_of(error)
    if status is None:
        why = _unreachable(list(_causes(error)))
        return why is not None and why.lasting
    if status == HTTPStatus.FORBIDDEN:
        return not _MODERATED.search(full_text(error))
    if status in (HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS):
        return _LASTING_CODES.search(full_text(error)) is not None
    return status in _LASTING_STATUSES


def error_detail(error: BaseException, model: object = None) -> str:
    """Return the first line of the error's text, shortened, without keys."""
    if isinstance(error, ValidationError):  # its text quotes the input, which may be a key
        text = "; ".join(str(item["msg"]) for item in error.errors(include_input=False, include_url=False))
    else:
        body = getattr(error, "body", None)
        message = body.get("message") if isinstance(body, Mapping) else None
        text = message if isinstance(message, str) else str(error)
    for secret in _secrets_of(model):
        text = text.replace(secret, "***")
    text = without_secrets(next(iter(text.strip().splitlines()), ""))
    return text if len(text) <= _LONGEST_DETAIL else text[:_LONGEST_DETAIL].rstrip() + " ..."


def status_of(error: BaseException) -> int | None:
    """Return the HTTP status with which a provider refused a request; None if the error has none."""
    return next((code for code in map(_status, _causes(error)) if code), None)


def full_text(error: BaseException) -> str:
    """Return the full text of an error, for searching; it may contain secrets and parts of the request."""
    texts = [str(part) for cause in _causes(error) for part in (cause, getattr(cause, "body", None)) if part]
    return "\n".join(texts)[:_SEARCHED]


def _reason_without_status(chain: list[BaseException], detail: str) -> str:
    error = chain[0]
    classes = {type(cause).__name__ for cause in chain}
    if _timed_out(chain):
        return "did not answer in time"
    if "LengthFinishReasonError" in classes:
        return "reached its limit of tokens before its answer was complete"
    if "ContentFilterFinishReasonError" in classes:
        return "refused to answer: its content filter stopped it"
    if (why := _unreachable(chain)) is not None:
        return why.value
    if isinstance(error, json.JSONDecodeError | LookupError | AttributeError | TypeError):
        return f"sent something that is not a chat completion ({type(error).__name__}): check the address"
    return f"failed with {type(error).__name__}" + (f": {detail}" if detail else "")


def _timed_out(chain: list[BaseException]) -> bool:
    return any(isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__ for cause in chain)


def _unreachable(chain: list[BaseException]) -> _Unreachable | None:
    """Return why there was no connection; None if an error is another one, or the time was over."""
    broken = any(isinstance(each, OSError) or _CONNECTION_CLASS.search(type(each).__name__) for each in chain)
    if _timed_out(chain) or not broken:
        return None
    text = " ".join(f"{type(cause).__name__} {cause}" for cause in chain).lower()
    for why, kind, pattern in _UNREACHABLE:
        if any(isinstance(cause, kind) for cause in chain) or pattern.search(text):
            return why
    return _Unreachable.OTHER


def _status_reason(status: int, detail: str) -> str:
    quoted = f" ({detail})" if detail else ""
    if status == HTTPStatus.BAD_REQUEST and re.search(r"context|too long", detail, re.IGNORECASE):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"has a problem on its side (status {status}): try again later{quoted}"
    reason = _STATUS_REASONS.get(status, f"refused the request with status {status}")
    # A provider's message about a key quotes the key.
    return reason if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) else reason + quoted


def _proxy_for(address: str, model: object) -> str | None:
    """Return the proxy that the environment sets for an address, without credentials; None if the model ignores it."""
    if any(getattr(getattr(part, "http_client", None), "trust_env", True) is False for part in parts_of(model)):
        return None
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 - slow to import, and failures are rare

    url = urlsplit(address)
    if not url.hostname or proxy_bypass(url.hostname):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return without_secrets(proxy) if proxy else None


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
    """Return scheme, host and port; no path, since some gateways put tokens into it."""
    candidates: list[object] = []
    for cause in _causes(error):
        try:
            candidates.append(getattr(getattr(cause, "request", None), "url", None))
        except RuntimeError:  # httpx raises it for an error without a request
            continue
    for part in parts_of(model):
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


def _secrets_of(model: object) -> Iterator[str]:
    for part in parts_of(model):
        if isinstance(part, BaseModel):
            for field in type(part).model_fields:
                value = getattr(part, field, None)
                # A shorter value is a placeholder for a server without keys, and may be part of other words.
                if isinstance(value, SecretStr) and len(value.get_secret_value()) >= _SHORTEST_SECRET:
                    yield value.get_secret_value()
