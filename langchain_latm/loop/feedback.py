"""Feedback: what the correct answer to an earlier request teaches, about an instance or about a tool."""

from __future__ import annotations

from typing import NamedTuple

from pydantic import TypeAdapter

from langchain_latm._core.flow import Flow, arun_flow, run_flow
from langchain_latm.exceptions import RequestError, ToolNotFoundError, ToolRecordError
from langchain_latm.text.answer_check import AnswerCheck, ExactCheck
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.library.library import ToolLibrary, loop_operations_of
from langchain_latm.tools.library.loop_operations import AnswerNote, LoopOperations
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import MAX_QUESTION_CHARACTERS, Feedback

RETIRE_AFTER = 3
RETIRE_SHARE = 0.2


def record_feedback(
    library: ToolLibrary,
    answer_id: str,
    correct_answer: str,
    *,
    check: AnswerCheck | str = "exact",
    retire_after: int = RETIRE_AFTER,
    retire_share: float = RETIRE_SHARE,
) -> Feedback:
    """Record the correct answer to an earlier request. Recording it twice counts once. No model is called.

    If a model answered, the waiting instance gets this answer. If a tool answered, or failed to, the request becomes an
    example that every later version of the tool must pass. A tool that is wrong too often is retired: its requests are
    answered by the model, and the next one of them makes a new version from everything known of its kind. Nothing is
    learned from a request that was more than a text alone (`create_latm`).

    Args:
        library: The library that the request was answered with, by this or another process.
        answer_id: The `id` of the `Answer`.
        correct_answer: In the form that the request asks for.
        check: How a model's answer is compared with it. A tool's answer is compared as its record says.
        retire_after: Wrong answers after which a tool is retired,
        retire_share: if they are at least this share of its answers with feedback.

    Raises:
        RequestError: No answer has this id, or the correct one is empty or too long.
        ToolLibraryError: The library's store failed.
        ValueError: `retire_after` is less than 1.
    """
    settings = _checked(check), Retirement.of(retire_after, retire_share)
    return run_flow(feedback(loop_operations_of(library), answer_id, correct_answer, *settings))


async def arecord_feedback(
    library: ToolLibrary,
    answer_id: str,
    correct_answer: str,
    *,
    check: AnswerCheck | str = "exact",
    retire_after: int = RETIRE_AFTER,
    retire_share: float = RETIRE_SHARE,
) -> Feedback:
    """Do as `record_feedback`, without blocking the event loop."""
    settings = _checked(check), Retirement.of(retire_after, retire_share)
    return await arun_flow(feedback(loop_operations_of(library), answer_id, correct_answer, *settings))


class Retirement(NamedTuple):
    """When a tool is retired; `record_feedback` says what the fields are."""

    after: int
    share: float

    @classmethod
    def of(cls, after: int, share: float) -> Retirement:
        """Check the values.

        Raises:
            ValueError: `after` is less than 1.
        """
        if after < 1:
            raise ValueError("retire_after must be at least 1")
        return cls(after, share)

    def is_due(self, rights: int, wrongs: int) -> bool:
        """Whether a tool with these counts of right and wrong answers is to be retired."""
        return wrongs >= self.after and wrongs >= self.share * (rights + wrongs)


def feedback(
    loop: LoopOperations, answer_id: str, correct_answer: str, check: AnswerCheck, retirement: Retirement
) -> Flow[Feedback]:
    """Do as `record_feedback`, as a flow."""
    if not correct_answer.strip() or len(correct_answer) > MAX_QUESTION_CHARACTERS:
        raise RequestError(f"the correct answer is empty or longer than {MAX_QUESTION_CHARACTERS:,} characters")
    note = yield from loop.answer(answer_id)
    corrected = Instance(
        id=answer_id,
        question=note.question,
        answer=correct_answer,
        source="feedback",
        system_key=note.system_key,
    )
    if note.tool is not None:
        return (yield from _on_tool(loop, note, note.tool, corrected, retirement))
    right = check.matches(note.text, correct_answer)
    if not note.alone:  # its text alone does not say what was asked
        return Feedback(answer_id=answer_id, right=right)
    if note.meant_for is not None:
        # The tool gave no answer, so there is no verdict on it; its next version must answer this.
        yield from loop.add_example(note.meant_for, corrected)
        return Feedback(answer_id=answer_id, right=right)
    waiting = yield from loop.instance(answer_id, note.question, note.system_key)
    if waiting is not None:
        yield from loop.put_instances([waiting.model_copy(update={"answer": correct_answer, "source": "feedback"})])
        return Feedback(answer_id=answer_id, right=right)
    made = yield from loop.made_of(answer_id)
    if made is None or right:
        return Feedback(answer_id=answer_id, right=right, tool=made)
    # A tool was made of the wrong answer, so the answer is the tool's too.
    return (yield from _on_tool(loop, note, made, corrected, retirement))


def _on_tool(
    loop: LoopOperations, note: AnswerNote, name: str, corrected: Instance, retirement: Retirement
) -> Flow[Feedback]:
    tool = yield from _current(loop.library, name)
    tool_id = note.tool_id or (tool.id if tool else "")
    check = yield from _stored_check(loop.library, tool_id)
    right = check.matches(note.text, corrected.answer or "")
    examples = yield from loop.library.examples(name)
    known = next((each for each in examples if each.id == corrected.id), corrected)
    yield from loop.add_example(name, corrected.model_copy(update={"usage": known.usage, "model": known.model}))
    yield from loop.record_verdict(name, corrected.id, tool_id, right)
    retired = False
    if tool is not None and tool.id == tool_id and not right:
        verdicts = (yield from loop.verdicts(name, tool_id)).values()
        rights, wrongs = sum(verdicts), len(verdicts) - sum(verdicts)
        if retirement.is_due(rights, wrongs):
            yield from loop.retire(tool, f"feedback: {wrongs} of {rights + wrongs} answers were wrong")
            retired = True
    return Feedback(answer_id=corrected.id, right=right, tool=name, retired=retired)


def _current(library: LibraryOperations, name: str) -> Flow[MadeTool | None]:
    try:
        return (yield from library.get(name))
    except (ToolNotFoundError, ToolRecordError):  # retired or removed by now; or damaged, and nothing to retire
        return None


def _stored_check(library: LibraryOperations, tool_id: str) -> Flow[AnswerCheck]:
    """Return how a tool's answers are compared: exactly, if its record cannot be read."""
    try:
        return (yield from library.get_by_id(tool_id)).stored_check
    except (ToolNotFoundError, ToolRecordError):
        return ExactCheck()


def _checked(check: AnswerCheck | str) -> AnswerCheck:
    return TypeAdapter[AnswerCheck](AnswerCheck).validate_python(check)
