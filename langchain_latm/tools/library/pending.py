"""Pending tools: proven tools that are not used before a person approves them.

A pending tool is stored under the id of its record, with everything needed to put it into use. So any process may
approve it, even days later, and no checkpoint has to be resumed.
"""

from __future__ import annotations

import json
import logging
from typing import Any, Final, Literal

from langgraph.store.base import GetOp, Item, PutOp
from pydantic import Field, ValidationError

from langchain_latm._core.flow import Flow
from langchain_latm.exceptions import RequestError, ToolRecordError
from langchain_latm.tools.library.claims import Claims
from langchain_latm.tools.library.instances import Instance, failed_making, system_key_of
from langchain_latm.tools.library.loop_operations import LoopOperations
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.store_batch import now, unique_key
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Stage, Value, VerificationCase, first_error, shorten

Approve = bool | Literal["later"]
"""Whether a person approves a new tool: by an interrupt of the run, or later, while the tool is pending."""

_LABEL: Final = "pending"
_CLAIM_SECONDS: Final = 60.0
_log = logging.getLogger(__name__)


class PendingTool(Value):
    """A proven tool that waits for a person.

    Attributes:
        tool: The tool. `tool.report.comparison` has the requests on which proven functions differed.
        reason: Why it was made, for its history.
        at: When it was made: UTC, ISO 8601.
        user: The user whose requests it was made of; empty if unknown, or if there are several.
        examples: Examples that persons added meanwhile, with the tool's answers.
        claim: The claim on its instances, which keeps others from making it; may be empty.
        replaces: The retired tool that it is to replace.
        used: The instances that it was made of and proven with.
        rest: The others of its kind.
        repeats: Near duplicates of these.
        models: The model of each stage of the making, for the accounts if it is refused.
    """

    tool: MadeTool
    reason: str = ""
    at: str = Field(default_factory=now)
    user: str = ""
    examples: tuple[VerificationCase, ...] = ()
    claim: str = ""
    replaces: str | None = None
    used: tuple[Instance, ...] = ()
    rest: tuple[Instance, ...] = ()
    repeats: tuple[Instance, ...] = ()
    models: dict[Stage, str] = {}  # noqa: RUF012 - pydantic copies it

    @property
    def wrong(self) -> tuple[VerificationCase, ...]:
        """The added examples to which the tool gives another answer.

        Failures do not count, since the strong model answers then.
        """
        return tuple(case for case in self.examples if not case.passed and case.error is None)

    @property
    def ids(self) -> list[str]:
        """The ids of the instances that the claim is on."""
        return [each.id for each in (*self.used, *self.rest)]


