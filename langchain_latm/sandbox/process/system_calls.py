"""The system calls that a locked child may make, compiled to a seccomp filter.

The filter is an allow-list: a system call that a future kernel adds is refused. The host compiles it, so that the
zygote does not load the compiler.
"""

from __future__ import annotations

import contextlib
import errno
import functools
from typing import Final

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


@functools.cache
def filter_program() -> bytes:
    """Return the seccomp filter as BPF instructions of 8 bytes, for this machine's architecture.

    Raises:
        SandboxUnavailableError: The library that compiles it does not work here.
    """
    try:
        import seccompy  # noqa: PLC0415 - Linux only, and not needed before a sandbox starts
    except ImportError as error:
        raise SandboxUnavailableError(
            f"the process sandbox needs the package seccompy, which cannot be imported: {error}"
        ) from error
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
