"""The operations of a tool library on its store, as flows for sync and async callers.

A record is stored under its hash and never changed; a small pointer for each name says which record is its current
one. Events and uses are added under unique keys, because stores lack compare-and-swap. In a batch of writes
the pointer comes last.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Literal

from langgraph.store.base import BaseStore, GetOp, Item, Op, PutOp, SearchOp
from pydantic import ValidationError

from langchain_latm._core.caller import tenant_label
from langchain_latm._core.flow import Flow
from langchain_latm._core.telemetry import answered, tool_failed
from langchain_latm.exceptions import ToolNotFoundError, ToolRecordError
from langchain_latm.text.wording.lexical import WORDINGS_VERSION, Wording
from langchain_latm.tools.library.export import LibraryExport
from langchain_latm.tools.library.instances import Instance, system_key_of
from langchain_latm.tools.library.request_wording import RequestWording, established
from langchain_latm.tools.library.store_batch import ALL, StoreBatch, now, see_key, unique_key
from langchain_latm.tools.library.use_sums import times_of, uses_of
from langchain_latm.tools.library.verdicts import verdicts_of
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import FeedbackEntry, TokenUsage, ToolEvent, ToolSummary, ToolUsage, first_error, shorten

_log = logging.getLogger(__name__)

NO_TOOL: Final = "(none)"
"""The label of feedback on answers that no tool gave; no tool can have this name."""
_MOST_DISPUTED: Final = 1_000
_IMPORT_BATCH: Final = 1_000
"""Records that an import writes in one batch; a store takes at most some 16,000 values per batch."""


class LibraryOperations:
    """The operations of one library on its tools. Each method that returns a `Flow` is one operation.

    `ToolLibrary` runs most of them as its methods; other parts of this package use them inside their own flows.

    Args:
        store: The store.
        namespace: The first labels of everything that is stored.
        tenant: The tenant; empty for all runs without a tenant.

    Attributes:
        after_use: Called with the key of a use after it was written.
    """

    def __init__(self, store: BaseStore, namespace: Sequence[str], tenant: str = "") -> None:
        self._store = store
        self._prefix = (*namespace, "tenants", tenant_label(tenant)) if tenant else tuple(namespace)
        self.after_use: Callable[[str], None] | None = None

    def batch(self, *operations: Op) -> StoreBatch:
        """Return the effect that carries out these operations."""
        return StoreBatch(self._store, operations)

    def labels(self, *labels: str) -> tuple[str, ...]:
        """Return the namespace of one sort of items in the store, such as `"records"`."""
        return (*self._prefix, *labels)

    def find_all(self, *labels: str) -> SearchOp:
        """Return the search for every item under these labels."""
        return SearchOp(self.labels(*labels), limit=ALL)

    def add(self, tool: MadeTool, reason: str) -> Flow[str]:
        """Store a tool, make it the current one of its name, and return its id."""
        examples = yield from self.examples(tool.name)
        yield from self.read_history(tool.name)
        yield self.batch(*self.additions(tool, reason, examples))
        return tool.id

    def read_history(self, name: str) -> Flow[None]:
        """Read the events of a name, so that the key of its next one is later (`store_batch.unique_key`)."""
        yield self.batch(self.find_all("history", name))

    def additions(self, tool: MadeTool, reason: str, examples: Sequence[Instance]) -> list[Op]:
        """Return the writes that make a tool the current one of its name, after `read_history`.

        Args:
            tool: The tool.
            reason: For the history.
            examples: Known requests of its kind besides those of its proof.
        """
        return [
            self._put_record(tool),
            self._put_event(_event(tool.name, tool.id, "added", reason)),
            *self._point(tool, examples),
            self._changed(),
        ]

    def update_wordings(self, name: str) -> Flow[None]:
        """Recompute the wordings of a tool's requests after one was added; do nothing if there is no such tool."""
        try:
            tool = yield from self.get(name)
        except ToolNotFoundError:
            return
        examples = yield from self.examples(name)
        yield self.batch(*self._point(tool, examples, (yield from self.disputed(tool))), self._changed())

    def get(self, name: str) -> Flow[MadeTool]:
        """Return the current tool of a name."""
        return (yield from self.get_by_id((yield from self._current_id(name))))

    def get_by_id(self, tool_id: str) -> Flow[MadeTool]:
        """Return a tool by the id of its record."""
        (item,) = yield self.batch(GetOp(self.labels("records"), tool_id))
        if item is None:
            raise ToolNotFoundError(f"there is no tool with the id {shorten(tool_id)!r}")
        return read_record(item)

    def _current_id(self, name: str) -> Flow[str]:
        (item,) = yield self.batch(GetOp(self.labels("names"), name))
        if item is None or not item.value["id"]:
            raise ToolNotFoundError(f"there is no tool named {shorten(name)!r}")
        see_key(item.value.get("forms"))
        return str(item.value["id"])

    def summaries(self) -> Flow[tuple[ToolSummary, ...]]:
        """Return a summary of each current tool, by name."""
        return tuple(sorted(map(_summary, (yield from self.pointers())), key=lambda each: each.name))

    def free_name(self, wanted: str, besides: Iterable[str] = ()) -> Flow[str]:
        """Return `wanted`, with a number appended if a current tool has that name, or if it is among `besides`."""
        taken = {*besides, *(each.key for each in (yield from self.pointers()))}
        numbered = (wanted if number == 1 else f"{wanted}_{number}" for number in range(1, len(taken) + 2))
        return next(each for each in numbered if each not in taken)

    def pointers(self, system_key: str | None = None) -> Flow[Sequence[Item]]:
        """Return the pointer of each name that has a tool: its `id`, and as `forms` a text that changes with its forms.

        Args:
            system_key: Only tools for requests under this system prompt; empty for those without one.
        """
        (items,) = yield self.batch(self.find_all("names"))
        see_key(max((str(item.value.get("forms")) for item in items if item.value["id"]), default=None))
        return [item for item in items if item.value["id"] and system_key in (None, item.value.get("system_key", ""))]

    def questions(self, tool: MadeTool) -> Flow[list[str]]:
        """Return the requests besides those of its proof that find a tool, oldest first."""
        return established(tool, (yield from self.examples(tool.name)))

    def examples(self, name: str) -> Flow[tuple[Instance, ...]]:
        """Return the requests that were found to be of a tool's kind since its proof, oldest first."""
        (items,) = yield self.batch(self.find_all("examples", name))
        return tuple(Instance(id=item.key, **item.value) for item in sorted(items, key=lambda item: item.key))

    def feedback(self, name: str | None = None) -> Flow[list[FeedbackEntry]]:
        """Return the feedback on the answers of a tool, or all feedback, oldest first."""
        (items,) = yield self.batch(self.find_all("feedback", *([] if name is None else [name])))
        return sorted(map(read_feedback, items), key=lambda entry: entry.at)

    def disputed(self, tool: MadeTool) -> Flow[list[str]]:
        """Return the requests to which the answer of this version is wrong, according to feedback."""
        entries = [each for each in (yield from self.feedback(tool.name)) if each.tool_id == tool.id]
        wrong = [each.question for each in verdicts_of(entries).values() if not each.right and each.question]
        return list(dict.fromkeys(wrong))[-_MOST_DISPUTED:]

    def wordings(self, ids: Mapping[str, str]) -> Flow[dict[str, RequestWording]]:
        """Return the wording of the requests of tools, given as ids by name; log and omit damaged records."""
        items = yield self.batch(*(GetOp(self.labels("forms"), name) for name in ids))
        found: dict[str, RequestWording] = {}
        for (name, tool_id), item in zip(ids.items(), items, strict=True):
            value = item.value if item is not None else {}
            if (value.get("id"), value.get("version")) == (tool_id, WORDINGS_VERSION):
                wordings = tuple(Wording(tuple(anchors), *bounds) for anchors, *bounds in value["forms"])
                known = tuple(value["questions"]), value["parser"], tuple(value.get("disputed", ()))
                found[name] = RequestWording(wordings, *known, tuple(value.get("inputs", ())))
                continue
            try:
                tool = yield from self.get_by_id(tool_id)
            except (ToolNotFoundError, ToolRecordError) as error:
                _log.warning("no request will find %s: %s", name, error)
            else:
                examples = yield from self.examples(name)
                found[name] = RequestWording.of(tool, examples, (yield from self.disputed(tool)))
        return found

    def search(self, text: str) -> Flow[tuple[ToolSummary, ...]]:
        """Return the current tools whose name or description contains every word of `text`, by name."""
        words = text.lower().split()
        everything = yield from self.summaries()
        return tuple(
            each for each in everything if all(word in f"{each.name} {each.description}".lower() for word in words)
        )

    def history(self, name: str) -> Flow[tuple[ToolEvent, ...]]:
        """Return the events of a name, oldest first."""
        items: Sequence[Item] = ()
        if name and "." not in name:  # a store refuses such a label, and no tool can have such a name
            (items,) = yield self.batch(self.find_all("history", name))
        if not items:
            raise ToolNotFoundError(f"there never was a tool named {shorten(name)!r}")
        return tuple(ToolEvent(**item.value) for item in sorted(items, key=lambda item: item.key))

    def last_version(self, name: str) -> Flow[MadeTool]:
        """Return the current tool of a name, or the last one if it was retired or removed."""
        try:
            return (yield from self.get(name))
        except ToolNotFoundError:
            events = yield from self.history(name)
        return (yield from self.get_by_id(events[-1].id))

    def activate(self, name: str, tool_id: str, reason: str) -> Flow[MadeTool]:
        """Make an earlier version of a name the current one again."""
        versions = {event.id for event in (yield from self.history(name))}
        matching = [each for each in versions if tool_id and each.startswith(tool_id)]
        if len(matching) != 1:
            count = "several versions" if matching else "no version"
            raise ToolNotFoundError(
                f"{count} of {name!r} have an id that begins with {shorten(tool_id)!r}; there are "
                f"{', '.join(sorted(each[:12] for each in versions))}"
            )
        tool = yield from self.get_by_id(matching[0])
        examples = yield from self.examples(name)
        pointed = self._point(tool, examples, (yield from self.disputed(tool)))
        yield self.batch(self._put_event(_event(name, tool.id, "activated", reason)), *pointed, self._changed())
        return tool

    def remove(self, name: str, reason: str) -> Flow[None]:
        """Leave a name without a current tool."""
        current = yield from self._current_id(name)
        yield from self.read_history(name)
        event = _event(name, current, "removed", reason)
        # Not deleted: a store executes deletions apart from writes, and SqliteStore keeps one if the other fails.
        nothing = PutOp(self.labels("names"), name, {"id": None}, index=False)
        yield self.batch(self._put_event(event), nothing, self._changed())

    def record_use(self, tool: MadeTool, failed: bool, tokens: TokenUsage, model: str | None) -> Flow[None]:
        """Record a use of a tool by a caller who gave its arguments."""
        if failed:
            tool_failed(tool.id)
        else:
            answered("caller", tool=tool.id)
        use = self.use(tool, failed, tokens, model)
        yield self.batch(use)
        self.was_written(use)

    def was_written(self, use: PutOp) -> None:
        """Note that a use is stored; from time to time this starts adding up uses."""
        if self.after_use is not None:
            self.after_use(use.key)

    def use(self, tool: MadeTool, failed: bool, tokens: TokenUsage, model: str | None, *, times: int = 1) -> PutOp:
        """Return the write that records a use, or several.

        Args:
            tool: The tool.
            failed: Whether it gave no answer.
            tokens: Tokens spent on reading the arguments, in total.
            model: The model that read them; by default the one that the tool was proven with.
            times: How many uses.
        """
        used = model or tool.provenance.user_model
        note = {"id": tool.id, "failed": failed, "tokens": tokens.model_dump(), "model": used, "at": now()}
        note |= {} if times == 1 else {"times": times}
        return PutOp(self.labels("uses", tool.name), unique_key(), note, index=False)

    def usage(self, name: str) -> Flow[ToolUsage]:
        """Return the sum of all recorded uses of a name."""
        items, _ = yield from uses_of(self, self.find_all("uses", name), name)
        notes = [item.value for item in items]
        return ToolUsage(
            uses=sum(map(times_of, items)),
            failures=sum(times_of(item) for item in items if item.value["failed"]),
            tokens=sum((TokenUsage(**note["tokens"]) for note in notes), TokenUsage()),
            last_use=max((note["at"] for note in notes), default=None),
        )

    def export(self) -> Flow[LibraryExport]:
        """Return everything except the uses."""
        labels = ("records", "history", "names", "examples")
        records, events, names, known = yield self.batch(*map(self.find_all, labels))
        examples: dict[str, tuple[Instance, ...]] = {}
        for item in sorted(known, key=lambda item: (item.namespace, item.key)):
            name = item.namespace[-1]
            examples[name] = (*examples.get(name, ()), Instance(id=item.key, **item.value))
        return LibraryExport(
            tools=tuple(sorted(map(read_record, records), key=lambda tool: (tool.name, tool.id))),
            history=tuple(ToolEvent(**item.value) for item in sorted(events, key=lambda item: item.key)),
            current={
                item.key: item.value["id"] for item in sorted(names, key=lambda item: item.key) if item.value["id"]
            },
            examples=examples,
        )

    def import_(self, exported: LibraryExport, replace: bool) -> Flow[tuple[str, ...]]:
        """Store everything of an export; return the names whose current tool came from it."""
        there = {each.name: each.id for each in (yield from self.summaries())}
        (items,) = yield self.batch(self.find_all("history"))
        known = {ToolEvent(**item.value) for item in items}
        tools = {tool.id: tool for tool in exported.tools}
        chosen = [
            tools[tool_id]
            for name, tool_id in exported.current.items()
            if replace or there.get(name, tool_id) == tool_id
        ]
        kept: list[Op] = [
            *(self._put_record(tool) for tool in exported.tools),
            *(self.put_example(name, each) for name, examples in exported.examples.items() for each in examples),
        ]
        for start in range(0, len(kept), _IMPORT_BATCH):
            yield self.batch(*kept[start : start + _IMPORT_BATCH])
        current: list[Op] = [self._put_event(event) for event in exported.history if event not in known]
        for tool in chosen:
            if there.get(tool.name) != tool.id:
                examples_now = yield from self.examples(tool.name)
                current.append(self._put_event(_event(tool.name, tool.id, "activated", "imported")))
                current += self._point(tool, examples_now)
        yield self.batch(*current, self._changed())
        return tuple(sorted(tool.name for tool in chosen))

    def put_example(self, name: str, example: Instance) -> PutOp:
        """Return the write that stores a request of a tool's kind."""
        # Its role is relative to the version that is being replaced, so it is not stored.
        value = example.model_dump(mode="json", exclude={"id", "role"})
        return PutOp(self.labels("examples", name), example.id, value, index=False)

    def stamp(self) -> Flow[str]:
        """Return a text that differs after every change of a name's current tool; empty before the first."""
        (item,) = yield self.batch(GetOp(self.labels("stamp"), "last"))
        return "" if item is None else str(item.value["change"])

    def _changed(self) -> PutOp:
        return PutOp(self.labels("stamp"), "last", {"change": unique_key()}, index=False)

    def _put_record(self, tool: MadeTool) -> PutOp:
        # As text, since jsonb sorts keys and turns 1e16 into an int, and SqliteStore takes no int of more than 64 bits.
        return PutOp(self.labels("records"), tool.id, {"json": json.dumps(tool.model_dump(mode="json"))}, index=False)

    def _put_event(self, event: ToolEvent) -> PutOp:
        return PutOp(self.labels("history", event.name), unique_key(), event.model_dump(), index=False)

    def _point(self, tool: MadeTool, examples: Sequence[Instance], disputed: Sequence[str] = ()) -> tuple[PutOp, PutOp]:
        """Return the writes of a name's pointer, and of the wording of its requests, which takes time to compute."""
        wording = RequestWording.of(tool, examples, disputed)
        pointer = {
            "id": tool.id,
            "description": tool.description,
            "since": now(),
            "forms": unique_key(),
            "system_key": system_key_of(examples),
        }
        learned = {
            "id": tool.id,
            "version": WORDINGS_VERSION,
            "forms": [list(each) for each in wording.wordings],
            "questions": list(wording.questions),
            "parser": wording.parser,
            **({"disputed": list(wording.disputed)} if wording.disputed else {}),
            **({"inputs": list(wording.inputs)} if wording.inputs else {}),
        }
        return (
            PutOp(self.labels("forms"), tool.name, learned, index=False),
            PutOp(self.labels("names"), tool.name, pointer, index=False),
        )


