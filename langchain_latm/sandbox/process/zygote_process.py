"""The host's end of the zygote: starts it, asks it for children, ends it."""

from __future__ import annotations

import importlib.util
import itertools
import json
import mmap
import os
import select
import signal
import socket
import subprocess
import sys
from array import array
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from langchain_latm.exceptions import SandboxError, SandboxUnavailableError
from langchain_latm.sandbox import _wire
from langchain_latm.sandbox.packages.folder import manifest, site_folder
from langchain_latm.sandbox.process.system_calls import filter_program

if TYPE_CHECKING:
    from langchain_latm.sandbox.base import Limits

_SCRIPT = Path(__file__).resolve().with_name("zygote.py")
_START_SECONDS = 20.0
"""Maximum seconds of a start, which usually takes 0.1 s."""
_ORDER_SECONDS: Final = 5.0
"""Maximum seconds for an order. A zygote reads orders at once, so it no longer runs if its socket stays full."""
_LARGEST = 1 << 48
"""Maximum of a limit, since the kernel's numbers have 64 bits, and the interpreter's own use is added."""


class ChildLimits(NamedTuple):
    """The limits of a child for its whole life; the host enforces the others for each call."""

    memory: int
    cpu: int
    value: int
    printed: int

    @classmethod
    def of(cls, limits: Limits) -> ChildLimits:
        """Return the part of `limits` that applies to a child for its whole life."""
        return cls(limits.memory_bytes, limits.cpu_seconds, limits.output_bytes, limits.stdout_bytes)


class ZygoteProcess:
    """A running zygote.

    Args:
        hash_seed: Seed of the text hashes of the interpreter and of all children.
        packages: Key of the installed packages that it loads; empty for none.

    Raises:
        PackageError: The packages are not installed.
        SandboxUnavailableError: It cannot be started on this machine.
    """

    def __init__(self, hash_seed: int = 0, packages: str = "") -> None:
        self._serials = itertools.count(1)
        self._owner = os.getpid()
        self._start_seconds = _START_SECONDS * (5 if packages else 1)
        loading = {"site": str(site_folder(packages)), **manifest(packages)} if packages else None
        try:
            shared = os.memfd_create("latm")
            os.truncate(shared, 8 * _wire.SLOTS)
        except OSError as error:
            raise SandboxUnavailableError(f"there is no memory to share with the sandbox process: {error}") from error
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.busy = memoryview(mmap.mmap(shared, 0)).cast("d")
        """The CPU time that the children may have used, in `_wire.SLOTS`."""
        settings = {
            "host": self._owner,
            "folder": str(_SCRIPT.parent.parent),
            "libraries": [folder for folder in [_library_folder("landlockpy")] if folder],
            "busy": shared,
            "packages": loading,
        }
        # `-I` is `-s -P -E`, and `-E` would ignore the seed: no other variable of Python's is set for `-E` to ignore.
        command = [sys.executable, "-s", "-P", "-S", "-X", "utf8", str(_SCRIPT), str(theirs.fileno())]
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={"PYTHONHASHSEED": str(hash_seed)},
                cwd="/",
                pass_fds=[theirs.fileno(), shared],
                start_new_session=True,  # Ctrl-C in the terminal is for the host
            )
        except (OSError, ValueError) as error:
            self.control.close()
            raise SandboxUnavailableError(f"cannot start {sys.executable or 'an interpreter'!r}: {error}") from error
        finally:
            theirs.close()
            os.close(shared)
        try:
            filters = [filter_program("child with packages"), filter_program("zygote with packages")]
            for message in (json.dumps(settings).encode("ascii"), *(filters if packages else [filter_program()])):
                self.control.send(message, socket.MSG_NOSIGNAL)
        except OSError:
            pass  # the zygote has ended; waiting for its first message reports the reason
        except BaseException:
            self.end()
            raise
        self.layers = self._first_message()

    def _first_message(self) -> tuple[str, ...]:
        """Wait until it has locked itself; return the active optional layers of the lock."""
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        ready = poll.poll(self._start_seconds * 1000)
        message = b""
        if ready:
            with suppress(OSError):
                message = self.control.recv(4096)
        errors = self.process.stderr
        if not message:
            self.process.kill()
            reason = errors.read().decode("utf-8", "replace").strip().splitlines() if errors else []
            self.end()
            raise SandboxUnavailableError(
                f"the sandbox process did not start: {reason[-1] if reason else 'it gave no reason'}"
            )
        if errors:
            errors.close()
        self.control.setblocking(False)  # event loops send orders too
        return tuple(json.loads(message))

    @property
    def alive(self) -> bool:
        """Whether it still runs. When it ends, its socket is closed before its children are killed."""
        if self.control.fileno() < 0:
            return False
        poll = select.poll()
        poll.register(self.control, 0)  # the other end is gone, which is always reported
        return not poll.poll(0) and self.process.poll() is None

    def spawn(self, limits: ChildLimits) -> tuple[int, socket.socket]:
        """Ask for a child; return its serial number and the host's end of its socket, without waiting for it.

        Raises:
            ZygoteLostError: The zygote is gone.
            SandboxError: This process has no descriptors left.
        """
        try:
            mine, theirs = socket.socketpair()
        except OSError as error:
            raise SandboxError(f"cannot open a socket for a sandbox process: {error}") from error
        serial = next(self._serials)
        self.busy[serial % _wire.SLOTS] = _wire.BUSY
        order = _wire.ORDER.pack(_wire.SPAWN, serial, *(min(number, _LARGEST) for number in limits))
        try:
            self._order(order, theirs)
        except OSError as error:
            mine.close()
            raise ZygoteLostError(str(error)) from error
        finally:
            theirs.close()
        return serial, mine

    def kill(self, serial: int) -> None:
        """End a child; it may have ended already."""
        with suppress(OSError):  # without a zygote there are no children
            self._order(_wire.ORDER.pack(_wire.END, serial, 0, 0, 0, 0))

    def _order(self, order: bytes, end: socket.socket | None = None) -> None:
        """Send an order, with the child's end of a socket. This blocks only if the zygote does not read orders.

        Raises:
            OSError: The zygote is gone, or does not read orders.
        """
        rights = [] if end is None else [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [end.fileno()]))]
        while True:
            try:
                self.control.sendmsg([order], rights, socket.MSG_NOSIGNAL)
            except BlockingIOError:
                poll = select.poll()
                poll.register(self.control, select.POLLOUT)
                if not poll.poll(_ORDER_SECONDS * 1000):
                    raise TimeoutError("the sandbox process does not read orders") from None
            else:
                return

    def end(self) -> None:
        """End it and all its children, and wait for it; calling it twice is fine."""
        if os.getpid() == self._owner and self.process.returncode is None:
            with suppress(ProcessLookupError):  # the children are in its process group
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.control.close()
        if self.process.stderr:
            self.process.stderr.close()

    def forget(self) -> None:
        """Close only the socket: in a fork of the host, the zygote belongs to the host."""
        self.control.close()
        self.process.returncode = 0  # otherwise its finalizer would warn that the process still runs


class ZygoteLostError(SandboxError):
    """The zygote ended unexpectedly."""


def _library_folder(name: str) -> str:
    """Return the folder that holds an installed package, without importing it; empty when it is missing."""
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return str(Path(places[0]).resolve().parent) if places else ""
