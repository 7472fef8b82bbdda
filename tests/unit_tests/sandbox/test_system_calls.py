"""The filter of system calls: what it lets through, and that no other release of its compiler changes it."""

from __future__ import annotations

import hashlib
import os
import platform
import struct
from collections.abc import Iterator
from typing import get_args

import pytest
import seccompy
from seccompy import syscalls

from langchain_latm.exceptions import SandboxUnavailableError
from langchain_latm.sandbox import ProcessSandbox
from langchain_latm.sandbox.process import system_calls

TABLES = {"x86_64": syscalls.X86_64_SYSCALLS, "aarch64": syscalls.AARCH64_SYSCALLS}
KILL, EPERM, ENOSYS, ALLOW = 0x80000000, 0x00050001, 0x00050026, 0x7FFF0000


@pytest.fixture(params=TABLES)
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Compile for an architecture, whatever this one is."""
    monkeypatch.setattr(platform, "machine", lambda: request.param)
    system_calls.filter_program.cache_clear()
    yield request.param
    system_calls.filter_program.cache_clear()


def decide(program: bytes, number: int, arch: int, third: int = 0, *, first: int = 0, second: int = 0) -> int:
    """Run a filter as the kernel does on a call with these arguments, and return what it decides."""
    data = struct.pack("<iIQ6Q", number, arch, 0, first, second, third, 0, 0, 0)
    at = accumulator = 0
    while True:
        code, yes, no, operand = map(int, struct.unpack_from("<HBBI", program, 8 * at))
        at += 1
        match code:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, operand)
            case 0x54:
                accumulator &= operand
            case 0x15:
                at += yes if accumulator == operand else no
            case 0x45:
                at += yes if accumulator & operand else no
            case 0x05:
                at += operand
            case 0x06:
                return operand
            case _:
                raise AssertionError(f"unknown instruction {code:#x}")


def test_filter_lets_through_what_is_listed(machine: str) -> None:
    program, arch, table = system_calls.filter_program(), seccompy.audit_arch(), TABLES[machine]
    listed = {number for name, number in table.items() if name in system_calls.ALLOWED}
    memory = {table["mmap"], table["mprotect"]}
    numbers = {*range(1_000), *(number | 0x40000000 for number in range(1_000)), *table.values()}
    assert {number for number in numbers if decide(program, number, arch) == ALLOW} == listed | memory
    assert {decide(program, number, arch, 0b111) for number in memory} == {EPERM}
    assert decide(program, table["clone3"], arch) == ENOSYS
    assert {decide(program, number, arch) for number in numbers - listed - memory - {table["clone3"]}} == {EPERM}
    assert {decide(program, number, arch ^ 1) for number in numbers} == {KILL}


def test_child_with_packages_may_also_refuse_further_requests(machine: str) -> None:
    plain, other = system_calls.filter_program(), system_calls.filter_program("child with packages")
    arch, numbers = seccompy.audit_arch(), TABLES[machine].values()
    differing = {number for number in numbers if decide(plain, number, arch) != decide(other, number, arch)}
    assert differing == {TABLES[machine]["shutdown"]}


def test_packages_are_loaded_without_writing_connecting_and_starting(machine: str) -> None:
    program, arch, table = (
        system_calls.filter_program("zygote with packages"),
        seccompy.audit_arch(),
        TABLES[machine],
    )
    listed = {number for name, number in table.items() if name in system_calls.LOADING}
    allowed = {number for number in table.values() if decide(program, number, arch) == ALLOW}
    assert allowed == listed | {table["openat"], table["clone"]}
    for name in ("socket", "connect", "execve", "ptrace", "unlinkat", "mkdirat", "renameat2", "unshare", "fchmodat"):
        assert decide(program, table[name], arch) == EPERM, name
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_RDONLY | 0o20000000):
        assert decide(program, table["openat"], arch, flags) == (EPERM if flags else ALLOW), flags
    assert decide(program, table["openat"], arch, os.O_RDONLY | os.O_CLOEXEC) == ALLOW
    for namespace in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert decide(program, table["clone"], arch, first=namespace) == EPERM, hex(namespace)
    assert decide(program, table["ioctl"], arch, second=0x5451) == ALLOW
    assert decide(program, table["clone3"], arch) == ENOSYS


@pytest.mark.parametrize("kind", get_args(system_calls.Kind))
def test_filter_is_the_reviewed_one(machine: str, kind: system_calls.Kind) -> None:
    assert hashlib.sha256(system_calls.filter_program(kind)).hexdigest() == system_calls.GOLDEN[machine, kind]


def test_another_filter_does_not_start(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As another release of the compiler may make it, with one system call more."""
    compiled = seccompy.Filter.allow
    monkeypatch.setattr(
        seccompy.Filter,
        "allow",
        lambda self, name, args=None: [compiled(self, each, args=args) for each in (name, "kill")],
    )
    with pytest.raises(SandboxUnavailableError, match=f"another system call filter for {machine}.*install seccompy=="):
        ProcessSandbox()


def test_unknown_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "pdp11")
    system_calls.filter_program.cache_clear()
    with pytest.raises(SandboxUnavailableError, match="pdp11"):
        system_calls.filter_program()
    system_calls.filter_program.cache_clear()


def test_the_filter_names_what_every_architecture_has() -> None:
    """Only old system calls are missing on aarch64; a name with a slip of the pen would be missing everywhere."""
    names = {*system_calls.ALLOWED, "mmap", "mprotect", "clone3"}
    assert names - set(syscalls.AARCH64_SYSCALLS) == {"time", "poll"}
    replaced = {"dup2", "stat", "lstat", "readlink", "access"}  # by dup3, newfstatat, readlinkat, faccessat
    assert set(system_calls.LOADING) - names - set(syscalls.AARCH64_SYSCALLS) == replaced
    names |= set(system_calls.LOADING)
    assert names <= set(syscalls.X86_64_SYSCALLS)
