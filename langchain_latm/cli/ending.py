"""Ends a run of `latm` early: on Ctrl-C, or if the output cannot be written."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, NoReturn

from langchain_latm.cli import console

STOPPED: Final = 130
"""The exit code after Ctrl-C, as in shells."""
UNWRITABLE: Final = {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""Errors of the system after which nothing can be printed."""
_GRACE_SECONDS: Final = 2.0
_SHOW_CURSOR: Final = "\x1b[?25h"


@contextmanager
def exit_on_interrupt() -> Iterator[None]:
    """End the program within two seconds of Ctrl-C, or at once when it is pressed again.

    The two seconds are for closing resources. Waiting longer would mean waiting for threads with a model's reply, which
    may take minutes. Sandboxes and the embedded model end with the program, and the library loses no confirmed write.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reported = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        signal.signal(signal.SIGINT, lambda *_: _exit_now(reported))
        timer = threading.Timer(_GRACE_SECONDS, _exit_now, (reported,))
        timer.daemon = True
        timer.start()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    except KeyboardInterrupt:
        _report(reported)
        raise SystemExit(STOPPED) from None
    except SystemExit as end:
        if end.code == STOPPED:
            _report(reported)
        raise
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def exit_on_write_error() -> Iterator[None]:
    """End the program with code 1 when standard output cannot be written; without a message for a closed pipe."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        # Otherwise Python would report the rest of the buffer as another error at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            console.say_error(f"cannot write to standard output: {error.strerror}")
        raise SystemExit(1) from None


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Delay Ctrl-C until the block ends, so that the block runs completely or not at all."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[FrameType | None] = []
    before = signal.signal(signal.SIGINT, lambda _signal, frame: came.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came and callable(before):
            before(signal.SIGINT, came[0])


def replace_closed_streams() -> None:
    """Replace standard streams that the caller closed, which are None, by the null device."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - open as long as the program
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - see above
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - see above
    if isinstance(sys.stdout, io.TextIOWrapper):  # characters that the encoding lacks are escaped
        sys.stdout.reconfigure(errors="backslashreplace")


def _exit_now(reported: threading.Event) -> NoReturn:
    with suppress(OSError, ValueError):
        if sys.stderr.isatty():
            sys.stderr.write(_SHOW_CURSOR)  # a progress bar hides the cursor
        _report(reported)
        sys.stderr.flush()
    os._exit(STOPPED)


def _report(reported: threading.Event) -> None:
    if not reported.is_set():
        reported.set()
        console.say("stopped")
