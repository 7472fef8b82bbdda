"""The backend for sandboxes of other services that run commands: Daytona, Modal, E2B, LangSmith, Docker ..."""

from __future__ import annotations

import json
import secrets
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from langchain_latm.exceptions import SandboxClosedError, SandboxError
from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._backend import Backend, SandboxCall
from langchain_latm.sandbox._reply import MalformedReplyError, Reply, failed, longest_reply, read_entry, read_json
from langchain_latm.sandbox.base import FailureKind, Guarantee
from langchain_latm.sandbox.remote import folder as remote
from langchain_latm.sandbox.remote.folder import CommandSandbox, RemoteFolder, last_line

if TYPE_CHECKING:
    from langchain_latm.sandbox._batch import Batch
    from langchain_latm.sandbox._io import IO
    from langchain_latm.sandbox.base import Limits

_OWN: Final = frozenset({Guarantee.HOST, Guarantee.OUTPUT})
_OBSERVED: Final = frozenset({"wall", "cpu", "crash", "protocol"})
"""Kinds of failure that the supervisor observes; the tool's own process reports the others."""
_INLINE: Final = 40_000
"""Characters of an answer that are printed; a longer one is passed in a file: services truncate what commands print."""
_MARK: Final = 24


class AdaptedSandbox(Backend):
    """Runs tools in the sandbox of another service, each call in a new process there.

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
    timeout, when the service ends the command. Only the caller knows what the service prevents: add it as
    `guarantees`. A service that holds `PROCESSES` also makes `WALL`, `CPU` and `MEMORY` hold.

    `ToolSource.hash_seed` is set.

    Python 3.11 or newer and a POSIX shell are needed there. A call costs an upload, a command and the start of a
    Python; a batch pays that once for 50 sets. Several threads may use the backend at the same time.

    It does not close the other sandbox: its creator does.

    Args:
        backend: An object with deepagents' `SandboxBackendProtocol`; deepagents itself is not needed.
        limits: What one call may use.
        python: The interpreter there.
        folder: A folder there in which commands may write.
        guarantees: What the service holds, besides what the adapter holds.

    Examples:
        >>> from deepagents.backends.langsmith import LangSmithSandbox
        >>> sandbox = AdaptedSandbox(LangSmithSandbox(client), guarantees=frozenset(Guarantee))  # doctest: +SKIP
    """

    _group_sets = 50  # services end commands that take many minutes
    _group_bytes = 1024 * 1024

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
        self._folder = RemoteFolder(backend, python=python, parent=folder)
        self._vouched = guarantees

    def _settings(self) -> dict[str, Any]:
        raise TypeError("an AdaptedSandbox cannot be copied or pickled: create one in the other process")

    @property
    def guarantees(self) -> frozenset[Guarantee]:
        """What the adapter holds, and what the caller vouches for."""
        return _OWN | self._vouched

    async def _answer(self, io: IO, call: SandboxCall) -> Reply:
        return (await io.run(lambda: self._run(call, [call.text])))[0]

    async def _answer_all(self, io: IO, call: SandboxCall, batch: Batch) -> None:
        while group := batch.group:
            texts = [text for _, text in group]
            batch.accept(await io.run(lambda texts=texts: self._run(call, texts)))  # type: ignore[misc]

    def _run(self, call: SandboxCall, texts: list[str]) -> list[Reply]:
        """Answer some argument sets of one tool with one command.

        Raises:
            SandboxError: The adapted sandbox failed, or this one was closed meanwhile.
        """
        self._refuse_when_closed()
        self._folder.prepare()
        limits = call.limits
        name, marks = secrets.token_hex(12), (secrets.token_hex(_MARK // 2), secrets.token_hex(_MARK // 2))
        content = self._content(call, texts)
        seconds = limits.wall_seconds * len(texts) + remote.MARGIN
        started = time.monotonic()
        replies = None
        try:
            self._folder.upload(f"{name}.json", f"{marks[0]}{marks[1]}{json.dumps(content)}".encode("ascii"))
            started = time.monotonic()
            done = self._folder.answer(name, seconds, call.tool.hash_seed)
            replies = self._replies(str(done.output), name, marks, len(texts), limits)
        except SandboxError:
            if time.monotonic() - started < seconds and not self._closed:
                raise
        finally:
            if replies is None or self._closed:
                self._folder.clean(name)
            if self._closed:
                self._folder.remove()
        if replies is not None:
            return replies
        if self._closed:
            raise SandboxClosedError("the sandbox was closed")
        if time.monotonic() - started >= seconds - remote.MARGIN:
            return [failed(FailureKind.WALL, "the call took too long, and its supervisor with it")] * len(texts)
        if len(texts) > 1:  # one of the sets is the cause: each alone
            return [self._run(call, [text])[0] for text in texts]
        return [_no_answer(done)]

    def _content(self, call: SandboxCall, texts: list[str]) -> dict[str, Any]:
        """Return a request as the runner reads it."""
        tool, limits = call.tool, call.limits
        return {
            "source": tool.source,
            "entry": tool.entry,
            "word": call.word,
            "texts": texts,
            "wall": limits.wall_seconds,
            "cpu": limits.cpu_seconds,
            "memory": limits.memory_bytes,
            "value": limits.output_bytes,
            "printed": limits.stdout_bytes,
            "longest": longest_reply(limits.output_bytes, limits.stdout_bytes),
            "inline": _INLINE if self._folder.downloads else sys.maxsize,
        }

    def _replies(
        self, output: str, name: str, marks: tuple[str, str], count: int, limits: Limits
    ) -> list[Reply] | None:
        """Return what a command answered to some argument sets, or None when it gave no answer."""
        _, begun, rest = output.partition(marks[0])
        body, ended, _ = rest.partition(marks[1])
        if not begun or not ended:
            return None
        longest = 2 * longest_reply(limits.output_bytes, limits.stdout_bytes)  # each character may need an escape
        try:
            data = body[: longest * count].encode("ascii")
            if data.isdigit():
                data = self._folder.download(f"{name}.reply", longest * count)
            lines = data.split(b"\n", count)
            if len(lines) != count:
                raise MalformedReplyError  # noqa: TRY301 - handled in one place
            return [_reply(line, longest, limits) for line in lines]
        except (MalformedReplyError, UnicodeEncodeError):
            return [failed(FailureKind.PROTOCOL, str(MalformedReplyError()))] * count

    def _shut(self) -> None:
        self._folder.remove()


def _no_answer(done: Any) -> Reply:
    if done.truncated:
        return failed(FailureKind.OUTPUT, "the adapted sandbox cut the answer off")
    return failed(FailureKind.PROTOCOL, f"the command gave no answer: {last_line(done.output)}")


def _reply(line: bytes, longest: int, limits: Limits) -> Reply:
    """Return a reply out of what the supervisor says of one call.

    Raises:
        MalformedReplyError: It is nothing that a supervisor says.
    """
    if len(line) > longest:
        raise MalformedReplyError
    said = read_json(line)
    if type(said) is str:
        try:
            return read_entry(said.encode(), limits.output_bytes, limits.stdout_bytes)
        except MalformedReplyError as error:
            return failed(FailureKind.PROTOCOL, str(error))
    if type(said) is list and len(said) == 2 and type(said[0]) is type(said[1]) is str and said[0] in _OBSERVED:  # noqa: PLR2004 - kind and message
        return failed(FailureKind(said[0]), said[1][: _wire.MAX_MESSAGE])
    raise MalformedReplyError
