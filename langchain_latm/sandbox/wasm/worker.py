"""The worker process that holds the WASM interpreters: a script, which the host also imports for its frame format.

The process is trusted; the code inside its interpreters is not. It answers one request at a time. It ends when its
standard input ends, because the host closed it or died, even while an interpreter computes.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import shutil
import struct
import sys
import threading
import time
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER: Final = struct.Struct("<IB")
"""Length of the body, one of the words below. In the host's frames the word is 0 and the body is JSON."""

READY: Final = 1  # body: empty; the interpreter is loaded
STARTED: Final = 2  # body: empty; an interpreter is ready for the request; time counts from here
ANSWER: Final = 3  # body: an entry of `_wire`, from the interpreter
LOST: Final = 4  # body: JSON of [kind, message]: there is no answer, and the interpreter is gone

EXIT_CPU: Final = 91
EXIT_MEMORY: Final = 92

SESSIONS: Final = 8
"""Maximum number of interpreters of one process; the least recently used one is dropped."""

INTERPRETER_BYTES: Final = 32 * 1024 * 1024
"""Memory of an interpreter before it loads a tool."""

_WASM_BYTES: Final = 2**32 - 2**16
_OVERHEAD_BYTES: Final = 96 * 1024 * 1024
_WATCH_SECONDS: Final = 0.05
_MESSAGE_CHARACTERS: Final = 300
_LOAD: Final = 1  # `_wire.LOAD`, which this script cannot import


class Job(NamedTuple):
    """One request.

    Attributes:
        load: JSON of `[source, entry]`.
        tenant: On whose behalf.
        memory_bytes: Memory of the tool besides the interpreter.
        value_bytes: Size of the value as JSON.
        printed_bytes: Maximum size of its prints.
        word: The kind of request, a word of `_wire`.
        text: JSON of the keyword arguments.
        cpu_seconds: CPU time of this request.
        reply_bytes: Size of the whole reply.
        keep: Whether the interpreter may answer the next request too.
    """

    load: str
    tenant: str
    memory_bytes: int
    value_bytes: int
    printed_bytes: int
    word: int
    text: str
    cpu_seconds: float
    reply_bytes: int
    keep: bool

    @property
    def key(self) -> tuple[object, ...]:
        """The key of the interpreter; requests with the same key may share it."""
        return self[:5]


