"""What a tool library does with its store, written once for sync and async callers.

A record is kept under its hash and never changed; a small pointer for each name says which record it means. Events and
uses are added under keys of their own, since a store has no way to change a value only if nobody else did.

Reads and writes go in batches of their own: a store may do a batch in one transaction, and SQLite refuses one that
turns from reading to writing after another process has written. In a batch of writes the pointer comes last.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Generator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar

from langgraph.store.base import GetOp, Item, Op, PutOp, SearchOp
from pydantic import ValidationError

from langchain_latm.exceptions import ToolLibraryError, ToolNotFoundError, ToolRecordError
from langchain_latm.text.wording.lexical import FORMS_VERSION, Form, forms_of
from langchain_latm.tools.library.export import LibraryExport
from langchain_latm.tools.library.waiting import Instance
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import TokenUsage, ToolEvent, ToolSummary, ToolUsage, first_error, shorten

T = TypeVar("T")
Ops = list[Op]
Flow = Generator[Ops, list[Any], T]
"""Yields operations for the store, a batch at a time, and is sent their results."""

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 1_000
"""Records are written so many at a time: a store takes no more than some 16,000 values in one batch."""
ALL: Final = 1_000_000_000
"""More than any search finds: the store wants a number."""


class LibraryFlows:
    """The flows of one library; `ToolLibrary` says what each is for.

    Args:
        namespace: The first label of everything that is kept.
    """

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def add(self, tool: MadeTool, reason: str) -> Flow[str]:
        yield self.added(tool, reason, (yield from self.questions(tool.name)))
        return tool.id

    def added(self, tool: MadeTool, reason: str, questions: Sequence[str]) -> Ops:
        """Return what makes a tool the current one of its name; `questions` are known beside the proven ones."""
        return [
            self._put_record(tool),
            self._put_event(_event(tool.name, tool.id, "added", reason)),
            *self._point(tool, questions),
            self._changed(),
        ]

    def learn_forms(self, name: str) -> Flow[None]:
        """Learn anew how a tool's requests are put, after a question was added; nothing if there is no such tool."""
        try:
            tool = yield from self.get(name)
        except ToolNotFoundError:
            return
        known = yield from self.questions(name)
        yield [*self._point(tool, known), self._changed()]

    def get(self, name: str) -> Flow[MadeTool]:
        return (yield from self.get_by_id((yield from self._current_id(name))))

    def get_by_id(self, tool_id: str) -> Flow[MadeTool]:
        (item,) = yield [GetOp(self.labels("records"), tool_id)]
        if item is None:
            raise ToolNotFoundError(f"there is no tool with the id {shorten(tool_id)!r}")
        return checked(item.value, tool_id)

    def _current_id(self, name: str) -> Flow[str]:
        (item,) = yield [GetOp(self.labels("names"), name)]
        if item is None or not item.value["id"]:
            raise ToolNotFoundError(f"there is no tool named {shorten(name)!r}")
        return str(item.value["id"])

    def list(self) -> Flow[tuple[ToolSummary, ...]]:
        return tuple(sorted(map(_summary, (yield from self.pointers())), key=lambda each: each.name))

    def pointers(self) -> Flow[Sequence[Item]]:
        """Return what each name that has a tool means: its `id`, and as `forms` a text that changes with these."""
        (items,) = yield [SearchOp(self.labels("names"), limit=ALL)]
        return [item for item in items if item.value["id"]]

    def questions(self, name: str) -> Flow[tuple[str, ...]]:
        """Return the questions of requests that turned out to be for a tool, oldest first, beside its proven ones."""
        return tuple(each.question for each in (yield from self.examples(name)))

    def examples(self, name: str) -> Flow[tuple[Instance, ...]]:
        """Return what is known of a tool's requests beside its proof, oldest first."""
        (items,) = yield [SearchOp(self.labels("examples", name), limit=ALL)]
        return tuple(Instance(id=item.key, **item.value) for item in sorted(items, key=lambda item: item.key))

    def forms(self, ids: Mapping[str, str]) -> Flow[dict[str, tuple[Form, ...]]]:
        """Return the forms of the requests of names that mean these records, and log those whose record is damaged."""
        items = yield [GetOp(self.labels("forms"), name) for name in ids]
        found: dict[str, tuple[Form, ...]] = {}
        for (name, tool_id), item in zip(ids.items(), items, strict=True):
            value = item.value if item is not None else {}
            if (value.get("id"), value.get("version")) == (tool_id, FORMS_VERSION):
                found[name] = tuple(Form(tuple(anchors), *bounds) for anchors, *bounds in value["forms"])
                continue
            try:
                tool = yield from self.get_by_id(tool_id)
            except (ToolLibraryError, ToolRecordError) as error:
                _log.warning("no request will find %s: %s", name, error)
            else:
                found[name] = forms_of([*proven_questions(tool), *(yield from self.questions(name))])
        return found

    def search(self, text: str) -> Flow[tuple[ToolSummary, ...]]:
        words = text.lower().split()
        everything = yield from self.list()
        return tuple(
            each for each in everything if all(word in f"{each.name} {each.description}".lower() for word in words)
        )

    def history(self, name: str) -> Flow[tuple[ToolEvent, ...]]:
        items: Sequence[Item] = ()
        if name and "." not in name:  # a store refuses such a label; no tool has such a name
            (items,) = yield [SearchOp(self.labels("history", name), limit=ALL)]
        if not items:
            raise ToolNotFoundError(f"there never was a tool named {shorten(name)!r}")
        return tuple(ToolEvent(**item.value) for item in sorted(items, key=lambda item: item.key))

    def activate(self, name: str, tool_id: str, reason: str) -> Flow[MadeTool]:
        versions = {event.id for event in (yield from self.history(name))}
        meant = [each for each in versions if tool_id and each.startswith(tool_id)]
        if len(meant) != 1:
            told = "several versions" if meant else "no version"
            raise ToolNotFoundError(
                f"{told} of {name!r} have an id that begins with {shorten(tool_id)!r}; there are "
                f"{', '.join(sorted(each[:12] for each in versions))}"
            )
        tool = yield from self.get_by_id(meant[0])
        known = yield from self.questions(name)
        yield [self._put_event(_event(name, tool.id, "activated", reason)), *self._point(tool, known), self._changed()]
        return tool

    def remove(self, name: str, reason: str) -> Flow[None]:
        event = _event(name, (yield from self._current_id(name)), "removed", reason)
        # Not deleted: a store deletes apart from what it puts, and SqliteStore keeps the one though the other failed.
        nothing = PutOp(self.labels("names"), name, {"id": None}, index=False)
        yield [self._put_event(event), nothing, self._changed()]

    def record_use(self, tool: MadeTool, failed: bool, tokens: TokenUsage, model: str | None) -> Flow[None]:
        yield [self.use(tool, failed, tokens, model)]

    def use(self, tool: MadeTool, failed: bool, tokens: TokenUsage, model: str | None) -> PutOp:
        """Return what counts a use; without a model it was the one that the tool was proven with."""
        used = model or tool.provenance.user_model
        note = {"id": tool.id, "failed": failed, "tokens": tokens.model_dump(), "model": used, "at": now()}
        return PutOp(self.labels("uses", tool.name), unique_key(), note, index=False)

    def usage(self, name: str) -> Flow[ToolUsage]:
        (items,) = yield [SearchOp(self.labels("uses", name), limit=ALL)]
        notes = [item.value for item in items]
        return ToolUsage(
            uses=len(notes),
            failures=sum(note["failed"] for note in notes),
            tokens=sum((TokenUsage(**note["tokens"]) for note in notes), TokenUsage()),
            last_use=max((note["at"] for note in notes), default=None),
        )

    def export(self) -> Flow[LibraryExport]:
        """Return everything but the uses."""
        labels = ("records", "history", "names", "examples")
        records, events, names, known = yield [SearchOp(self.labels(label), limit=ALL) for label in labels]
        examples: dict[str, tuple[Instance, ...]] = {}
        for item in sorted(known, key=lambda item: (item.namespace, item.key)):
            name = item.namespace[-1]
            examples[name] = (*examples.get(name, ()), Instance(id=item.key, **item.value))
        tools = [checked(item.value, item.key) for item in records]
        return LibraryExport(
            tools=tuple(sorted(tools, key=lambda tool: (tool.name, tool.id))),
            history=tuple(ToolEvent(**item.value) for item in sorted(events, key=lambda item: item.key)),
            current={
                item.key: item.value["id"] for item in sorted(names, key=lambda item: item.key) if item.value["id"]
            },
            examples=examples,
        )

    def import_(self, exported: LibraryExport, replace: bool) -> Flow[tuple[str, ...]]:
        """Keep everything of an export; return the names whose current tool came from it."""
        there = {each.name: each.id for each in (yield from self.list())}
        (items,) = yield [SearchOp(self.labels("history"), limit=ALL)]
        known = {ToolEvent(**item.value) for item in items}
        tools = {tool.id: tool for tool in exported.tools}
        chosen = [
            tools[tool_id]
            for name, tool_id in exported.current.items()
            if replace or there.get(name, tool_id) == tool_id
        ]
        kept: Ops = [
            *(self._put_record(tool) for tool in exported.tools),
            *(self.put_example(name, each) for name, examples in exported.examples.items() for each in examples),
        ]
        for start in range(0, len(kept), _AT_ONCE):
            yield kept[start : start + _AT_ONCE]
        current: Ops = [self._put_event(event) for event in exported.history if event not in known]
        for tool in chosen:
            if there.get(tool.name) != tool.id:
                questions = yield from self.questions(tool.name)
                current.append(self._put_event(_event(tool.name, tool.id, "activated", "imported")))
                current += self._point(tool, questions)
        yield [*current, self._changed()]
        return tuple(sorted(tool.name for tool in chosen))

    def put_example(self, name: str, example: Instance) -> PutOp:
        """Return what keeps a request that turned out to be for a tool."""
        # Its role is one to a version that is being replaced; the next version has another.
        value = example.model_dump(mode="json", exclude={"id", "role"})
        return PutOp(self.labels("examples", name), example.id, value, index=False)

    def stamp(self) -> Flow[str]:
        """Return a text that is another one after every change of what names mean; empty before the first."""
        (item,) = yield [GetOp(self.labels("stamp"), "last")]
        return "" if item is None else str(item.value["change"])

    def labels(self, *labels: str) -> tuple[str, ...]:
        """Return the namespace of one kind of items."""
        return (self._namespace, *labels)

    def _changed(self) -> PutOp:
        return PutOp(self.labels("stamp"), "last", {"change": unique_key()}, index=False)

    def _put_record(self, tool: MadeTool) -> PutOp:
        # As text: jsonb sorts keys and makes 1e16 an int, and SqliteStore takes no int of more than 64 bits.
        return PutOp(self.labels("records"), tool.id, {"json": json.dumps(tool.model_dump(mode="json"))}, index=False)

    def _put_event(self, event: ToolEvent) -> PutOp:
        return PutOp(self.labels("history", event.name), unique_key(), event.model_dump(), index=False)

    def _point(self, tool: MadeTool, questions: Sequence[str]) -> tuple[PutOp, PutOp]:
        """Let a name mean a tool. How its requests are put is kept beside it: learning it takes time."""
        forms = forms_of([*proven_questions(tool), *questions])
        value = {"id": tool.id, "description": tool.description, "since": now(), "forms": unique_key()}
        learned = {"id": tool.id, "version": FORMS_VERSION, "forms": [list(form) for form in forms]}
        return (
            PutOp(self.labels("forms"), tool.name, learned, index=False),
            PutOp(self.labels("names"), tool.name, value, index=False),
        )


