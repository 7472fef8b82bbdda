"""The system calls that a locked child may make, compiled to a seccomp filter.

The filter is an allow-list: a system call that a future kernel adds is refused. The host compiles it, so that the
zygote does not load the compiler.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
from typing import Any, Final, Literal

from langchain_latm.exceptions import SandboxUnavailableError

_PROT_EXEC: Final = 4

# fmt: off
ALLOWED: Final = (
    "read", "write", "close", "fstat", "lseek",  # open descriptors: no path, no socket
    "munmap", "mremap", "madvise", "brk", "futex",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack",  # handling signals, not sending them
    "exit", "exit_group",
    "getrandom", "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    "getpid", "gettid", "getrusage", "sched_yield", "restart_syscall",  # this process only
    "poll", "ppoll", "times", "readv", "writev",
)

LOADING: Final = (
    *ALLOWED,
    "shutdown",  # a child uses it to refuse further requests
    "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat",  # reading
    "getdents64", "getcwd", "pread64", "fcntl",
    "dup", "dup2", "dup3", "pipe2", "close_range",
    "wait4", "kill", "pidfd_open", "getppid", "getuid", "geteuid", "getgid", "getegid",
    # On existing sockets; none can be created or connected.
    "recvmsg", "recvfrom", "sendto", "sendmsg", "getsockname", "getsockopt",
    "prctl", "prlimit64", "setrlimit", "getrlimit", "sched_getaffinity", "set_robust_list", "rseq", "sysinfo",
    "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "mmap", "mprotect",
)
"""What a zygote may do while it loads packages, whose code runs then: read files, and fork."""
# fmt: on
_WRITING: Final = 0o1 | 0o2 | 0o100 | 0o1000 | 0o20000000
"""Flags of `open`: for writing, for both, to create, to truncate, for a file without a name."""
_NAMESPACES: Final = 0x7E020000
"""Flags of `clone`: every new namespace."""
_FIOCLEX: Final = 0x5451
"""Python uses this `ioctl` to make a descriptor not inheritable."""

Kind = Literal["child", "child with packages", "zygote with packages"]

GOLDEN: Final[dict[tuple[str, Kind], str]] = {
    ("x86_64", "child"): "9dec93a9385676b78714b2e19b58d0a0a988336ff008b8c4af4edbbff6718137",
    ("aarch64", "child"): "13e6992e4b4164950900656c0c3ec884b1acd53d83e207371af92214954421be",
    ("x86_64", "child with packages"): "8837ba77163c713222d7b2412c87ee8a293599576d4aa3f68134bcab2ecbf409",
    ("aarch64", "child with packages"): "b7bfefbb3c4aa047054428f879f50da205ab3c644ca0813a31c460d6eff4e9a1",
    ("x86_64", "zygote with packages"): "832a5e1440ec9cbc1429ae10db0a452e99f2efa90803640499af5c1e4ab7fd82",
    ("aarch64", "zygote with packages"): "4328de461fcafe6b75adbecbc7e159c06978ffb8582cafad6b230833d6a3143e",
}
"""SHA-256 of the reviewed filter of each architecture, so that another release of the compiler cannot change it."""
REVIEWED_WITH: Final = "0.2.0"
"""The release of seccompy that compiles these."""


@functools.cache
def filter_program(kind: Kind = "child") -> bytes:
    """Return a seccomp filter as BPF instructions of 8 bytes, for this machine's architecture.

    Args:
        kind: The kind of process.

    Raises:
        SandboxUnavailableError: The library that compiles it does not work on this machine, or compiles another filter.
    """
    try:
        import seccompy  # noqa: PLC0415 - Linux only, and not needed before a sandbox starts
    except ImportError as error:
        raise SandboxUnavailableError(
            f"the process sandbox needs the package seccompy, which cannot be imported: {error}"
        ) from error
    try:
        name, program = seccompy.arch(), _compiled(seccompy, kind)
    except seccompy.SeccompError as error:
        raise SandboxUnavailableError(f"the process sandbox does not know this machine: {error}") from error
    digest = hashlib.sha256(program).hexdigest()
    if digest != GOLDEN.get((name, kind)):
        raise SandboxUnavailableError(
            f"seccompy {seccompy.__version__} compiles another system call filter for {name} ({kind}) than the "
            f"reviewed one (SHA-256 {digest}), so the process sandbox does not start: install seccompy=={REVIEWED_WITH}"
        )
    return program


def _compiled(seccompy: Any, kind: Kind) -> bytes:
    def without(argument: int, flags: int) -> list[Any]:
        return [seccompy.ArgCmp(argument, seccompy.CmpOp.MASKED_EQ, 0, mask=flags)]

    lock = seccompy.Filter(default=int(seccompy.Action.ERRNO) | errno.EPERM)
    for name in LOADING if kind == "zygote with packages" else ALLOWED:
        with contextlib.suppress(ValueError):  # `time`, `poll` and a few others do not exist on aarch64
            lock.allow(name)
    if kind == "zygote with packages":
        lock.allow("openat", args=without(2, _WRITING))
        lock.allow("clone", args=without(0, _NAMESPACES))
        lock.allow("ioctl", args=[seccompy.ArgCmp(1, seccompy.CmpOp.EQ, _FIOCLEX)])
    else:
        for name in ("mmap", "mprotect"):  # memory is allowed, executable memory is not
            lock.allow(name, args=without(2, _PROT_EXEC))
    if kind == "child with packages":
        lock.allow("shutdown")
    # The C library tries clone3 first, and falls back to clone, which is refused, only after ENOSYS.
    lock.errno("clone3", errno.ENOSYS)
    program: bytes = lock.program
    return program