class PendingTools:
    """The pending tools of one library. Each method that returns a `Flow` is one operation.

    Args:
        library: The library.
    """

    def __init__(self, library: LibraryOperations) -> None:
        self._library = library
        self._loop = LoopOperations(library)
        self._claims = Claims(library, _CLAIM_SECONDS)

    def put(self, pending: PendingTool) -> Flow[None]:
        """Store a pending tool, or replace the stored one."""
        value = {
            # As text; `operations` explains why.
            "json": json.dumps(pending.model_dump(mode="json")),
            "instances": [each.id for each in (*pending.used, *pending.rest, *pending.repeats)],
            "claim": pending.claim,
            "user": pending.user,
            "at": pending.at,
        }
        yield self._library.batch(PutOp(self._library.labels(_LABEL), pending.tool.id, value, index=False))

    def all(self) -> Flow[list[PendingTool]]:
        """Return all, oldest first; log and omit damaged ones."""
        (items,) = yield self._library.batch(self._library.find_all(_LABEL))
        found = []
        for item in items:
            try:
                found.append(_read(item))
            except ToolRecordError as error:
                _log.warning("a pending tool cannot be shown: %s", error)
        return sorted(found, key=lambda each: each.at)

    def get(self, tool_id: str) -> Flow[PendingTool]:
        """Return one by the id of its record.

        Raises:
            RequestError: No such tool is pending.
            ToolRecordError: The stored record was altered or damaged.
        """
        (item,) = yield self._library.batch(GetOp(self._library.labels(_LABEL), tool_id))
        if item is None:
            raise RequestError(f"no tool with the id {shorten(tool_id, 20)!r} waits for approval, or not any more")
        return _read(item)

    def named(self, wanted: str) -> Flow[PendingTool]:
        """Return one by its name, or by a unique beginning of its id.

        Raises:
            RequestError: No pending tool matches, or several do.
        """
        everything = {each.tool.id: each for each in (yield from self.all())}
        found = [
            each for key, each in everything.items() if wanted and (each.tool.name == wanted or key.startswith(wanted))
        ]
        if len(found) != 1:
            listed = ", ".join(f"{each.tool.name} ({each.tool.id[:12]})" for each in found or everything.values())
            several = "several tools that wait for approval are" if found else "no tool that waits for approval is"
            raise RequestError(f"{several} {shorten(wanted)!r}; there are: {listed or 'none'}")
        return found[0]

    def add_example(self, tool_id: str, case: VerificationCase) -> Flow[PendingTool]:
        """Add an example with the tool's answer; a later one for the same question replaces it."""
        pending = yield from self.get(tool_id)
        others = tuple(each for each in pending.examples if each.question.strip() != case.question.strip())
        changed = pending.model_copy(update={"examples": (*others, case)})
        yield from self.put(changed)
        return changed

    def approve(self, wanted: str, reason: str = "") -> Flow[PendingTool]:
        """Put a pending tool into use, given by its name or a unique beginning of its id.

        Raises:
            RequestError: It is not pending; it is wrong on an added example; or another tool was made of its requests
                meanwhile, because the claim had expired.
            ToolRecordError: The tool may not be used (`MadeTool.refusal`).
        """
        pending = yield from self.named(wanted)
        tool = pending.tool
        if pending.wrong:
            question = shorten(pending.wrong[0].question, 100)
            raise RequestError(f"{tool.name} is wrong on an example that was added ({question!r}): refuse it")
        tool.require_usable()
        if pending.claim and not (yield from self._claims.hold(pending.claim, pending.ids)):
            yield from self._record_failure(pending, "made elsewhere in the meantime", pending.used)
            yield from self._forget(pending)
            raise RequestError(f"another tool was made of the requests of {tool.name} meanwhile, so it was dropped")
        why = ", ".join(filter(None, (pending.reason, "approved", reason)))
        yield from self._loop.add_made(tool, [*pending.used, *_instances(pending)], pending.rest, why)
        yield from self._loop.forget_waiting(pending.repeats)
        yield from self._forget(pending)
        return pending

    def refuse(self, wanted: str, reason: str = "") -> Flow[PendingTool]:
        """Refuse a pending tool, given as for `approve`; the library keeps its cost and the reason.

        Added examples wait together with its requests, and the next request of the kind makes a tool that is right on
        them. Without added examples, twice as many requests must wait first, as after a failed making.
        """
        pending = yield from self.named(wanted)
        added = _instances(pending) if pending.used else []
        yield from self._loop.put_instances(added)
        why = f"refused: {shorten(reason.strip(), 300) or 'a person refused it'}"
        yield from self._record_failure(pending, why, () if added else pending.used)
        yield from self._forget(pending)
        return pending

    def _record_failure(self, pending: PendingTool, why: str, instances: tuple[Instance, ...]) -> Flow[None]:
        made = pending.tool.provenance
        failed = failed_making(pending.tool.name, instances, why, made.usage, pending.models, makers=made.makers)
        yield from self._loop.record_failure(failed)

    def _forget(self, pending: PendingTool) -> Flow[None]:
        yield self._library.batch(PutOp(self._library.labels(_LABEL), pending.tool.id, None))
        if pending.claim:
            yield from self._claims.try_release(pending.claim)


def _instances(pending: PendingTool) -> list[Instance]:
    """Return the added examples as solved requests; rows of a typed tool are not requests in words.

    They count as feedback of a trusted person. Among near duplicates, only the newest most trusted one takes part in a
    making, and requests on which functions differ are often near duplicates of others.
    """
    if pending.tool.inputs is not None:
        return []
    key = system_key_of(pending.used)
    return [
        Instance(
            id=unique_key(),
            question=case.question,
            answer=case.expected,
            source="feedback",
            tool=pending.replaces,
            system_key=key,
        )
        for case in pending.examples
    ]


def _read(item: Item) -> PendingTool:
    """Read a stored item.

    Raises:
        ToolRecordError: It was altered or damaged.
    """
    try:
        plain: dict[str, Any] = json.loads(item.value["json"])
        tool = MadeTool.model_validate(plain.pop("tool"), context={"stored": True})
        pending = PendingTool(tool=tool, **plain)
    except ValidationError as error:
        raise ToolRecordError(f"pending tool {shorten(item.key, 20)} is not usable: {first_error(error)}") from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise ToolRecordError(f"pending tool {shorten(item.key, 20)} is not a record: {error}") from error
    if tool.id != item.key:
        raise ToolRecordError(f"under the id {shorten(item.key, 20)} another pending tool is stored: {tool.id[:12]}...")
    return pending
