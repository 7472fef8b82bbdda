"""Libraries to dispatch over.

For these measurements, only the proven questions of a tool and their parser matter, not what it computes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

from langchain_latm._core.flow import Flow, run_flow
from langchain_latm.text.reading.views import views
from langchain_latm.tools.library.library import ToolLibrary, operations_of
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Provenance, VerificationCase, VerificationReport

_AT_ONCE: Final = 500
"""Tools per transaction, since one transaction per tool would take most of the time."""
_SOURCE: Final = "def solve(**arguments):\n    return arguments\n"
_PROVENANCE: Final = Provenance(
    maker_model="none",
    user_model="none",
    attempts=1,
    candidates=1,
    usage={},
    seconds=0.0,
    created_at="2026-01-01T00:00:00+00:00",
    versions={},
)


class Kind(NamedTuple):
    """A kind of request."""

    name: str  # name of the kind and of its tool
    examples: Sequence[str]  # questions that the tool is proven with
    requests: Sequence[str] = ()


def tool_of(kind: Kind) -> MadeTool:
    """Return a record whose proof holds the kind's examples, with the parser of their most distinctive view."""
    cases = tuple(
        VerificationCase(role="validation", question=question, expected="", arguments={}, value="", passed=True)
        for question in kind.examples
    )
    view = next(iter(views(kind.examples)), None) if len(kind.examples) > 1 else None
    names = ["text"] if view is None else list(view.annotations)
    return MadeTool(
        name=kind.name,
        description="A tool of a benchmark.",
        parameters={"type": "object", "properties": {name: {} for name in names}, "required": names},
        source=_SOURCE,
        entry="solve",
        worked_examples=(),
        parser=None if view is None else view.parser,
        read_by=("model",) if view is None else ("parser", "model"),
        report=VerificationReport(cases=cases, complete=True),
        provenance=_PROVENANCE,
    )


def fill(library: ToolLibrary, kinds: Iterable[Kind], progress: Callable[[int], None] = lambda _: None) -> None:
    """Add a tool for each kind, as `ToolLibrary.add` does, but many in one transaction; report how many there are."""
    left, there, operations = iter(kinds), 0, operations_of(library)
    while some := list(islice(left, _AT_ONCE)):
        run_flow(_add(operations, [tool_of(kind) for kind in some]))
        there += len(some)
        progress(there)


def _add(library: LibraryOperations, tools: Sequence[MadeTool]) -> Flow[None]:
    """Add tools in one batch; their only known requests are those of the proof."""
    yield library.batch(*(op for tool in tools for op in library.additions(tool, "", ())))