def read_record(item: Item) -> MadeTool:
    """Return the tool of a stored record, if its id is its key.

    Raises:
        ToolRecordError: It was altered or damaged.
    """
    tool_id = item.key
    try:
        # Older libraries hold the record itself.
        plain = json.loads(item.value["json"]) if "json" in item.value else item.value
        tool = MadeTool.model_validate(plain, context={"stored": True})
    except ValidationError as error:
        raise ToolRecordError(f"the stored tool {shorten(tool_id, 20)} is not usable: {first_error(error)}") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise ToolRecordError(f"the stored tool {shorten(tool_id, 20)} is not a record: {error}") from error
    if tool.id != tool_id:
        raise ToolRecordError(f"under the id {shorten(tool_id, 20)} another tool is stored: {tool.id[:12]}...")
    return tool


def read_feedback(item: Item) -> FeedbackEntry:
    """Return the feedback of a stored item; the key of those from before feedback had provenance is the answer's id."""
    name = item.namespace[-1]
    known = {"answer_id": item.key, "tool": None if name == NO_TOOL else name} | item.value
    return FeedbackEntry(id=item.key, **known)


def _summary(pointer: Item) -> ToolSummary:
    stored = {key: pointer.value[key] for key in ("id", "description", "since")}
    return ToolSummary(name=pointer.key, system_key=pointer.value.get("system_key", ""), **stored)


def _event(name: str, tool_id: str, action: Literal["added", "activated", "removed"], reason: str) -> ToolEvent:
    return ToolEvent(name=name, id=tool_id, action=action, reason=reason, at=now())
