"""A made tool that sorts words and whose parser reads "Sort: ...", without a maker."""

from __future__ import annotations

from typing import Any

from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from langchain_latm.tools.made_tool import MadeTool
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.word_task import GOOD

PARSER = RequestParser(literals=("Sort: ", ""), slots=(Slot(name="words", form="texts", gaps=(0,), separator=" "),))
KILLER = GOOD.replace(
    "    return", '    assert words != ["fails"]\n    while words == ["kills"]:\n        pass\n    return'
)


def sorting_tool(**changes: Any) -> MadeTool:
    """It raises on the request "Sort: fails", and never ends on "Sort: kills"."""
    return made_tool(**{"source": KILLER, "parser": PARSER, "read_by": ("parser",), **changes})


def returning(expression: str, *values: Any) -> MadeTool:
    """A tool that returns a value of an expression in `words`; its proof holds these values."""
    case = made_tool().report.cases[0]
    cases = tuple(case.model_copy(update={"value": value}) for value in values)
    source = f"def sort_words(words: list[str]):\n    return {expression}\n"
    return sorting_tool(source=source, report=made_tool().report.model_copy(update={"cases": cases}))


def typed_tool(**changes: Any) -> MadeTool:
    """A tool with two inputs, one of which is no identifier: it repeats a text; "fails" raises."""
    parameters = {
        "type": "object",
        "properties": {"text": {"type": "string"}, "how_often": {"type": "integer"}},
        "required": ["text", "how_often"],
        "additionalProperties": False,
    }
    source = 'def repeat(text: str, how_often: int) -> str:\n    assert text != "fails"\n    return text * how_often\n'
    typed = {"read_by": ("inputs",), "inputs": {"text": "text", "how often": "how_often"}, "worked_examples": ()}
    return made_tool(
        **{"name": "repeat", "entry": "repeat", "source": source, "parameters": parameters, **typed, **changes}
    )
