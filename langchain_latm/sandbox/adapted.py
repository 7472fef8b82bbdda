"""Any sandbox of the ecosystem that can run a command: Daytona, Modal, E2B, LangSmith, Docker ..."""

from __future__ import annotations

import inspect
import json
import math
import secrets
import shlex
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from langchain_latm.exceptions import SandboxClosedError, SandboxError
from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._arguments import RefusedError, arguments_text
from langchain_latm.sandbox._bundle import bundle
from langchain_latm.sandbox._reply import SLACK, NonsenseError, Reply, read_body, read_entry, refusal
from langchain_latm.sandbox._threaded import Request, ThreadedSandbox
from langchain_latm.sandbox.base import ExecutionResult, FailureKind, Guarantee

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langchain_latm.sandbox.base import Limits, ToolSource

_OWN: Final = frozenset({Guarantee.HOST, Guarantee.OUTPUT})
_SEEN: Final = frozenset({"wall", "cpu", "crash", "protocol"})
_BATCH: Final = 50
"""Argument sets in one command: services end commands that take many minutes."""
_BATCH_BYTES: Final = 1024 * 1024
"""... and about as much of their text."""
_INLINE: Final = 40_000
"""Characters of an answer that are printed; a longer one goes through a file: services cut what commands print."""
_SHORT: Final = 20
_MARK: Final = 24
_MARGIN: Final = 30
"""Seconds beyond the tool's own that a command may take: starting Python in a busy machine."""
_FUTURE: Final = "from __future__ import annotations\n"
_MADE: Final = "latm: made"
_FITS: Final = "latm: fits"
_CHECK: Final = f"import os, resource, sys; os.fork, sys.version_info >= (3, 11) and print({_FITS!r})"
# The supervisor, the session that it made, and its first process in case that it has no session yet. Shells differ in
# what they understand.
_KILL: Final = 'for p in "$a" "-$b" "$b"; do kill -s KILL -- "$p" || kill -9 "$p"; done'


class CommandSandbox(Protocol):
    """What is needed of a sandbox: a part of deepagents' `SandboxBackendProtocol`.

    `execute` returns an object with `output` (text), `exit_code` (a number or None) and `truncated`; `upload_files`
    returns one object for each file, with `error` (None when all went well). Where there is a `download_files`, with
    objects that have `content`, long answers go through a file.
    Source: https://docs.langchain.com/oss/python/deepagents/sandboxes
    """

    def execute(self, command: str) -> Any:
        """Run a shell command and wait for it. It may also take `timeout`, in seconds."""
        ...

    def upload_files(self, files: list[tuple[str, bytes]]) -> Sequence[Any]:
        """Write files."""
        ...


