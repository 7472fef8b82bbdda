"""The dispatcher: which tool a request is for, or that none fits (paper, section 3.3).

The paper asks a model for every request. Here the wording decides first, by what the example questions of each tool
share (`text.wording.lexical`). A model is asked only if the wording does not decide.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from langchain_core.embeddings import Embeddings
from langchain_core.runnables import Runnable

from langchain_latm._core.caller import caller_of_run
from langchain_latm._core.defaults import INSTANCES
from langchain_latm._core.flow import Calls, Do, Flow, flow_runnable
from langchain_latm.exceptions import RequestError, ToolNotFoundError, ToolRecordError
from langchain_latm.loop.dispatch.decisions import decided, doubtful, read_by_one, reason_against, reuse
from langchain_latm.loop.dispatch.embedding_index import EmbeddingIndex
from langchain_latm.loop.dispatch.joint_probability import SURE_ERROR
from langchain_latm.loop.dispatch.probability import MAX_ERROR
from langchain_latm.loop.dispatch.prompts import DISPATCHING
from langchain_latm.loop.dispatch.tool_index import Comparison, ToolIndex
from langchain_latm.models.asking import asking
from langchain_latm.models.embeddings import are_local, resolve_embeddings
from langchain_latm.models.failures import error_detail, model_failure
from langchain_latm.models.late import late_model
from langchain_latm.models.replies import reply_text, was_cut
from langchain_latm.text.wording.character_grams import compared
from langchain_latm.tools.library.libraries import Libraries, LibraryFactory
from langchain_latm.tools.library.library import ToolLibrary, loop_operations_of
from langchain_latm.tools.library.request_wording import proven_questions
from langchain_latm.tools.library.waiting import WaitingKind, WaitingKinds, waiting_rows
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import (
    MAX_QUESTION_CHARACTERS,
    Dispatch,
    DispatchCandidate,
    Inputs,
    TokenUsage,
    check_inputs,
    shorten,
)

_REPLY_TOKENS: Final = 256
"""Enough for a few sentences before the choice; a model that replies with a number, as asked, uses two."""
_SHOWN_EXAMPLES: Final = 2
_SHOWN_CHARACTERS: Final = 300
_SHOWN_INPUTS: Final = 10

_log = logging.getLogger(__name__)


def create_dispatcher(
    library: ToolLibrary | LibraryFactory,
    *,
    model: str | Runnable[Any, Any] | None = None,
    embeddings: str | Embeddings | None = None,
    instances: int = INSTANCES,
    refresh_seconds: float = 1.0,
    max_error: float = MAX_ERROR,
) -> Runnable[Any, Dispatch]:
    """Create the Runnable that finds the tool for a request.

    The wording decides if it can. A tool is reused if the request is one of its examples, if its request parser alone
    reads the request, if the request contains what its examples share, or if the request is so much more like its
    examples than like those of any other tool that it is right with a high enough probability. If the wording does
    not decide, wording and embeddings are compared together, if there are any embeddings, and then the model is asked,
    if there is one; it chooses among the nearest tools or says that none fits. If the model fails, or its reply is not
    a choice, no tool fits, and the log and the reason say so. If the embeddings fail, the log says so. A request that
    no tool fits is answered directly, or a tool is made if enough requests of its kind wait in the library.

    The dispatcher keeps an index of the tools in memory. Before a request, it checks the library for changes, including
    those by other processes, if the last check is `refresh_seconds` old. It runs no tool, makes none, and writes
    nothing. Tools that were made of requests under a system prompt (`create_latm`) are not found.

    A dict is not compared by its wording: it is for the typed tool that takes inputs of exactly these names. If there
    are several, none is reused. If the only one was retired, its rows wait, and it is made again.

    Args:
        library: Where the tools are: see `create_latm`.
        model: Asked if the wording does not decide: `"local"`, a name that `init_chat_model` takes, or a chat model.
            Without one, only certain matches are reused.
        embeddings: Compared if the wording does not decide (extra `embeddings`): `"local"`, which sends nothing, a name
            that `init_embeddings` takes, or LangChain `Embeddings`. Others than the local ones are calibrated on the
            examples of the library, left out one by one; with fewer than 1 / `max_error` examples they only tell the
            model which tools are near. Each process embeds the examples of all tools once, case-folded and without the
            middle of long ones; LangChain's `CacheBackedEmbeddings` caches the vectors.
        instances: Requests of one kind that must wait before a tool is made.
        refresh_seconds: How long a change of the library may go unnoticed.
        max_error: Share of requests in natural wording that may get a wrong tool, as measured on everyday intents with
            3 and 6 examples each. A lower share finds fewer tools.

    Returns:
        A Runnable from a request, or inputs by name, to a `Dispatch`; sync, async, batch.

    Raises:
        ValueError: `max_error` is not a share.
        ModelError: The model or the embeddings cannot be named or set up.
        RequestError: By the Runnable: the request is empty or longer than 100,000 characters, or an input is not a
            JSON value.
        ToolLibraryError: By the Runnable: the library's store failed.

    Example:
        ```python
        from langchain_latm import create_dispatcher, open_tool_library

        with open_tool_library("tools.sqlite") as library:
            dispatcher = create_dispatcher(library)
            found = dispatcher.invoke("Sort these words: kiwi date lime")
            print(found.action, found.tool)  # -> reuse sort_words
            print(dispatcher.invoke("What is the capital of France?").action)  # -> answer
        ```
    """
    chat = None if model is None else late_model(model)
    embedding = None if embeddings is None else resolve_embeddings(embeddings)

    libraries = Libraries(library, lambda own: Dispatcher(own, chat, embedding, instances, refresh_seconds, max_error))
    validate_share(max_error)

    def dispatch(request: str | dict[str, Any]) -> Flow[Dispatch]:
        own = libraries.of((yield from caller_of_run()))
        return (yield from own.dispatch_inputs(request) if isinstance(request, dict) else own.dispatch(request))

    return flow_runnable(dispatch, name="dispatcher")


class Dispatcher:
    """The decision as a flow; `create_dispatcher` documents the arguments."""

    def __init__(  # noqa: PLR0917 - those of `create_dispatcher`, and the key
        self,
        library: ToolLibrary,
        model: str | Runnable[Any, Any] | None,
        embeddings: Embeddings | None,
        instances: int,
        refresh_seconds: float,
        max_error: float = MAX_ERROR,
        system_key: str = "",
    ) -> None:
        validate_share(max_error)
        self._system_key = system_key
        self._operations = loop_operations_of(library)
        self.model = None if model is None else late_model(model)
        self._embeddings = embeddings
        self._refresh_seconds = refresh_seconds
        self._max_error = max_error
        self._tools = ToolIndex(self._operations.library, refresh_seconds, system_key)
        self._vectors = EmbeddingIndex() if embeddings is not None else None
        self._embedded = 0  # the revision of the index that the vectors belong to
        local = embeddings is not None and are_local(embeddings)
        self._sure_error = max_error * SURE_ERROR if local else max_error
        self._least = 0.0  # probability from which tools are reused by embeddings, if their examples need one
        self._instances = instances
        self._waiting = WaitingKinds(instances)
        self._waiting_lock = threading.Lock()
        self._looked = float("-inf")

    @property
    def revision(self) -> int:
        """How often the index has changed."""
        return self._tools.revision

    def dispatch(self, request: str) -> Flow[Dispatch]:
        """Decide what to do with a request."""
        found, seen = yield from self.find(request)
        if found is not None:
            return found
        candidates, in_doubt = seen.candidates, doubtful(seen)
        reason, usage = reason_against(candidates, seen), TokenUsage()
        if self.model is not None and in_doubt:
            chosen, reason, usage = yield from self._ask(request, in_doubt)
            if chosen is not None:
                return reuse(chosen, candidates, reason, seen, by="model", usage=usage)
        kind = yield from self.kind_of(request, seconds=self._refresh_seconds)
        if kind.due:
            reason += f"; {len(kind.instances)} solved requests of its kind wait, enough to make a tool"
        return Dispatch(
            action="make" if kind.due else "answer",
            by="model" if usage.calls else "words",
            score=candidates[0].score if candidates else 0.0,
            probability=seen.verdict.probability,
            candidates=tuple(candidates),
            waiting=len(kind.instances),
            reason=reason,
            usage=usage,
        )

    def by_parser(self, request: str) -> tuple[Dispatch, dict[str, Any] | None] | None:
        """Decide as `dispatch` does, if the wording alone decides for a tool; else None. `refresh` is called before.

        A request that one parser alone reads is not compared with other tools: the decision is for that parser's tool
        (`decisions.decided`).

        Returns:
            The decision, and the arguments if a parser has read them for it.

        Raises:
            RequestError: The request is empty or too long.
        """
        validate_request(request)
        read = self._tools.sole_reader(request)
        if read is None:
            found = decided(self._tools.compare(request, self._sure_error))
            return None if found is None else (found, None)
        name, tool_id, arguments = read
        return read_by_one(name, tool_id), arguments

    def dispatch_inputs(self, inputs: dict[str, Any]) -> Flow[Dispatch]:
        """Find the typed tool that takes these inputs, by their names alone.

        Raises:
            RequestError: They are not JSON values.
        """
        try:
            check_inputs(inputs)
        except ValueError as error:
            raise RequestError(str(error)) from error
        yield from self.refresh()
        found = self._tools.taking(inputs)
        names = ", ".join(repr(shorten(name)) for name in list(inputs)[:_SHOWN_INPUTS])
        if len(found) == 1:
            ((name, tool_id),) = found.items()
            return Dispatch(action="reuse", tool=name, tool_id=tool_id, by="inputs", reason=f"{name} takes {names}")
        which = f"{' and '.join(found)} all take" if found else "no tool takes"
        kind = (yield from self.kind_of_row(inputs)) if not found else None
        reason = f"{which} the inputs {names}, so none is reused"
        if kind is not None and kind.due:
            reason += f"; {len(kind.instances)} rows of the retired {kind.tool} wait, enough to make it again"
            return Dispatch(action="make", by="inputs", reason=reason, waiting=len(kind.instances))
        return Dispatch(action="answer", by="inputs", reason=reason)

    def find(self, request: str) -> Flow[tuple[Dispatch | None, Comparison]]:
        """Return the tool that a request is for, if wording and embeddings are sure, and how it compares with all."""
        validate_request(request)
        yield from self.refresh()
        seen = self._tools.compare(request, self._sure_error)
        found = decided(seen)
        if found is None and self._vectors is not None:
            seen = yield from self._with_embeddings(request, seen, self._vectors)
            found = decided(seen)
        return found, seen

    def fits_by_words(self, request: str, besides: str | None = None) -> bool:
        """Whether a tool in the index, other than that with the id `besides`, fits a request by its wording alone."""
        seen = self._tools.compare(request, self._max_error)
        found = decided(seen)
        if found is not None and found.tool_id != besides:
            return True
        return any(each.fits and each.tool_id != besides for each in seen.candidates)

    def takes(self, inputs: Mapping[str, Any]) -> bool:
        """Whether a typed tool in the index takes inputs of exactly these names."""
        return bool(self._tools.taking(inputs))

    def is_disputed(self, tool: str, request: str | Inputs) -> bool:
        """Whether feedback calls the earlier answer of a tool in the index to this very request wrong."""
        return self._tools.is_disputed(tool, request)

    def refresh(self, *, now: bool = False) -> Flow[None]:
        """Read changes of the library, if the last check is old enough or `now` is true."""
        if now or self._tools.stale:
            yield from self._tools.refresh()

    def kind_of(self, request: str, *, seconds: float = 0.0) -> Flow[WaitingKind]:
        """Return the waiting instances of a request's kind, as read at most this many seconds ago."""
        looked, waiting = time.monotonic(), None
        if looked - self._looked >= seconds:
            instances, failed = yield from self._operations.waiting()
            own = [each for each in instances if each.system_key == self._system_key and not each.typed]
            waiting = own, failed
        with self._waiting_lock:  # held until the end: another thread may have read earlier and arrive later
            if waiting is not None:
                self._waiting.update(*waiting)
                self._looked = looked
            return self._waiting.kind_of(request)

    def kind_of_row(self, inputs: Mapping[str, Any]) -> Flow[WaitingKind]:
        """Return what waits for a new version of the retired typed tool that took such inputs."""
        return waiting_rows(*(yield from self._operations.waiting()), inputs, self._instances)

    def _with_embeddings(self, request: str, seen: Comparison, vectors: EmbeddingIndex) -> Flow[Comparison]:
        """Embed new examples, and compare a request by wording and embeddings; by wording alone if that fails."""
        embeddings, revision = self._embeddings, self._tools.revision
        assert embeddings is not None  # noqa: S101 - for the type checker: there are vectors only with embeddings
        same = compared(request)
        try:
            if revision != self._embedded:
                examples = self._tools.examples()
                texts = vectors.missing(examples)
                rows: list[list[float]] = []
                if texts:
                    (rows,) = yield Do(
                        lambda: embeddings.embed_documents(texts), lambda: embeddings.aembed_documents(texts)
                    )
                vectors.update(examples, dict(zip(texts, rows, strict=True)))
                if not are_local(embeddings):
                    self._least = self._tools.needed_by_examples(vectors, self._max_error)
                self._embedded = revision
            (vector,) = yield Do(lambda: embeddings.embed_query(same), lambda: embeddings.aembed_query(same))
        except Exception as error:  # noqa: BLE001 - that of a provider's package
            _log.warning("the embeddings failed, the wording alone decides: %s", error_detail(error))
            return seen
        return self._tools.with_embeddings(request, seen, vectors, vector, max_error=self._max_error, least=self._least)

    def _readable(self, ids: dict[str, str]) -> Flow[dict[str, MadeTool]]:
        """Return these tools by name; log and omit damaged records."""
        tools: dict[str, MadeTool] = {}
        for name, tool_id in ids.items():
            try:
                tools[name] = yield from self._operations.library.get_by_id(tool_id)
            except (ToolNotFoundError, ToolRecordError) as error:
                _log.warning("the dispatcher leaves out %s: %s", name, error)
        return tools

    def _ask(
        self, request: str, doubtful: Sequence[DispatchCandidate]
    ) -> Flow[tuple[DispatchCandidate | None, str, TokenUsage]]:
        """Ask the model; return its choice, the reason in a sentence, and the tokens."""
        known = yield from self._readable({each.name: each.tool_id for each in doubtful})
        asked = [each for each in doubtful if each.name in known]
        if not asked:
            return None, "the nearest tools cannot be read", TokenUsage()
        tools = "\n\n".join(f"Tool {number}: {_described(known[each.name])}" for number, each in enumerate(asked, 1))
        chat = asking(self.model, temperature=0, max_tokens=_REPLY_TOKENS)  # type: ignore[arg-type]
        (reply,) = yield Calls(DISPATCHING | chat, [{"tools": tools, "request": request}])
        if isinstance(reply, Exception):
            why = model_failure(reply, self.model)
            _log.warning("the dispatcher's model failed: %s", why)
            return None, f"none fits for certain, and the model could not be asked: {why.rstrip('.')}", TokenUsage()
        usage = TokenUsage.of(reply)
        if was_cut(reply):
            return None, "none fits for certain, and the model's reply was cut off before its choice", usage
        number = _number_in(reply_text(reply), len(asked))
        if number is None:
            said = shorten(reply_text(reply), 60)
            return None, f"none fits for certain, and the model's reply {said!r} is not a choice", usage
        if number == 0:
            return None, f"none fits: the model said so, asked about {', '.join(each.name for each in asked)}", usage
        return asked[number - 1], f"the model chose it among {', '.join(each.name for each in asked)}", usage


