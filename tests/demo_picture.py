"""Runs the demonstration, and writes its output as a picture of a terminal.

    python -m tests.demo_picture notebooks/assets/demo.svg                   # all of it, minutes on the embedded model
    python -m tests.demo_picture notebooks/assets/demo.svg --kind column     # options of `latm demo`

Rich draws the picture (`Console.export_svg`), so that its text can be searched and read out.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

_COLUMNS: Final = 100


def main(target: str, *options: str) -> None:
    """Run the demonstration, and draw its output without a moving bar."""
    environment = {**os.environ, "COLUMNS": str(_COLUMNS)}
    done = subprocess.run(
        [sys.executable, "-m", "langchain_latm", "demo", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    console = Console(record=True, width=_COLUMNS, file=io.StringIO())
    console.print(Text(f"$ {shlex.join(['latm', 'demo', *options])}", style="bold green"))
    for line in done.stdout.splitlines():
        console.print(Text(line))
    picture = console.export_svg(title="latm demo", theme=MONOKAI)
    picture = re.sub(r"@font-face \{.*?\}\n", "", picture, flags=re.DOTALL)  # it would load fonts from another server
    Path(target).write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
