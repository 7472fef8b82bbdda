"""The server ends with its host, for any reason."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from tests.unit_tests.models.fakes import is_running, starts


def ends_soon(pid: int, seconds: float = 40.0) -> bool:
    deadline = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not is_running(pid)


def test_ends_when_its_host_is_killed(gguf: Path) -> None:
    host = start_host(gguf, "import time\nprint('up', flush=True)\ntime.sleep(60)")
    assert host.stdout
    host.stdout.readline()
    host.kill()
    host.wait()
    assert ends_soon(starts(gguf)[0]["pid"])


def test_ends_when_its_host_is_killed_while_a_fork_of_it_lives(gguf: Path) -> None:
    host = start_host(
        gguf,
        """
        import os, subprocess, time
        sleeper = subprocess.Popen(["sleep", "60"], close_fds=False)  # as code outside Python might
        child = os.fork()
        if child == 0:
            time.sleep(60)
        print(child, sleeper.pid, flush=True)
        time.sleep(60)
        """,
    )
    assert host.stdout
    survivors = [int(pid) for pid in host.stdout.readline().split()]
    host.kill()
    host.wait()
    try:
        assert ends_soon(starts(gguf)[0]["pid"])
    finally:
        for pid in survivors:
            os.kill(pid, signal.SIGKILL)


def test_exit_of_a_fork_leaves_the_server_alone(gguf: Path) -> None:
    host = start_host(
        gguf,
        """
        import os, sys
        child = os.fork()
        if child == 0:
            server.stop()
            sys.exit()  # runs atexit
        os.waitpid(child, 0)
        print(server.alive, flush=True)
        """,
    )
    output, _ = host.communicate(timeout=120)
    assert output.strip() == "True"
    assert ends_soon(starts(gguf)[0]["pid"])  # atexit of the host itself


def start_host(gguf: Path, then: str) -> subprocess.Popen[str]:
    """Run a program that has started a server and then does something."""
    script = (
        "from langchain_latm.models.local_server import LocalServer\n"
        f"server = LocalServer(weights={str(gguf)!r}).start()\n" + textwrap.dedent(then)
    )
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
