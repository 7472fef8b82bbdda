"""Many requests in one command: read in chunks, and answered, printed or written in order."""

from __future__ import annotations

import queue
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

import typer

from langchain_latm.cli import console
from langchain_latm.cli.answers import AnswerRow, Totals, show_row
from langchain_latm.cli.ending import uninterrupted
from langchain_latm.cli.progress import progress
from langchain_latm.exceptions import TaskError
from langchain_latm.making.request_stream import count_entries, given, stream_entries

if TYPE_CHECKING:
    from langchain_latm.cli.progress import ProgressLine
    from langchain_latm.interop.tables.part_file import PartFile
    from langchain_latm.making.task_entries import Entry

T = TypeVar("T")

_FIRST: Final = 16
MOST: Final = 2_000
"""Requests that are answered together, so that their answers are in memory at the same time."""
MOST_ASKED: Final = 64
"""The same if a model may be asked for each: with a wrong key, at most this many fail before the run ends."""
_FAST_SECONDS: Final = 0.5
_SLOW_SECONDS: Final = 2.0
_LISTED_ERRORS: Final = 20
_END: Final = object()


class Chunks(Generic[T]):
    """Cuts a stream into chunks that grow while each takes little time, so that answers come soon.

    Args:
        items: The stream.
        waits: Whether the stream may pause, like a terminal or a pipe. A chunk then holds what has arrived.
        most: Maximum length of a chunk.
    """

    def __init__(self, items: Iterator[T], *, waits: bool, most: int = MOST) -> None:
        self._items, self._most = items, most
        self._size = _FIRST
        self._end: object = None
        self._arriving: queue.Queue[Any] | None = None
        if waits:
            self._arriving = queue.Queue(2 * MOST)
            threading.Thread(target=self._read, args=(self._arriving,), daemon=True).start()

    def __iter__(self) -> Iterator[list[T]]:
        while chunk := self._next():
            begun = time.monotonic()
            yield chunk
            taken = time.monotonic() - begun
            if taken < _FAST_SECONDS and len(chunk) == self._size:
                self._size = min(2 * self._size, self._most)
            elif taken > _SLOW_SECONDS:
                self._size = max(self._size // 2, 1)

    def _next(self) -> list[T]:
        arriving = self._arriving
        if arriving is None:
            return list(islice(self._items, self._size))
        chunk: list[T] = []
        while self._end is None and len(chunk) < self._size and not (chunk and arriving.empty()):
            item = arriving.get()
            if item is _END or isinstance(item, Exception):
                self._end = item
            else:
                chunk.append(item)
        if not chunk and isinstance(self._end, Exception):
            raise self._end
        return chunk

    def _read(self, arriving: queue.Queue[Any]) -> None:
        try:
            for item in self._items:
                arriving.put(item)
            arriving.put(_END)
        except Exception as error:  # noqa: BLE001 - raised where the items are taken
            arriving.put(error)


class Many:
    """The requests of a file and the output for their answers: one per line, in order. Use it in a `with` statement.

    Args:
        file: The file; `-` is standard input.
        job: Everything else that the answers depend on, as JSON data: a run continues only the same job.
        typed: Whether the requests are inputs.
        leave_out: Decides which requests are left out.
        limit: Maximum number of requests.
        out: Where the answers are written; by default standard output.
        as_json: Whether JSON is written.
        force: Whether an existing output is replaced.
        restart: Whether to drop the answers of an earlier run.

    Attributes:
        totals: The totals so far, including those of an earlier run.
    """

    def __init__(
        self,
        file: Path,
        job: dict[str, Any],
        *,
        typed: bool = False,
        leave_out: Callable[[Entry], bool] | None = None,
        limit: int | None = None,
        out: Path | None = None,
        as_json: bool = False,
        force: bool = False,
        restart: bool = False,
    ) -> None:
        self._file, self._typed, self._leave_out, self._limit = file, typed, leave_out, limit
        self._counted = count_entries(file, typed=typed)
        self._as_json = as_json or (out is not None and out.suffix.lower() == ".jsonl")
        self._shows = out is None and not as_json and sys.stdout.isatty()
        self._total = self._count()
        self.totals = Totals()
        self._part: PartFile | None = None
        if out is not None:
            from langchain_latm.interop.tables.part_file import PartFile

            digest = self._counted.digest if self._counted else secrets.token_hex()  # a stream cannot be continued
            whole = {"input": digest, "limit": limit, "format": self._as_json, **job}
            self._part = PartFile(out, whole, force=force, restart=restart)
            self.totals = Totals(**self._part.state) if self._part.state else self.totals
        self._begun = self.totals.requests
        self._listed = 0
        self._line: ProgressLine | None = None
        self._open = ExitStack()
        self._finished = False

    def chunks(self, most: int = MOST) -> Iterator[list[tuple[Any, Any]]]:
        """Yield chunks of requests to answer together, each with its known answer. Pass their outcomes to `put`.

        Raises:
            TaskError: The file cannot be used, or no request is left.
        """
        left = islice(((given(entry), entry.answer) for entry in self._entries()), self._begun, self._limit)
        yield from Chunks(left, waits=self._counted is None, most=most)
        if self.totals.requests == 0:
            raise TaskError(f"{self._file}: no requests are left")
        if self._part is not None:
            self._part.finish()
        self._finished = True

    def __enter__(self) -> Self:
        if self._begun:
            console.say(f"continuing after request {self._begun:,} of an earlier run")
        if not self._shows:  # otherwise the answers themselves show the progress
            self._line = self._open.enter_context(progress("answering", total=self._total))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        if self._part is not None:
            self._part.close()
            if not self._finished:
                console.say(f"{self._part.part} keeps the answers so far; repeat the command to continue")

    def put(self, answered: Sequence[tuple[AnswerRow, Callable[[], Any]]]) -> None:
        """Write the outcomes of the next requests: each as a row, with a function that returns it as JSON data."""
        lines = [console.json_text(data()) if self._as_json else _on_one_line(row.answer) for row, data in answered]
        text = "".join(f"{line}\n" for line in lines)
        first = self.totals.requests + 1
        if self._part is not None:
            with uninterrupted():  # so that the written and the counted answers stay the same
                self._part.write(text.encode("utf-8", "backslashreplace"))
                self.totals.add([row for row, _ in answered])
                self._part.state = dict(vars(self.totals))
            self._part.save(now=False)
        else:
            self.totals.add([row for row, _ in answered])
            if self._shows:
                for row, _ in answered:
                    show_row(row)
            else:
                sys.stdout.write(text)
                sys.stdout.flush()
        if not self._shows:
            self._list_errors(first, [row for row, _ in answered])
        if self._line is not None:
            self._line.rows(self.totals.requests, self._total, begun=self._begun)

    def end(self) -> None:
        """Print the totals; end with code 1 if a request has no answer."""
        self.totals.say()
        if self.totals.requests > self.totals.answered:
            raise typer.Exit(1)

    def _count(self) -> int | None:
        """Return the number of requests; None if it is unknown."""
        if self._counted is None:
            return None
        left = sum(1 for _ in self._entries()) if self._leave_out else self._counted.requests
        return left if self._limit is None else min(left, self._limit)

    def _entries(self) -> Iterator[Entry]:
        leave_out = self._leave_out
        for entry in stream_entries(self._file, typed=self._typed):
            if leave_out is None or not leave_out(entry):
                yield entry

    def _list_errors(self, first: int, rows: Sequence[AnswerRow]) -> None:
        """Print why the first requests without an answer have none."""
        for number, row in enumerate(rows, first):
            if row.error is not None and self._listed <= _LISTED_ERRORS:
                self._listed += 1
                more = f"request {number:,}: {row.error}" if self._listed <= _LISTED_ERRORS else "and others"
                console.say_error(more)


def _on_one_line(answer: str | None) -> str:
    """Return an answer as one line of text; empty if there is none."""
    return (answer or "").replace("\r", "\\r").replace("\n", "\\n")
