"""Request parsers: from a request to a tool's arguments without a model.

Requests of one kind are often put in the same words: "Sort the following words alphabetically: List: pear fig". What
never changes are the *literals* of a parser, what changes are its *gaps*, and each argument is read off a gap. A parser
is plain data, so nothing that a model wrote runs here, and it takes time in proportion to the request's length.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, model_validator

Form = Literal[
    "question", "text", "integer", "number", "texts", "integers", "numbers", "json", "amount", "amounts", "found"
]
"""What an argument is: the whole `question`; of one gap its `text`, its content as one number, its parts (or numbers)
between separators, or the value of its `json`; the one number among the words of a gap (`amount`) or of each of several
(`amounts`); or all numbers that are `found` in some gaps."""

_INTEGER: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,17})?")
_FOUND: Final = re.compile(r"(?<![\w.])-?\d{1,18}(?:\.\d{1,17})?(?![\w]|\.\d)")
_UNREADABLE: Final = re.compile(r"\d{19}|\.\d{18}|\u2212\d")
"""Numbers that are too long, or have a typeset minus: where all are asked for, none may be left out in silence."""
_HALF_CHARACTER: Final = re.compile(r"[\ud800-\udfff]")
LEAST_TELLING: Final = 2
"""Words among the literals that a request is known by: fewer would let foreign requests in."""


class Slot(BaseModel):
    """How one argument is read.

    Attributes:
        name: The parameter.
        form: What the argument is.
        gaps: Which gaps it is read off, from 0; none for the whole question.
        separator: What stands between the parts; empty for white space.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    form: Form
    gaps: tuple[NonNegativeInt, ...] = ()
    separator: str = ""


class RequestParser(BaseModel):
    """Reads the arguments off requests that are put in the same words.

    Attributes:
        literals: What stands in every request, in order: before, between and after the gaps. The first and the last one
            may be empty.
        slots: How each argument is read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    literals: Annotated[tuple[str, ...], Field(min_length=2)]
    slots: Annotated[tuple[Slot, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _gaps_are_there(self) -> Self:
        for slot in self.slots:
            if any(gap >= len(self.literals) - 1 for gap in slot.gaps):
                raise ValueError(f"slot {slot.name}: there is no gap {max(slot.gaps)}")
            if not slot.gaps and slot.form != "question":
                raise ValueError(f"slot {slot.name}: it names no gap")
        return self

    def parse(self, request: str) -> dict[str, Any] | None:
        """Return the arguments; None where the request is put in other words, or an argument is not of its form."""
        gaps = gaps_in(self.literals, request)
        if gaps is None or _HALF_CHARACTER.search(request):  # no model, file or sandbox takes these
            return None
        arguments: dict[str, Any] = {}
        for slot in self.slots:
            value = read_slot(slot, gaps, request)
            if value is None:
                return None
            arguments[slot.name] = value
        return arguments

    @property
    def pattern(self) -> str:
        """How a request must be put, for a person: the literals, with the parameters' names in the gaps."""
        gaps = range(len(self.literals) - 1)
        names = [" ".join(f"{{{slot.name}}}" for slot in self.slots if gap in slot.gaps) or "..." for gap in gaps]
        return "".join(part for pair in zip(self.literals, [*names, ""], strict=True) for part in pair)


def telling_words(literals: tuple[str, ...]) -> int:
    """Count the words of three letters and more among literals."""
    return sum(len(re.findall(r"[^\W\d_]{3,}", literal)) for literal in literals)


def gaps_in(literals: tuple[str, ...], request: str) -> list[str] | None:
    """Return what stands between the literals, each at the first place where it stands; None if one does not.

    White space around the request and around each gap does not count.
    """
    text = request.strip()
    first, last = literals[0].lstrip(), literals[-1].rstrip()
    if not text.startswith(first) or not text.endswith(last):
        return None
    position, end = len(first), len(text) - len(last)
    gaps: list[str] = []
    for literal in literals[1:-1]:
        found = text.find(literal, position, end)
        if found < 0:
            return None
        gaps.append(text[position:found].strip())
        position = found + len(literal)
    if position > end:
        return None
    return [*gaps, text[position:end].strip()]


def read_slot(slot: Slot, gaps: Sequence[str], request: str) -> Any:
    """Return one argument; None where what stands there is not of its form."""
    if slot.form == "question":
        return request.strip()
    texts = [gaps[gap] for gap in slot.gaps]
    if slot.form in ("amount", "amounts", "found"):
        if any(_UNREADABLE.search(text) for text in texts):
            return None
        numbers = [_FOUND.findall(text) for text in texts]
        if slot.form != "found" and any(len(found) != 1 for found in numbers):
            return None
        read = [_plain_number(each) for found in numbers for each in found]
        return read[0] if slot.form == "amount" else read or None
    return _READ[slot.form](texts[0], slot.separator)


def _text(text: str, _separator: str) -> str | None:
    return text or None


def _integer(text: str, _separator: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None


def _number(text: str, _separator: str) -> int | float | None:
    return _plain_number(text) if _NUMBER.fullmatch(text) else None


def _texts(text: str, separator: str) -> list[str] | None:
    parts = [part.strip() for part in text.split(separator)] if separator else text.split()
    return parts if parts and all(parts) else None


def _integers(text: str, separator: str) -> list[int] | None:
    parts = _texts(text, separator) or []
    return [int(part) for part in parts] if parts and all(map(_INTEGER.fullmatch, parts)) else None


def _numbers(text: str, separator: str) -> list[int | float] | None:
    parts = _texts(text, separator) or []
    return [_plain_number(part) for part in parts] if parts and all(map(_NUMBER.fullmatch, parts)) else None


def _plain_number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def _json_list(text: str, _separator: str) -> list[Any] | None:
    """Read a list of texts, numbers or lists of these."""
    try:
        value = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) and _is_plain(value, 0) else None


def _is_plain(value: Any, depth: int) -> bool:
    if isinstance(value, list):
        return depth < 4 and all(_is_plain(each, depth + 1) for each in value)  # noqa: PLR2004 - nobody asks for more
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))


_READ: Final[dict[str, Callable[[str, str], Any]]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "texts": _texts,
    "integers": _integers,
    "numbers": _numbers,
    "json": _json_list,
}
