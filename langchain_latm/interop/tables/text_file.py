"""The lines of a text file, in blocks. Lines have a maximum length, and line ends stay unchanged."""

from __future__ import annotations

import codecs
import io
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from langchain_latm.exceptions import TableError
from langchain_latm.interop.tables.encoding import (
    ALONE,
    Encoding,
    given_encoding,
    guessed_encoding,
    lines_beyond_ascii,
    marked_encoding,
)
from langchain_latm.interop.tables.table import MAX_CELL, STANDARD

_BLOCK: Final = 256 * 1024
HEAD: Final = 256 * 1024
"""Number of bytes from which the format is detected."""
_PAUSE_SECONDS: Final = 0.5


class TextFile:
    """A text file, or standard input.

    Args:
        path: The file; `-` for standard input.
        encoding: Its encoding; by default it is detected.

    Attributes:
        name: For messages.
        head: Its first bytes.
        encoding: The encoding.
        once: Whether it can be read only once.
        passed: Bytes that the current reading has passed, and those of the whole file; None for what is read only once.

    Raises:
        TableError: It cannot be read, is empty, or its encodings are mixed.
    """

    def __init__(self, path: Path | str, encoding: str | None = None) -> None:
        self.once = str(path) == STANDARD
        self.name = "standard input" if self.once else str(path)
        self._path = Path(path)
        self.passed: tuple[int, int] | None = None
        try:
            if not self.once and not self._path.is_file():
                self.once = self._path.exists() and not self._path.is_dir()  # a pipe
            self._file: IO[bytes] | None = self._opened() if self.once else None
            if self._file is not None:
                self.head = _first_bytes(self._file)
            else:
                with self._opened() as file:
                    self.head = file.read(HEAD)
            if not self.head.strip():
                raise TableError(f"{self.name}: the file is empty")
            self.encoding = given_encoding(encoding, self.head) if encoding else self._found_encoding()
        except OSError as error:
            raise TableError(f"{self.name}: {error.strerror or error}") from error
        except ValueError as error:  # a NUL character in the path
            if isinstance(error, TableError):
                raise
            raise TableError(f"{str(path)!r}: {error}") from error

    @property
    def is_short(self) -> bool:
        """Whether the head is the whole file."""
        return len(self.head) < HEAD

    def head_lines(self) -> list[str]:
        """The complete lines of the head; for a short file all lines."""
        text = self.head[len(self.encoding.mark) :].decode(self.encoding.name, ALONE)
        lines = _split(text)
        return lines if self.is_short or len(lines) == 1 else lines[:-1]

    def blocks(self, seen: Callable[[bytes], object] | None = None) -> Iterator[list[str]]:
        """Read lines with their ends, some 256 KB at a time.

        Args:
            seen: Gets every byte.

        Raises:
            TableError: A line is longer than a cell may be, or the file cannot be read.
        """
        decode = codecs.getincrementaldecoder(self.encoding.name)(ALONE).decode
        number, size = 0, 0
        pieces: list[str] = []  # of a line whose end has not been read yet
        for data in self._data(seen):
            text = decode(data)
            if "\n" in text or "\r" in text:
                lines = _split("".join((*pieces, text)))
                # A carriage return may be the first character of a line end.
                pieces = [] if lines[-1].endswith("\n") else [lines.pop()]
                number, size = number + len(lines), sum(map(len, pieces))
                if lines:
                    yield lines
            else:
                pieces.append(text)
                size += len(text)
            if size > MAX_CELL:
                raise TableError(
                    f"{self.name}: line {number + 1} has more than {MAX_CELL:,} characters, more than a tool takes"
                )
        if last := "".join((*pieces, decode(b"", True))):
            yield _split(last)

    def _data(self, seen: Callable[[bytes], object] | None) -> Iterator[bytes]:
        """Read the bytes after the byte order mark."""
        skipped = len(self.encoding.mark)
        done = 0
        with self._reading() as file:
            size = None if self.once else self._path.stat().st_size
            while True:
                try:
                    data = file.read(_BLOCK)
                except OSError as error:
                    raise TableError(f"{self.name}: {error.strerror or error}") from error
                if not data:
                    return
                done += len(data)
                self.passed = None if size is None else (done, size)
                if seen is not None:
                    seen(data)
                yield data[skipped:]
                skipped = 0

    def _found_encoding(self) -> Encoding:
        marked = marked_encoding(self.head)
        if marked is not None:
            return marked
        if self.once:
            lines = self.head.splitlines(keepends=True)
            whole = lines[:-1] if len(self.head) == HEAD and len(lines) > 1 else lines
            return self._of_lines(lines_beyond_ascii(whole))
        decode = codecs.getincrementaldecoder("utf-8")().decode
        with self._opened() as file:
            try:
                while data := file.read(_BLOCK):
                    decode(data)
                decode(b"", True)
            except UnicodeDecodeError:
                pass
            else:
                return Encoding()
        with self._opened() as file:
            return self._of_lines(lines_beyond_ascii(_short_lines(file)))

    def _of_lines(self, lines: list[tuple[int, bytes]]) -> Encoding:
        try:
            b"".join(line for _, line in lines).decode()
        except UnicodeDecodeError:
            return guessed_encoding(self.name, lines)
        if self.once:
            return Encoding()
        # Bytes that are not UTF-8 come after the inspected part, and after very many lines of UTF-8.
        raise TableError(
            f"{self.name}: not all of it is UTF-8, though {len(lines):,} of its lines are: name an encoding with "
            "--encoding; with utf-8 other bytes stay as they are, and a row that needs them gets an error"
        )

    def _opened(self) -> IO[bytes]:
        if str(self._path) != STANDARD:
            return self._path.open("rb")
        given = getattr(sys.stdin, "buffer", None)
        return given if given is not None else io.BytesIO(sys.stdin.read().encode())

    @contextmanager
    def _reading(self) -> Iterator[IO[bytes] | _Joined]:
        if self._file is not None:
            yield _Joined(self.head, self._file)
            return
        try:
            file = self._opened()
        except OSError as error:
            raise TableError(f"{self.name}: {error.strerror or error}") from error
        with file:
            yield file


class _Joined:
    """A stream whose first bytes were already read."""

    def __init__(self, head: bytes, file: IO[bytes]) -> None:
        self._head, self._file = head, file

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes as soon as there are any, so that slow input is answered continuously."""
        if self._head:
            head, self._head = self._head, b""
            return head
        read1 = getattr(self._file, "read1", self._file.read)
        data: bytes = read1(size)
        return data


def _first_bytes(file: IO[bytes]) -> bytes:
    """Return the first bytes of a stream: 256 KB, or those before its first pause."""
    data = b""
    read1 = getattr(file, "read1", file.read)
    while len(data) < HEAD and (more := read1(HEAD - len(data))):
        data += more
        with suppress(OSError, ValueError):  # a stream in memory never pauses
            if not select.select([file.fileno()], [], [], _PAUSE_SECONDS)[0]:
                break
    return data


def _short_lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(_BLOCK):
        yield line


def _split(text: str) -> list[str]:
    r"""Split at \n, \r and \r\n, and keep them; `str.splitlines` splits at eight others, too."""
    return io.StringIO(text, newline="").readlines()
