"""Decides which answer is right if proven functions differ, by asking a person or the strong model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import HumanMessage
from langchain_core.runnables import Runnable, RunnableLambda

from langchain_latm._core.flow import Calls, Flow
from langchain_latm.exceptions import ModelError
from langchain_latm.making.answers import read_answer, written_answer
from langchain_latm.tools.strong_answer import ask_strong_model
from langchain_latm.types import Difference, Task, TokenUsage

Review = Callable[[Difference], Any] | Callable[[Difference], Awaitable[Any]]
"""Asks a person about a request on which proven functions differ. It returns the right answer as text, `False` if no
such request can occur, or anything else if the person does not know. For a typed task, `Difference.question` holds the
inputs as JSON, and the answer is JSON too, unless all answers of the task are texts."""


@dataclass(frozen=True)
class Deciders:
    """Who decides if proven functions differ: a person, a model, or no one.

    Attributes:
        review: Asks a person.
        model: The model to ask if there is no `review`.
        samples: Number of samples of the model for one answer.
    """

    review: Review | None
    model: Runnable[Any, Any] | None
    samples: int

    def decide(self, difference: Difference, task: Task) -> Flow[tuple[Difference, TokenUsage]]:
        """Ask about one difference.

        Returns:
            The difference, decided or unchanged, and the tokens of the model.
        """
        if self.review is not None:
            return (yield from self._asked(self.review, difference, task)), TokenUsage()
        if self.model is None:
            return difference, TokenUsage()
        conversation = [HumanMessage(_as_row(difference, task) if task.typed else difference.question)]
        known = [] if task.typed else [example.answer for example in task.demonstrations]
        try:
            check = task.check.model_copy(update={"values": False})  # replies of models are text
            said = yield from ask_strong_model(self.model, conversation, known, samples=self.samples, check=check)
        except ModelError:  # the tool will refuse an undecided request
            return difference, TokenUsage()
        # If no function gives the model's answer, the model is more likely wrong than all functions.
        given = [each for each in difference.answers if each is not None and check.matches(each, said.text)]
        if not said.agreed or not given:
            return difference, said.usage
        return difference.model_copy(update={"decided_by": "model", "answer": given[0]}), said.usage

    def _asked(self, review: Review, difference: Difference, task: Task) -> Flow[Difference]:
        ask: Runnable[Any, Any] = RunnableLambda(review, name="review")
        (said,) = yield Calls(ask, [difference])
        if isinstance(said, Exception):
            raise said
        if isinstance(said, str) and task.typed:
            read_answer(task, said)
            return difference.model_copy(update={"decided_by": "person", "answer": said})
        if isinstance(said, str) and said.strip():
            return difference.model_copy(update={"decided_by": "person", "answer": said.strip()})
        return difference.model_copy(update={"decided_by": "person"}) if said is False else difference


def _as_row(difference: Difference, task: Task) -> str:
    """Write a prompt for the answer of one row, after the solved rows that the maker was shown."""
    shown = [f"Row: {each.text}\nAnswer: {written_answer(task, each.answer)}" for each in task.demonstrations]
    what = f"{task.name}: {task.description}" if task.description else task.name
    return "\n\n".join([what, *shown, f"Row: {difference.question}\nAnswer:"])
