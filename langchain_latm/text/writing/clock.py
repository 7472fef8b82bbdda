"""Shared by the forms that write clock times: how answers write a time, with or without AM and PM."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

HALVES: Final = tuple(
    tuple(each.split("/"))
    for each in (
        "AM/PM", "am/pm", "Am/Pm", "A.M./P.M.", "a.m./p.m.", "a. m./p. m.", "a.\u00a0m./p.\u00a0m.", "A/P", "a/p",
        "\u4e0a\u5348/\u4e0b\u5348", "\u5348\u524d/\u5348\u5f8c", "\uc624\uc804/\uc624\ud6c4",
        "\u03c0.\u03bc./\u03bc.\u03bc.", "\u00d6\u00d6/\u00d6S",
    )
)  # fmt: skip
"""The marks before noon and after it: Latin, Chinese, Japanese, Korean, Greek, Turkish."""
_TIME: Final = re.compile(r"(?<![\d:])(\d{1,2})([:.h])([0-5]\d)(?:\2([0-5]\d))?(?![\d:])")
_MARK: Final = "\ue000"
_PLACE: Final = "\ue001"


class TimeWriting(NamedTuple):
    """How all times of a column are written.

    Attributes:
        parts: Code that joins `time`, `mark` and the text around them.
        joint: The text between hour and minute.
        padded: Whether hours below 10 have a leading zero; None if no example shows it.
        has_seconds: Whether there are seconds.
        halves: The two marks; None in the 24 hour clock.
    """

    parts: str
    joint: str
    padded: bool | None
    has_seconds: bool
    halves: tuple[str, ...] | None

    def code(self) -> str:
        """Return code that writes `hour` and `minute`, and `second` as text."""
        lines = (
            ["mark, hour = ({!r}, {!r})[hour >= 12], (hour - 1) % 12 + 1".format(*self.halves)] if self.halves else []
        )
        if self.padded is None:
            lines.append("if hour < 10:\n    raise ValueError('no example shows how an hour below 10 is written')")
        if self.has_seconds:
            lines.append("if not second:\n    raise ValueError('there are no seconds')")
        seconds = f"{self.joint}{{second}}" if self.has_seconds else ""
        hour = "{hour:02}" if self.padded else "{hour}"
        return "\n".join([*lines, f"time = f'{hour}{self.joint}{{minute:02}}{seconds}'", self.parts])


def time_writing(answers: Sequence[str], halves: tuple[str, ...] | None) -> TimeWriting | None:
    """Return how answers with one time each are written; None if they differ, or one has no such time.

    Args:
        answers: The answers.
        halves: The marks of the two halves of a day, of which each answer has one; None for the 24 hour clock.
    """
    found = [_TIME.search(answer) for answer in answers]
    times = [each for each in found if each is not None]
    if len(times) < len(found) or len({(each[2], each[4] is None) for each in times}) > 1:
        return None
    outlines = {_outline(time, halves) for time in times}
    hours = [time[1] for time in times]
    padded, bare = any(hour[0] == "0" and len(hour) > 1 for hour in hours), any(len(hour) == 1 for hour in hours)
    if len(outlines) > 1 or None in outlines or (padded and bare):
        return None
    (outline,) = outlines
    pieces = filter(None, re.split(f"([{_MARK}{_PLACE}])", outline or ""))
    parts = " + ".join({_MARK: "mark", _PLACE: "time"}.get(piece) or repr(piece) for piece in pieces)
    return TimeWriting(parts, times[0][2], padded or (None if not bare else False), times[0][4] is not None, halves)


def _outline(time: re.Match[str], halves: tuple[str, ...] | None) -> str | None:
    """Return an answer with signs for its time and its mark; None if it needs exactly one mark and does not have it."""
    text = f"{time.string[: time.start()]}{_PLACE}{time.string[time.end() :]}"
    if halves is None:
        return text
    either = "|".join(map(re.escape, halves))
    pattern = rf"(?<![^\W\d])(?:{either})(?!\w)" if halves[0].isascii() else either
    marked, count = re.subn(pattern, _MARK, text)
    return marked if count == 1 else None
