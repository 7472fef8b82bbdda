"""What a correct answer that is known later teaches: about an instance, about a tool."""

from __future__ import annotations

from typing import NamedTuple

from langchain_latm.exceptions import RequestError, ToolLibraryError, ToolRecordError
from langchain_latm.text.answer_check import AnswerCheck, ExactCheck
from langchain_latm.tools.library.flows import Flow, LibraryFlows
from langchain_latm.tools.library.loop_flows import AnswerNote, LoopFlows
from langchain_latm.tools.library.waiting import Instance
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import MAX_QUESTION_CHARACTERS, Feedback


class Retirement(NamedTuple):
    """When a tool is taken out of use.

    Attributes:
        after: So many of its answers were wrong,
        share: and at least this part of all that feedback was given on.
    """

    after: int = 3
    share: float = 0.2

    def is_due(self, rights: int, wrongs: int) -> bool:
        """Whether it is time."""
        return wrongs >= self.after and wrongs >= self.share * (rights + wrongs)


def take_feedback(
    library: LibraryFlows, answer_id: str, correct_answer: str, check: AnswerCheck, retirement: Retirement
) -> Flow[Feedback]:
    """Take feedback on an answer; `LATM.record_feedback` says what comes of it. A flow of the library."""
    if not correct_answer.strip() or len(correct_answer) > MAX_QUESTION_CHARACTERS:
        raise RequestError(f"the correct answer is empty or longer than {MAX_QUESTION_CHARACTERS:,} characters")
    loop = LoopFlows(library)
    note = yield from loop.answer(answer_id)
    told = Instance(id=answer_id, question=note.question, answer=correct_answer, source="feedback")
    if note.tool is not None:
        return (yield from _on_tool(library, note, told, retirement))
    right = check.matches(note.text, correct_answer)
    if note.meant_for is not None:
        # The tool gave no answer, so nothing is judged; its next version must answer this.
        yield from loop.add_example(note.meant_for, told)
        return Feedback(answer_id=answer_id, right=right)
    waiting = yield from loop.instance(answer_id, note.question)
    if waiting is not None:
        yield from loop.put_instances([waiting.model_copy(update={"answer": correct_answer, "source": "feedback"})])
        return Feedback(answer_id=answer_id, right=right)
    made = yield from loop.made_of(answer_id)
    if made is None or right:
        return Feedback(answer_id=answer_id, right=right, tool=made)
    # A tool was proven with the wrong answer: whatever it says to this question, it was made to say.
    return (yield from _on_tool(library, note.model_copy(update={"tool": made}), told, retirement))


def _on_tool(library: LibraryFlows, note: AnswerNote, told: Instance, retirement: Retirement) -> Flow[Feedback]:
    loop, name = LoopFlows(library), note.tool or ""
    tool = yield from _current(library, name)
    tool_id = note.tool_id or (tool.id if tool else "")
    judged = yield from _judge(library, tool_id)
    right = judged.matches(note.text, told.answer or "")
    known = next((each for each in (yield from library.examples(name)) if each.id == told.id), told)
    yield from loop.add_example(name, told.model_copy(update={"usage": known.usage, "model": known.model}))
    yield from loop.note_feedback(name, told.id, tool_id, right)
    retired = False
    if tool is not None and tool.id == tool_id and not right:
        rights, wrongs = yield from loop.feedback(name, tool_id)
        if retirement.is_due(rights, wrongs):
            yield from loop.retire(tool, f"feedback: {wrongs} of {rights + wrongs} answers were wrong")
            retired = True
    return Feedback(answer_id=told.id, right=right, tool=name, retired=retired)


def _current(library: LibraryFlows, name: str) -> Flow[MadeTool | None]:
    try:
        return (yield from library.get(name))
    except (ToolLibraryError, ToolRecordError):  # retired or removed by now; or damaged, and nothing to retire
        return None


def _judge(library: LibraryFlows, tool_id: str) -> Flow[AnswerCheck]:
    """Return how a tool's answers are compared: exactly, where its record cannot be read."""
    try:
        return (yield from library.get_by_id(tool_id)).stored_check
    except (ToolLibraryError, ToolRecordError):
        return ExactCheck()