class LostError(Exception):
    """An interpreter ended without an answer."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Interpreters:
    """Creates and keeps WASM interpreters.

    Args:
        bundle: Python text that has `Answers` in its namespace once it is executed.
        folder: The temporary folder of this process, in which eryx unpacks itself.
    """

    def __init__(self, bundle: str, folder: Path) -> None:
        self._eryx: Any = importlib.import_module("eryx")  # the host imports this file too, and cannot import eryx
        self._bundle = bundle
        self._eryx.Sandbox()  # unpacks the interpreter and its standard library
        # Only a factory can give sessions a memory limit. The unpacked file is one; compiling another takes 20 seconds.
        (runtime,) = (folder / "eryx-embedded").glob("runtime-*.cwasm")
        self._factory: Any = self._eryx.SandboxFactory.load(runtime)
        self._kept: OrderedDict[tuple[object, ...], Any] = OrderedDict()
        self._spare: tuple[int, Any] | None = None

    def prepare(self, memory_bytes: int) -> None:
        """Have an interpreter ready for the next tool."""
        if self._spare is None or self._spare[0] != memory_bytes:
            self._spare = None
            self._spare = (memory_bytes, self._new(memory_bytes))

    def answer(self, job: Job, started: Callable[[], None]) -> str:
        """Return the reply's body; call `started` when an interpreter is ready.

        Raises:
            LostError: There is no reply.
        """
        session = self._kept.pop(job.key, None)
        if session is not None:
            started()
        else:
            self.prepare(job.memory_bytes)
            (_, session), self._spare = self._spare or (0, None), None
            started()
            self._run(session, f"latm_answers = Answers({job.value_bytes}, {job.printed_bytes})", job.reply_bytes)
            loaded, body = self._ask(session, _LOAD, job.load, job.reply_bytes)
            if not loaded:
                return body
        _, body = self._ask(session, job.word, job.text, job.reply_bytes)
        if job.keep:
            self._kept[job.key] = session
            if len(self._kept) > SESSIONS:
                self._kept.popitem(last=False)
        return body

    def _new(self, memory_bytes: int) -> Any:
        limits = self._eryx.ResourceLimits(
            execution_timeout_ms=None,  # the host measures the time
            max_memory_bytes=min(memory_bytes + INTERPRETER_BYTES, _WASM_BYTES),
            max_vfs_bytes=1,
        )
        session = self._factory.create_session(resource_limits=limits, result_variable="latm_reply")
        session.execute(self._bundle)
        return session

    def _ask(self, session: Any, word: int, text: str, longest: int) -> tuple[bool, str]:
        found = self._run(session, f"latm_reply = [*latm_answers.answer({word}, {text!r})]", longest)
        try:
            ok, body = json.loads(found)
        except (TypeError, ValueError, RecursionError):
            raise LostError("protocol", "the interpreter sent something that is not an answer") from None
        if type(ok) is not bool or type(body) is not str or not body.isascii() or len(body) > longest:
            raise LostError("protocol", "the interpreter sent something that is not an answer")
        return ok, body

    def _run(self, session: Any, code: str, longest: int) -> str:
        """Return the JSON text of the result of `code`; it is untrusted."""
        try:
            result = session.execute(code)
        except self._eryx.ResourceLimitError as error:
            raise LostError("memory", f"a limit of the interpreter was reached: {_brief(error)}") from None
        except self._eryx.EryxError as error:
            kind = "memory" if "rust_oom" in str(error) or "MemoryError" in str(error) else "crash"
            raise LostError(kind, f"the interpreter ended: {_brief(error)}") from None
        found = result.result_json or "null"
        if len(found) > 2 * longest:  # each character may need an escape
            raise LostError("protocol", "the interpreter sent more than an answer can have")
        return str(found)


class Watch:
    """Ends this process if a request takes too much CPU time, or memory outside of the interpreter's limit.

    For example, an interpreter can fill its file system, which is in this process's memory, with empty files.
    """

    def __init__(self) -> None:
        self._busy = threading.Event()
        self._cpu = float("inf")
        self._memory = float("inf")
        threading.Thread(target=self._run, daemon=True).start()

    def begin(self, job: Job) -> None:
        """Start to watch a request."""
        self._cpu = time.process_time() + job.cpu_seconds
        self._memory = resident_bytes() + job.memory_bytes + 4 * job.reply_bytes + _OVERHEAD_BYTES
        self._busy.set()

    def end(self) -> None:
        """Stop watching."""
        self._busy.clear()

    def _run(self) -> None:
        while True:
            self._busy.wait()
            time.sleep(_WATCH_SECONDS)
            if self._busy.is_set():
                if time.process_time() > self._cpu:
                    os._exit(EXIT_CPU)
                if resident_bytes() > self._memory:
                    os._exit(EXIT_MEMORY)


def resident_bytes() -> int:
    """Return the resident memory of this process; 0 if the system does not report it."""
    if sys.platform.startswith("linux"):
        with Path("/proc/self/statm").open("rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "darwin":
        import resource  # noqa: PLC0415 - POSIX only

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 0


def serve(requests: BinaryIO, replies: BinaryIO, folder: Path) -> None:
    """Answer requests until the input ends."""
    inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests, inbox, folder), daemon=True).start()

    def send(word: int, body: str = "") -> None:
        replies.write(HEADER.pack(len(body), word) + body.encode("ascii"))
        replies.flush()

    bundle, memory_bytes = inbox.get()
    try:
        interpreters = Interpreters(bundle, folder)
        interpreters.prepare(memory_bytes)
    except Exception as error:  # noqa: BLE001 - whatever it is, the host says it
        send(LOST, json.dumps(["crash", f"{type(error).__name__}: {_brief(error)}"]))
        return
    watch = Watch()
    send(READY)
    while True:
        job = Job(*inbox.get())
        if resident_bytes() > SESSIONS * (job.memory_bytes + INTERPRETER_BYTES):
            return  # the interpreters' memory has grown; the host starts another process

        def started(job: Job = job) -> None:
            watch.begin(job)
            send(STARTED)

        try:
            word, body = ANSWER, interpreters.answer(job, started)
        except LostError as lost:
            word, body = LOST, json.dumps([lost.kind, str(lost)])
        watch.end()
        send(word, body)
        interpreters.prepare(job.memory_bytes)


def main() -> None:
    """Serve on the original standard input and output."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # Interpreters write to these three without a limit.
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    folder, packages = sys.argv[1:]
    sys.path.append(packages)
    try:
        serve(requests, replies, Path(folder))
    except BrokenPipeError:  # the host has died, or ends this process: `_receive` must be able to remove the folder
        threading.Event().wait()
    os._exit(0)  # the reading thread would keep the process alive


def _receive(requests: BinaryIO, inbox: queue.SimpleQueue[Any], folder: Path) -> None:
    """Pass on requests; end this process, and remove its folder, when the host ends."""
    size = HEADER.size
    while len(head := requests.read(size)) == size:
        length, _ = HEADER.unpack(head)
        body = requests.read(length)
        if len(body) < length:
            break
        inbox.put(json.loads(body))
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _brief(error: BaseException) -> str:
    """Return the most informative line of the error's text, in ASCII."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    if "Caused by:" in lines[:-1]:  # the engine's own errors
        line = lines[lines.index("Caused by:") + 1]
    else:
        line = lines[-1] if lines[0].startswith("Traceback") else lines[0]
    return line[:_MESSAGE_CHARACTERS].encode("ascii", "backslashreplace").decode()


if __name__ == "__main__":
    main()
