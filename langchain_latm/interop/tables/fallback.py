"""A model that answers the rows that a tool refuses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from langchain_core.runnables import Runnable, RunnableConfig

from langchain_latm.exceptions import LATMError, ModelError
from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.direct_answer import create_direct_answer
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Example

_SHOWN: Final = 6
_AT_A_TIME: Final = 4
_TOGETHER: Final = 4 * _AT_A_TIME
"""Rows that are asked about before the next check for a lasting failure."""


class ModelFallback:
    """Asks a model, with proven rows of the tool as examples.

    Args:
        name: The model's name, for the column with the source of the answer.
        model: The model.
        tool: The tool.
        most: Maximum number of rows to ask about; the others stay without an answer.

    Attributes:
        failure: Why it has stopped answering: the model cannot be used, or failed on all rows of a call of `answer`.
    """

    def __init__(self, name: str, model: Runnable[Any, Any], tool: MadeTool, *, most: int) -> None:
        self.name = name
        cases = [case for case in tool.report.cases if case.passed and case.arguments is not None]
        shown = [
            Example(question=_row(case.arguments or {}), answer=answer_text(case.expected))
            for case in cases[:_SHOWN]
            if answer_text(case.expected)
        ]
        self._chain = create_direct_answer(model, demonstrations=shown)
        self.left = most
        self.failure: LATMError | None = None

    def answer(self, sets: Sequence[dict[str, Any]]) -> list[str | None]:
        """Return an answer for each set of arguments; None if the model gave no complete one, or was not asked.

        The list ends before the first row with `failure`.
        """
        asked = [_row(each) for each in sets[: self.left]] if self.failure is None else []
        outcomes: list[Any] = []
        for place in range(0, len(asked), _TOGETHER):
            outcomes += self._chain.batch(
                asked[place : place + _TOGETHER], RunnableConfig(max_concurrency=_AT_A_TIME), return_exceptions=True
            )
            for number, each in enumerate(outcomes[place:], place):
                if isinstance(each, Exception) and not isinstance(each, LATMError):
                    raise each
                if isinstance(each, ModelError) and each.lasting:
                    self.failure = each
                    return self._texts(outcomes[:number])
        if outcomes and all(isinstance(each, LATMError) for each in outcomes):
            self.failure = outcomes[0]
            return []
        return [*self._texts(outcomes), *[None] * (len(sets) - len(asked) if self.failure is None else 0)]

    def _texts(self, outcomes: Sequence[Any]) -> list[str | None]:
        self.left -= len(outcomes)
        return [None if isinstance(each, Exception) or each.doubts else each.text for each in outcomes]


def _row(arguments: dict[str, Any]) -> str:
    return json.dumps(arguments, ensure_ascii=False)
