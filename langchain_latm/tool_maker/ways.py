"""Ways to make a tool: what is read off the question for the maker, and what it is asked to return.

A way joins a view (`views`) with a form of answer (`answer_forms`). The maker tries them in turn, the most telling one
most often, and now and then it chooses the parameters by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from langchain_latm.tool_maker.answer_forms import AnswerForm, answer_forms
from langchain_latm.tool_maker.views import View, views
from langchain_latm.types import Example, Task

ENTRY: Final = "answer"
_MOST_VIEWS: Final = 4
_TURNS: Final = (0, 1, 0, 2, 0, 1, 3, None, 0, 2, 0, 1, 0, 4, 2, None)
"""Which way is tried in each round, by rank; None for the maker's own parameters."""


class Way(NamedTuple):
    """One way.

    Attributes:
        view: How the arguments are read.
        form: What is returned.
    """

    view: View
    form: AnswerForm

    @property
    def signature(self) -> str:
        """The head of the function."""
        parameters = ", ".join(f"{name}: {kind}" for name, kind in self.view.annotations.items())
        return f"def {ENTRY}({parameters}) -> {self.form.annotation}"

    def shown(self, examples: Sequence[Example]) -> str:
        """Write the demonstrations for a prompt."""
        return "\n\n".join(self._one(example, i) for i, example in enumerate(examples))

    def _one(self, example: Example, i: int) -> str:
        arguments = self.view.parser.parse(example.question) or {}
        given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        value = self.form.values[i]
        lines = [f"Question: {example.question}"]
        if any(slot.form != "question" for slot in self.view.parser.slots):
            lines.append(f"Arguments: {given}")
        return "\n".join([*lines, f"Answer: {value if isinstance(value, str) else repr(value)}"])


def ways(task: Task) -> list[Way]:
    """Return the ways for a task, the most telling first; none where its questions share too little.

    The questions of all examples are compared, their answers only of the demonstrations: those of the validation
    examples stay hidden.
    """
    found = views([example.question for example in (*task.demonstrations, *task.validation)])[:_MOST_VIEWS]
    forms = answer_forms([example.answer for example in task.demonstrations])
    ranked = [Way(view, form) for form in forms for view in found[:2]] + [Way(view, forms[0]) for view in found[2:]]
    return ranked[: len(_TURNS)]


def way_of_turn(turn: int, count: int) -> int | None:
    """Return which of so many ways a round takes; None for the maker's own."""
    way = _TURNS[turn % len(_TURNS)]
    return None if way is None or not count else way % count
