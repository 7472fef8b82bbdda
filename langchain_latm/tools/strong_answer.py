"""The strong model's answer to a request, and whether it is trusted as a label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.runnables import Runnable

from langchain_latm._core.flow import Calls, Flow
from langchain_latm.models.asking import asking
from langchain_latm.models.failures import model_error
from langchain_latm.models.replies import reply_text, was_cut
from langchain_latm.text.answer_check import AnswerCheck
from langchain_latm.text.final_answer import final_answer
from langchain_latm.text.writing.outline import outlines
from langchain_latm.tools.prompts import FORM_ASKED, FORM_TOLD, SOLVING
from langchain_latm.types import MAX_QUESTION_CHARACTERS, TokenUsage

_TEMPERATURE: Final = 0.7
_SHOWN_CHARACTERS: Final = 240


class StrongAnswer(NamedTuple):
    """The answer of the strong model.

    Attributes:
        text: The answer that most samples gave.
        agreed: Whether more than half of all samples gave it.
        usage: Tokens of all samples.
        cut: Whether it ends at the model's limit of tokens, which then holds for all samples.
    """

    text: str
    agreed: bool
    usage: TokenUsage
    cut: bool = False


def ask_strong_model(
    model: Runnable[Any, Any],
    conversation: Sequence[BaseMessage],
    known: Sequence[str],
    *,
    samples: int,
    check: AnswerCheck,
) -> Flow[StrongAnswer]:
    """Ask for an answer several times, and take the one that most samples give (paper, section 3.3, on labels).

    A sample that was cut at the limit of tokens is not a vote. If all were cut, the first text is returned, marked as
    cut.

    Args:
        model: The strong model.
        conversation: The request, after the messages before it.
        known: Answers to requests of the same kind. Only their outlines are shown, since they may belong to other
            users.
        samples: How often it is asked. With one, the temperature is 0 and the answer is trusted.
        check: Decides whether two answers are the same.

    Raises:
        ModelError: Every sample failed or has no text.
    """
    *before, request = conversation
    asked = [*before, *_form(known), request]
    chat = asking(model, temperature=0 if samples == 1 else _TEMPERATURE)
    replies = yield Calls(SOLVING | chat, [{"conversation": asked}] * samples)
    failures = [reply for reply in replies if isinstance(reply, Exception)]
    if len(failures) == len(replies):
        raise model_error(failures[0], model) from failures[0]
    came = [reply for reply in replies if not isinstance(reply, Exception)]
    answers, cut = _texts([each for each in came if not was_cut(each)]), _texts(filter(was_cut, came))
    usage = sum((TokenUsage.of(reply) for reply in replies if isinstance(reply, BaseMessage)), TokenUsage())
    if not answers and cut:
        return StrongAnswer(cut[0], agreed=False, usage=usage, cut=True)
    if not answers:
        why = "its reply was cut before an answer began" if any(map(was_cut, came)) else "its reply is empty"
        raise model_error(ValueError(why), model)
    votes = [sum(check.matches(other, answer) for other in answers) for answer in answers]
    most = max(votes)
    text = answers[votes.index(most)]
    # A longer text cannot become a tool's answer.
    return StrongAnswer(text, 2 * most > samples and len(text) <= MAX_QUESTION_CHARACTERS, usage)


def _texts(replies: Iterable[object]) -> list[str]:
    """Return the answers in replies that have one."""
    return [answer for answer in (final_answer(reply_text(reply)) for reply in replies) if answer]


def _form(known: Sequence[str]) -> list[BaseMessage]:
    """Return messages that show the form of answers; none if there is nothing to show.

    It is not a system message, because text from users is not an instruction.
    """
    shown = "\n".join(outlines(known))[:_SHOWN_CHARACTERS]
    return [HumanMessage(FORM_ASKED), AIMessage(FORM_TOLD.format(outlines=shown))] if shown else []
