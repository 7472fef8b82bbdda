"""Runs the demonstration, and writes what it printed as a picture of a terminal.

    python -m tests.demo_picture notebooks/assets/demo.svg

The picture holds the results, not the progress, as `latm demo` prints them on a terminal of 100 columns. It is drawn by
Rich (`Console.export_svg`), so its text can be searched and read out.
"""

from __future__ import annotations

import io
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

_COLUMNS: Final = 100


def main(target: str) -> None:
    """Run the demonstration, and draw it."""
    latm = shutil.which("latm", path=str(Path(sys.executable).parent)) or "latm"
    printed = _printed([latm, "demo"])
    console = Console(record=True, width=_COLUMNS, file=io.StringIO())
    console.print(Text("$ make demo", style="bold"))
    for line in printed.splitlines():
        console.print(Text.from_ansi(line))
    Path(target).write_text(console.export_svg(title="latm demo", theme=MONOKAI), encoding="utf-8")


def _printed(command: list[str]) -> str:
    """Run a command whose standard output is a terminal, and return what it wrote there."""
    host, terminal = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(_COLUMNS), "TERM": "xterm-256color"}
    process = subprocess.Popen(command, stdout=terminal, env=environment)
    os.close(terminal)
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(host, 65_536)
        except OSError:  # Linux says so that the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(host)
    if process.wait():
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return b"".join(parts).decode()


if __name__ == "__main__":
    main(sys.argv[1])
