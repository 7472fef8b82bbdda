"""Detects the encoding of a text file: by its byte order mark, as UTF-8 or UTF-16, or by charset-normalizer."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from langchain_latm.exceptions import TableError

ALONE: Final = "surrogateescape"
"""Error handler that keeps bytes outside of the encoding unchanged when they are read and written."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, since its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN: Final = "cp1252"
_SAMPLE_BYTES: Final = 64 * 1024
_WIDE_SHARE: Final = 0.2
"""Share of NUL bytes at even or odd places that indicates UTF-16.

Spaces, digits and separators are enough to reach it.
"""


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file.

    Attributes:
        name: Python's name of the codec, without a byte order mark.
        mark: The byte order mark at the beginning, which may be empty.
        doubt: Why it may be another encoding; empty if it is certain.
    """

    name: str = "utf-8"
    mark: bytes = b""
    doubt: str = ""

    @property
    def shown(self) -> str:
        """For a person."""
        return f"{self.name} with a byte order mark" if self.mark else self.name


def given_encoding(name: str, head: bytes) -> Encoding:
    """Return the encoding with a given name; the byte order mark of the file stays.

    Raises:
        TableError: No text encoding of Python has this name.
    """
    try:
        codec = codecs.lookup(name)
        "a".encode(codec.name)
    except (LookupError, ValueError, UnicodeError) as error:
        raise TableError(f"there is no text encoding {name!r}; try utf-8, utf-16, cp1252 or shift_jis") from error
    plain = codec.name.removesuffix("-sig")
    mark, marked = _mark(head)
    if plain in {"utf-16", "utf-32"}:  # without a mark, Python would use the machine's byte order
        return Encoding(marked, mark) if marked.startswith(plain) else Encoding(f"{plain}-le")
    return Encoding(plain, mark if marked == plain else b"")


def marked_encoding(head: bytes) -> Encoding | None:
    """Return the encoding that the first bytes of a file prove, if any."""
    mark, name = _mark(head)
    if mark:
        return Encoding(name, mark)
    if len(head) > 1:
        for start, wide in ((1, "utf-16-le"), (0, "utf-16-be")):
            nul = head[start::2].count(0) / max(1, len(head[start::2]))
            other = head[1 - start :: 2].count(0)
            if nul > _WIDE_SHARE and not other:
                return Encoding(wide)
    return None


def guessed_encoding(where: str, lines: Sequence[tuple[int, bytes]]) -> Encoding:
    """Return the encoding of non-ASCII lines that are not all UTF-8.

    Args:
        where: The file.
        lines: Lines with their numbers; the first 64 KB are inspected.

    Raises:
        TableError: Some lines are UTF-8 and others are not, or no known encoding fits.
    """
    # Slow to import, and rarely needed.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    good = [number for number, line in lines if _is_utf8(line)]
    bad = [number for number, line in lines if not _is_utf8(line)]
    sample = b"".join(line for _, line in lines)[:_SAMPLE_BYTES]
    found = list(from_bytes(sample))
    if not found:
        raise TableError(f"{where}: line {bad[0]} is not UTF-8, and no other encoding fits; name it with --encoding")
    ties = [name for each in found if each.chaos <= found[0].chaos for name in each.could_be_from_charset]
    name = _WESTERN if _WESTERN in ties and _decodes(sample, _WESTERN) else found[0].encoding
    # A character in a Chinese or Japanese encoding may be valid UTF-8 by chance; a letter in a Western one is not.
    if good and (not found[0].multi_byte_usage or len(good) > len(bad)):
        raise TableError(
            f"{where}: encodings are mixed: {_listed(good)} UTF-8, {_listed(bad)} not. Save the file in one encoding, "
            f"or name one: with --encoding utf-8 the bytes of the others stay as they are and a row that needs them "
            f"gets an error; --encoding {name} reads all lines"
        )
    texts = {each: sample.decode(each, "replace") for each in dict.fromkeys((name, *ties))}
    others = [each for each, text in texts.items() if text != texts[name]]
    shown = _first_difference(texts[name], texts[others[0]]) if others else ""
    doubt = f"the encoding is guessed; {others[0]} would read {shown}" if others else "the encoding is guessed"
    return Encoding(name, doubt=f"{doubt}: name it with --encoding")


def lines_beyond_ascii(lines: Iterable[bytes], most: int = _SAMPLE_BYTES) -> list[tuple[int, bytes]]:
    """Return the non-ASCII lines with their numbers, up to a number of bytes."""
    found: list[tuple[int, bytes]] = []
    size = 0
    for number, line in enumerate(lines, 1):
        if not line.isascii():
            found.append((number, line[:most]))
            size += len(line)
            if size > most:
                break
    return found


def _mark(head: bytes) -> tuple[bytes, str]:
    return next(((mark, name) for mark, name in _MARKS if head.startswith(mark)), (b"", ""))


def _is_utf8(line: bytes) -> bool:
    return _decodes(line, "utf-8")


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _listed(numbers: Sequence[int]) -> str:
    some = ", ".join(map(str, numbers[:3]))
    more = ", ..." if len(numbers) > 3 else ""  # noqa: PLR2004 - as many as are shown
    return f"line {some} is" if len(numbers) == 1 else f"lines {some}{more} are"


def _first_difference(one: str, other: str) -> str:
    """Return the first word in which two decodings differ, in both forms."""
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)

    def word(text: str) -> str:
        before, behind = re.search(r"\w{0,20}$", text[:place]), re.match(r"\w{0,20}", text[place:])
        return (before[0] if before else "") + (behind[0] if behind else "")

    return f"{word(other)!r} where this reads {word(one)!r}"
