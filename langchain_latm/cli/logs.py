"""Logs of `latm` on standard error: as text, or as JSON lines for collectors (`--log-format json`, `LATM_LOG`).

In both, nothing that a user or a tool wrote begins a line, or reaches a terminal as a control character.

Each JSON line has the time, the level, the logger and the event with its fields: ids, counts and words of this package.
Texts (of requests, tools, tenants, errors, and messages of other packages) are left out, because they may contain
requests or secrets; `LATM_LOG_TEXT=1` includes them.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final

from langchain_latm._core.visible import visible

_OURS: Final = "langchain_latm"
_OMITTED: Final = "…"
_MOST_CHARACTERS: Final = 10_000


def log_json() -> None:
    """Write logs to standard error as JSON lines: events of this package, and warnings of others."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(texts=os.environ.get("LATM_LOG_TEXT") == "1"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(_OURS).setLevel(logging.INFO)


def log_text(*, names: bool = False) -> None:
    """Write warnings to standard error as text, unless `log_json` was called.

    Args:
        names: Whether each has its level and logger.
    """
    if names:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(VisibleText(logging.BASIC_FORMAT))
        logging.basicConfig(level=logging.WARNING, handlers=[handler])
    elif logging.lastResort is not None:  # Python's default if logging is not configured
        logging.lastResort.setFormatter(VisibleText())


class VisibleText(logging.Formatter):
    """Formats a record as text: control characters in it are escaped, and its further lines are indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the text."""
        return visible(super().format(record)).replace("\n", "\n    ")


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON.

    Args:
        texts: Whether to include texts that may quote requests.
    """

    def __init__(self, *, texts: bool) -> None:
        super().__init__()
        self._texts = texts

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. It never fails, whatever is logged."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._event(record),
            **getattr(record, "latm", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            kind, error, trace = record.exc_info
            line["error"] = kind.__name__
            line["at"] = _places(trace)
            if self._texts:
                line["reason"] = str(error)[:_MOST_CHARACTERS]
        return json.dumps(line, ensure_ascii=True, default=lambda each: type(each).__name__)

    def _event(self, record: logging.LogRecord) -> str:
        if self._texts:
            return record.getMessage()[:_MOST_CHARACTERS]
        if not record.name.startswith(_OURS):  # the message may already be formatted
            return _OMITTED
        given = record.args if isinstance(record.args, tuple) else (record.args,) if record.args else ()
        try:
            return str(record.msg) % tuple(map(_plain, given)) if given else str(record.msg)
        except (TypeError, ValueError):
            return str(record.msg)


def _plain(value: object) -> object:
    """Return the loggable part of an argument of a message: a number, or the type of an error."""
    if isinstance(value, BaseException):
        return type(value).__name__
    return value if value is None or isinstance(value, bool | int | float) else _OMITTED


def _places(trace: TracebackType | None) -> list[str]:
    """Return where an error was raised, innermost first: file and line, without the code."""
    found = []
    while trace is not None:
        found.append(f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}")  # noqa: PTH119 - a name only
        trace = trace.tb_next
    return found[::-1][:20]
