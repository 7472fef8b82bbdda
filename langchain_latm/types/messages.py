"""Short texts for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pydantic import ValidationError

_SHOWN: Final = 5
_MOST_ERRORS: Final = 1_000


def shorten(text: str, width: int = 80) -> str:
    """Cut text for a message: one line, at most `width` characters."""
    line = " ".join(text[: 4 * width].split())
    return line if len(line) <= width and len(text) <= 4 * width else line[: width - 3] + "..."


def first_error(error: ValidationError) -> str:
    """Describe the first error that pydantic found: the place and the problem."""
    where, what = _errors(error)[0]
    what = what.removeprefix("Value error, ")
    return f"{where}: {what}" if where else what


def argument_errors(error: ValidationError) -> str:
    """Describe the first errors of arguments for a model, parameter by parameter."""
    return "; ".join(f"{where or 'arguments'}: {what}" for where, what in _errors(error)[:_SHOWN])


def _errors(error: ValidationError) -> list[tuple[str, str]]:
    """Return the place and text of each error, or the number of errors.

    pydantic describes all errors or none: a million take four seconds, during which no other thread runs.
    """
    if (count := error.error_count()) > _MOST_ERRORS:
        return [("", f"{count:,} values are invalid")]
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [(".".join(map(str, each["loc"])), each["msg"]) for each in found]
