"""Frames between the host, the zygote and the locked children; both ends import this file.

A frame is a header and a body of ASCII JSON. A request has a number, which its reply repeats. Only the standard library
is imported, because nothing else exists inside the sandbox.
"""

from __future__ import annotations

import json
import struct
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER: Final = struct.Struct("<IIB")
"""Length of the body, number of the request, one of the words below."""

LOAD: Final = 1  # body: [source, entry]; reply ANSWER with the value null, or a failure
CALL: Final = 2  # body: the keyword arguments; reply ANSWER
BATCH: Final = 3  # body: list of keyword arguments; replies PART until every set has its entry
DESCRIBE: Final = 4  # body: null; reply ANSWER: description and parameters of the function
PROBE: Final = 5  # body: null; reply ANSWER: the errors of forbidden system calls
SOON: Final = 64  # flag for one of the words above: more callers wait for this child
ANSWER: Final = 16  # body: one entry
PART: Final = 18  # body: entries, one per line

GOOD: Final = b"="  # an entry: the value follows
BAD: Final = b"!"  # an entry: [kind, message, line] follows
PRINTED: Final = b"\t"  # in an entry, before the tool's prints, if any; JSON contains neither this nor a new line

ORDER: Final = struct.Struct("<BQQQQQ")
"""Host to zygote: SPAWN or END, serial of the child, memory, CPU seconds, value bytes, printed bytes."""

SPAWN: Final = 1  # comes with one descriptor: the child's end of its socket
END: Final = 2

EXIT_REPORT: Final = struct.Struct("<8sid")
"""Zygote to host, on the socket of a child that ended: EXIT_MARK, exit status of `wait4`, CPU seconds."""

EXIT_MARK: Final = b"\x00latm:x\x00"

SLOTS: Final = 1 << 16
"""Number of slots in the memory that host and zygote share; the slot of the child with serial n is n modulo this."""

BUSY: Final = -1.0
"""The value in the slot of a child that answers a request; otherwise the CPU seconds that it may have used."""

MAX_DEPTH: Final = 200
"""Maximum nesting of JSON data in both directions, far below the recursion limit of any parser."""

PART_BYTES: Final = 64 * 1024
"""A batch sends its finished results when they reach this size,"""

PART_SECONDS: Final = 0.001
"""or this many seconds after the last part."""

MAX_MESSAGE: Final = 2_000
"""Maximum characters of a failure's text, since the text of an exception can have megabytes."""

BIGGEST_INT: Final[int] = 10**4300
"""Python does not convert longer integers to text and back (`sys.set_int_max_str_digits`)."""


def _not_json(value: object) -> Any:
    raise TypeError(f"a value of type {type(value).__name__} is not JSON data")


def _chunk_encoder() -> Callable[[Any, int], Any]:
    """Return the encoder that `json.dumps` would build for every text in 2 of the 3.5 µs of a call in a batch."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # an interpreter without the C accelerator
        plain = json.JSONEncoder(allow_nan=False, separators=(",", ":"), default=_not_json)
        return lambda value, _: plain.iterencode(value)
    encoder: Callable[[Any, int], Any] = make(
        None, _not_json, encode_basestring_ascii, None, ":", ",", False, False, False
    )
    return encoder


_chunks = _chunk_encoder()

_SCALARS: dict[type, Callable[[Any], str]] = {
    str: encode_basestring_ascii,
    int: int.__repr__,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): {None: "null"}.__getitem__,
}


def encode(value: Any) -> str:
    """Return `value` as ASCII JSON.

    Raises:
        TypeError: It holds something that is not JSON data.
        ValueError: It holds NaN, an infinity or an integer that is too long.
        RecursionError: It is nested too deeply.
    """
    scalar = _SCALARS.get(type(value))
    if scalar is not None:
        return scalar(value)
    return "".join(_chunks(value, 0))


_scan: Final[Callable[[str, int], tuple[Any, int]]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def decode(text: str) -> Any:
    """Return the data of a JSON text from the host. Only `_reply` parses data from inside a sandbox.

    Raises:
        ValueError: An integer is too long for this interpreter.
        RecursionError: The data is nested too deeply for this interpreter.
    """
    return _scan(text, 0)[0]


def refuse_lone_surrogates(text: str, value: Any) -> None:
    r"""Refuse lone surrogates, which JSON can represent but UTF-8 files and databases cannot.

    Args:
        text: The ASCII JSON text of `value`, where every surrogate begins with `\ud`.
        value: JSON data.

    Raises:
        ValueError: A string or a key has one (as `UnicodeEncodeError`).
    """
    if "\\ud" in text:
        _encode_strings(value)


def _encode_strings(value: Any) -> None:
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, dict):
        for key, item in value.items():
            key.encode()
            _encode_strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _encode_strings(item)


def escape_lone_surrogates(text: str) -> str:
    """Return `text` with lone surrogates as escape sequences."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def frame(number: int, word: int, body: str) -> bytes:
    """Return the bytes of one frame."""
    return HEADER.pack(len(body), number, word) + body.encode("ascii")
