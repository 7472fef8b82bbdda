"""Executes the notebooks, and reports how their outputs differ from the committed ones.

    python -m tests.notebooks                        # execute all of them, and renew their outputs
    python -m tests.notebooks 04_benchmark.ipynb     # only this one

Outputs are compared as text, cell by cell. A cell whose outputs depend on the machine, or on what a model chose to
write, carries the tag `varies`: its outputs are renewed, but not compared. Only the type of a picture is compared,
since versions of matplotlib draw differently.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

FOLDER: Final = Path(__file__).parents[1] / "notebooks"
VARIES: Final = "varies"

_SECONDS: Final = 1_800
"""Timeout of one cell; the embedded model may have to share its cores."""
_NEEDS_MODEL: Final = re.compile(r"\bcreate_local_model\b|[\"']local[\"']")
_METADATA: Final = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}


def paths() -> list[Path]:
    """Return the notebooks, in the order in which they are read."""
    return sorted(FOLDER.glob("*.ipynb"))


def read(path: Path) -> NotebookNode:
    """Read a notebook, with its outputs."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def needs_model(notebook: NotebookNode) -> bool:
    """Whether a notebook runs the embedded model."""
    return any(_NEEDS_MODEL.search(cell.source) for cell in code_cells(notebook))


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells that are executed: those that hold more than white space."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def executed(notebook: NotebookNode, folder: Path = FOLDER) -> NotebookNode:
    """Execute a copy of a notebook in a fresh kernel of this Python, in its folder, and return it tidy.

    Raises:
        nbclient.exceptions.CellExecutionError: A cell raised an error; the text shows the cell and its traceback.
    """
    copy: NotebookNode = nbformat.from_dict(notebook)
    with tempfile.TemporaryDirectory() as profile:
        # No folder of kernels: one that a user has installed might be of another Python. Files instead of ports: nobody
        # else can reach them.
        kernels = KernelSpecManager(kernel_dirs=[])
        kernel = AsyncKernelManager(kernel_spec_manager=kernels, transport="ipc", ip=str(Path(profile) / "kernel"))
        client = NotebookClient(
            copy,
            km=kernel,
            timeout=_SECONDS,
            coalesce_streams=True,
            record_timing=False,
            resources={"metadata": {"path": str(folder)}},
            extra_arguments=["--HistoryManager.enabled=False"],
        )
        client.execute(env={**os.environ, "IPYTHONDIR": profile}, cleanup_kc=True)
    return tidy(copy)


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Return a copy without data about the machine: times, versions, editor state."""
    copy: NotebookNode = nbformat.from_dict(notebook)
    copy.metadata = nbformat.from_dict(_METADATA)
    for cell in copy.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        for output in cell.get("outputs", ()):
            if "metadata" in output:
                output.metadata = nbformat.from_dict({})
    return copy


def text_of(notebook: NotebookNode) -> str:
    """Return a notebook as its file holds it."""
    text: str = nbformat.writes(notebook)
    return text.rstrip("\n") + "\n"


def differences(committed: NotebookNode, now: NotebookNode) -> str:
    """Describe for each compared cell how its outputs differ; empty if they are the same."""
    return "\n".join(
        "\n".join(
            difflib.unified_diff(
                list(_lines(old)), list(_lines(new)), f"cell {old.id}, committed", f"cell {old.id}, now", lineterm=""
            )
        )
        for old, new in zip(code_cells(committed), code_cells(now), strict=True)
        if VARIES not in old.metadata.get("tags", ()) and list(_lines(old)) != list(_lines(new))
    )


def _lines(cell: NotebookNode) -> Iterator[str]:
    for output in cell.outputs:
        if output.output_type == "stream":
            yield from _told(output.name, output.text)
        elif output.output_type == "error":
            yield from _told("error", f"{output.ename}: {output.evalue}")
        else:
            for kind, content in sorted(output.data.items()):
                yield from _told(kind, "" if kind.startswith("image/") else content)


def _told(kind: str, content: Any) -> list[str]:
    return [f"[{kind}]", *str(content).splitlines()]


def _renew(names: list[str]) -> None:
    chosen = [path for path in paths() if not names or path.name in names]
    if unknown := set(names) - {path.name for path in chosen}:
        sys.exit(f"no such notebook: {', '.join(sorted(unknown))}; there are {', '.join(p.name for p in paths())}")
    for path in chosen:
        print(f"executing {path.name} ...", flush=True)  # noqa: T201 - it takes a minute
        path.write_text(text_of(executed(read(path))), encoding="utf-8")


if __name__ == "__main__":
    _renew(sys.argv[1:])
