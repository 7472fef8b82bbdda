"""What a tool library does with its store, written once for sync and async callers.

A record is kept under its hash and never changed; a small pointer for each name says which record it means. Events and
uses are added under keys of their own, since a store has no way to change a value only if nobody else did.

Reads and writes go in batches of their own: a store may do a batch in one transaction, and SQLite refuses one that
turns from reading to writing after another process has written. In a batch of writes the pointer comes last.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar

from langgraph.store.base import GetOp, Op, PutOp, SearchOp
from pydantic import ValidationError

from langchain_latm._library_export import LibraryExport
from langchain_latm.exceptions import ToolNotFoundError, ToolRecordError
from langchain_latm.made_tool import MadeTool
from langchain_latm.types import TokenUsage, ToolEvent, ToolSummary, ToolUsage, first_error, shorten

T = TypeVar("T")
Flow = Generator[list[Op], list[Any], T]
"""Yields operations for the store, a batch at a time, and is sent their results."""

_ALL: Final = 1_000_000_000
"""More than any search finds: the store wants a number."""


class LibraryFlows:
    """The flows of one library; `ToolLibrary` says what each is for.

    Args:
        namespace: The first label of everything that is kept.
    """

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def add(self, tool: MadeTool, reason: str) -> Flow[str]:
        yield [
            self._put_record(tool),
            self._put_event(_event(tool.name, tool.id, "added", reason)),
            self._point(tool),
            self._changed(),
        ]
        return tool.id

    def get(self, name: str) -> Flow[MadeTool]:
        return (yield from self.get_by_id((yield from self._current_id(name))))

    def get_by_id(self, tool_id: str) -> Flow[MadeTool]:
        (item,) = yield [GetOp(self._labels("records"), tool_id)]
        if item is None:
            raise ToolNotFoundError(f"there is no tool with the id {shorten(tool_id)!r}")
        return checked(item.value, tool_id)

    def _current_id(self, name: str) -> Flow[str]:
        (item,) = yield [GetOp(self._labels("names"), name)]
        if item is None:
            raise ToolNotFoundError(f"there is no tool named {shorten(name)!r}")
        return str(item.value["id"])

    def list(self) -> Flow[tuple[ToolSummary, ...]]:
        (items,) = yield [SearchOp(self._labels("names"), limit=_ALL)]
        found = (ToolSummary(name=item.key, **item.value) for item in items)
        return tuple(sorted(found, key=lambda each: each.name))

    def search(self, text: str) -> Flow[tuple[ToolSummary, ...]]:
        words = text.lower().split()
        everything = yield from self.list()
        return tuple(
            each for each in everything if all(word in f"{each.name} {each.description}".lower() for word in words)
        )

    def history(self, name: str) -> Flow[tuple[ToolEvent, ...]]:
        (items,) = yield [SearchOp(self._labels("history", name), limit=_ALL)]
        if not items:
            raise ToolNotFoundError(f"there never was a tool named {shorten(name)!r}")
        return tuple(ToolEvent(**item.value) for item in sorted(items, key=lambda item: item.key))

    def activate(self, name: str, tool_id: str, reason: str) -> Flow[MadeTool]:
        known = {event.id for event in (yield from self.history(name))}
        meant = [each for each in known if tool_id and each.startswith(tool_id)]
        if len(meant) != 1:
            told = "several versions" if meant else "no version"
            raise ToolNotFoundError(
                f"{told} of {name!r} have an id that begins with {shorten(tool_id)!r}; there are "
                f"{', '.join(sorted(each[:12] for each in known))}"
            )
        tool = yield from self.get_by_id(meant[0])
        yield [self._put_event(_event(name, tool.id, "activated", reason)), self._point(tool), self._changed()]
        return tool

    def remove(self, name: str, reason: str) -> Flow[None]:
        event = _event(name, (yield from self._current_id(name)), "removed", reason)
        yield [self._put_event(event), PutOp(self._labels("names"), name, None), self._changed()]

    def record_use(self, tool: MadeTool, failed: bool, tokens: TokenUsage) -> Flow[None]:
        note = {"id": tool.id, "failed": failed, "tokens": tokens.model_dump(), "at": _now()}
        yield [PutOp(self._labels("uses", tool.name), _unique_key(), note, index=False)]

    def usage(self, name: str) -> Flow[ToolUsage]:
        (items,) = yield [SearchOp(self._labels("uses", name), limit=_ALL)]
        notes = [item.value for item in items]
        return ToolUsage(
            uses=len(notes),
            failures=sum(note["failed"] for note in notes),
            tokens=sum((TokenUsage(**note["tokens"]) for note in notes), TokenUsage()),
            last_use=max((note["at"] for note in notes), default=None),
        )

    def export(self) -> Flow[LibraryExport]:
        """Return everything but the uses."""
        records, events, names = yield [
            SearchOp(self._labels("records"), limit=_ALL),
            SearchOp(self._labels("history"), limit=_ALL),
            SearchOp(self._labels("names"), limit=_ALL),
        ]
        tools = [checked(item.value, item.key) for item in records]
        return LibraryExport(
            tools=tuple(sorted(tools, key=lambda tool: (tool.name, tool.id))),
            history=tuple(ToolEvent(**item.value) for item in sorted(events, key=lambda item: item.key)),
            current={item.key: item.value["id"] for item in sorted(names, key=lambda item: item.key)},
        )

    def import_(self, exported: LibraryExport, replace: bool) -> Flow[tuple[str, ...]]:
        """Keep everything of an export; return the names whose current tool came from it."""
        there = {each.name: each.id for each in (yield from self.list())}
        (items,) = yield [SearchOp(self._labels("history"), limit=_ALL)]
        known = {ToolEvent(**item.value) for item in items}
        tools = {tool.id: tool for tool in exported.tools}
        chosen = [
            tools[tool_id]
            for name, tool_id in exported.current.items()
            if replace or there.get(name, tool_id) == tool_id
        ]
        yield [self._put_record(tool) for tool in exported.tools]
        yield [
            *(self._put_event(event) for event in exported.history if event not in known),
            *(
                op
                for tool in chosen
                if there.get(tool.name) != tool.id
                for op in (self._put_event(_event(tool.name, tool.id, "activated", "imported")), self._point(tool))
            ),
            self._changed(),
        ]
        return tuple(sorted(tool.name for tool in chosen))

    def stamp(self) -> Flow[str]:
        """Return a text that is another one after every change of what names mean; empty before the first."""
        (item,) = yield [GetOp(self._labels("stamp"), "last")]
        return "" if item is None else str(item.value["change"])

    def _labels(self, *labels: str) -> tuple[str, ...]:
        return (self._namespace, *labels)

    def _changed(self) -> PutOp:
        return PutOp(self._labels("stamp"), "last", {"change": _unique_key()}, index=False)

    def _put_record(self, tool: MadeTool) -> PutOp:
        return PutOp(self._labels("records"), tool.id, tool.model_dump(mode="json"), index=False)

    def _put_event(self, event: ToolEvent) -> PutOp:
        return PutOp(self._labels("history", event.name), _unique_key(), event.model_dump(), index=False)

    def _point(self, tool: MadeTool) -> PutOp:
        value = {"id": tool.id, "description": tool.description, "since": _now()}
        return PutOp(self._labels("names"), tool.name, value, index=False)


def checked(value: Any, tool_id: str) -> MadeTool:
    """Return the record, if it is the one that its key says.

    Raises:
        ToolRecordError: It was altered or damaged.
    """
    try:
        tool = MadeTool.model_validate(value, context={"stored": True})
    except ValidationError as error:
        raise ToolRecordError(f"the stored tool {shorten(tool_id, 20)} is not usable: {first_error(error)}") from error
    if tool.id != tool_id:
        raise ToolRecordError(f"under the id {shorten(tool_id, 20)} another tool is stored: {tool.id[:12]}...")
    return tool


def _event(name: str, tool_id: str, action: Literal["added", "activated", "removed"], reason: str) -> ToolEvent:
    return ToolEvent(name=name, id=tool_id, action=action, reason=reason, at=_now())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _unique_key() -> str:
    """Return a key that no other writer uses; keys sort by time."""
    return f"{time.time_ns():020d}-{secrets.token_hex(4)}"
