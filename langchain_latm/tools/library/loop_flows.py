"""What the closed loop keeps in the tool library's store, beside the tools; see `_library.flows` for how.

Everything is added under keys of its own, or replaced whole, so that many processes can do it at once. What belongs
together is written in one batch; deletions come in a batch after it, since a store does them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from langgraph.store.base import GetOp, Op, PutOp, SearchOp

from langchain_latm.exceptions import RequestError, ToolNotFoundError
from langchain_latm.tools.library.flows import ALL, Flow, LibraryFlows, now, unique_key
from langchain_latm.tools.library.known import known_of, with_counterexamples
from langchain_latm.tools.library.waiting import FailedMaking, Instance
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Stage, TokenUsage, ToolName, Value, shorten

MOST_WAITING = 1_000
"""Instances that wait at the same time; requests that are of no frequent kind would pile up for ever."""
_MOST_EXAMPLES = 50


class AnswerNote(Value):
    """What must be known of an answer when feedback comes.

    Attributes:
        question: The request.
        text: The answer.
        tool: The tool that gave it, if one did.
        tool_id: Its record's id.
        meant_for: The tool that was to give it and could not, so that a model answered.
        at: UTC, ISO 8601.
    """

    question: str
    text: str
    tool: ToolName | None = None
    tool_id: str | None = None
    meant_for: ToolName | None = None
    at: str


class LoopFlows:
    """The flows of the loop over one library.

    Args:
        library: The library's own flows.
    """

    def __init__(self, library: LibraryFlows) -> None:
        self._library = library
        self._labels = library.labels

    def waiting(self) -> Flow[tuple[list[Instance], list[FailedMaking]]]:
        """Return all instances that wait, oldest first, and all makings that failed."""
        waiting, failed = yield [
            SearchOp(self._labels("waiting"), limit=ALL),
            SearchOp(self._labels("failed"), limit=ALL),
        ]
        instances = [Instance(id=item.key, **item.value) for item in sorted(waiting, key=lambda item: item.key)]
        return instances, [FailedMaking(id=item.key, **item.value) for item in failed]

    def keep_answer(self, answer_id: str, note: AnswerNote, instance: Instance | None) -> Flow[None]:
        """Keep a direct answer for feedback, and the instance that it makes."""
        ops: list[Op] = [self._put("answers", answer_id, note)]
        if instance is not None:
            (items,) = yield [SearchOp(self._labels("waiting"), limit=ALL)]
            if all(item.value["question"] != instance.question for item in items):
                ops.append(self._put_instance(instance))
        yield ops
        if instance is not None and len(items) >= MOST_WAITING:
            oldest = sorted(item.key for item in items)[: len(items) - MOST_WAITING + 1]
            yield [PutOp(self._labels("waiting"), key, None) for key in oldest]

    def keep_use(self, answer_id: str, note: AnswerNote, use: PutOp) -> Flow[None]:
        """Keep an answer of a tool for feedback, and what counts the use."""
        yield [self._put("answers", answer_id, note), use]

    def answer(self, answer_id: str) -> Flow[AnswerNote]:
        """Return what is known of an answer.

        Raises:
            RequestError: There is none with this id.
        """
        (item,) = yield [GetOp(self._labels("answers"), answer_id)]
        if item is None:
            raise RequestError(f"no answer has the id {shorten(answer_id)!r}")
        return AnswerNote(**item.value)

    def instance(self, instance_id: str, question: str) -> Flow[Instance | None]:
        """Return the instance of an answer, if it waits; the same question waits only once, under its first answer."""
        (item,) = yield [GetOp(self._labels("waiting"), instance_id)]
        if item is not None:
            return Instance(id=item.key, **item.value)
        instances, _ = yield from self.waiting()
        return next((each for each in instances if each.question == question), None)

    def put_instances(self, instances: Iterable[Instance]) -> Flow[None]:
        """Let instances wait, in place of what waits under the same ids."""
        yield [self._put_instance(instance) for instance in instances]

    def made_of(self, instance_id: str) -> Flow[str | None]:
        """Return the name of the tool that was made of an instance."""
        (item,) = yield [GetOp(self._labels("made"), instance_id)]
        return None if item is None else str(item.value["tool"])

    def add_example(self, name: str, example: Instance) -> Flow[None]:
        """Keep a request that turned out to be for a tool; later ones that are put like it will find the tool."""
        there = yield from self._library.examples(name)
        if example.answer is None and (
            len(there) >= _MOST_EXAMPLES or example.question in {each.question for each in there}
        ):
            return
        yield [self._library.put_example(name, example)]
        yield from self._library.learn_forms(name)

    def add_made(self, tool: MadeTool, used: Sequence[Instance], rest: Sequence[Instance], reason: str) -> Flow[None]:
        """Let a tool that was made of instances enter the library; none of its kind waits any more.

        Args:
            tool: The tool.
            used: The instances that it was proven with.
            rest: The others of its kind; they show how requests are put, but their answers prove nothing.
            reason: For the history.
        """
        examples = [*used, *(each.model_copy(update={"answer": None}) for each in rest)]
        known = (yield from self._library.questions(tool.name)) + tuple(each.question for each in examples)
        yield [
            *(self._library.put_example(tool.name, each) for each in examples),
            *(PutOp(self._labels("made"), each.id, {"tool": tool.name}, index=False) for each in examples),
            *self._library.added(tool, reason, known),
        ]
        yield from self.forget_waiting(examples)

    def forget_waiting(self, instances: Sequence[Instance]) -> Flow[None]:
        """Let instances wait no more: there is a tool for them by now."""
        yield [PutOp(self._labels("waiting"), each.id, None) for each in instances]

    def note_failure(self, failed: FailedMaking) -> Flow[None]:
        """Remember a making without success."""
        yield [self._put("failed", failed.id, failed)]

    def note_feedback(self, name: str, answer_id: str, tool_id: str, right: bool) -> Flow[None]:
        """Remember whether an answer of a tool was right; the last word on an answer counts."""
        value = {"tool_id": tool_id, "right": right, "at": now()}
        yield [PutOp(self._labels("feedback", name), answer_id, value, index=False)]

    def feedback(self, name: str, tool_id: str) -> Flow[tuple[int, int]]:
        """Return how many answers of one version of a tool were right, and how many wrong."""
        (items,) = yield [SearchOp(self._labels("feedback", name), limit=ALL)]
        said = [item.value["right"] for item in items if item.value["tool_id"] == tool_id]
        return sum(said), len(said) - sum(said)

    def retire(self, tool: MadeTool, reason: str) -> Flow[None]:
        """Take a tool out of use; all that is known of its kind waits for a better one."""
        known = yield from self.known(tool)
        (items,) = yield [SearchOp(self._labels("feedback", tool.name), limit=ALL)]
        said = {item.key for item in items if item.value["tool_id"] == tool.id and not item.value["right"]}
        wrong = {each.question for each in known if each.id in said}
        wrong |= {case.question for case in tool.report.cases if not case.passed}
        yield from self.put_instances(with_counterexamples(known, wrong))
        yield from self._library.remove(tool.name, reason)

    def retired(self, name: str) -> Flow[tuple[MadeTool, str]]:
        """Return what a name meant before it was retired or removed, and why that was done.

        Raises:
            ToolNotFoundError: Nothing of this name was.
            ToolRecordError: The stored record was altered or damaged.
        """
        events = yield from self._library.history(name)
        removed = next((event for event in reversed(events) if event.action == "removed"), None)
        if removed is None:
            raise ToolNotFoundError(f"no tool named {shorten(name)!r} was ever retired")
        return (yield from self._library.get_by_id(removed.id)), removed.reason

    def last_version(self, name: str) -> Flow[MadeTool]:
        """Return what a name means, or what it meant before it was retired or removed.

        Raises:
            ToolNotFoundError: There never was such a name.
            ToolRecordError: The stored record was altered or damaged.
        """
        try:
            return (yield from self._library.get(name))
        except ToolNotFoundError:
            events = yield from self._library.history(name)
        return (yield from self._library.get_by_id(events[-1].id))

    def known(self, tool: MadeTool) -> Flow[list[Instance]]:
        """Return all that is known of a tool's requests; a question may stand there several times."""
        return known_of(tool, (yield from self._library.examples(tool.name)))

    def _put(self, label: str, key: str, value: Value) -> PutOp:
        return PutOp(self._labels(label), key, value.model_dump(mode="json", exclude={"id"}), index=False)

    def _put_instance(self, instance: Instance) -> PutOp:
        return self._put("waiting", instance.id, instance)


def failed_making(
    name: str, instances: Sequence[Instance], error: str, usage: dict[Stage, TokenUsage], models: dict[Stage, str]
) -> FailedMaking:
    """Describe a making without success."""
    return FailedMaking(
        id=unique_key(),
        name=name,
        instances=tuple(each.id for each in instances),
        error=shorten(error, 500),
        usage=usage,
        models=models,
    )