def checked(value: Any, tool_id: str) -> MadeTool:
    """Return the record, if it is the one that its key says.

    Raises:
        ToolRecordError: It was altered or damaged.
    """
    try:
        # A library of before this was so holds the record itself.
        plain = json.loads(value["json"]) if "json" in value else value
        tool = MadeTool.model_validate(plain, context={"stored": True})
    except ValidationError as error:
        raise ToolRecordError(f"the stored tool {shorten(tool_id, 20)} is not usable: {first_error(error)}") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise ToolRecordError(f"the stored tool {shorten(tool_id, 20)} is no record: {error}") from error
    if tool.id != tool_id:
        raise ToolRecordError(f"under the id {shorten(tool_id, 20)} another tool is stored: {tool.id[:12]}...")
    return tool


def proven_questions(tool: MadeTool) -> list[str]:
    """Return the questions of a tool's proof, each once."""
    proven = [case.question for case in tool.report.cases]
    return list(dict.fromkeys([*proven, *(example.question for example in tool.worked_examples)]))


def _summary(pointer: Item) -> ToolSummary:
    return ToolSummary(name=pointer.key, **{key: pointer.value[key] for key in ("id", "description", "since")})


def _event(name: str, tool_id: str, action: Literal["added", "activated", "removed"], reason: str) -> ToolEvent:
    return ToolEvent(name=name, id=tool_id, action=action, reason=reason, at=now())


def now() -> str:
    """Return the time as it is kept: UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def unique_key() -> str:
    """Return a key that no other writer uses; keys sort by time."""
    return f"{time.time_ns():020d}-{secrets.token_hex(4)}"
