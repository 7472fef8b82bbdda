"""The private folder of an `AdaptedSandbox` in the sandbox of another service: files and commands there."""

from __future__ import annotations

import inspect
import math
import secrets
import shlex
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

from langchain_latm.exceptions import SandboxError
from langchain_latm.sandbox._bundle import bundle
from langchain_latm.sandbox._reply import MalformedReplyError

MARGIN: Final = 30
"""Seconds that a command may take beyond the tool's own, for starting Python on a busy machine."""
_RUNNER: Final = Path(__file__).with_name("runner.py")
_FUTURE: Final = "from __future__ import annotations\n"
_MADE: Final = "latm: made"
_FITS: Final = "latm: fits"
_CHECK: Final = f"import os, resource, sys; os.fork, sys.version_info >= (3, 11) and print({_FITS!r})"
# `python -I` would ignore the hash seed along with the other variables.
_NO_PYTHON_VARIABLES: Final = "for v in $(env | sed -n 's/^\\(PYTHON[A-Z0-9_]*\\)=.*/\\1/p'); do unset \"$v\"; done"
# Kills the supervisor, its child's session, and the child itself in case it has no session yet. Shells support
# different forms of `kill`.
_KILL: Final = 'for p in "$a" "-$b" "$b"; do kill -s KILL -- "$p" || kill -9 "$p"; done'


class CommandSandbox(Protocol):
    """The required interface of a sandbox: a part of deepagents' `SandboxBackendProtocol`.

    `execute` returns an object with `output` (text), `exit_code` (a number or None) and `truncated`; `upload_files`
    returns one object for each file, with `error` (None on success). If there is `download_files`, whose objects have
    `content`, long answers are passed in files. Source: https://docs.langchain.com/oss/python/deepagents/sandboxes
    """

    def execute(self, command: str) -> Any:
        """Run a shell command and wait for it. It may also take `timeout`, in seconds."""
        ...

    def upload_files(self, files: list[tuple[str, bytes]]) -> Any:
        """Write files."""
        ...


class RemoteFolder:
    """A folder with the runner, created on first use.

    Args:
        backend: The other sandbox.
        python: The interpreter there.
        parent: A folder there in which commands may write.
    """

    def __init__(self, backend: CommandSandbox, *, python: str, parent: str) -> None:
        self.path = f"{parent.rstrip('/')}/latm-{secrets.token_hex(12)}"
        self.downloads = hasattr(backend, "download_files")
        self._backend = backend
        self._python = python
        self._takes_timeout = _takes_timeout(backend)
        self._preparing = threading.Lock()
        self._made = self._ready = False

    def prepare(self) -> None:
        """Create the folder and upload the runner, once.

        Raises:
            SandboxError: The folder cannot be created, or the interpreter is unsuitable.
        """
        with self._preparing:
            if self._ready:
                return
            if not self._made:
                made = self.execute(f"mkdir -m 700 {shlex.quote(self.path)} && echo {_MADE}", MARGIN)
                if _MADE not in str(made.output):
                    raise SandboxError(
                        f"no folder can be made at {self.path} in the adapted sandbox: {last_line(made.output)} "
                        "Give a writable folder as `folder`."
                    )
                self._made = True
            seen = self.execute(f"{shlex.quote(self._python)} -I -S -B -c {shlex.quote(_CHECK)}", MARGIN)
            if _FITS not in str(seen.output):
                raise SandboxError(
                    f"{self._python!r} in the adapted sandbox is not Python 3.11 or newer with `fork`: "
                    f"{last_line(seen.output)} Give the path of one as `python`."
                )
            runner = _RUNNER.read_text(encoding="utf-8").replace(_FUTURE, "")  # it must come first
            self.upload("runner.py", f"{_FUTURE}{bundle()}\n{runner}".encode())
            self._ready = True

    def answer(self, name: str, seconds: float, hash_seed: int) -> Any:
        """Run the command that answers the request `name`, and return its outcome.

        Raises:
            SandboxError: The command did not find the request, or failed to run.
        """
        lost = f"{name} is lost"
        done = self.execute(
            f"cd {shlex.quote(self.path)} && [ -f runner.py ] && [ -f {name}.json ] || {{ echo {lost}; exit 1; }}; "
            f"{_NO_PYTHON_VARIABLES}; export PYTHONHASHSEED={hash_seed}; "
            f"exec {shlex.quote(self._python)} -s -P -S -B runner.py {name}",
            seconds,
        )
        if lost in str(done.output):
            raise SandboxError(
                f"what was uploaded to {self.path} in the adapted sandbox is not there for commands: was the sandbox "
                "replaced, or do its paths for files and for commands differ?"
            )
        return done

    def execute(self, command: str, seconds: float) -> Any:
        """Run a shell command."""
        try:
            if self._takes_timeout:
                return self._backend.execute(command, timeout=math.ceil(seconds))  # type: ignore[call-arg]
            return self._backend.execute(command)
        except Exception as error:
            raise SandboxError(
                f"the adapted sandbox could not run a command: {type(error).__name__}: {error}"
            ) from error

    def upload(self, name: str, content: bytes) -> None:
        """Write a file."""
        try:
            error = self._backend.upload_files([(f"{self.path}/{name}", content)])[0].error
        except Exception as raised:
            raise SandboxError(f"the adapted sandbox took no file: {type(raised).__name__}: {raised}") from raised
        if error:
            raise SandboxError(f"the adapted sandbox took no file at {self.path}/{name}: {error}")

    def download(self, name: str, longest: int) -> bytes:
        """Read a file and remove it.

        Raises:
            MalformedReplyError: It is larger than `longest`.
        """
        try:
            files: Any = self._backend
            content = files.download_files([f"{self.path}/{name}"])[0].content
        except Exception as raised:
            raise SandboxError(f"the adapted sandbox gave no file: {type(raised).__name__}: {raised}") from raised
        finally:
            self._quietly(f"rm -f {shlex.quote(f'{self.path}/{name}')}")
        if not isinstance(content, bytes) or len(content) > longest:
            raise MalformedReplyError
        return content

    def clean(self, name: str) -> None:
        """End the processes of a request and remove its files. A call that went well leaves neither."""
        self._quietly(
            f"cd {shlex.quote(self.path)} && "
            f"if [ -f {name}.pid ]; then read a b < {name}.pid; {_KILL}; fi; rm -rf {name}.*"
        )

    def remove(self) -> None:
        """End the processes of all requests and remove the folder, if it was made."""
        if self._made:
            place = shlex.quote(self.path)
            self._quietly(
                f'cd {place} && for f in *.pid; do [ -f "$f" ] && read a b < "$f" && {{ {_KILL}; }}; done; '
                f"cd / && rm -rf {place}"
            )

    def _quietly(self, command: str) -> None:
        with suppress(SandboxError):  # in a sandbox that is gone nothing is left
            self.execute(f"({command}) >/dev/null 2>&1", MARGIN)


def _takes_timeout(backend: CommandSandbox) -> bool:
    """Whether `execute` takes a timeout: older packages do not."""
    try:
        return "timeout" in inspect.signature(backend.execute).parameters
    except (TypeError, ValueError):
        return False


def last_line(output: object) -> str:
    """Return the last line of what a command printed."""
    lines = str(output).strip().splitlines()
    return lines[-1][:300] if lines else "it printed nothing"
