"""What a library holds and what happened in it, in order: read out of its store, nothing concluded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from langgraph.store.base import Item, SearchOp

from langchain_latm.exceptions import ToolRecordError
from langchain_latm.tools.library.flows import ALL, Flow, LibraryFlows, checked
from langchain_latm.tools.library.loop_flows import LoopFlows
from langchain_latm.tools.library.spending import charged_to
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Stage, TokenUsage, ToolEvent


class Step(NamedTuple):
    """Something that took tokens.

    Attributes:
        key: Sorts by time.
        kind: A version entered the library, a making led to nothing, or a tool was used.
        name: The tool's; None for a making that is no tool's.
        tokens: What it took.
        answered: Whether it was a use that gave an answer.
    """

    key: str
    kind: Literal["made", "failed", "used"]
    name: str | None
    tokens: int
    answered: bool = False

    @property
    def at(self) -> datetime | None:
        """When it was; None where the key does not tell."""
        return moment(self.key)


class Overview(NamedTuple):
    """A library at one moment.

    Attributes:
        current: The id of the record that each name means now.
        history: What happened to each name, oldest first; also of names that mean nothing any more.
        records: Each record by its id, or why it cannot be read.
        steps: What took tokens, oldest first.
    """

    current: dict[str, str]
    history: dict[str, tuple[ToolEvent, ...]]
    records: dict[str, MadeTool | ToolRecordError]
    steps: tuple[Step, ...]


def overview(library: LibraryFlows) -> Flow[Overview]:
    """Read it. A flow of the library."""
    labels = ("names", "history", "records", "uses", "made")
    names, history, records, uses, made = yield [SearchOp(library.labels(label), limit=ALL) for label in labels]
    _, failed = yield from LoopFlows(library).waiting()
    read = {item.key: _read(item) for item in records}
    known = {item.namespace[-1] for item in (*history, *uses)}
    charged = {item.key: item.value["tool"] for item in made}
    lost = (Step(each.id, "failed", charged_to(each, charged, known), _total(each.usage)) for each in failed)
    steps = [*_made(history, uses, read), *map(_use, uses), *lost]
    events: defaultdict[str, list[ToolEvent]] = defaultdict(list)
    for item in sorted(history, key=lambda item: item.key):
        events[item.namespace[-1]].append(ToolEvent(**item.value))
    return Overview(
        current={item.key: item.value["id"] for item in names if item.value["id"]},
        history={name: tuple(each) for name, each in events.items()},
        records=read,
        steps=tuple(sorted(steps, key=lambda step: step.key)),
    )


def moment(key: str) -> datetime | None:
    """Return when a key was made (`flows.unique_key`); None if it is no such key."""
    head = key.partition("-")[0]
    try:
        return datetime.fromtimestamp(int(head) / 1e9, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _read(item: Item) -> MadeTool | ToolRecordError:
    try:
        return checked(item.value, item.key)
    except ToolRecordError as error:
        return error


def _made(
    history: Sequence[Item], uses: Sequence[Item], records: dict[str, MadeTool | ToolRecordError]
) -> Iterator[Step]:
    """Yield the making of each version that a name ever meant, when the library first heard of it."""
    first: dict[tuple[str, str], str] = {}
    for item in (*history, *uses):
        version = item.namespace[-1], item.value["id"]
        first[version] = min(first.get(version, item.key), item.key)
    for (name, tool_id), key in first.items():
        tool = records.get(tool_id)
        if isinstance(tool, MadeTool):
            yield Step(key, "made", name, _total(tool.provenance.usage))


def _use(item: Item) -> Step:
    spent = TokenUsage(**item.value["tokens"])
    return Step(item.key, "used", item.namespace[-1], spent.total, answered=not item.value["failed"])


def _total(usage: Mapping[Stage, TokenUsage]) -> int:
    return sum(each.total for each in usage.values())
