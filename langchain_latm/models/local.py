"""The embedded model: llama.cpp on loopback, started once per process and shared by all who ask for it.

No weights are downloaded and no request leaves the machine. The optional extra `local` brings llama.cpp and
the weights: `langchain_latm.models.weights` finds them, `langchain_latm.models.local_server` serves them.
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
    """What `latm model` prints.

    Attributes:
        name: What the model is called in records.
        path: The GGUF file.
        source: `user file` or `packages`.
        size: Of the file, in bytes.
        sha256: Of the file, read in full just now.
        context: Tokens that one request may hold.
        slots: Requests that are worked on at once.
        threads: Threads of llama.cpp.
        start_seconds: Starting the server and loading the model; nearly 0 if it was running.
        prompt_tokens_per_second: Reading a question of some 250 tokens.
        generation_tokens_per_second: Writing an answer of 32 tokens, alone.
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
    """Return the embedded model, starting its server if this process has none with these settings.

    Callers with equal settings share one server, from any thread; one that died is started again. It ends
    with the process. Environment variables for OpenAI and proxies do not apply to it.

    Args:
        weights: A GGUF file; None for `LATM_WEIGHTS` or the installed packages (see `find_weights`).
        temperature: 0 for the most likely token each time.
        max_tokens: Longest answer, in tokens. None means 1,024, which `with_sampling` may replace.
        context: Tokens that one request may hold, question and answer together.
        slots: Requests that are worked on at once. Memory grows with `context * slots`.
        threads: Threads of llama.cpp; None for as many as this process may use.
        progress: Told bytes done and bytes in all while weights are prepared.

    Raises:
        WeightsError: No usable weights.
        ModelError: llama.cpp is not installed, or it cannot load the weights.
    """
    server = _shared_server(weights=weights, context=context, slots=slots, threads=threads, progress=progress)
    return server.chat_model(temperature=temperature, max_tokens=max_tokens)


def describe_local_model(
    *, weights: str | os.PathLike[str] | None = None, progress: Progress | None = None
) -> LocalModelDescription:
    """Say which weights are used and how fast the model is here; takes some 15 seconds.

    The hash is taken anew from the whole file. The speeds come from one request, after one that warms up.

    Args:
        weights: As for `create_local_model`.
        progress: Told bytes done and bytes in all while weights are prepared and hashed.

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
    # A question that no cache has seen, since a cached prompt is not read again.
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
        raise ModelError(f"The local model did not answer a first question: {type(error).__name__}.") from error
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
