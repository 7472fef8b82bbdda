"""Tables in JSON lines, with one object per line. Its keys are the columns, and its values keep their types."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from pydantic_core import from_json

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.table import Chunk, Counted
from langchain_latm.interop.tables.text_file import TextFile

_SAMPLE_LINES: Final = 1_000


class JsonLinesTable:
    """A table in JSON lines. A missing key is an empty cell.

    Args:
        file: The text.

    Raises:
        TableError: It cannot be read, or a line among the first ones is not an object.
    """

    def __init__(self, file: TextFile) -> None:
        self._file = file
        self.name, self.once, self.encoding = self._file.name, self._file.once, self._file.encoding
        self.has_header = False
        self.doubts: tuple[str, ...] = (self.encoding.doubt,) if self.encoding.doubt else ()
        self.found = f"{self.encoding.shown}, JSON lines"
        names: dict[str, None] = {}
        for number, line in enumerate(self._file.head_lines()[:_SAMPLE_LINES], 1):
            if line.strip():
                names.update(dict.fromkeys(_object(self.name, number, line)))
        self.columns = tuple(names)

    def chunks(self) -> Iterator[Chunk]:
        """Read the rows."""
        for chunk, objects in self._chunks(None):
            for number, each in zip(chunk.numbers, objects, strict=True):
                if not each.keys() <= set(self.columns):
                    late = next(key for key in each if key not in self.columns)
                    raise TableError(
                        f"{self.name}: line {number} has the key {late!r}, which the first {_SAMPLE_LINES:,} lines lack"
                    )
            chunk.rows = [[each.get(name) for name in self.columns] for each in objects]
            yield chunk

    @property
    def passed(self) -> tuple[int, int] | None:
        """Bytes that the current reading has passed, and those of the whole file."""
        return self._file.passed

    def count(self, progress: Callable[[int], object] | None = None) -> Counted:
        """Read the whole table once to count and check its rows, and to find keys of later lines."""
        digest = hashlib.sha256()
        rows = 0
        names = dict.fromkeys(self.columns)
        for _, objects in self._chunks(digest.update):
            rows += len(objects)
            for each in objects:
                if not each.keys() <= names.keys():
                    names.update(dict.fromkeys(each))
            if progress is not None:
                progress(rows)
        self.columns = tuple(names)
        return Counted(rows, digest.hexdigest())

    def _chunks(self, seen: Callable[[bytes], object] | None) -> Iterator[tuple[Chunk, list[dict[str, Any]]]]:
        number = 0
        for block in self._file.blocks(seen):
            chunk = Chunk([], [], [], [])
            numbers: list[int] = []
            texts: list[str] = []
            ends: list[str] = []
            objects: list[dict[str, Any]] = []
            for number, line in enumerate(block, number + 1):  # noqa: B020 - goes on counting
                body = line.rstrip("\r\n")
                if not body.strip():  # a blank line is not a row
                    if ends:
                        ends[-1] += line
                    else:
                        chunk.lead += line
                    continue
                objects.append(_object(self.name, number, line))
                numbers.append(number)
                texts.append(body)
                ends.append(line[len(body) :])
            chunk.numbers, chunk.texts, chunk.ends = numbers, texts, ends
            yield chunk, objects


def _object(name: str, number: int, line: str) -> dict[str, Any]:
    try:
        value = from_json(line.encode("utf-8", "surrogatepass"), allow_inf_nan=False)
    except ValueError as error:
        raise TableError(f"{name}: line {number} is not valid JSON: {error}") from error
    if type(value) is not dict:
        raise TableError(f'{name}: line {number} is not an object such as {{"name": "Ada", "age": 36}}')
    return value
