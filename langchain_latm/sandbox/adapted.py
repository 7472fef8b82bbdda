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
"""Kinds of failure that the supervisor observes; the tool's process reports the others."""
_INLINE: Final = 40_000
"""Maximum characters of an answer that is printed. Longer ones are passed in a file, since services truncate output."""
_MARK: Final = 24


class AdaptedSandbox(Backend):
    """Runs tools in the sandbox of another service, with a new process for each call.

    A supervisor in that sandbox forks a process for each call, limits and ends it, and removes its files.

    ***The adapter itself guarantees** two things for any tool: this process reads only strict JSON of limited size
    (`HOST`), and values and prints are limited (`OUTPUT`).

    ***For a tool that does not attack its supervisor**, it also enforces the following. `wall_seconds` and
    `cpu_seconds` end in SIGKILL, and memory is limited if the system has `setrlimit`. No state of a process reaches
    another call. After each call, even after a timeout, no process of the tool's session is left; on Linux, this
    includes processes that left the session. Files in the tool's working folder are removed. `close` removes the
    private folder. CPU time and memory count for each process, so a tool can have more of both in processes that it
    starts.

    ***It does not protect** the inside of the other sandbox, where a tool can do anything that a command can: read and
    leave files, use the network, start and end processes including its supervisor, and so disturb other calls. A tool
    that stops its supervisor fails with `WALL` up to 30 seconds after its limit or, if `execute` takes no timeout, when
    the service ends the command. Only the caller knows what the service prevents: pass it as `guarantees`. With a
    service that guarantees `PROCESSES`, `WALL`, `CPU` and `MEMORY` hold too.

    `ToolSource.hash_seed` is set.

    The other sandbox needs Python 3.11 or newer and a POSIX shell. A call costs an upload, a command and the start of a
    Python process; a batch pays this once for 50 sets. Several threads may use the backend at the same time.

    It does not close the other sandbox, which is up to its creator.

    Args:
        backend: An object with deepagents' `SandboxBackendProtocol`; deepagents itself is not needed.
        limits: What one call may use.
        python: The interpreter in the other sandbox.
        folder: A folder in the other sandbox in which commands may write.
        guarantees: The guarantees of the service, which are added to the adapter's.

    Examples:
        >>> from deepagents.backends.langsmith import LangSmithSandbox
        >>> sandbox = AdaptedSandbox(LangSmithSandbox(client), guarantees=frozenset(Guarantee))  # doctest: +SKIP
    """

    _group_sets = 50  # services end long commands
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
        """The guarantees of the adapter, and those that the caller vouches for."""
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
            SandboxError: The other sandbox failed, or this one was closed meanwhile.
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
            return [failed(FailureKind.WALL, "the call and its supervisor took too long")] * len(texts)
        if len(texts) > 1:  # one of the sets is the cause: run each by itself
            return [self._run(call, [text])[0] for text in texts]
        return [_no_answer(done)]

    def _content(self, call: SandboxCall, texts: list[str]) -> dict[str, Any]:
        """Return a call in the format of the runner."""
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
        """Return a command's replies to some argument sets, or None if it gave no answer."""
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
    """Return a reply from the supervisor's report on one call.

    Raises:
        MalformedReplyError: The report is malformed.
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
