"""The system calls that a locked child may make, compiled to a seccomp filter.

The filter is an allow-list: a system call that a future kernel adds is refused. The host compiles it, so that the
zygote does not load the compiler.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
from typing import Any, Final

from langchain_latm.exceptions import SandboxUnavailableError

_PROT_EXEC: Final = 4

# fmt: off
ALLOWED: Final = (
    "read", "write", "close", "fstat", "lseek",  # open descriptors: no path, no socket
    "munmap", "mremap", "madvise", "brk", "futex",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack",  # handling signals, not sending them
    "exit", "exit_group",
    "getrandom", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    "getpid", "gettid", "getrusage", "sched_yield", "restart_syscall",  # this process, no other
    "poll", "ppoll", "times", "readv", "writev",
)
# fmt: on


GOLDEN: Final = {
    "x86_64": "9dec93a9385676b78714b2e19b58d0a0a988336ff008b8c4af4edbbff6718137",
    "aarch64": "13e6992e4b4164950900656c0c3ec884b1acd53d83e207371af92214954421be",
}
"""SHA-256 of the filter of each architecture, as it was reviewed. Another release of the compiler cannot change it."""
REVIEWED_WITH: Final = "0.2.0"
"""The release of seccompy that compiles these."""


@functools.cache
def filter_program() -> bytes:
    """Return the seccomp filter as BPF instructions of 8 bytes, for this machine's architecture.

    Raises:
        SandboxUnavailableError: The library that compiles it does not work here, or compiles another filter.
    """
    try:
        import seccompy  # noqa: PLC0415 - Linux only, and not needed before a sandbox starts
    except ImportError as error:
        raise SandboxUnavailableError(
            f"the process sandbox needs the package seccompy, which cannot be imported: {error}"
        ) from error
    try:
        name, program = seccompy.arch(), _compiled(seccompy)
    except seccompy.SeccompError as error:
        raise SandboxUnavailableError(f"the process sandbox does not know this machine: {error}") from error
    digest = hashlib.sha256(program).hexdigest()
    if digest != GOLDEN.get(name):
        raise SandboxUnavailableError(
            f"seccompy {seccompy.__version__} compiles another system call filter for {name} than the reviewed one "
            f"(SHA-256 {digest}), so the process sandbox does not start: install seccompy=={REVIEWED_WITH}"
        )
    return program


def _compiled(seccompy: Any) -> bytes:
    lock = seccompy.Filter(default=int(seccompy.Action.ERRNO) | errno.EPERM)
    for name in ALLOWED:
        with contextlib.suppress(ValueError):  # `time` and `poll` do not exist on aarch64
            lock.allow(name)
    for name in ("mmap", "mprotect"):  # memory is allowed, executable memory is not
        lock.allow(name, args=[seccompy.ArgCmp(2, seccompy.CmpOp.MASKED_EQ, 0, mask=_PROT_EXEC)])
    # The C library tries clone3 first and falls back to clone, which is refused, only after ENOSYS.
    lock.errno("clone3", errno.ENOSYS)
    program: bytes = lock.program
    return program
