"""Reads the requests of a file or of standard input one by one, in constant memory."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from langchain_latm.exceptions import TaskError
from langchain_latm.making.task_entries import Entry, require_alike
from langchain_latm.making.task_files import entry_at, json_object_at, read_entries

STANDARD_INPUT: Final = Path("-")
_MAX_LINE_BYTES: Final = 4 * 1024 * 1024
_JSON_SUFFIX: Final = ".json"
_TEXT_SUFFIX: Final = ".txt"


class Counted(NamedTuple):
    """The number of requests in a file, and a digest of the file."""

    requests: int
    digest: str


def stream_entries(path: Path, *, typed: bool = False) -> Iterator[Entry]:
    """Yield the entries of a file, in order; `-` is standard input.

    JSON lines, and plain text with one request a line, are read line by line. BIG-bench JSON is read as a whole.
    Standard input is JSON lines if its first line is a JSON object, and plain text otherwise.

    Args:
        path: The file.
        typed: Whether inputs are needed instead of questions.

    Raises:
        TaskError: The file cannot be used; the message names file, line and field. The iterator raises it.
    """
    first: Entry | None = None
    for entry in _entries(path):
        first = first or entry
        require_alike([first, entry])
        if typed and entry.inputs is None:
            raise TaskError(f"{entry.where}: this entry has a 'question', but a typed tool takes 'inputs'")
        if not typed and entry.inputs is not None:
            raise TaskError(f"{entry.where}: this entry has 'inputs' for a typed tool; give a 'question'")
        yield entry
    if first is None:
        raise TaskError(f"{_name(path)}: {'no requests' if path == STANDARD_INPUT else 'the file is empty'}")


def count_entries(path: Path, *, typed: bool = False) -> Counted | None:
    """Read and check a whole file, and count its requests; None for input that can be read only once.

    Raises:
        TaskError: As for `stream_entries`.
    """
    if path == STANDARD_INPUT or (path.exists() and not path.is_file()):
        return None
    digest, number = sha256(), 0
    for number, entry in enumerate(stream_entries(path, typed=typed), 1):  # noqa: B007 - the last number is the count
        digest.update(json.dumps([entry.question, entry.inputs, entry.answer]).encode())
    return Counted(number, digest.hexdigest())


def _entries(path: Path) -> Iterator[Entry]:
    if path.suffix.lower() == _JSON_SUFFIX:
        yield from read_entries(path)
        return
    with _opened(path) as file:
        lines = _lines(_name(path), file)
        begin = list(islice(lines, 1))
        if path.suffix.lower() == _TEXT_SUFFIX or (path == STANDARD_INPUT and not _is_object(begin)):
            yield from (entry_at(where, {"question": line}) for where, line in chain(begin, lines))
            return
        if path != STANDARD_INPUT and not _is_object(begin):  # BIG-bench under another name, or an error to explain
            yield from read_entries(path)
            return
        yield from (entry_at(where, json_object_at(where, line)) for where, line in chain(begin, lines))


def _is_object(lines: list[tuple[str, str]]) -> bool:
    """Whether the first line is a JSON object that is not a BIG-bench file on one line."""
    try:
        found = [json.loads(line) for _, line in lines]
    except (ValueError, RecursionError):
        return False
    return bool(found) and isinstance(found[0], dict) and not isinstance(found[0].get("examples"), list)


def _lines(name: str, file: IO[bytes]) -> Iterator[tuple[str, str]]:
    """Yield the place and the text of each line that is not blank."""
    number = 0
    while data := file.readline(_MAX_LINE_BYTES + 1):
        number += 1
        where = f"{name}:{number}"
        if len(data) > _MAX_LINE_BYTES:
            raise TaskError(f"{where}: the line is longer than {_MAX_LINE_BYTES // 2**20} MB")
        try:
            text = data.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise TaskError(f"{where}: not UTF-8 text (byte {error.start}); save the file as UTF-8") from error
        if text.strip():
            yield where, text.removesuffix("\n").removesuffix("\r")


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise TaskError(f"{path}: {error.strerror or error}") from error
    except ValueError as error:  # a NUL character in the path
        raise TaskError(f"{str(path)!r}: {error}") from error
    with file:
        yield file


def _name(path: Path) -> str:
    return "standard input" if path == STANDARD_INPUT else str(path)


def given(entry: Entry) -> Any:
    """Return the input of a tool for an entry: the inputs of a row, or the question."""
    return entry.question if entry.inputs is None else entry.inputs
