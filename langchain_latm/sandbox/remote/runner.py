"""The script that `AdaptedSandbox` runs in the other sandbox: the supervisor of the processes that run tools.

`PYTHONHASHSEED=N python3 -s -P -S -B runner.py NAME`, in its folder, after the text of `_bundle`. It reads the request
NAME.json, removes it, forks a child for each argument set, ends the whole session of each child when it has answered or
its time is over, and prints the outcomes between two marks. POSIX only. No code of a tool runs in this process itself.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:  # the bundle's text precedes this file when it runs
    from langchain_latm.sandbox import _wire
    from langchain_latm.sandbox._inside.answers import Answers

MARK = 24
"""Characters of each of the two marks with which a request begins."""
SWEEP_SECONDS = 2.0
"""How long to end processes that left their session; they may start new ones meanwhile."""


def run(name: str) -> None:
    """Answer the request `name`."""
    with open(f"{name}.json", "rb", buffering=0) as file:  # noqa: PTH123 - pathlib loads slowly, on each call
        os.unlink(f"{name}.json")  # noqa: PTH108 - the same
        file.seek(2 * MARK)
        request = json.loads(file.readall())
        adopt()
        replies = [supervise(name, request, text) for text in request["texts"]]
        file.seek(0)  # the marks are read only now, when no child can inherit them
        marks = file.read(2 * MARK).decode("ascii")
    answer = "\n".join(map(json.dumps, replies))  # the host reads one line after the other
    if len(answer) > request["inline"]:
        with open(f"{name}.reply", "w", encoding="ascii") as reply:  # noqa: PTH123 - as above
            reply.write(answer)
        answer = json.dumps(len(answer))
    sys.stdout.write(f"\n{marks[:MARK]}{answer}{marks[MARK:]}\n")


def adopt() -> None:
    """Become the parent of processes that tools leave behind, and make this one unreadable. Linux only, best effort."""
    with suppress(ImportError, OSError, AttributeError):
        import ctypes  # noqa: PLC0415 - not every interpreter has it

        prctl = ctypes.CDLL(None).prctl
        prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
        prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: no reading of memory and descriptors through /proc, except for root


def supervise(name: str, request: dict[str, Any], text: str) -> str | list[str]:
    """Run one call in a child; return the entry that it answered, or `[kind, message]` of a failure seen from here."""
    scratch = f"{name}.d"
    os.mkdir(scratch)  # noqa: PTH102 - as above
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            answer(name, request, text, writer)
        finally:
            os._exit(1)
    os.close(writer)
    try:
        data, over = receive(reader, time.monotonic() + request["wall"], request["longest"])
    finally:
        os.close(reader)
        for kill in (os.killpg, os.kill):  # before it has its own session there is no group of that number
            with suppress(OSError):
                kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    sweep()
    remove(scratch)
    with suppress(OSError):  # the tool may have removed it
        os.unlink(f"{name}.pid")  # noqa: PTH108 - as above
    if over:
        return over
    if data.endswith(b"\n"):
        return data[:-1].decode("ascii", "replace")
    if os.WIFSIGNALED(status):
        # The kernel's count of the limit and that of the usage differ by a tick.
        if os.WTERMSIG(status) == signal.SIGKILL and usage.ru_utime + usage.ru_stime > request["cpu"] - 0.1:
            return ["cpu", f"the process used more than {request['cpu']} s of CPU time"]
        return ["crash", f"the process was ended by signal {os.WTERMSIG(status)}"]
    return ["crash", f"the process ended itself with exit code {os.WEXITSTATUS(status)}"]


def receive(reader: int, deadline: float, longest: int) -> tuple[bytes, list[str]]:
    """Read until the child's end is closed, a line is complete, or a limit is reached."""
    data = b""
    while not data.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([reader], [], [], left)[0]:
            return data, ["wall", "the call took too long"]
        more = os.read(reader, 1 << 16)
        if not more:
            break
        data += more
        if len(data) > longest:
            return data, ["protocol", "the process sent something that is not an answer"]
    return data, []


def sweep() -> None:
    """End the processes that left the session of a child: orphans become children of this process."""
    mine = f"/proc/{os.getpid()}/task/{os.getpid()}/children"
    deadline = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < deadline:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            with open(mine, encoding="ascii") as numbers:  # noqa: PTH123 - as above
                left = numbers.read().split()
        except OSError:  # no child is left, or there is no such list here
            return
        for pid in left:
            with suppress(OSError):
                os.kill(int(pid), signal.SIGKILL)
        time.sleep(0.001)


def remove(folder: str) -> None:
    """Remove a child's folder and what the tool left in it."""
    try:
        os.rmdir(folder)  # noqa: PTH106 - as above
    except OSError:
        import shutil  # noqa: PLC0415 - rarely needed, and slow to load

        shutil.rmtree(folder, ignore_errors=True)


def answer(name: str, request: dict[str, Any], text: str, writer: int) -> NoReturn:
    """Act as the child: set the limits, load the tool, answer once."""
    os.setsid()
    # The supervisor does not write it: the tool could stop the supervisor first, and `clean` would find no process.
    with open(f"{name}.pid", "w", encoding="ascii") as file:  # noqa: PTH123 - as above
        file.write(f"{os.getppid()} {os.getpid()}\n")
    os.chdir(f"{name}.d")
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.dup2(writer, 3)
    os.closerange(4, 4096)
    limits = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, request["cpu"]),
        (resource.RLIMIT_AS, address_space() + request["memory"]),
    ]
    for kind, value in limits:
        with suppress(OSError, ValueError):  # a system without this limit, or with a lower one
            resource.setrlimit(kind, (value, value))
    answers = Answers(request["value"], request["printed"])
    fine, body = answers.answer(_wire.LOAD, json.dumps([request["source"], request["entry"]]))
    if fine:
        _, body = answers.answer(request["word"], text)
    rest = body.encode("ascii") + b"\n"
    while rest:
        rest = rest[os.write(3, rest) :]
    os._exit(0)


def address_space() -> int:
    """Return the bytes of address space that the interpreter itself has."""
    try:
        with open("/proc/self/statm", encoding="ascii") as numbers:  # noqa: PTH123 - as above
            return int(numbers.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 30


if __name__ == "__main__":
    run(sys.argv[1])
