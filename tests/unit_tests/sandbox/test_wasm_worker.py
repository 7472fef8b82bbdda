"""The worker process of the WASM backend, with a stand-in for eryx."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from langchain_latm.sandbox.wasm import worker

STAND_IN = """\
class Sandbox: pass
class EryxError(Exception): pass
class ResourceLimitError(EryxError): pass
class ResourceLimits:
    def __init__(self, **_): pass
class SandboxFactory:
    @staticmethod
    def load(_): return SandboxFactory()
    def create_session(self, **_): return self
    def execute(self, _): pass
"""


def frame(message: object) -> bytes:
    body = json.dumps(message).encode()
    return worker.HEADER.pack(len(body), 0) + body


def test_a_host_that_dies_while_a_worker_writes_leaves_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "latm-wasm-x"
    (folder / "eryx-embedded").mkdir(parents=True)
    (folder / "eryx-embedded" / "runtime-1.cwasm").touch()
    for number in range(1_000):  # to remove them takes longer than to write
        (folder / str(number)).touch()
    (tmp_path / "eryx.py").write_text(STAND_IN)
    command = [sys.executable, "-I", "-S", "-B", worker.__file__, str(folder), str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(frame(["", 0]))
        assert process.stdout.read(worker.HEADER.size) == worker.HEADER.pack(0, worker.READY)
        process.stdout.close()
        process.stdin.write(frame(worker.Job("", "", 2**30, 0, 0, 0, "", 9.0, 9, keep=False)))
    assert process.returncode == 0
    assert not folder.exists()
