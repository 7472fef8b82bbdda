"""The conversation of a locked child with the host: requests in, one reply each out."""

from __future__ import annotations

import os
import select
import sys
import time
from typing import TYPE_CHECKING, NoReturn

from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._inside.answers import Answers
from langchain_latm.sandbox._inside.lockdown import CHANNEL, probe

if TYPE_CHECKING:
    from collections.abc import Iterator


class Conversation:
    """Answers the host until it hangs up.

    Args:
        answers: What to say.
    """

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def run(self) -> NoReturn:
        """Answer frame by frame."""
        for number, word, text in _frames():
            if word == _wire.BATCH:
                self._answer_batch(number, text)
                continue
            if word == _wire.PROBE:
                ok, body = True, _wire.encode([probe(), ""])
            else:
                ok, body = self._answers.answer(word, text)
            _send(_wire.frame(number, _wire.VALUE if ok else _wire.FAILED, body))
            if word == _wire.LOAD and not ok:
                os._exit(0)
        os._exit(0)

    def _answer_batch(self, number: int, text: str) -> None:
        """Call the tool with many argument sets, sending results whenever some are due."""
        waiting: list[str] = []
        size = 0
        sent = time.perf_counter()
        for arguments in _wire.decode(text):
            _, entry = self._answers.entry(_wire.BATCH, arguments)
            waiting.append(entry)
            size += len(entry)
            now = time.perf_counter()
            if size > _wire.PART_BYTES or now - sent > _wire.PART_SECONDS:
                _send(_wire.frame(number, _wire.PART, f"[{','.join(waiting)}]"))
                waiting.clear()
                size, sent = 0, now
        if waiting:
            _send(_wire.frame(number, _wire.PART, f"[{','.join(waiting)}]"))


def _frames() -> Iterator[tuple[int, int, str]]:
    """Yield number, word and body of each request until the host hangs up.

    When the last request came soon after the reply before it, it stays awake for the next one for as long: to be
    woken up takes longer than most calls.
    """
    header, read, clock = _wire.HEADER, os.read, time.perf_counter
    poll = select.poll()
    poll.register(CHANNEL, select.POLLIN)
    buffer = b""
    hurry = False
    while True:
        if len(buffer) >= header.size:
            length, number, word = header.unpack_from(buffer)
            end = header.size + length
            if len(buffer) < end:
                long = bytearray(buffer)
                while len(long) < end:
                    more = read(CHANNEL, end - len(long))
                    if not more:
                        return
                    long += more
                buffer = bytes(long)
            body = buffer[header.size : end].decode("ascii")
            buffer = buffer[end:]
            yield number, word, body
            continue
        since = clock()
        while hurry and clock() - since < _wire.EAGER_SECONDS and not poll.poll(0):
            os.sched_yield()  # whoever else wants this processor goes first
        more = read(CHANNEL, 1 << 16)
        hurry = clock() - since < _wire.EAGER_SECONDS
        if not more:
            return
        buffer += more


def _send(data: bytes) -> None:
    while data:
        data = data[os.write(CHANNEL, data) :]


def serve(value_bytes: int, printed_bytes: int) -> NoReturn:
    """Talk to the host; called in a locked child, does not return."""
    for name in ("stdin", "__stdin__", "__stdout__", "__stderr__"):  # the descriptors behind them are closed
        setattr(sys, name, None)
    Conversation(Answers(value_bytes, printed_bytes)).run()
