"""A model that answers the rows which a tool refuses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from langchain_core.runnables import Runnable, RunnableConfig

from langchain_latm.exceptions import LATMError
from langchain_latm.text.answer_check import answer_text
from langchain_latm.tools.direct_answer import create_direct_answer
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Example

_SHOWN: Final = 6
_AT_A_TIME: Final = 4


class ModelFallback:
    """Asks a model, with proven rows of the tool as examples.

    Args:
        name: The model's name, for the column that says who answered.
        model: The model.
        tool: The tool.
        most: Maximum number of rows that it is asked for; the others stay without an answer.

    Raises:
        LATMError: By `answer`: the model cannot be reached for any of the rows.
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

    def answer(self, sets: Sequence[dict[str, Any]]) -> list[str | None]:
        """Return an answer for each set of arguments; None where the model gave no whole one, or was not asked."""
        asked = [_row(each) for each in sets[: self.left]]
        self.left -= len(asked)
        outcomes: list[Any] = self._chain.batch(
            asked, RunnableConfig(max_concurrency=_AT_A_TIME), return_exceptions=True
        )
        failures = [each for each in outcomes if isinstance(each, Exception)]
        for each in failures:
            if not isinstance(each, LATMError) or len(failures) == len(outcomes):
                raise each
        found = [None if isinstance(each, Exception) or each.doubts else each.text for each in outcomes]
        return [*found, *[None] * (len(sets) - len(asked))]


def _row(arguments: dict[str, Any]) -> str:
    return json.dumps(arguments, ensure_ascii=False)
