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
    """Describe the first error that pydantic found: where, and what is wrong."""
    where, what = _errors(error)[0]
    what = what.removeprefix("Value error, ")
    return f"{where}: {what}" if where else what


def argument_errors(error: ValidationError) -> str:
    """Describe the first errors of arguments for a model, parameter by parameter."""
    return "; ".join(f"{where or 'arguments'}: {what}" for where, what in _errors(error)[:_SHOWN])


def _errors(error: ValidationError) -> list[tuple[str, str]]:
    """Return where the errors are and what is wrong, or how many there are.

    pydantic describes all of them or none: a million take four seconds, in which no other thread runs.
    """
    if (count := error.error_count()) > _MOST_ERRORS:
        return [("", f"{count:,} values are not as they must be")]
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return [(".".join(map(str, each["loc"])), each["msg"]) for each in found]
