"""A tool on every row of a table: answers and errors as columns besides those of the table, chunk by chunk."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, Protocol

from langchain_latm.exceptions import LATMError, TableError
from langchain_latm.interop.tables.added import KEEP, Added
from langchain_latm.interop.tables.arguments import Parameter, arguments_of, match_columns
from langchain_latm.interop.tables.cells import is_blank
from langchain_latm.interop.tables.csv_table import CsvTable
from langchain_latm.interop.tables.json_lines import JsonLinesTable
from langchain_latm.interop.tables.outputs import Output
from langchain_latm.interop.tables.parquet import ParquetTable
from langchain_latm.interop.tables.table import Chunk, Table
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.made_tool import MadeTool

BY_TOOL: Final = "tool"
"""In the column that says who answered."""
_LISTED: Final = 10
_ROWS: Final = 5_000
"""Rows that are computed together: Ctrl-C waits for some of them."""
_ASKED_ROWS: Final = 200
"""Rows between two saves when a model is asked: its answers cost money."""


class Fallback(Protocol):
    """Answers rows that the tool refuses.

    Attributes:
        name: For the column that says who answered.
        failure: Why it answers nothing more; None as long as it does.
    """

    name: str
    failure: LATMError | None

    def answer(self, sets: Sequence[dict[str, Any]]) -> list[str | None]:
        """Return an answer for each set of arguments, up to the one that met `failure`; None where there is none."""
        ...


@dataclass(frozen=True)
class Application:
    """How a tool is applied to a table.

    Attributes:
        tool: The tool.
        parameters: The columns that its function reads.
        kept: The column whose filled cells stay, if the answers go to one that is there.
        fallback: Answers the rows that the function refuses.
    """

    tool: MadeTool
    parameters: tuple[Parameter, ...]
    kept: int | None = None
    fallback: Fallback | None = None


@dataclass(frozen=True)
class Applied:
    """What came of it, earlier runs of the same job included.

    Attributes:
        rows: Number of rows.
        kept: Of these, how many had an answer already.
        refused: How many have none of the tool, because the function failed or a cell does not fit.
        asked: How many of the refused ones the fallback answered.
        listed: Number and reason of the first refused rows.
    """

    rows: int
    kept: int
    refused: int
    asked: int
    listed: list[tuple[int, str]]


def prepare(
    tool: MadeTool,
    table: Table,
    given: Sequence[str],
    to: str,
    *,
    replace: bool = False,
    fallback: Fallback | None = None,
) -> tuple[Application, Added]:
    """Find the columns that a tool reads, and name those that are written.

    Args:
        tool: The tool.
        table: What is read.
        given: The columns that a user names (`match_columns`).
        to: The column of answers. Where it is there already, its filled cells stay.
        replace: Whether they are computed anew instead.
        fallback: Answers the rows that the function refuses; then a column says who answered.

    Raises:
        TableError: A column is not there, or the tool reads the column that it would write.
    """
    typed = isinstance(table, JsonLinesTable | ParquetTable)
    parameters = match_columns(tool, table.name, table.columns, given, blank_is_text=not typed)
    if isinstance(table, CsvTable):  # each of its cells is a text
        parameters = tuple(
            each._replace(convert=None) if _takes_texts(tool, each.name) else each for each in parameters
        )
    names = (to, f"{to}_error", *((f"{to}_by",) if fallback is not None else ()))
    added = Added(names, table.columns)
    written = set(added.places)
    for each in parameters:
        if each.place in written:
            raise TableError(
                f"{table.name}: the column {table.columns[each.place]!r} is read, and would be written: name another "
                "with --to"
            )
    kept = table.columns.index(to) if to in table.columns and not replace else None
    return Application(tool, parameters, kept, fallback), added


def _takes_texts(tool: MadeTool, parameter: str) -> bool:
    schema = tool.parameters["properties"][parameter]
    return schema.get("type") == "string" and "enum" not in schema


def apply_tool(
    table: Table,
    output: Output,
    sandbox: Sandbox,
    how: Application,
    *,
    progress: Callable[[int], object] | None = None,
) -> Applied:
    """Write the rows of a table with a tool's answers.

    Each row gets the answer, the error of the function for it (an error of a fallback is never written there) and,
    with a fallback, who answered. Rows that an earlier run wrote are skipped.

    Args:
        table: What is read.
        output: What is written; it is neither finished nor closed.
        sandbox: Where the function runs.
        how: The tool and its columns.
        progress: Gets the number of finished rows after each chunk.

    Raises:
        TableError: A row cannot be read; the rows before it are written.
        LATMError: The output cannot be written, the sandbox failed, or the fallback's model did.
    """
    state = output.state
    for key, begin in (("kept", 0), ("refused", 0), ("asked", 0), ("listed", [])):
        state.setdefault(key, begin)
    source = how.tool.tool_source
    # While one chunk is written and the next one read, the tool works on a third: the sandbox waits outside of Python.
    with ThreadPoolExecutor(1) as worker:
        pending: deque[Future[_Answers]] = deque()
        intact = True
        try:
            for chunk in _chunks(table, output.done, _ASKED_ROWS if how.fallback else _ROWS):
                pending.append(worker.submit(_answers, chunk, sandbox, source, how))
                if len(pending) > 1:
                    answered = pending[0].result()
                    intact = False
                    pending.popleft()
                    _write(answered, output, progress)
                    intact = True  # not if the fallback failed: what follows would leave a gap
        finally:
            # What was read before an unreadable row or Ctrl-C is answered and written too, unless writing failed.
            while pending and intact:
                _write(pending.popleft().result(), output, progress)
    return Applied(
        state["rows"], state["kept"], state["refused"], state["asked"], [(n, reason) for n, reason in state["listed"]]
    )


@dataclass
class _Answers:
    chunk: Chunk
    answers: list[Any]
    errors: list[str | None]
    kept: int
    by: list[str | None] | None = None
    failure: LATMError | None = None
    """What ended the run behind these rows."""

    def end(self, count: int, failure: LATMError) -> None:
        """Keep the first rows alone."""
        self.chunk, self.failure = self.chunk.ahead(count), failure
        for column in (self.answers, self.errors, self.by or []):
            del column[count:]
        self.kept = sum(answer is KEEP for answer in self.answers)


def _answers(chunk: Chunk, sandbox: Sandbox, source: Any, how: Application) -> _Answers:
    rows = chunk.rows
    count = len(rows)
    answers: list[Any] = [None] * count
    errors: list[str | None] = [None] * count
    sets, wrong = arguments_of(how.parameters, rows)
    skipped = wrong | dict(chunk.odd) if chunk.odd else wrong
    kept = 0
    if how.kept is not None:
        filled = [place for place, row in enumerate(rows) if not is_blank(row[how.kept])]
        for place in filled:
            answers[place] = KEEP
        kept = len(filled)
    if skipped or kept:
        called = [place for place in range(count) if place not in skipped and answers[place] is not KEEP]
        results = sandbox.batch(source, [sets[place] for place in called])
    else:
        called, results = range(count), sandbox.batch(source, sets)  # type: ignore[assignment]  # both are sequences
    for place, (value, failure, _, _) in zip(called, results, strict=True):
        if failure is None:
            answers[place] = value
        else:
            errors[place] = f"{failure.kind.value}: {failure.message}"
    for place, reason in skipped.items():
        if answers[place] is not KEEP:
            errors[place] = reason
    found = _Answers(chunk, answers, errors, kept)
    if how.fallback is not None:
        _ask(found, sets, how.fallback)
    return found


def _ask(found: _Answers, sets: Sequence[dict[str, Any]], fallback: Fallback) -> None:
    """Let the fallback answer the rows that have an error."""
    found.by = [
        None if answer is KEEP or error else BY_TOOL for answer, error in zip(found.answers, found.errors, strict=True)
    ]
    refused = [place for place, error in enumerate(found.errors) if error is not None and place not in found.chunk.odd]
    answered = fallback.answer([sets[place] for place in refused]) if refused else []
    for place, answer in zip(refused, answered, strict=False):
        if answer is not None:
            found.answers[place], found.by[place] = answer, fallback.name
    if fallback.failure is not None and len(answered) < len(refused):
        found.end(refused[len(answered)], fallback.failure)


def _write(found: _Answers, output: Output, progress: Callable[[int], object] | None) -> None:
    """Write some rows, and raise what ended the run behind them."""
    if found.answers:
        _write_rows(found, output, progress)
    if found.failure is not None:
        raise found.failure


def _write_rows(found: _Answers, output: Output, progress: Callable[[int], object] | None) -> None:
    state, chunk = output.state, found.chunk
    answers, errors = found.answers, found.errors
    for place, answer in enumerate(answers) if not output.takes_all else ():
        if answer is not KEEP and answer is not None and (problem := output.problem(answer)) is not None:
            answers[place], errors[place] = None, problem
    output.write(chunk, [answers, errors] if found.by is None else [answers, errors, found.by])
    state["kept"] += found.kept
    for place, error in enumerate(errors) if any(errors) else ():
        if error is not None:
            if answers[place] is not None:
                state["asked"] += 1
            state["refused"] += 1
            if len(state["listed"]) < _LISTED:
                state["listed"].append([chunk.numbers[place], error])
    output.save()
    if progress is not None:
        progress(state["rows"])


def _chunks(table: Table, skipped: int, most: int) -> Iterator[Chunk]:
    """Read the chunks behind the rows that an earlier run wrote, none of them longer than `most`."""
    for chunk in table.chunks():
        rest = chunk
        if skipped:
            rest = chunk.behind(min(skipped, len(chunk.rows)))
            skipped -= len(chunk.rows) - len(rest.rows)
            if not rest.rows:
                continue
        while len(rest.rows) > most:
            yield rest.ahead(most)
            rest = rest.behind(most)
        yield rest