def _described(tool: MadeTool) -> str:
    """Return a tool's description and examples for the prompt."""
    examples = proven_questions(tool)[:_SHOWN_EXAMPLES]
    lines = [f"Request: {shorten(question, _SHOWN_CHARACTERS)}" for question in examples]
    return "\n".join([shorten(tool.description, _SHOWN_CHARACTERS), *lines])


def validate_share(max_error: float) -> None:
    """Reject a `max_error` that is not a share.

    Raises:
        ValueError: It is none.
    """
    if not 0 <= max_error < 1:
        raise ValueError("max_error must be a share from 0 to less than 1")


def validate_request(request: str) -> None:
    """Reject empty or oversized requests.

    Raises:
        RequestError: It is empty or longer than 100,000 characters.
    """
    if not request.strip():
        raise RequestError("the request is empty")
    if len(request) > MAX_QUESTION_CHARACTERS:
        raise RequestError(f"the request is longer than {MAX_QUESTION_CHARACTERS:,} characters")


def _number_in(reply: str, most: int) -> int | None:
    """Return the number in a reply; None if it contains none, several, or one that was not offered."""
    numbers = {int(text) for text in re.findall(r"\d+", reply[:1_000])}
    return numbers.pop() if len(numbers) == 1 and max(numbers) <= most else None
