"""Columns of tables, solved: read from a folder of JSON files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from langchain_latm.exceptions import TaskError


class TableTask(NamedTuple):
    """A column that is computed from others.

    Attributes:
        name: The file's name without its ending; the part before "__" is the group.
        rows: The inputs by column name, and the answer.
    """

    name: str
    rows: tuple[tuple[dict[str, Any], Any], ...]

    @property
    def group(self) -> str:
        """The group of the task."""
        return self.name.partition("__")[0]


def read_tasks(folder: Path) -> list[TableTask]:
    """Read all tasks of a folder.

    Args:
        folder: Holds a file `GROUP__NAME.json` for each task: an object with the list `examples`, of objects with the
            list `input`, one value a column, and the `answer`.

    Raises:
        TaskError: There are no files, or one is not such an object; it names the file and the example.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise TaskError(f"{folder}: found no JSON file; expected one for each task")
    return [TableTask(path.stem, tuple(read_rows(path))) for path in paths]


def is_table(path: Path) -> bool:
    """Return whether a file looks like a task of `read_tasks`: its first example has a list `input`."""
    try:
        return isinstance(json.loads(path.read_text(encoding="utf-8"))["examples"][0]["input"], list)
    except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
        return False


def read_rows(path: Path) -> list[tuple[dict[str, Any], Any]]:
    """Read the rows of one file, as `TableTask.rows`.

    Raises:
        TaskError: The file is not a task; the text names the file and the example.
    """
    try:
        examples = json.loads(path.read_text(encoding="utf-8"))["examples"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise TaskError(f"{path}: expected a JSON object with `examples` ({error!r})") from error
    rows = []
    for number, example in enumerate(examples if isinstance(examples, list) else [None], 1):
        if not isinstance(example, dict) or not isinstance(example.get("input"), list) or "answer" not in example:
            raise TaskError(f"{path}: example {number} has no list `input` or no `answer`")
        cells = example["input"]
        names = [f"column_{column}" for column in range(1, len(cells) + 1)] if len(cells) > 1 else ["text"]
        rows.append((dict(zip(names, cells, strict=True)), example["answer"]))
    return rows
