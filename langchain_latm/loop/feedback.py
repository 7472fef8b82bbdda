"""Feedback: corrects an instance or a tool with the right answer to an earlier request."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from pydantic import TypeAdapter

from langchain_latm._core.caller import validate_name
from langchain_latm._core.flow import Flow, arun_flow, run_flow
from langchain_latm.exceptions import RequestError, ToolNotFoundError, ToolRecordError
from langchain_latm.text.answer_check import AnswerCheck, ExactCheck
from langchain_latm.tools.library.instances import Instance, LabelSource, outranks
from langchain_latm.tools.library.known_rows import given_answer
from langchain_latm.tools.library.library import ToolLibrary, loop_operations_of
from langchain_latm.tools.library.loop_operations import AnswerNote, LoopOperations
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.store_batch import now
from langchain_latm.tools.library.verdicts import RANKS, Retirement, verdicts_of
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import MAX_QUESTION_CHARACTERS, Feedback, FeedbackEntry, FeedbackSource, ReplacedItem

RETIRE_AFTER = 3
RETIRE_SHARE = 0.2
_DIGITS: Final = 12

_log = logging.getLogger(__name__)


def record_feedback(
    library: ToolLibrary,
    answer_id: str,
    correct_answer: str,
    *,
    user: str = "",
    source: FeedbackSource | None = None,
    check: AnswerCheck | str = "exact",
    retire_after: int = RETIRE_AFTER,
    retire_share: float = RETIRE_SHARE,
) -> Feedback:
    """Record the correct answer to an earlier request.

    If a user gives several corrections, the last one counts. No model is called.

    If a model answered, the waiting instance gets this answer. If a tool answered, or failed to, the request becomes an
    example that every later version of the tool must pass. A tool that is wrong too often is retired: its requests are
    answered by the model, and the next one of them makes a new version from everything known of its kind;
    `ToolLibrary.activate` undoes that. A request that was more than text alone (`create_latm`) adds no example.

    Feedback counts by its source. A person outranks a model, and both outrank a stranger. Feedback of a stranger does
    not change a label or add an example: it puts the answer in doubt, and the strong model answers the same request
    from then on. A single stranger cannot retire a tool, since one stranger accounts for at most half of the wrong
    answers.

    Args:
        library: The library that the request was answered with, by this or another process. For a tenant's answers, the
            tenant's own (`ToolLibrary.for_tenant`).
        answer_id: The `id` of the `Answer`.
        correct_answer: The correct answer, in the form that the request asks for.
        user: Who gives it, as your application names its users.
        source: `"person"`, someone whom you trust; `"model"`, a model that judges answers; `"stranger"`, any user. By
            default `"stranger"` if this call or the run of the answer names a user. In an application without users,
            all feedback is trusted.
        check: How a model's answer is compared with it. A tool's answer is compared as its record says.
        retire_after: Wrong answers after which a tool is retired,
        retire_share: if they are at least this share of all its answers, with feedback or without.

    Raises:
        RequestError: No answer has this id, the correct one is empty or too long, or the user's name is too long.
        ToolLibraryError: The library's store failed.
        ValueError: `retire_after` is less than 1.
    """
    said = said_by(correct_answer, source, user)
    settings = _checked(check), Retirement.of(retire_after, retire_share)
    return run_flow(feedback(loop_operations_of(library), answer_id, said, *settings))


async def arecord_feedback(
    library: ToolLibrary,
    answer_id: str,
    correct_answer: str,
    *,
    user: str = "",
    source: FeedbackSource | None = None,
    check: AnswerCheck | str = "exact",
    retire_after: int = RETIRE_AFTER,
    retire_share: float = RETIRE_SHARE,
) -> Feedback:
    """Do as `record_feedback`, without blocking the event loop."""
    said = said_by(correct_answer, source, user)
    settings = _checked(check), Retirement.of(retire_after, retire_share)
    return await arun_flow(feedback(loop_operations_of(library), answer_id, said, *settings))


class Said(NamedTuple):
    """Feedback and its source.

    Attributes:
        correct_answer: The correct answer.
        source: How far it is trusted; None for the default.
        user: Who gives it.
    """

    correct_answer: str
    source: FeedbackSource | None = None
    user: str = ""


def said_by(correct_answer: str, source: FeedbackSource | None, user: str) -> Said:
    """Check who gives feedback.

    Raises:
        RequestError: The user's name is blank or too long.
        ValueError: There is no such source.
    """
    if source is not None and source not in RANKS:
        raise ValueError(f"source must be one of {', '.join(RANKS)}, not {source!r}")
    return Said(correct_answer, source, validate_name(user, "user") if user else "")


def feedback(
    loop: LoopOperations, answer_id: str, said: Said, check: AnswerCheck, retirement: Retirement
) -> Flow[Feedback]:
    """Do as `record_feedback`, as a flow."""
    if not said.correct_answer.strip() or len(said.correct_answer) > MAX_QUESTION_CHARACTERS:
        raise RequestError(f"the correct answer is empty or longer than {MAX_QUESTION_CHARACTERS:,} characters")
    note = yield from loop.answer(answer_id)
    on = _Answer(answer_id, note, said, said.source or ("stranger" if said.user or note.user else "person"))
    if note.tool is not None:
        return (yield from _on_tool(loop, on, note.tool, retirement))
    right = check.matches(note.text, said.correct_answer)
    if not note.alone:  # its text is not the whole request
        return (yield from _kept(loop, on, right))
    if note.meant_for is not None:
        # The tool gave no answer, so there is no verdict on it, but its next version must answer this request.
        changes = () if on.doubtful else ((yield from loop.replacing(note.meant_for, on.instance)),)
        kept = yield from _kept(loop, on, right, changes)
        yield from loop.library.update_wordings(note.meant_for)
        return kept
    waiting = yield from loop.instance(answer_id, note.question, note.system_key)
    if waiting is not None:
        replaced = waiting.answer is None or outranks(on.label, waiting.source)
        changes = (loop.relabelled(waiting, said.correct_answer, on.label),) if replaced else ()
        return (yield from _kept(loop, on, right, changes, counted=replaced))
    made = yield from loop.made_of(answer_id)
    if made is None or right:
        return (yield from _kept(loop, on, right)).model_copy(update={"tool": made})
    # A tool was made of the wrong answer, so the answer is the tool's too.
    return (yield from _on_tool(loop, on, made, retirement))


class _Answer(NamedTuple):
    """An answer, and the feedback on it."""

    id: str
    note: AnswerNote
    said: Said
    source: FeedbackSource

    @property
    def doubtful(self) -> bool:
        """Whether the feedback is only a doubt."""
        return self.source == "stranger"

    @property
    def label(self) -> LabelSource:
        """The source of the label that it gives."""
        return "feedback" if self.source == "person" else self.source

    @property
    def instance(self) -> Instance:
        """The request with the correct answer."""
        return Instance(
            id=self.id,
            question=self.note.question,
            answer=self.said.correct_answer,
            source=self.label,
            system_key=self.note.system_key,
        )

    def entry(self, right: bool, replaced: Sequence[ReplacedItem]) -> FeedbackEntry:
        """Return what the library keeps: one entry for each user and source, since only the last feedback counts."""
        who = sha256(f"{self.source} {self.said.user}".encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
        plain = (self.source, self.said.user) == ("person", "")
        return FeedbackEntry(
            id=self.id if plain else f"{self.id}-{who}",
            answer_id=self.id,
            question=self.note.question,
            correct_answer=self.said.correct_answer,
            right=right,
            source=self.source,
            user=self.said.user,
            at=now(),
            replaced=tuple(replaced),
        )


def _kept(
    loop: LoopOperations, on: _Answer, right: bool, replaced: Sequence[ReplacedItem] = (), *, counted: bool = True
) -> Flow[Feedback]:
    """Keep feedback on an answer that no tool gave."""
    entry = on.entry(right, replaced)
    yield from loop.record_verdict(None, on.id, "", right, entry)
    return Feedback(answer_id=on.id, right=right, id=entry.id, counted=counted)


def _on_tool(loop: LoopOperations, on: _Answer, name: str, retirement: Retirement) -> Flow[Feedback]:
    tool = yield from _current(loop.library, name)
    tool_id = on.note.tool_id or (tool.id if tool else "")
    right = _is_right(on, (yield from _record(loop.library, tool_id)))
    changes: tuple[ReplacedItem, ...] = ()
    if not on.doubtful:
        examples = yield from loop.library.examples(name)
        known = next((each for each in examples if each.id == on.id), on.instance)
        corrected = on.instance.model_copy(update={"usage": known.usage, "model": known.model})
        changes = ((yield from loop.replacing(name, corrected)),)
    entry = on.entry(right, changes)
    yield from loop.record_verdict(name, on.id, tool_id, right, entry)
    retired = False
    if tool is not None and tool.id == tool_id and not right:
        retired = yield from _retired(loop, tool, retirement)
    return Feedback(
        answer_id=on.id, right=right, tool=name, retired=retired, id=entry.id, counted=right or not on.doubtful
    )


def _retired(loop: LoopOperations, tool: MadeTool, retirement: Retirement) -> Flow[bool]:
    """Retire a tool if feedback says that it is wrong too often; return whether it does."""
    entries = yield from loop.library.feedback(tool.name)
    verdicts = verdicts_of(each for each in entries if each.tool_id == tool.id).values()
    given = yield from loop.answers_given(tool, retirement.most_answers(verdicts))
    if not retirement.is_due(verdicts, given):
        return False
    wrong, answers = sum(not each.right for each in verdicts), max(given, len(verdicts))
    yield from loop.retire(tool, f"feedback: {wrong} of {answers} answers were wrong")
    _log.warning(
        "%s is retired, since feedback calls %d of %d answers wrong; library.activate(%r, %r) undoes it",
        tool.name,
        wrong,
        answers,
        tool.name,
        tool.id[:12],
    )
    return True


def settle(loop: LoopOperations, tool_id: str, question: str, answer: str, check: AnswerCheck) -> Flow[None]:
    """End the dispute about a tool's answers to a request if the strong model gives the same answer.

    Any other answer is ignored, because a request may tell the model what to answer.
    """
    try:
        tool = yield from loop.library.get_by_id(tool_id)
    except (ToolNotFoundError, ToolRecordError):
        return
    entries = [each for each in (yield from loop.library.feedback(tool.name)) if each.tool_id == tool_id]
    disputed = {key for key, each in verdicts_of(entries).items() if each.disputed and each.question == question}
    for answer_id in sorted(disputed):
        note = yield from loop.answer(answer_id)
        if check.matches(note.text, answer):
            entry = _Answer(answer_id, note, Said(answer), "model").entry(right=True, replaced=())
            yield from loop.record_verdict(tool.name, answer_id, tool_id, True, entry)


def _current(library: LibraryOperations, name: str) -> Flow[MadeTool | None]:
    try:
        return (yield from library.get(name))
    except (ToolNotFoundError, ToolRecordError):  # retired or removed by now; or damaged, and nothing to retire
        return None


def _record(library: LibraryOperations, tool_id: str) -> Flow[MadeTool | None]:
    try:
        return (yield from library.get_by_id(tool_id))
    except (ToolNotFoundError, ToolRecordError):
        return None


def _is_right(on: _Answer, tool: MadeTool | None) -> bool:
    """Whether a tool's answer is the correct one: compared exactly, if the record cannot be read."""
    given, correct = on.note.text, on.said.correct_answer
    if tool is None:
        return ExactCheck().matches(given, correct)
    return tool.stored_check.matches(given_answer(tool, given), given_answer(tool, correct))


def _checked(check: AnswerCheck | str) -> AnswerCheck:
    return TypeAdapter[AnswerCheck](AnswerCheck).validate_python(check)
