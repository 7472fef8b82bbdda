"""The closed loop's data in the tool library's store, besides the tools; see `operations`.

Items are added under unique keys or replaced as a whole, so that many processes can write at once. Items that belong
together are written in one batch. Deletions follow in another batch, since a store executes them separately.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from langgraph.store.base import GetOp, Op, PutOp, SearchOp

from langchain_latm._core.flow import Flow
from langchain_latm.exceptions import RequestError, ToolNotFoundError
from langchain_latm.tools.library.instances import (
    FailedMaking,
    Instance,
    LabelSource,
    known_of,
    system_key_of,
    with_counterexamples,
)
from langchain_latm.tools.library.known_rows import asked_text, row_instance
from langchain_latm.tools.library.operations import NO_TOOL, LibraryOperations, read_feedback
from langchain_latm.tools.library.store_batch import ALL, now
from langchain_latm.tools.library.use_sums import times_of, uses_of
from langchain_latm.tools.library.verdicts import verdicts_of
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Doubt, FeedbackEntry, ReplacedItem, StoredValue, TokenUsage, ToolName, Value, shorten

MOST_WAITING = 1_000
"""Maximum number of waiting instances; otherwise requests of rare kinds would accumulate without limit."""
_MOST_EXAMPLES = 50
_NOTES_IN_A_BATCH = 1_000
"""Databases take some 32,000 values in one statement, and stores write five for each note."""


class AnswerNote(StoredValue):
    """The stored note of an answer, for feedback on it.

    Attributes:
        question: The request.
        text: The answer.
        tool: The tool that gave it, if any.
        tool_id: That tool's id.
        meant_for: The tool that the request was dispatched to and that failed, so that a model answered.
        system_key: Key of the system prompt that the request came under; empty without one.
        alone: Whether the request was text alone, without earlier messages; otherwise it becomes no instance or
            example.
        doubts: Why the reuse of a tool was uncertain.
        deciding: Tokens of the models that dispatched and judged the request, by the model's name.
        user: Who asked; empty if the application does not name its users.
        at: UTC, ISO 8601.
    """

    later_fields: ClassVar[frozenset[str]] = frozenset({"system_key", "alone", "doubts", "deciding", "user"})

    question: str
    text: str
    tool: ToolName | None = None
    tool_id: str | None = None
    meant_for: ToolName | None = None
    system_key: str = ""
    alone: bool = True
    doubts: tuple[Doubt, ...] = ()
    deciding: dict[str, TokenUsage] = {}  # noqa: RUF012 - pydantic copies it
    user: str = ""
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
        """Store a direct answer for feedback, and its instance."""
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

    def keep_doubt(self, answer_id: str, doubt: Doubt) -> Flow[None]:
        """Count a doubt about an answer that is stored already."""
        (item,) = yield self._batch(GetOp(self._labels("doubts"), answer_id))
        there = {"doubts": [], "deciding": {}, "at": now()} if item is None else item.value
        value = {**there, "doubts": [*there["doubts"], {"code": doubt.code, "tool": doubt.tool}]}
        yield self._batch(PutOp(self._labels("doubts"), answer_id, value, index=False))

    def keep_use(self, answer_id: str, note: AnswerNote, use: PutOp) -> Flow[None]:
        """Store a tool's answer for feedback, and the write that records the use (`LibraryOperations.use`)."""
        yield self._batch(*self._put_note(answer_id, note), use)
        self.library.was_written(use)

    def keep_uses(self, shared: AnswerNote, answers: Sequence[tuple[str, str, str]], use: PutOp) -> Flow[None]:
        """Store many answers of a tool for feedback, and the write that records their uses.

        Args:
            shared: The note of each, except for the fields that differ. It has no doubts.
            answers: Id, question and text of each.
            use: Of all of them (`LibraryOperations.use`).
        """
        (template,) = (op.value or {} for op in self._put_note("", shared))
        labels = self._labels("answers")
        for start in range(0, len(answers), _NOTES_IN_A_BATCH):
            part = answers[start : start + _NOTES_IN_A_BATCH]
            notes = [
                PutOp(labels, key, {**template, "question": question, "text": text}, index=False)
                for key, question, text in part
            ]
            yield self._batch(*notes, *([use] if start == 0 else []))
        self.library.was_written(use)

    def answer(self, answer_id: str) -> Flow[AnswerNote]:
        """Return the stored note of an answer.

        Raises:
            RequestError: No answer has this id.
        """
        (item,) = yield self._batch(GetOp(self._labels("answers"), answer_id))
        if item is None:
            raise RequestError(f"no answer has the id {shorten(answer_id)!r}")
        return AnswerNote(**item.value)

    def instance(self, instance_id: str, question: str, system_key: str = "") -> Flow[Instance | None]:
        """Return the waiting instance of an answer, if any. A question waits only once, under its first answer."""
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
        """Store a request of a tool's kind, so that later requests with its wording find the tool."""
        there = yield from self.library.examples(name)
        if example.answer is None and (
            len(there) >= _MOST_EXAMPLES or example.question in {each.question for each in there}
        ):
            return
        yield self._batch(self.library.put_example(name, example))
        yield from self.library.update_wordings(name)

    def add_made(self, tool: MadeTool, used: Sequence[Instance], rest: Sequence[Instance], reason: str) -> Flow[None]:
        """Add a tool that was made of instances to the library, and delete the waiting instances of its kind.

        Args:
            tool: The tool.
            used: The instances that it was made of and proven with.
            rest: The others of its kind. They show the wording of its requests; their answers are no proof.
            reason: For the history.
        """
        examples = [*used, *(each.model_copy(update={"answer": None}) for each in rest)]
        known = [*(yield from self.library.examples(tool.name)), *examples]
        yield from self.library.read_history(tool.name)
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

    def record_verdict(
        self, name: str | None, answer_id: str, tool_id: str, right: bool, entry: FeedbackEntry | None = None
    ) -> Flow[None]:
        """Store whether an answer was right; a user's last feedback on an answer counts.

        Args:
            name: The tool that gave the answer, or that was made from it, if any.
            answer_id: The answer's id.
            tool_id: That tool's id.
            right: Whether it was right.
            entry: The feedback, with its changes in the library.
        """
        labels, key = self._labels("feedback", name or NO_TOOL), answer_id if entry is None else entry.id
        value: dict[str, Any] = {"tool_id": tool_id, "right": right, "at": now()}
        changes: tuple[ReplacedItem, ...] = ()
        if entry is not None:
            (there,) = yield self._batch(GetOp(labels, key))
            changes = entry.replaced if there is None else since(read_feedback(there).replaced, entry.replaced)
            entry = entry.model_copy(update={"replaced": changes})
            value |= entry.model_dump(mode="json", exclude={"id", "tool", "tool_id", "right", "at"})
        yield self._batch(
            *(PutOp(self._labels(*each.labels), each.key, each.after, index=False) for each in changes),
            PutOp(labels, key, value, index=False),
        )
        if name is not None:
            yield from self.library.update_wordings(name)

    def replacing(self, name: str, example: Instance) -> Flow[ReplacedItem]:
        """Return the change that makes a corrected request an example of a tool's kind."""
        labels = ("examples", name)
        (before,) = yield self._batch(GetOp(self._labels(*labels), example.id))
        after = self.library.put_example(name, example).value or {}
        return ReplacedItem(labels=labels, key=example.id, before=before and before.value, after=after)

    def relabelled(self, waiting: Instance, answer: str, source: LabelSource) -> ReplacedItem:
        """Return the change of the label of a waiting instance."""
        before, after = (
            each.model_dump(mode="json", exclude={"id"})
            for each in (waiting, waiting.model_copy(update={"answer": answer, "source": source}))
        )
        return ReplacedItem(labels=("waiting",), key=waiting.id, before=before, after=after)

    def withdraw_feedback(self, feedback_id: str) -> Flow[FeedbackEntry]:
        """Delete feedback, and undo its changes, except where the item has changed since.

        Raises:
            RequestError: No feedback has this id.
        """
        entry = next((each for each in (yield from self.library.feedback()) if each.id == feedback_id), None)
        if entry is None:
            raise RequestError(f"no feedback has the id {shorten(feedback_id)!r}")
        there = yield self._batch(*(GetOp(self._labels(*each.labels), each.key) for each in entry.replaced))
        undone = [
            PutOp(self._labels(*each.labels), each.key, each.before, index=False)
            for each, item in zip(entry.replaced, there, strict=True)
            if item is not None and item.value == each.after
        ]
        yield self._batch(*undone, PutOp(self._labels("feedback", entry.tool or NO_TOOL), entry.id, None))
        if entry.tool is not None:
            yield from self.library.update_wordings(entry.tool)
        return entry

    def answers_given(self, tool: MadeTool, most: int | None) -> Flow[int]:
        """Return the number of answers that a version of a tool gave; it may stop counting at `most`."""
        labels, wanted = self._labels("uses", tool.name), {"id": tool.id, "failed": False}
        notes = SearchOp(labels, filter=wanted, limit=ALL if most is None else most)
        items, _ = yield from uses_of(self.library, notes, tool.name)
        return sum(times_of(item) for item in items if item.value["id"] == tool.id and not item.value["failed"])

    def retire(self, tool: MadeTool, reason: str) -> Flow[None]:
        """Take a tool out of use; all known requests of its kind wait for a better one."""
        known = yield from self.known(tool)
        entries = [each for each in (yield from self.library.feedback(tool.name)) if each.tool_id == tool.id]
        verdicts = verdicts_of(entries)
        wrong = {each.question for each in known if each.id in verdicts and not verdicts[each.id].right}
        wrong |= {case.question for case in tool.report.cases if not case.passed}
        key = system_key_of((yield from self.library.examples(tool.name)))
        said = {each.answer_id: each for each in entries if not each.right and verdicts[each.answer_id].disputed}
        reported = [
            Instance(
                id=each.answer_id,
                question=each.question,
                answer=each.correct_answer,
                source="stranger",
                tool=tool.name,
                system_key=key,
            )
            for each in said.values()
        ]
        if tool.inputs is not None:
            reported = [row for each in reported if (row := row_instance(tool, each)) is not None]
            wrong = {asked_text(tool, each) for each in wrong}
        wrong |= {each.question for each in reported}
        yield from self.put_instances(with_counterexamples([*known, *reported], wrong))
        yield from self.library.remove(tool.name, reason)

    def retired(self, name: str) -> Flow[tuple[MadeTool, str]]:
        """Return the last tool of a name that was retired or removed, and the reason.

        Raises:
            ToolNotFoundError: No tool of this name was retired.
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
        """Store an answer, and separately, without text, the parts that are counted without reading all answers."""
        put = [self._put("answers", answer_id, note)]
        if note.doubts or note.deciding:
            doubts = [{"code": each.code, "tool": each.tool} for each in note.doubts]
            deciding = {model: usage.model_dump() for model, usage in note.deciding.items()}
            counted = {"doubts": doubts, "deciding": deciding, "at": note.at}
            put.append(PutOp(self._labels("doubts"), answer_id, counted, index=False))
        return put

    def _put_instance(self, instance: Instance) -> PutOp:
        return self._put("waiting", instance.id, instance)


def since(first: Sequence[ReplacedItem], later: Sequence[ReplacedItem]) -> tuple[ReplacedItem, ...]:
    """Return the changes of two feedback entries of the same user as one change from before the first."""
    known = {(each.labels, each.key): each for each in first}
    joined = {}
    for each in later:
        before = known.get((each.labels, each.key))
        same = before is not None and before.after == each.before
        joined[each.labels, each.key] = each.model_copy(update={"before": before.before}) if before and same else each
    return tuple({**known, **joined}.values())
