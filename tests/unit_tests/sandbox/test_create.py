"""Choosing a backend: the best one, or none."""

from __future__ import annotations

import subprocess
import sys

import pytest

import langchain_latm.sandbox
from langchain_latm.exceptions import SandboxUnavailableError
from langchain_latm.sandbox import Limits, ProcessSandbox, ToolSource, _wire, create_sandbox
from langchain_latm.sandbox._reply import Reply
from langchain_latm.sandbox.process.child import ChildProcess
from langchain_latm.sandbox.process.system_calls import filter_program

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the process sandbox is of Linux")


@linux
@pytest.mark.parametrize("name", ["auto", "process"])
def test_creates_the_process_sandbox(name: str) -> None:
    with create_sandbox(name, limits=Limits(wall_seconds=5), isolation="call") as sandbox:  # type: ignore[arg-type]
        assert isinstance(sandbox, ProcessSandbox)
        assert sandbox.call(ToolSource(source="def f() -> int:\n    return 1", entry="f"), {}).value == 1


def test_unknown_name() -> None:
    with pytest.raises(ValueError, match=r"no sandbox named 'docker'.*auto, process, wasm, unsafe"):
        create_sandbox("docker")  # type: ignore[arg-type]


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_fails_closed_elsewhere(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)  # nor is the package of the WASM backend there
    with pytest.raises(SandboxUnavailableError, match=r"no sandbox can run.*wasm.*langchain-latm\[wasm\]"):
        create_sandbox()
    with pytest.raises(SandboxUnavailableError, match="needs Linux"):
        create_sandbox("process")
    with pytest.raises(SandboxUnavailableError, match="needs Linux"):
        ProcessSandbox()


@linux
def test_fails_closed_when_the_self_test_finds_an_open_door(monkeypatch: pytest.MonkeyPatch) -> None:
    original = ChildProcess.ask

    async def ask(self: ChildProcess, io: object, word: int, body: str, wall: float) -> Reply:
        reply = await original(self, io, word, body, wall)  # type: ignore[arg-type]
        assert word == _wire.PROBE
        assert set(reply.value.values()) == {"EPERM"}
        assert {"open", "socket", "fork", "exec"} <= set(reply.value)
        return reply._replace(value={**reply.value, "open": "allowed"})

    monkeypatch.setattr(ChildProcess, "ask", ask)
    with pytest.raises(SandboxUnavailableError, match="open was not refused"):
        create_sandbox("process")


@linux
def test_fails_closed_when_the_filter_library_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    filter_program.cache_clear()
    monkeypatch.setitem(sys.modules, "seccompy", None)
    with pytest.raises(SandboxUnavailableError, match="seccompy"):
        create_sandbox("process")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SandboxUnavailableError, match=r"no sandbox can run.*process: .*seccompy.*wasm: .*\[wasm\]"):
        create_sandbox()


@linux
@pytest.mark.parametrize("options", [{"max_children": 0}, {"children_per_tool": 0}, {"isolation": "none"}])
def test_options_out_of_range(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"at least 1|not 'none'"):
        ProcessSandbox(**options)  # type: ignore[arg-type]


WITHOUT_LINUX = """
import os, select, signal, socket
for module in (os, select, signal, socket):
    for name in ("epoll EPOLLIN EPOLLOUT EPOLLONESHOT poll POLLIN POLLOUT MSG_DONTWAIT MSG_NOSIGNAL AF_UNIX SO_RCVTIMEO"
                 " send_fds socketpair SIGKILL SIGXCPU fork register_at_fork wait4 killpg").split():
        vars(module).pop(name, None)
import langchain_latm.sandbox.unsafe, langchain_latm.sandbox.wasm
"""


@pytest.mark.slow
def test_can_be_imported_where_linux_has_more() -> None:
    """Other systems lack these names; the process sandbox is part of the package there too."""
    subprocess.run([sys.executable, "-c", WITHOUT_LINUX], check=True)


def test_exported_names() -> None:
    assert langchain_latm.sandbox.__all__ == sorted(langchain_latm.sandbox.__all__)
    assert all(hasattr(langchain_latm.sandbox, name) for name in langchain_latm.sandbox.__all__)
