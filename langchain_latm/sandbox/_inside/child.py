"""The loop of a locked child, which reads requests from the host and replies to each."""

from __future__ import annotations

import os
import select
import sys
import time
from typing import TYPE_CHECKING, Final, NoReturn

from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._inside.answers import Answers
from langchain_latm.sandbox._inside.lockdown import CHANNEL, probe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_AWAKE_SECONDS: Final = 60e-6
_requests = select.poll()
_requests.register(CHANNEL, select.POLLIN)


def serve(value_bytes: int, printed_bytes: int, loaded: Callable[[], None] | None = None) -> NoReturn:
    """Answer the host's requests until it closes the socket; called in a locked child.

    Args:
        value_bytes: Limit of a value as JSON.
        printed_bytes: Limit of the prints of one call.
        loaded: Called after the tool is loaded, before its first call.
    """
    for name in ("stdin", "__stdin__", "__stdout__", "__stderr__"):  # their descriptors are closed
        setattr(sys, name, None)
    answers = Answers(value_bytes, printed_bytes)
    for number, word, text in _frames():
        if word == _wire.BATCH:
            _answer_batch(answers, number, text)
            continue
        if word == _wire.PROBE:
            ok, body = True, f"={_wire.encode(probe())}"
        else:
            ok, body = answers.answer(word, text)
        _send(_wire.frame(number, _wire.ANSWER, body))
        if word == _wire.LOAD:
            if not ok:
                break
            if loaded is not None:
                loaded()
    os._exit(0)


def _answer_batch(answers: Answers, number: int, text: str) -> None:
    """Call the tool with many argument sets; send the results in parts meanwhile."""
    waiting: list[str] = []
    size = 0
    sent = time.perf_counter()
    for arguments in _wire.decode(text):
        _, entry = answers.entry(_wire.BATCH, arguments)
        waiting.append(entry)
        size += len(entry)
        now = time.perf_counter()
        if size > _wire.PART_BYTES or now - sent > _wire.PART_SECONDS:
            _send(_wire.frame(number, _wire.PART, "\n".join(waiting)))
            waiting.clear()
            size, sent = 0, now
    if waiting:
        _send(_wire.frame(number, _wire.PART, "\n".join(waiting)))


def _frames() -> Iterator[tuple[int, int, str]]:
    """Yield number, word and body of each request until the host closes the socket."""
    buffer = bytearray()
    soon = 0
    while True:
        while len(buffer) < _wire.HEADER.size or len(buffer) < (end := _end(buffer)):
            if soon:
                _stay_awake()
            more = os.read(CHANNEL, 1 << 16)
            if not more:
                return
            buffer += more
        _, number, word = _wire.HEADER.unpack_from(buffer)
        body = buffer[_wire.HEADER.size : end].decode("ascii")
        del buffer[:end]
        soon = word & _wire.SOON
        yield number, word ^ soon, body


def _stay_awake() -> None:
    """Wait for the next request without sleeping, for a short time.

    While callers queue for this child, waking it up takes longer than a call. With a single caller, spinning would slow
    the calls down on a busy machine, where other processes need the processor.
    """
    end = time.perf_counter() + _AWAKE_SECONDS
    while not _requests.poll(0) and time.perf_counter() < end:
        os.sched_yield()  # let other processes run first


def _end(buffer: bytearray) -> int:
    length: int = _wire.HEADER.unpack_from(buffer)[0]
    return _wire.HEADER.size + length


def _send(data: bytes) -> None:
    while data:
        data = data[os.write(CHANNEL, data) :]
