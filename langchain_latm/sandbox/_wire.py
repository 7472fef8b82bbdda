"""Frames between the host, the zygote and the locked children: both ends import this file.

A frame is a header and a body of ASCII JSON. A request carries a number, and its reply repeats it. Nothing here
is imported from outside the standard library, because the inner end has nothing else.
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

LOAD: Final = 1  # body: [source, entry]; reply VALUE of null, or FAILED
CALL: Final = 2  # body: the keyword arguments; reply VALUE or FAILED
BATCH: Final = 3  # body: list of keyword arguments; replies PART until every set has its entry
DESCRIBE: Final = 4  # body: null; reply VALUE: what the function says of itself
PROBE: Final = 5  # body: null; reply VALUE: what forbidden system calls answered
VALUE: Final = 16  # body: [value, printed]
FAILED: Final = 17  # body: [kind, message, line, printed]
PART: Final = 18  # body: list of the two bodies above, told apart by their length

ORDER: Final = struct.Struct("<BQQQQQ")
"""Host to zygote: SPAWN or END, serial of the child, memory, CPU seconds, value bytes, printed bytes."""

SPAWN: Final = 1  # comes with one descriptor: the child's end of its socket
END: Final = 2

OBITUARY: Final = struct.Struct("<8sid")
"""Zygote to host, on the socket of a child that ended: EPITAPH, exit status as `wait4` gives it, CPU seconds."""

EPITAPH: Final = b"\x00latm:x\x00"

MAX_DEPTH: Final = 200
"""Nesting of JSON data in either direction: far from the recursion limit of any reader, pydantic's included."""

PART_BYTES: Final = 64 * 1024
"""A batch sends what it has when this much is waiting."""

PART_SECONDS: Final = 0.001
"""... or when the oldest waiting result is this old."""

EAGER_SECONDS: Final = 60e-6
"""How long a child stays awake for the next call while calls follow each other closely."""

MAX_MESSAGE: Final = 2_000
"""Characters of a failure's text: an exception can carry megabytes."""

BIGGEST_INT: Final[int] = 10**4300
"""Python refuses to turn longer integers into text and back (`sys.set_int_max_str_digits`)."""


def _not_json(value: object) -> Any:
    raise TypeError(f"a value of type {type(value).__name__} is not JSON data")


def _chunk_encoder() -> Callable[[Any, int], Any]:
    """Return the encoder that `json.dumps` would build anew for every text."""
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


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is too large for a float")
    return number


_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(
    parse_constant=_refuse_constant, parse_float=_finite
).scan_once  # type: ignore[attr-defined]  # `decode` of that class, without its white space


def decode(text: str) -> Any:
    """Return the JSON data that `text` holds, and nothing but it.

    Raises:
        ValueError: It is not strict JSON.
        RecursionError: It is nested too deeply.
    """
    try:
        value, end = _scan(text, 0)
    except StopIteration:
        raise ValueError("there is no JSON text") from None
    if end != len(text):
        raise ValueError("there is more after the JSON text")
    if _HALF_PAIR in text:
        _encode_strings(value)
    return value


_HALF_PAIR: Final = "\\ud"
"""How half of a surrogate pair begins in ASCII JSON; most are followed by the other half."""


def refuse_half_pairs(text: str, value: Any) -> None:
    """Refuse half of a surrogate pair: JSON can carry it, but no file and no database takes it afterwards.

    Args:
        text: The JSON text of `value`, in ASCII.
        value: JSON data.

    Raises:
        ValueError: A string or a key is text that UTF-8 cannot carry (as `UnicodeEncodeError`).
    """
    if _HALF_PAIR in text:
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


def without_half_pairs(text: str) -> str:
    """Return `text` with halves of surrogate pairs written out as escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def frame(number: int, word: int, body: str) -> bytes:
    """Return the bytes of one frame."""
    return HEADER.pack(len(body), number, word) + body.encode("ascii")
