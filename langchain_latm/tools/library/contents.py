"""Reads everything that a library holds in one batch, for its accounts and its report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from langgraph.store.base import Item

from langchain_latm._core.flow import Flow
from langchain_latm.exceptions import ToolRecordError
from langchain_latm.tools.library.instances import FailedMaking
from langchain_latm.tools.library.operations import LibraryOperations, read_feedback, read_record
from langchain_latm.tools.library.store_batch import key_time
from langchain_latm.tools.library.use_sums import times_of, uses_of
from langchain_latm.tools.library.verdicts import Verdict, verdicts_of
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import FeedbackEntry, Stage, TokenUsage, ToolEvent


class Step(NamedTuple):
    """An event that took tokens.

    Attributes:
        key: Sorts by time.
        action: A version was made, a making failed, a tool was used, or models decided which tool fits.
        name: The tool's name; None for a failed making that is charged to no tool, and for decisions.
        tokens: The tokens.
        answered: Whether it was a use that gave an answer.
        times: The number of such uses, in one batch.
    """

    key: str
    action: Literal["made", "failed", "used", "decided"]
    name: str | None
    tokens: int
    answered: bool = False
    times: int = 1

    @property
    def at(self) -> datetime | None:
        """Its time; None if the key has none."""
        return key_time(self.key)


class LibraryContents(NamedTuple):
    """A snapshot of a library. Items are as stored; the last label of an item that belongs to a name is the name.

    Attributes:
        current: The id of each name's current tool.
        history: The events of each name, oldest first, including names that have no tool any more.
        records: Each record by its id, or the reason why it cannot be read.
        versions: The key of the first event of each version, by name and id.
        uses: The recorded uses, older ones as sums (`use_sums`).
        verdicts: Whether answers of each name's tools were right.
        examples: The requests found to be of each tool's kind.
        failed: The failed makings, each with the name that it is charged to, if any.
        doubts: Doubts about answers: each with its code, and the tool that it is about, if any. `"reported"`
            is an answer that only strangers call wrong.
        deciding: Tokens for dispatching and judging requests: the answer's key, the model, and the tokens.
    """

    current: dict[str, str]
    history: dict[str, tuple[ToolEvent, ...]]
    records: dict[str, MadeTool | ToolRecordError]
    versions: dict[tuple[str, str], str]
    uses: Sequence[Item]
    verdicts: Mapping[str, Sequence[Verdict]]
    examples: Sequence[Item]
    failed: Sequence[tuple[FailedMaking, str | None]]
    doubts: Sequence[tuple[str, str | None]] = ()
    deciding: Sequence[tuple[str, str, TokenUsage]] = ()

    def steps(self) -> tuple[Step, ...]:
        """Return all events that took tokens, oldest first."""
        return tuple(sorted(_steps(self), key=lambda step: step.key))


def contents(library: LibraryOperations) -> Flow[LibraryContents]:
    """Read everything that a library holds."""
    labels = ("names", "history", "records", "feedback", "examples", "made", "failed", "doubts")
    searches = tuple(map(library.find_all, labels))
    uses, found = yield from uses_of(library, library.find_all("uses"), also=searches)
    names, history, records, feedback, examples, made, failed, doubts = found
    events: defaultdict[str, list[ToolEvent]] = defaultdict(list)
    for item in sorted(history, key=lambda item: item.key):
        events[item.namespace[-1]].append(ToolEvent(**item.value))
    versions: dict[tuple[str, str], str] = {}
    for item in (*history, *uses):
        version = item.namespace[-1], item.value["id"]
        versions[version] = min(versions.get(version, item.key), item.key)
    known = {name for name, _ in versions}
    said: defaultdict[str, list[FeedbackEntry]] = defaultdict(list)
    for item in feedback:
        said[item.namespace[-1]].append(read_feedback(item))
    verdicts = {name: tuple(verdicts_of(said[name]).values()) for name in known & said.keys()}
    reported = [("reported", name) for name, each in verdicts.items() for verdict in each if verdict.disputed]
    tool_of = {item.key: item.value["tool"] for item in made if item.value["tool"] in known}
    makings = [FailedMaking(id=item.key, **item.value) for item in failed]
    return LibraryContents(
        current={item.key: item.value["id"] for item in names if item.value["id"]},
        history={name: tuple(each) for name, each in events.items()},
        records={item.key: _record(item) for item in records},
        versions=versions,
        uses=uses,
        verdicts=verdicts,
        examples=examples,
        failed=[(each, _charged_to(each, tool_of, known)) for each in makings],
        doubts=[(each["code"], each["tool"]) for item in doubts for each in item.value["doubts"]] + reported,
        deciding=[
            (item.key, model, TokenUsage(**usage))
            for item in doubts
            for model, usage in item.value.get("deciding", {}).items()
        ],
    )


def _steps(found: LibraryContents) -> Iterator[Step]:
    for (name, tool_id), key in found.versions.items():
        tool = found.records.get(tool_id)
        if isinstance(tool, MadeTool):
            yield Step(key, "made", name, _total(tool.provenance.usage))
    for item in found.uses:
        tokens = TokenUsage(**item.value["tokens"]).total
        yield Step(item.key, "used", item.namespace[-1], tokens, not item.value["failed"], times_of(item))
    for making, charged in found.failed:
        yield Step(making.id, "failed", charged, _total(making.usage))
    for key, _, usage in found.deciding:
        yield Step(key, "decided", None, usage.total)


def _record(item: Item) -> MadeTool | ToolRecordError:
    try:
        return read_record(item)
    except ToolRecordError as error:
        return error


def _charged_to(making: FailedMaking, tool_of: Mapping[str, str], names: set[str]) -> str | None:
    """Return the tool that a failed making is charged to: that which was later made of the same instances.

    The name of a kind may change from one making to the next, so it counts only if no tool was made of the instances
    and a retired tool has the name.
    """
    tools = Counter(tool_of[each] for each in making.instances if each in tool_of)
    name = tools.most_common(1)[0][0] if tools else making.name
    return name if name in names else None


def _total(usage: Mapping[Stage, TokenUsage]) -> int:
    return sum(each.total for each in usage.values())
