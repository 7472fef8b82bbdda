"""How a run of `latm` ends early: by Ctrl-C, or where nobody takes its output."""

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
"""The exit code of a program that Ctrl-C ended, as shells know it."""
UNWRITABLE: Final = {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""Errors of the system after which nothing can be printed."""
_GRACE_SECONDS: Final = 2.0
_SHOW_CURSOR: Final = "\x1b[?25h"


@contextmanager
def stopped_by_keyboard() -> Iterator[None]:
    """Let Ctrl-C end the block, and the program with it, within seconds.

    A thread that waits for a model's reply would hold it up until that comes, for minutes. So what is closed properly
    gets two seconds for it, or until Ctrl-C is pressed once more; then the program just ends. Sandboxes and the
    embedded model see that and end too, and the library loses nothing that was confirmed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    told = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        signal.signal(signal.SIGINT, lambda *_: _end(told))
        timer = threading.Timer(_GRACE_SECONDS, _end, (told,))
        timer.daemon = True
        timer.start()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    except KeyboardInterrupt:
        _tell(told)
        raise SystemExit(STOPPED) from None
    except SystemExit as end:
        if end.code == STOPPED:
            _tell(told)
        raise
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def output_that_may_end() -> Iterator[None]:
    """End the program with code 1 where its output cannot be written, as when its reader has read enough."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        # What is left of the output would be an error once more when the program ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            console.say_error(f"nothing more can be written: {error.strerror}")
        raise SystemExit(1) from None


def replace_closed_streams() -> None:
    """Let a stream that the caller closed take nothing and give nothing, in place of None."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - open as long as the program
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - the same
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - the same
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that cannot show a character shows its number
        sys.stdout.reconfigure(errors="backslashreplace")


def _end(told: threading.Event) -> NoReturn:
    with suppress(OSError, ValueError):
        if sys.stderr.isatty():
            sys.stderr.write(_SHOW_CURSOR)  # a progress bar hides it
        _tell(told)
        sys.stderr.flush()
    os._exit(STOPPED)


def _tell(told: threading.Event) -> None:
    if not told.is_set():
        told.set()
        console.say("stopped")
