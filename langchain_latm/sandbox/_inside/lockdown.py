"""The lock of the process sandbox: namespaces, Landlock, resource limits and the system call filter.

The zygote locks itself first (namespaces, Landlock, limits); every child inherits that and adds its own limits and the
filter. The filter is an allow-list, so a system call that a future kernel adds is refused.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import resource
import signal
import socket
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2
_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_CLONE_NEWIPC: Final = 0x08000000
_PROT_EXEC: Final = 4

_RUNS_TEXT: Final = frozenset(
    {"compile", "exec", "marshal.loads", "pickle.find_class", "code.__new__", "function.__new__"}
)
"""Events of `sys.addaudithook` that precede the execution of text or bytes as code."""

_uname: Final = os.uname
"""The system call itself, since packages get another function of this name."""

LOCK_FAILED: Final = 99
"""Exit status of a child that could not lock itself; it has executed nothing."""

CHANNEL: Final = 3
"""The only descriptor that a child keeps."""


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def narrow(readable: Sequence[str] | None = None) -> list[str]:
    """Lock the calling process as far as this kernel allows; every child inherits the lock.

    Args:
        readable: Folders whose files stay readable.

    Returns:
        The optional layers that are active: "namespaces", "landlock". The guarantees need neither, because the filter
        of `lock_child` is stricter.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    layers = []
    # In a user namespace a child of root has no privileges on the machine, and there is no network.
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC) == 0:
        layers.append("namespaces")
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Otherwise other processes of the same user could attach to a child.
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if _landlock(readable or ()):
        layers.append("landlock")
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(kind, (0, 0))
    return layers


def narrow_for_loading(code: bytes, readable: Sequence[str]) -> list[str]:
    """Lock the calling process before it loads packages. Afterwards it can read these folders and do little else.

    Args:
        code: The filter of system calls.
        readable: The folders.

    Returns:
        The layers, as `narrow` does.

    Raises:
        OSError: This kernel cannot lock packages while they are loaded: it has no Landlock, or does not accept the
            filter.
    """
    layers = narrow(readable)
    if "landlock" not in layers:
        raise OSError("packages need Landlock (Linux 5.13 or newer): this kernel has none, or does not allow it")
    program = _program(code)
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program[0], 0, 0) != 0:
        raise OSError("the kernel does not accept the system call filter")
    return layers


def read_nothing() -> None:
    """Forbid reading files, for this process and its children."""
    if not _landlock(()):
        raise OSError("Landlock cannot be used a second time")


def retirement() -> Callable[[], None]:
    """Prepare, in the zygote, that a child ends after it has run text as code, once its tool is loaded.

    Such a text may come from a caller, and its effects must not reach the next caller. Before Python compiles or runs
    it, the child shuts down its socket for reading, which nothing in the process can undo. So it sends its answer, gets
    no further request, and ends.
    """
    shutdown = ctypes.CDLL(None).shutdown

    def watch(event: str, _: tuple[object, ...]) -> None:
        if event in _RUNS_TEXT:
            shutdown(CHANNEL, socket.SHUT_RD)

    return lambda: sys.addaudithook(watch)


def _landlock(readable: Sequence[str]) -> bool:
    """Allow only these paths, and no port, abstract socket or signal beyond this process tree, if the kernel can."""
    try:
        import landlockpy  # noqa: PLC0415 - its import fails on platforms that cannot have it

        with landlockpy.Ruleset(scoped=landlockpy.Scope.ABSTRACT_UNIX_SOCKET | landlockpy.Scope.SIGNAL) as allowed:
            for place in filter(os.path.exists, readable):
                listed = landlockpy.AccessFS.READ_DIR if os.path.isdir(place) else landlockpy.AccessFS.NONE  # noqa: PTH112 - pathlib is not loaded here
                allowed.allow_path(place, landlockpy.AccessFS.READ_FILE | listed)
            allowed.restrict()
    except (ImportError, OSError, RuntimeError, ValueError):
        return False
    return True


def prepare_lock(code: bytes) -> Callable[[int, int, int], None]:
    """Prepare, in the zygote, the locking of children.

    Args:
        code: The filter from `langchain_latm.sandbox.process.system_calls.filter_program`, compiled in the host.

    Returns:
        `lock_child(channel, memory_bytes, cpu_seconds)`, to be called in a newly forked child.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    program = _program(code)
    zygote = os.getpid()
    # The tool's limit is added to the size of the libraries that are mapped already.
    baseline = _address_space()

    def lock_child(channel: int, memory_bytes: int, cpu_seconds: int) -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != zygote:  # the process has ended in the line above
            os._exit(LOCK_FAILED)
        os.dup2(channel, CHANNEL)
        os.closerange(0, CHANNEL)
        os.closerange(CHANNEL + 1, 1 << 20)
        _limit(resource.RLIMIT_AS, baseline + memory_bytes)
        _limit(resource.RLIMIT_CPU, cpu_seconds, grace=1)
        _limit(resource.RLIMIT_NOFILE, CHANNEL + 1)
        _limit(resource.RLIMIT_NPROC, 0)
        if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program[0], 0, 0) != 0:
            os._exit(LOCK_FAILED)

    return lock_child


def _program(code: bytes) -> tuple[object, object]:
    """Return a reference to a filter, and its bytes, which must stay alive as long."""
    memory = ctypes.create_string_buffer(code, len(code))
    return ctypes.byref(_Program(len(code) // 8, ctypes.addressof(memory))), memory


def _limit(kind: int, value: int, *, grace: int = 0) -> None:
    """Lower a limit; the hard limit is `grace` above the soft one. Neither is raised."""
    hardest = resource.getrlimit(kind)[1]
    hard = value + grace if hardest == resource.RLIM_INFINITY else min(value + grace, hardest)
    resource.setrlimit(kind, (min(value, hard), hard))


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as numbers:  # noqa: PTH123 - pathlib is not loaded here
        return int(numbers.read().split()[0]) * resource.getpagesize()


def probe() -> dict[str, str]:
    """Try operations that must be refused, from inside a locked child.

    Returns:
        For each attempt the name of the error; "EPERM" if the lock works.
    """

    def fork() -> None:
        if os.fork() == 0:
            os._exit(0)

    attempts: dict[str, Callable[[], object]] = {
        "open": lambda: os.open("/", os.O_RDONLY),
        "stat": lambda: os.stat("/"),  # noqa: PTH116 - the system call itself is the point
        "socket": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        "fork": fork,
        # A folder cannot be executed (EACCES), so nothing starts even if the call is allowed.
        "exec": lambda: os.execve("/", ["/"], {}),  # noqa: S606 - it must be refused
        "uname": _uname,  # uname reveals the host and its kernel
        "kill": lambda: os.kill(os.getppid(), 0),
        "executable memory": lambda: mmap.mmap(
            -1, mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ | _PROT_EXEC
        ),
    }
    outcome = {}
    for name, attempt in attempts.items():
        try:
            attempt()
        except OSError as error:
            outcome[name] = errno.errorcode.get(error.errno or 0, repr(error.errno))
        else:
            outcome[name] = "allowed"
    return outcome
