"""Several processes that join the weights."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from tests.unit_tests.models.fakes import CONTENT, OFFICIAL, SLICES, cached_files, resolve_weights


def test_leftovers_of_a_killed_run_are_removed(site: Path, cache: Path) -> None:
    script = textwrap.dedent("""
        import os, signal
        from tests_local import OFFICIAL, resolve_weights
        def die(done, total):
            if done > 4000:
                os.kill(os.getpid(), signal.SIGKILL)
        resolve_weights(official=OFFICIAL, progress=die)
    """)
    killed = run_in_child(script, site, cache)
    assert killed.wait(60) == -signal.SIGKILL
    assert len(cached_files(cache)) == 1  # the temporary file
    path = resolve_weights(cache_dir=cache, official=OFFICIAL)
    assert cached_files(cache) == {path.name, path.with_suffix(".verified.json").name}


def test_two_processes_at_once_join_once(site: Path, cache: Path) -> None:
    script = textwrap.dedent("""
        import time
        from tests_local import OFFICIAL, resolve_weights
        calls = []
        def slow(done, total):
            calls.append(done)
            time.sleep(0.2)
        print(resolve_weights(official=OFFICIAL, progress=slow), len(calls))
    """)
    children = [run_in_child(script, site, cache) for _ in range(2)]
    answers = [child.communicate(timeout=60)[0].split() for child in children]
    assert answers[0][0] == answers[1][0]
    assert sorted(int(calls) for _, calls in answers) == [0, len(SLICES)]
    assert Path(answers[0][0]).read_bytes() == CONTENT


def run_in_child(script: str, site: Path, cache: Path) -> subprocess.Popen[str]:
    """Run a script in another process that sees the made-up packages."""
    module = site / "tests_local.py"
    module.write_text(
        "from langchain_latm.models.weights import OfficialWeights, find_weights\n"
        "def resolve_weights(**options): return find_weights(**options).path\n"
        f"OFFICIAL = OfficialWeights(name={OFFICIAL.name!r}, packages={OFFICIAL.packages!r}, "
        f"size={OFFICIAL.size}, sha256={OFFICIAL.sha256!r})\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(site), "LATM_CACHE_DIR": str(cache)}
    return subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, text=True)
