"""What the closed loop stores in the tool library's store, beside the tools; `operations` says how.

Everything is added under keys of its own, or replaced whole, so that many processes can write at once. What belongs
together is written in one batch. Deletions follow in another, since a store carries them out apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from langgraph.store.base import GetOp, Op, PutOp

from langchain_latm._core.flow import Flow
from langchain_latm.exceptions import RequestError, ToolNotFoundError
from langchain_latm.tools.library.instances import FailedMaking, Instance, known_of, with_counterexamples
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.store_batch import now
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Doubt, StoredValue, ToolName, Value, shorten

MOST_WAITING = 1_000
"""Instances that wait at the same time: otherwise requests of rare kinds would accumulate without limit."""
_MOST_EXAMPLES = 50


class AnswerNote(StoredValue):
    """What is stored of an answer, for feedback on it.

    Attributes:
        question: The request.
        text: The answer.
        tool: The tool that gave it, if one did.
        tool_id: That tool's id.
        meant_for: The tool that the request was dispatched to and that failed, so that a model answered.
        system_key: Key of the system prompt that the request came under; empty without one.
        alone: Whether the request was text alone, without earlier messages; otherwise nothing is learned from it.
        doubts: Why the reuse of a tool was not sure.
        at: UTC, ISO 8601.
    """

    later_fields: ClassVar[frozenset[str]] = frozenset({"system_key", "alone", "doubts"})

    question: str
    text: str
    tool: ToolName | None = None
    tool_id: str | None = None
    meant_for: ToolName | None = None
    system_key: str = ""
    alone: bool = True
    doubts: tuple[Doubt, ...] = ()
    at: str


class LoopOperations:
    """The operations of the loop on one library. Each method that returns a `Flow` is one operation.

    Attributes:
        library: The library's operations on its tools.
    """

    def __init__(self, library: LibraryOperations) -> None:
        self.library = library
        self._batch = library.batch
        self._labels = library.labels

    def waiting(self) -> Flow[tuple[list[Instance], list[FailedMaking]]]:
        """Return all waiting instances, oldest first, and all failed makings."""
        waiting, failed = yield self._batch(self.library.find_all("waiting"), self.library.find_all("failed"))
        instances = [Instance(id=item.key, **item.value) for item in sorted(waiting, key=lambda item: item.key)]
        return instances, [FailedMaking(id=item.key, **item.value) for item in failed]

    def keep_answer(self, answer_id: str, note: AnswerNote, instance: Instance | None) -> Flow[None]:
        """Store a direct answer for feedback, and the instance that it gives."""
        ops: list[Op] = [*self._put_note(answer_id, note)]
        if instance is not None:
            (items,) = yield self._batch(self.library.find_all("waiting"))
            known = {(item.value["question"], item.value.get("system_key", "")) for item in items}
            if (instance.question, instance.system_key) not in known:
                ops.append(self._put_instance(instance))
        yield self._batch(*ops)
        if instance is not None and len(items) >= MOST_WAITING:
            oldest = sorted(item.key for item in items)[: len(items) - MOST_WAITING + 1]
            yield self._batch(*(PutOp(self._labels("waiting"), key, None) for key in oldest))

    def keep_use(self, answer_id: str, note: AnswerNote, use: PutOp) -> Flow[None]:
        """Store a tool's answer for feedback, and the write that records the use (`LibraryOperations.use`)."""
        yield self._batch(*self._put_note(answer_id, note), use)

    def answer(self, answer_id: str) -> Flow[AnswerNote]:
        """Return what is stored of an answer.

        Raises:
            RequestError: No answer has this id.
        """
        (item,) = yield self._batch(GetOp(self._labels("answers"), answer_id))
        if item is None:
            raise RequestError(f"no answer has the id {shorten(answer_id)!r}")
        return AnswerNote(**item.value)

    def instance(self, instance_id: str, question: str, system_key: str = "") -> Flow[Instance | None]:
        """Return the waiting instance of an answer, if any; a question waits only once, under its first answer."""
        (item,) = yield self._batch(GetOp(self._labels("waiting"), instance_id))
        if item is not None:
            return Instance(id=item.key, **item.value)
        instances, _ = yield from self.waiting()
        same = (each for each in instances if (each.question, each.system_key) == (question, system_key))
        return next(same, None)

    def put_instances(self, instances: Iterable[Instance]) -> Flow[None]:
        """Store waiting instances, replacing those with the same ids."""
        yield self._batch(*map(self._put_instance, instances))

    def made_of(self, instance_id: str) -> Flow[str | None]:
        """Return the name of the tool that was made of an instance."""
        (item,) = yield self._batch(GetOp(self._labels("made"), instance_id))
        return None if item is None else str(item.value["tool"])

    def add_example(self, name: str, example: Instance) -> Flow[None]:
        """Store a request found to be of a tool's kind; later requests with its wording find the tool."""
        there = yield from self.library.examples(name)
        if example.answer is None and (
            len(there) >= _MOST_EXAMPLES or example.question in {each.question for each in there}
        ):
            return
        yield self._batch(self.library.put_example(name, example))
        yield from self.library.update_forms(name)

    def add_made(self, tool: MadeTool, used: Sequence[Instance], rest: Sequence[Instance], reason: str) -> Flow[None]:
        """Add a tool that was made of instances to the library; none of its kind waits any more.

        Args:
            tool: The tool.
            used: The instances that it was made of and proven with.
            rest: The others of its kind. They show the wording of its requests; their answers prove nothing.
            reason: For the history.
        """
        examples = [*used, *(each.model_copy(update={"answer": None}) for each in rest)]
        known = [*(yield from self.library.examples(tool.name)), *examples]
        yield self._batch(
            *(self.library.put_example(tool.name, each) for each in examples),
            *(PutOp(self._labels("made"), each.id, {"tool": tool.name}, index=False) for each in examples),
            *self.library.additions(tool, reason, known),
        )
        yield from self.forget_waiting(examples)

    def forget_waiting(self, instances: Sequence[Instance]) -> Flow[None]:
        """Delete waiting instances that have a tool now."""
        yield self._batch(*(PutOp(self._labels("waiting"), each.id, None) for each in instances))

    def record_failure(self, failed: FailedMaking) -> Flow[None]:
        """Store a failed making."""
        yield self._batch(self._put("failed", failed.id, failed))

    def record_verdict(self, name: str, answer_id: str, tool_id: str, right: bool) -> Flow[None]:
        """Store whether an answer of a tool was right; the last verdict on an answer counts."""
        value = {"tool_id": tool_id, "right": right, "at": now()}
        yield self._batch(PutOp(self._labels("feedback", name), answer_id, value, index=False))

    def verdicts(self, name: str, tool_id: str) -> Flow[dict[str, bool]]:
        """Return whether each answer of one version of a tool with feedback was right, by the answer's id."""
        (items,) = yield self._batch(self.library.find_all("feedback", name))
        return {item.key: item.value["right"] for item in items if item.value["tool_id"] == tool_id}

    def retire(self, tool: MadeTool, reason: str) -> Flow[None]:
        """Remove a tool from use; everything known of its kind waits for a better one."""
        known = yield from self.known(tool)
        verdicts = yield from self.verdicts(tool.name, tool.id)
        wrong = {each.question for each in known if not verdicts.get(each.id, True)}
        wrong |= {case.question for case in tool.report.cases if not case.passed}
        yield from self.put_instances(with_counterexamples(known, wrong))
        yield from self.library.remove(tool.name, reason)

    def retired(self, name: str) -> Flow[tuple[MadeTool, str]]:
        """Return the last tool of a name that was retired or removed, and the reason.

        Raises:
            ToolNotFoundError: No tool of this name was.
            ToolRecordError: The stored record was altered or damaged.
        """
        events = yield from self.library.history(name)
        removed = next((event for event in reversed(events) if event.action == "removed"), None)
        if removed is None:
            raise ToolNotFoundError(f"no tool named {shorten(name)!r} was ever retired")
        return (yield from self.library.get_by_id(removed.id)), removed.reason

    def known(self, tool: MadeTool) -> Flow[list[Instance]]:
        """Return all known instances of a tool's kind; a question may occur several times."""
        return known_of(tool, (yield from self.library.examples(tool.name)))

    def _put(self, label: str, key: str, value: Value) -> PutOp:
        return PutOp(self._labels(label), key, value.model_dump(mode="json", exclude={"id"}), index=False)

    def _put_note(self, answer_id: str, note: AnswerNote) -> list[PutOp]:
        """Store an answer; and its doubts apart, without text, to be counted without reading all answers."""
        put = [self._put("answers", answer_id, note)]
        if note.doubts:
            doubts = [{"code": each.code, "tool": each.tool} for each in note.doubts]
            put.append(PutOp(self._labels("doubts"), answer_id, {"doubts": doubts, "at": note.at}, index=False))
        return put

    def _put_instance(self, instance: Instance) -> PutOp:
        return self._put("waiting", instance.id, instance)
