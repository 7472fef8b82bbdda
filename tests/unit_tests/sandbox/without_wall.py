"""Runs attacks without a sandbox. A script that reads attacks and prints their outcomes.

Each attack has a folder and listeners of its own to attack, and runs in a grandchild, so that it may kill its parent.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import tempfile
from contextlib import ExitStack, redirect_stderr, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any


def outcome(source: str, honest: str, secret: str, hidden: list[str]) -> str:
    """Return "broke" when an attack reached something, else a few words."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        (folder / "secret.txt").write_text(secret)
        (folder / "planted.py").write_text(f"SECRET = {secret!r}")
        unix = opened.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind(str(folder / "unix"))
        unix.listen()
        tcp = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", port))
        before = sorted(path.name for path in folder.iterdir())
        names = {
            "SECRET_FILE": f"{folder}/secret.txt",
            "WATCHED": str(folder),
            "UNIX": f"{folder}/unix",
            "PORT": port,
            "HIDDEN": [name[::-1] for name in hidden],
        }
        told = in_grandchild({**names, "__name__": "tool"}, source, honest)
        after = sorted(path.name for path in folder.iterdir() if path.name != "__pycache__")
    return "broke" if after != before or secret in told else told


def in_grandchild(names: dict[str, Any], source: str, honest: str) -> str:
    """Run an attack twice and then an honest call; return what they said, if they still could say something."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork():
            os.close(writer)
            signal.pause()
        write, leave = os.write, os._exit  # an attack may replace what it finds in this module
        try:
            write(writer, run({**names, "HOST": os.getppid()}, source, honest).encode("utf-8", "replace"))
        finally:
            leave(0)
    os.close(writer)
    with open(reader, "rb", buffering=0) as pipe:  # noqa: PTH123 - a descriptor
        told = pipe.read(1 << 16) if select.select([pipe], [], [], 5)[0] else b""
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return (told or b"broke off").decode()


def intact() -> bool:
    """Return True, unless an attack has put something else in the place of this function."""
    return True


def run(names: dict[str, Any], source: str, honest: str) -> str:
    """Be the attack."""
    told = []
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        try:
            exec(source, names)  # noqa: S102 - this file is about running attacks
            told += [repr(names["f"]()), repr(names["f"]())]
        except BaseException as error:  # noqa: BLE001 - an attack may raise anything
            told.append(f"{type(error).__name__}: {error}")
        try:
            calls: dict[str, Any] = {}
            exec(honest, calls)  # noqa: S102 - the same
            right = calls["add"](5, 2) == "[2, 5, 3]" and intact() is True
        except BaseException:  # noqa: BLE001 - whatever the attack left behind
            right = False
    return " ".join(told) if right else "broke the honest call"


if __name__ == "__main__":
    request = json.load(sys.stdin)
    secrets = {"held by": {"this": request["secret"]}}
    held = secrets["held by"]["this"]
    answers = [outcome(source, request["honest"], held, request["hidden"]) for source in request["sources"]]
    json.dump(answers, sys.stdout)
