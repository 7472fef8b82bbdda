"""Names of models for records and messages, without the secrets that a name or an address may contain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_NAME_FIELDS = (
    "model_name",
    "model",
    "model_id",
    "deployment_name",
    "azure_deployment",
    "repo_id",
    "endpoint_name",
)
_SECRET_TEXTS = (
    (re.compile(r"(?<=://)[^\s/@]+@"), ""),  # user:password@ of an address
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), r"\1 ***"),
    (
        re.compile(r"(?i)(?<![^\W_])((?:key|token|secret|password|sig|signature)=)[^\s&,;'\"]+"),
        r"\1***",
    ),
    (re.compile(r"(?i)(api[_ -]?key(?: provided)?['\"]?\s*:\s*['\"]?)[^\s&,;'\"]+"), r"\1***"),
    (re.compile(r"\b(?:(?:sk|pk|gsk|xai|hf|ls|lsv2|ghp)[-_]|AIza|AKIA)[\w*-]{12,}"), "***"),
)


def model_name(model: object) -> str:
    """Return a short name for records, without keys or credentials.

    A string is returned as it is. For an object, the name is the field that names its model, searched through `bind`,
    `with_fallbacks` and chains; without such a field it is the name of the class.
    """
    if isinstance(model, str):
        return without_secrets(model)
    for part in parts_of(model):
        for field in _NAME_FIELDS:
            value = getattr(part, field, None)
            if isinstance(value, str) and value:
                return without_secrets(value.removeprefix("models/"))
    return type(model).__name__


def parts_of(model: object) -> Iterator[object]:
    """Yield the model and the runnables that it wraps, outermost first, each once."""
    waiting, seen = [model], set[int]()
    while waiting:
        part = waiting.pop(0)
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        config = getattr(part, "__dict__", {}).get("_default_config")
        if isinstance(config, Mapping) and isinstance(config.get("model"), str):
            # A configurable init_chat_model: reading any other attribute would build the model, which may fail.
            yield _Named(config["model"])
            continue
        yield part
        waiting.extend(getattr(part, field, None) for field in ("bound", "default", "runnable"))
        steps = getattr(part, "steps", None)
        waiting.extend(steps if isinstance(steps, list) else ())


def without_secrets(text: str) -> str:
    """Replace keys, tokens, passwords and credentials in text by `***`."""
    for pattern, replacement in _SECRET_TEXTS:
        text = pattern.sub(replacement, text)
    return text


class _Named:
    def __init__(self, model: str) -> None:
        self.model = model