class AdaptedSandbox(ThreadedSandbox):
    """Runs tools in a sandbox that somebody else provides, each call in a new process there.

    A supervisor there forks a process for each call, limits and ends it, and removes its files.

    **The adapter itself guarantees** two things, for whatever the tool does: this process reads nothing but strict
    JSON of limited size (`HOST`), and values and prints are limited (`OUTPUT`).

    **For a tool that leaves its supervisor alone** it also holds more. `wall_seconds` and `cpu_seconds` end in SIGKILL,
    and memory is limited as far as the system there has `setrlimit`. No state of a process reaches another call. After
    each call, one that timed out included, no process of the tool's session is left; on Linux the same goes for
    processes that left the session. What the tool wrote into its working folder is removed. After `close` the private
    folder is gone. CPU time and memory count for each process, so a tool can have more of both in processes that it
    starts.

    **It does not protect** what is inside the other sandbox, where a tool can do whatever a command can: read and leave
    files, use the network, start and end processes, its own supervisor included, and so disturb other calls. A tool
    that stops its supervisor has a `WALL` failure after up to 30 seconds more than its limit; where `execute` takes no
    timeout, when the service ends the command. What the service holds against all that, only the caller can know:
    `guarantees` adds it. Who vouches for `PROCESSES` can vouch for `WALL`, `CPU` and `MEMORY`.

    Python 3.11 or newer and a POSIX shell are needed there. A call costs an upload, a command and the start of a
    Python; a batch pays that once for 50 sets. Several threads may use the backend at the same time.

    It does not close the other sandbox: who made it ends it.

    Args:
        backend: An object with deepagents' `SandboxBackendProtocol`; deepagents itself is not needed.
        limits: What one call may use.
        python: The interpreter there.
        folder: A folder there in which commands may write.
        guarantees: What the service holds, beside what the adapter holds.

    Examples:
        >>> from deepagents.backends.langsmith import LangSmithSandbox
        >>> sandbox = AdaptedSandbox(LangSmithSandbox(client), guarantees=frozenset(Guarantee))  # doctest: +SKIP
    """

    def __init__(
        self,
        backend: CommandSandbox,
        *,
        limits: Limits | None = None,
        python: str = "python3",
        folder: str = "/tmp",  # noqa: S108 - a private folder is made in it
        guarantees: frozenset[Guarantee] = frozenset(),
    ) -> None:
        super().__init__(limits=limits)
        self._backend = backend
        self._python = python
        self._folder = f"{folder.rstrip('/')}/latm-{secrets.token_hex(12)}"
        self._vouched = guarantees
        self._starting = threading.Lock()
        self._made = self._ready = False
        self._takes_timeout = _takes_timeout(backend)
        self._downloads = hasattr(backend, "download_files")

    @property
    def guarantees(self) -> frozenset[Guarantee]:
        """What the adapter holds, and what the caller vouches for."""
        return _OWN | self._vouched

    def batch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        """Call one tool with many argument sets, in few commands; each has its own result, in order.

        `seconds` is the mean of those results that arrived together.
        """
        self._refuse_when_closed()
        limits = limits or self._limits
        if len(tool.source) > limits.input_bytes:
            return [self.call(tool, {}, limits=limits) for _ in arguments]
        started = time.perf_counter()
        request = Request(tool, tenant, _wire.CALL, "", limits)
        results: dict[int, ExecutionResult] = {}
        waiting: dict[int, str] = {}
        for index, each in enumerate(arguments):
            try:
                waiting[index] = arguments_text(each, limits.input_bytes)
            except RefusedError as refused:
                results[index] = ExecutionResult(failure=refused.failure)
            full = len(waiting) == _BATCH or sum(map(len, waiting.values())) > _BATCH_BYTES
            if waiting and (full or index == len(arguments) - 1):
                replies = self._run(request, list(waiting.values()))
                now = time.perf_counter()
                share = (now - started) / len(replies)
                results |= {i: ExecutionResult(*reply, share) for i, reply in zip(waiting, replies, strict=True)}
                started = now
                waiting.clear()
        return [results[index] for index in range(len(arguments))]

    def _ask(self, request: Request) -> Reply:
        return self._run(request, [request.text])[0]

    def _run(self, request: Request, texts: list[str]) -> list[Reply]:
        """Answer some argument sets of one tool with one command.

        Raises:
            SandboxError: The adapted sandbox failed, or this one was closed meanwhile.
        """
        self._start()
        tool, limits = request.tool, request.limits
        name, marks = secrets.token_hex(12), (secrets.token_hex(_MARK // 2), secrets.token_hex(_MARK // 2))
        longest = limits.output_bytes + 6 * limits.stdout_bytes + SLACK
        content = {
            "source": tool.source,
            "entry": tool.entry,
            "word": request.word,
            "texts": texts,
            "wall": limits.wall_seconds,
            "cpu": limits.cpu_seconds,
            "memory": limits.memory_bytes,
            "value": limits.output_bytes,
            "printed": limits.stdout_bytes,
            "longest": longest,
            "inline": _INLINE if self._downloads else sys.maxsize,
        }
        seconds = limits.wall_seconds * len(texts) + _MARGIN
        started = time.monotonic()
        replies = None
        try:
            self._upload(f"{name}.json", f"{marks[0]}{marks[1]}{json.dumps(content)}".encode("ascii"))
            started = time.monotonic()
            done = self._execute(self._command(name), seconds)
            replies = self._replies(done, name, marks, len(texts), longest)
        except SandboxError:
            if time.monotonic() - started < seconds and not self._closed:
                raise
        finally:
            if replies is None or self._closed:
                self._clean(name)
        if replies is not None:
            return replies
        if self._closed:
            raise SandboxClosedError("the sandbox was closed")
        if time.monotonic() - started >= seconds - _MARGIN:
            return [refusal(FailureKind.WALL, "the call took too long, and its supervisor with it")] * len(texts)
        if len(texts) > 1:  # one of the sets is the cause: each alone
            return [self._run(request, [text])[0] for text in texts]
        if done.truncated:
            return [refusal(FailureKind.OUTPUT, "the adapted sandbox cut the answer off")]
        return [refusal(FailureKind.PROTOCOL, f"the command gave no answer: {_end(str(done.output))}")]

    def _command(self, name: str) -> str:
        """Return the command that answers a request; it does not hold the marks, which the tool might read there."""
        return (
            f"cd {shlex.quote(self._folder)} && [ -f runner.py ] && [ -f {name}.json ] || "
            f"{{ echo {name} is lost; exit 1; }}; "
            f"exec {shlex.quote(self._python)} -I -S -B runner.py {name}"
        )

    def _replies(self, done: Any, name: str, marks: tuple[str, str], count: int, longest: int) -> list[Reply] | None:
        """Return what a command answered to some sets, or None when it gave no answer.

        Raises:
            SandboxError: The request was not where the command looked for it.
        """
        output = str(done.output)
        _, begun, rest = output.partition(marks[0])
        body, ended, _ = rest.partition(marks[1])
        if not begun or not ended:
            if f"{name} is lost" in output and not self._closed:
                raise SandboxError(
                    f"what was uploaded to {self._folder} in the adapted sandbox is not there for commands: was the "
                    "sandbox replaced, or do its paths for files and for commands differ?"
                )
            return None
        try:
            data = body[: 2 * longest * count].encode("ascii")
            size = read_body(data) if len(data) < _SHORT else None
            if type(size) is int:  # it went through a file
                data = self._download(f"{name}.reply", 2 * longest * count)
            entries = read_body(data)
            if type(entries) is not list or len(entries) != count:
                raise NonsenseError  # noqa: TRY301 - one place says what nonsense becomes
            return [_reply(entry, longest) for entry in entries]
        except (NonsenseError, UnicodeEncodeError):
            return [refusal(FailureKind.PROTOCOL, "the process sent something that is not an answer")] * count

    def _start(self) -> None:
        """Make the private folder and put the runner into it, once."""
        with self._starting:
            if self._ready:
                return
            self._refuse_when_closed()
            if not self._made:
                made = self._execute(f"mkdir -m 700 {shlex.quote(self._folder)} && echo {_MADE}", _MARGIN)
                if _MADE not in str(made.output):
                    raise SandboxError(
                        f"no folder can be made at {self._folder} in the adapted sandbox: {_end(str(made.output))} "
                        "Give one that can be written as `folder`."
                    )
                self._made = True
            seen = self._execute(f"{shlex.quote(self._python)} -I -S -B -c {shlex.quote(_CHECK)}", _MARGIN)
            if _FITS not in str(seen.output):
                raise SandboxError(
                    f"{self._python!r} in the adapted sandbox is not a Python 3.11 or newer with `fork`: "
                    f"{_end(str(seen.output))} Give the path of one as `python`."
                )
            runner = Path(__file__).with_name("_remote_runner.py").read_text(encoding="utf-8")
            runner = runner.replace(_FUTURE, "")  # it must stand first
            self._upload("runner.py", f"{_FUTURE}{bundle()}\n{runner}".encode())
            self._ready = True

    def _execute(self, command: str, seconds: float) -> Any:
        try:
            if self._takes_timeout:
                return self._backend.execute(command, timeout=math.ceil(seconds))  # type: ignore[call-arg]
            return self._backend.execute(command)
        except Exception as error:
            raise SandboxError(
                f"the adapted sandbox could not run a command: {type(error).__name__}: {error}"
            ) from error

    def _upload(self, name: str, content: bytes) -> None:
        try:
            error = self._backend.upload_files([(f"{self._folder}/{name}", content)])[0].error
        except Exception as raised:
            raise SandboxError(f"the adapted sandbox took no file: {type(raised).__name__}: {raised}") from raised
        if error:
            raise SandboxError(f"the adapted sandbox took no file at {self._folder}/{name}: {error}")

    def _download(self, name: str, longest: int) -> bytes:
        try:
            files: Any = self._backend
            content = files.download_files([f"{self._folder}/{name}"])[0].content
        except Exception as raised:
            raise SandboxError(f"the adapted sandbox gave no file: {type(raised).__name__}: {raised}") from raised
        finally:
            self._quietly(f"rm -f {shlex.quote(f'{self._folder}/{name}')}")
        if not isinstance(content, bytes) or len(content) > longest:
            raise NonsenseError
        return content

    def _clean(self, name: str) -> None:
        """End what a request started, and remove its files. After a call that went well nothing of it is left."""
        self._quietly(
            f"cd {shlex.quote(self._folder)} && "
            f"if [ -f {name}.pid ]; then read a b < {name}.pid; {_KILL}; fi; rm -rf {name}.*"
        )
        if self._closed:
            self._remove()

    def _shut(self) -> None:
        if self._made:
            self._remove()

    def _remove(self) -> None:
        place = shlex.quote(self._folder)
        self._quietly(
            f'cd {place} && for f in *.pid; do [ -f "$f" ] && read a b < "$f" && {{ {_KILL}; }}; done; '
            f"cd / && rm -rf {place}"
        )

    def _quietly(self, command: str) -> None:
        with suppress(SandboxError):  # a sandbox that is gone holds nothing any more
            self._execute(f"({command}) >/dev/null 2>&1", _MARGIN)


def _reply(entry: Any, longest: int) -> Reply:
    """Return a reply out of what the supervisor says of one call.

    Raises:
        NonsenseError: It says nothing that it could say.
    """
    if type(entry) is list and all(type(part) is str for part in entry):
        if len(entry) == 2 and entry[0] == "told" and len(entry[1]) <= longest:  # noqa: PLR2004 - the child's own answer
            try:
                return read_entry(read_body(entry[1].encode("ascii", "replace")))
            except NonsenseError:
                return refusal(FailureKind.PROTOCOL, "the process sent something that is not an answer")
        if len(entry) == 3 and entry[0] == "seen" and entry[1] in _SEEN:  # noqa: PLR2004 - what became of it
            return refusal(FailureKind(entry[1]), entry[2][: _wire.MAX_MESSAGE])
    raise NonsenseError


def _takes_timeout(backend: CommandSandbox) -> bool:
    """Whether `execute` takes a timeout: older packages do not."""
    try:
        return "timeout" in inspect.signature(backend.execute).parameters
    except (TypeError, ValueError):
        return False


def _end(output: str) -> str:
    """Return the last line of what a command printed."""
    lines = output.strip().splitlines()
    return lines[-1][:300] if lines else "it printed nothing"
