"""The requests of `latm bench bulk`, the tool that answers them, and the figures of one measurement."""

from __future__ import annotations

from typing import Any, Final

from langchain_latm.benchmarks.dispatch.library import Kind, tool_of
from langchain_latm.benchmarks.report import Figures
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.text.reading.slot import Slot
from langchain_latm.tools.made_tool import MadeTool

OPENING: Final = "Put these words into order: "
_WORDS: Final = "pear fig apple dove crow auk tin zinc iron red".split()  # noqa: SIM905 - easier to read
_SOURCE: Final = """\
def put_in_order(words: list[str]) -> str:
    total = 0
    for step in range({steps}):
        total = (total * 31 + step) % 1_000_003
    return " ".join(sorted(words))
"""


class BulkFigures(Figures):
    """The figures of one method to compute many rows."""

    name: str
    rows: int
    seconds: float  # wall-clock time
    cpu_seconds: float  # of the asking processes, without sandboxes, databases and Ray's workers

    @property
    def rate(self) -> float:
        """Rows per second."""
        return self.rows / self.seconds


def sorting_requests(count: int) -> list[str]:
    """Return this many requests, all different."""
    return [OPENING + " ".join(f"{word}{row}" for word in _WORDS[row % 7 :][:4]) for row in range(count)]


def sorted_words(request: str) -> str:
    """Return the answer to a request."""
    return " ".join(sorted(request.removeprefix(OPENING).split()))


def sorting_tool(*, steps: int = 0) -> MadeTool:
    """Return a tool whose parser reads the requests, and whose function counts for `steps` before it sorts."""
    proven = tool_of(Kind("put_in_order", [f"{OPENING}b a"]))
    case = proven.report.cases[0].model_copy(update={"value": "a b", "expected": "a b"})
    words = {"words": {"type": "array", "items": {"type": "string"}}}
    slot = Slot(name="words", form="texts", gaps=(0,), separator=" ")
    return MadeTool.model_validate(
        {
            **proven.model_dump(),
            "id": "",
            "source": _SOURCE.format(steps=steps),
            "entry": "put_in_order",
            "parameters": {"type": "object", "properties": words, "required": ["words"]},
            "parser": RequestParser(literals=(OPENING, ""), slots=(slot,)),
            "read_by": ("parser",),
            "report": proven.report.model_copy(update={"cases": (case,)}),
        }
    )


def no_model(_: Any) -> Any:
    """Stand for the models of a loop whose requests need none."""
    raise RuntimeError("no model is asked here")
