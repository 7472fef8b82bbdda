"""Applies a tool to every row of a table, chunk by chunk, and writes answers and errors as added columns."""

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
"""Value in the column that names the source of an answer."""
_LISTED: Final = 10
_ROWS: Final = 5_000
"""Rows that are computed together; Ctrl-C waits for some of them."""
_ASKED_ROWS: Final = 200
"""Rows between two saves if a model is asked, since its answers cost money."""


class Fallback(Protocol):
    """Answers rows that the tool refuses.

    Attributes:
        name: The name for the column with the source of the answer.
        failure: Why it has stopped answering; None if it has not.
    """

    name: str
    failure: LATMError | None

    def answer(self, sets: Sequence[dict[str, Any]]) -> list[str | None]:
        """Return an answer for each set of arguments, up to the one with `failure`.

        None for those without an answer.
        """
        ...


@dataclass(frozen=True)
class Application:
    """The plan for applying a tool to a table.

    Attributes:
        tool: The tool.
        parameters: The columns that its function reads.
        kept: The column whose filled cells stay, if answers are written to an existing one.
        fallback: Answers the rows that the function refuses.
    """

    tool: MadeTool
    parameters: tuple[Parameter, ...]
    kept: int | None = None
    fallback: Fallback | None = None


@dataclass(frozen=True)
class Applied:
    """The result, including earlier runs of the same job.

    Attributes:
        rows: Number of rows.
        kept: How many of these already had an answer.
        refused: How many the tool did not answer, because the function failed or a cell does not fit.
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
    """Find the columns that a tool reads, and name the written ones.

    Args:
        tool: The tool.
        table: The table to read.
        given: The columns that a user names (`match_columns`).
        to: The column of answers. If it exists, its filled cells stay.
        replace: Whether filled cells are replaced instead.
        fallback: Answers the rows that the function refuses; a column then names the source of each answer.

    Raises:
        TableError: A column is missing, or the tool reads the column that it would write.
    """
    typed = isinstance(table, JsonLinesTable | ParquetTable)
    parameters = match_columns(tool, table.name, table.columns, given, blank_is_text=not typed)
    if isinstance(table, CsvTable):  # each cell is a text
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

    Each row gets the answer, the error of the function (never that of a fallback) and, with a fallback, the source of
    the answer. Rows that an earlier run wrote are skipped.

    Args:
        table: The table to read.
        output: The output, which is neither finished nor closed here.
        sandbox: Where the function runs.
        how: The tool and its columns.
        progress: Gets the number of finished rows after each chunk.

    Raises:
        TableError: A row cannot be read; the rows before it are written.
        LATMError: The output cannot be written, or the sandbox or the fallback's model failed.
    """
    state = output.state
    for key, begin in (("kept", 0), ("refused", 0), ("asked", 0), ("listed", [])):
        state.setdefault(key, begin)
    source = how.tool.tool_source
    # While one chunk is written and the next one read, the tool works on a third, since the sandbox runs in other
    # processes.
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
                    intact = True  # not if the fallback failed, since later rows would leave a gap
        finally:
            # Rows that were read before an unreadable one or Ctrl-C are still answered and written, unless writing
            # failed.
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
    """The error that ended the run after these rows."""

    def end(self, count: int, failure: LATMError) -> None:
        """Keep only the first rows."""
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
    """Write some rows, and raise the error that ended the run after them."""
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
    """Read the chunks after the rows that an earlier run wrote, none longer than `most`."""
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
